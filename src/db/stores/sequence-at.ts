/**
 * Numbers of a log by time. The log is in the order of its numbers and has no index of times; times rise with the numbers, but for a clock that
 * was set back a little. So a range of times is found as a range of numbers that is somewhat wider, and each row is looked at.
 */
import type { Statement } from '../prepared.ts';
import type { Session } from '../session.ts';

/** Clocks of several nodes differ by less, and so far may a clock be set back. */
const marginMs = 3_600_000;

interface Row {
  readonly sequence: number;
  readonly at: number;
}

export interface Log {
  /** The first row from a number on. */
  readonly first: Statement<{ from: number }, Row>;
  readonly newest: Statement<object, { readonly newest: number | string | null }>;
}

export interface Times {
  readonly from?: Date;
  /** Excluded. */
  readonly until?: Date;
}

/** Bounds that every row of these times is within: `after` and `upTo`. Undefined: none is needed. */
export async function sequencesWithin(
  session: Session,
  log: Log,
  { from, until }: Times,
): Promise<{ readonly after?: number; readonly upTo?: number }> {
  if (from === undefined && until === undefined) return {};
  const newest = Number((await session.first(log.newest, {}))?.newest ?? 0);
  const firstAt = (ms: number) => bisect(session, log, { ms, newest });
  return {
    ...(from === undefined ? {} : { after: (await firstAt(from.getTime() - marginMs)) - 1 }),
    ...(until === undefined ? {} : { upTo: await firstAt(until.getTime() + marginMs) }),
  };
}

/** The first number whose row is of this time or later; behind the newest where there is none. */
async function bisect(
  session: Session,
  { first }: Log,
  { ms, newest }: { readonly ms: number; readonly newest: number },
): Promise<number> {
  let [low, high] = [1, newest + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await session.first(first, { from: middle });
    // Numbers have gaps: what is found says the same of all between.
    if (row === undefined || row.at >= ms) high = middle;
    else low = row.sequence + 1;
  }
  return low;
}
