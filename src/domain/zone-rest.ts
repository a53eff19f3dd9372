/**
 * Rests of zones whose servers do not answer. A zone is a registrable domain: its names have the same servers as a rule, so that one
 * that times out says enough of all of them. Each account has rests of its own, since a name of somebody else's zone may be chosen so that
 * it times out.
 */
import type { CheckResult } from './challenge.ts';
import type { Reason } from './errors.ts';
import { baseName, type Identifier, isIp } from './identifier.ts';
import type { AccountId } from './ids.ts';
import type { PublicSuffixes } from './ports/system.ts';

export interface ZoneRest {
  readonly accountId: AccountId;
  readonly zone: string;
  /** Probes in a row that nobody answered. */
  readonly failures: number;
  readonly probedAt: Date;
  /** Until then its names are not looked at. */
  readonly until: Date;
}

/** The zone of a name, or the address itself. */
export function zoneOf(
  identifier: Identifier,
  { registrableDomain }: Pick<PublicSuffixes, 'registrableDomain'>,
): string {
  if (isIp(identifier)) return identifier.value;
  const name = baseName(identifier);
  return registrableDomain(name) ?? name;
}

/** The one zone of all these names; null where there are several. */
export function commonZone(
  identifiers: readonly Identifier[],
  publicSuffixes: Pick<PublicSuffixes, 'registrableDomain'>,
): string | null {
  const zones = new Set(identifiers.map((identifier) => zoneOf(identifier, publicSuffixes)));
  const [zone = null] = zones;
  return zones.size === 1 ? zone : null;
}

/** Nobody answered in time, or only that nobody answers. Whatever else comes back comes from servers that work. */
const silences: ReadonlySet<Reason['key']> = new Set<Reason['key']>(['dnsTimeout', 'dnsServerFailure', 'httpTimeout']);

/** Cut off, or the fault of our own resolvers: once they are back, nobody has to wait for a zone's rest. */
const saysNothing: ReadonlySet<Reason['key']> = new Set<Reason['key']>(['checkAborted', 'resolversAway']);

/**
 * What the checks of some names of a zone say of its servers; undefined: nothing. One answer is enough: a host
 * without a web server is no reason to look less often for a record in its DNS.
 */
export function zoneAnswers(checks: readonly Pick<CheckResult, 'problem'>[]): boolean | undefined {
  const whole = checks.filter(({ problem }) => problem === undefined || !saysNothing.has(problem.key));
  if (whole.some(({ problem }) => problem === undefined || !silences.has(problem.key))) return true;
  return whole.length === 0 ? undefined : false;
}

/** Seconds of the n-th rest in a row; the last one repeats. */
const restSeconds = [10, 30, 60, 120, 300, 600];
/** Whoever asks for a check need not wait longer than this since the last probe. */
const askedRestSeconds = 10;

/** The rest after a probe at `now` that nobody answered. */
export function restAfter(
  before: ZoneRest | undefined,
  { accountId, zone, now }: Pick<ZoneRest, 'accountId' | 'zone'> & { readonly now: Date },
): ZoneRest {
  const failures = (before?.failures ?? 0) + 1;
  const seconds = restSeconds[Math.min(failures, restSeconds.length) - 1] ?? 0;
  return { accountId, zone, failures, probedAt: now, until: new Date(now.getTime() + seconds * 1000) };
}

/** The end of a rest; sooner where somebody asked for a check. */
export function restEnd({ until, probedAt }: ZoneRest, { isAsked }: { readonly isAsked: boolean }): Date {
  if (!isAsked) return until;
  return new Date(Math.min(until.getTime(), probedAt.getTime() + askedRestSeconds * 1000));
}
