/**
 * Counts the audit log (decision 0043), a piece of events at a time. Whoever wants a number has what is new counted first, so that nobody
 * reads one that is old; a job does so every minute, so that there is never much that is new.
 */
import type { Caller } from '../../domain/caller.ts';
import { CertError } from '../../domain/errors.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import { certificateIn, countEvents } from '../../domain/statistics.ts';
import type { AppContext } from '../context.ts';
import { nextTurn } from '../in-turns.ts';

/** Events of a piece: a few milliseconds of work. */
const eventsAtOnce = 1000;
/** Counts of each series that one transaction removes. */
const removedAtOnce = 500;
/** Pieces that somebody waits for. Where there is more to be counted the job goes on. */
const mostWaitedFor = 50;
const minuteMs = 60_000;

export interface CountedUntil {
  /** When the last event happened that is counted; null: there is none. */
  readonly at: Date | null;
  /** Nothing is left to be counted. */
  readonly isUpToDate: boolean;
}

type Counting = Pick<AppContext, 'database'>;

/** Counts what is new, and resolves when that is done or much is left. On a full disk nothing is counted, and what was can be read. */
export async function countNewEvents(context: Counting): Promise<CountedUntil> {
  for (let pieces = 0; pieces < mostWaitedFor; pieces++) {
    const more = await countPiece(context).catch((thrown: unknown) => {
      if (thrown instanceof CertError && thrown.reason.key === 'diskFull') return 'refused';
      throw thrown;
    });
    if (more === true) continue;
    if (more === 'refused') break;
    return { at: (await context.database.read.statistics.progress()).at, isUpToDate: true };
  }
  return { at: (await context.database.read.statistics.progress()).at, isUpToDate: false };
}

/** @returns true if there may be more */
async function countPiece({ database }: Counting): Promise<boolean> {
  const { statistics } = database.read;
  const { sequence: after, isClearing } = await statistics.progress();
  if (isClearing) {
    if (await database.write((tx) => tx.statistics.clear(removedAtOnce))) await nextTurn();
    // Then the events are there to be counted, from the first.
    return true;
  }
  const events = await statistics.listEvents(after, eventsAtOnce);
  const last = events.at(-1);
  if (last === undefined) return false;
  // Events never change, nor does who issued a certificate: both are read outside of the transaction.
  const certificates = new Set(events.map(({ data }) => certificateIn(data)).filter((id) => id !== ''));
  const counts = countEvents(events, await statistics.issuersOf([...certificates]));
  const isCounted = await database.write((tx) => tx.statistics.add(counts, { after, last }));
  if (events.length === eventsAtOnce) await nextTurn();
  // Another node that was faster may not have got as far.
  return !isCounted || events.length === eventsAtOnce;
}

/**
 * Counts everything again from the first event, for where numbers are wrong: begins only, and whoever counts next goes on, on any node and
 * after a kill.
 */
export async function recountEvents(
  { database, clock }: Pick<AppContext, 'database' | 'clock'>,
  caller: Caller,
): Promise<void> {
  await database.write(async (tx) => {
    await tx.statistics.startOver();
    await tx.events.append({
      kind: 'statistics.rebuilding',
      accountId: null,
      actor: caller.actor,
      subject: 'statistics',
      data: {},
      requestId: caller.requestId,
      at: clock.now(),
    });
  });
}

export function createCountEventsHandler(context: AppContext): JobHandler {
  const { clock } = context;
  return async (_, signal) => {
    while (await countPiece(context)) signal.throwIfAborted();
    return { kind: 'again', at: new Date(clock.now().getTime() + minuteMs) };
  };
}
