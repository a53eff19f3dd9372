/** Small texts that several commands print. */
import type { Style } from './terminal.ts';

/** `2026-06-01 12:34Z`: always UTC, so that two people compare the same times. */
export function momentText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;
}

/** The largest unit that fits, in whole numbers: `3 h`. */
export function durationText(seconds: number): string {
  const [unit, size] = durations.find(([, least]) => seconds >= least) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}

const durations = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

export function dayText(iso: string | null): string {
  return iso === null ? '–' : iso.slice(0, 10);
}

/** `2027-07-03, in 397 days`. */
export function endText(iso: string, now: Date): string {
  const days = Math.floor((Date.parse(iso) - now.getTime()) / 86_400_000);
  if (days < 0) return `${dayText(iso)}, ${-days} days ago`;
  return `${dayText(iso)}, in ${days} days`;
}

export function coverageText({ unit, count }: { readonly unit: string; readonly count: number }): string {
  return count === 1 ? `1 ${unit.slice(0, -1)}` : `${count} ${unit}`;
}

/** `www.example.com +2`. */
export function namesText({
  names,
  nameCount,
}: {
  readonly names: readonly string[];
  readonly nameCount: number;
}): string {
  const [first = '–'] = names;
  return nameCount < 2 ? first : `${first} +${nameCount - 1}`;
}

/** `Li Wei (panel key)`: who did it, and with which key. */
export function actorText({ name, credential }: { readonly name: string; readonly credential: string | null }): string {
  return credential === null || credential === name ? name : `${name} (${credential})`;
}

/** The same where it may be nobody. */
export function optionalActorText(actor: Parameters<typeof actorText>[0] | null | undefined): string | null {
  return actor == null ? null : actorText(actor);
}

const styles: Readonly<Record<string, Style>> = {
  active: 'green',
  valid: 'green',
  issued: 'green',
  open: 'yellow',
  pending: 'yellow',
  revoked: 'red',
  expired: 'red',
  failed: 'red',
  rejected: 'red',
  suspended: 'red',
};

/** How a state looks where colours are shown. */
export function stateStyle(state: string): Style {
  return styles[state] ?? 'dim';
}
