/**
 * Makes jobs due that wait for a later time: all, when their times came from a clock that was wrong; those of one lane, when what they
 * wait for is there again. A job does it, some rows at a time, since there may be very many; cut off in the middle it begins again.
 */
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { JobKey } from '../../domain/ports/stores/jobs.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { nextTurn, rowsAtOnce } from '../in-turns.ts';

const everyLane = 'all';

/** Part of the transaction that decided it. The queue is woken after the commit. */
export async function bringForward(tx: Stores, now: Date, lane: string = everyLane): Promise<void> {
  await tx.jobs.enqueue({ kind: 'bringForward', subject: lane, runAt: now });
}

export function createBringForwardHandler({ database, clock, queue }: AppContext): JobHandler {
  return async ({ subject }, signal) => {
    const lane = subject === everyLane ? undefined : subject;
    const page = (after: JobKey | undefined) =>
      database.write((tx) => tx.jobs.bringForward(clock.now(), withDefined({ lane, after, limit: rowsAtOnce })));
    for (let last = await page(undefined); last !== undefined; last = await page(last)) {
      queue.wake();
      signal.throwIfAborted();
      await nextTurn();
    }
    queue.wake();
    return { kind: 'done' };
  };
}
