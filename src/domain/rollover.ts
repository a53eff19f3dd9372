/** When an authority gets a successor, and when it signs no more: pure, from the authorities there are and the settings. */
import type { Authority, Period } from './authority.ts';

const dayMs = 86_400_000;

/** As long as those that are made here live, in days of 86,400 s. */
export const intermediateDays = 3652.5;

export interface RolloverSettings {
  /** A successor is made so long before the one in use can no longer sign the longest certificate. */
  readonly successorDays: number;
  /** A successor is published for so long before it signs. */
  readonly publishDays: number;
  /** A new root is published for so long before the first intermediate must hang under it. */
  readonly rootPublishDays: number;
}

export const defaultRolloverSettings: RolloverSettings = { successorDays: 180, publishDays: 30, rootPublishDays: 730 };

/** An authority of which the key is here, and when its chain is valid. */
export interface Chained {
  readonly authority: Authority;
  readonly period: Period;
}

/** When the last certificate of full length can be signed under it. */
export function lastFullLength({ authority, period }: Chained, longestDays: number): Date {
  const below = authority.role === 'root' ? intermediateDays : longestDays;
  return new Date(period.until.getTime() - below * dayMs);
}

/** When a successor is to be made. */
export function successorDueAt(chained: Chained, longestDays: number, settings: RolloverSettings): Date {
  const ahead = chained.authority.role === 'root' ? settings.rootPublishDays : settings.successorDays;
  return new Date(lastFullLength(chained, longestDays).getTime() - ahead * dayMs);
}

/** Those that may follow one another: of one issuer, one role, one kind of key, with their keys here. The oldest first. */
export function lineOf(
  { issuerId, role, keyKind }: Pick<Authority, 'issuerId' | 'role' | 'keyKind'>,
  all: readonly Chained[],
) {
  return all
    .filter(({ authority: one }) => one.issuerId === issuerId && one.role === role && one.keyKind === keyKind)
    .filter(({ authority }) => authority.keyPlace === 'here')
    .toSorted((a, b) => orderOf(a.authority, b.authority));
}

/**
 * In which order they were made. Of one millisecond: a successor is published before it signs, and what it follows signed from its first day on;
 * ids are only there so that every node has the same order.
 */
function orderOf(a: Authority, b: Authority): number {
  return (
    a.createdAt.getTime() - b.createdAt.getTime() ||
    (a.signsFrom?.getTime() ?? 0) - (b.signsFrom?.getTime() ?? 0) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

function isLater(one: Authority, other: Authority): boolean {
  return orderOf(one, other) > 0;
}

/** The one of the line that lasts longest, of those that sign or will; undefined where all are retired. */
export function frontOf(line: readonly Chained[]): Chained | undefined {
  return line
    .filter(({ authority }) => authority.retiredAt === null)
    .reduce<Chained | undefined>(
      (best, one) => (best === undefined || one.period.until > best.period.until ? one : best),
      undefined,
    );
}

/** The first that was made to follow it, published before it signs. Others may sign beside it: those were brought here by the operator. */
export function successorOf({ authority }: Chained, line: readonly Chained[]): Chained | undefined {
  return line.find(
    ({ authority: other }) => other.signsFrom !== null && other.revokedAt === null && isLater(other, authority),
  );
}

/** Whether a successor signs by now, so that it is to retire. A root is followed when none that signs hangs under it any more. */
export function isFollowed(chained: Chained, all: readonly Chained[], now: Date): boolean {
  const { authority } = chained;
  if (authority.retiredAt !== null || authority.keyPlace !== 'here') return false;
  const line = lineOf(authority, all);
  const successor = successorOf(chained, line);
  if (successor === undefined) return false;
  if (authority.role === 'intermediate') return (successor.authority.signsFrom ?? now) <= now;
  const children = all.filter(({ authority: one }) => one.parentId === authority.id);
  const followers = new Set(line.filter((one) => isLater(one.authority, authority)).map((one) => one.authority.id));
  const hasMoved = all.some(({ authority: { parentId } }) => parentId !== null && followers.has(parentId));
  return hasMoved && children.every(({ authority: { retiredAt } }) => retiredAt !== null);
}

/**
 * The root for a new intermediate, of those that have been published for their time: the newest that lasts as long as it, else the one that
 * lasts longest. A root that is published too shortly only where there is no other.
 */
export function rootFor(roots: readonly Chained[], now: Date): Chained | undefined {
  const usable = roots.filter(({ authority }) => authority.retiredAt === null && authority.revokedAt === null);
  const published = usable.filter(({ authority: { signsFrom } }) => signsFrom === null || signsFrom <= now);
  const wantedMs = now.getTime() + intermediateDays * dayMs;
  return (
    published.findLast(({ period }) => period.until.getTime() >= wantedMs) ?? longestOf(published) ?? longestOf(usable)
  );
}

function longestOf(some: readonly Chained[]): Chained | undefined {
  return some.toSorted((a, b) => b.period.until.getTime() - a.period.until.getTime())[0];
}
