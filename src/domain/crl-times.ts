/** When lists of revoked certificates are made, and for how long they are good. */
import type { Authority, Period } from './authority.ts';

const secondMs = 1000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface ListSettings {
  /** Of authorities that sign certificates of subscribers. BR §7.2: at most 10 days. */
  readonly days: number;
  /** Of roots. BR §7.2: at most 12 months. */
  readonly rootDays: number;
  /** Lists begin so long before they are made, for clients whose clocks are slow. */
  readonly backdateSeconds: number;
}

/** Five minutes: a clock that nobody sets is rarely further off, and both RFC 4120 and Active Directory allow as much. */
export const defaultListSettings: ListSettings = { days: 7, rootDays: 180, backdateSeconds: 300 };

/** RFC 5280 §4.1.2.5 has this moment for "no end is known"; ETSI EN 319 411-1 wants it as the nextUpdate of an authority's last list. */
export const endless = new Date('9999-12-31T23:59:59Z');

export function listDays({ role }: Pick<Authority, 'role'>, { days, rootDays }: ListSettings): number {
  return role === 'root' ? rootDays : days;
}

/**
 * Time between two lists, of which the later one may also come sooner: at a revocation. A day, well inside the 4 days after which BR §4.9.7
 * wants a new one; of a root a sixth of its life, since it lists nothing but intermediates.
 */
export function listEveryMs(authority: Pick<Authority, 'role'>, settings: ListSettings): number {
  return authority.role === 'root' ? Math.max(dayMs, (settings.rootDays * dayMs) / 6) : dayMs;
}

/** From then on each list may be the last one. Should the server stand still for the rest of the time, there is one that stays good. */
export function lastListsFrom({ until }: Period): Date {
  return new Date(until.getTime() - dayMs);
}

/** No other list is made after one of this time: what is revoked later ends within the hour. */
export function closesFrom({ until }: Period): Date {
  return new Date(until.getTime() - hourMs);
}

/** When the next list is due after one that is made now. */
export function nextListAt(period: Period, everyMs: number, now: Date): Date {
  const regular = now.getTime() + everyMs;
  const ends = [lastListsFrom(period), closesFrom(period)].map((at) => at.getTime()).filter((at) => at > now.getTime());
  return new Date(Math.min(regular, ...ends));
}

/**
 * Both times of a list that is made now. It begins no sooner than the authority, and after the list before it: what is later by its number
 * is so by its date (RFC 5280 §5.1.2.4 and §5.2.3), unless lists follow one another faster than the clock.
 */
export function listTimes(
  {
    period,
    days,
    backdateSeconds,
  }: { readonly period: Period; readonly days: number; readonly backdateSeconds: number },
  { now, before, isLast }: { readonly now: Date; readonly before: Date | undefined; readonly isLast: boolean },
): { readonly thisUpdate: Date; readonly nextUpdate: Date } {
  const madeMs = Math.floor(now.getTime() / secondMs) * secondMs;
  const earliestMs = Math.max(
    madeMs - backdateSeconds * secondMs,
    period.from.getTime(),
    before === undefined ? 0 : before.getTime() + secondMs,
  );
  const thisUpdate = new Date(Math.min(madeMs, earliestMs));
  return { thisUpdate, nextUpdate: isLast ? endless : new Date(thisUpdate.getTime() + days * dayMs) };
}
