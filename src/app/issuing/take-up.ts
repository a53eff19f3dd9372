/**
 * Finds issuances that were to be signed right after they were inserted, and were not, because the process died. They are
 * their own jobs: a row in the queue, or an index of them, would cost each order two writes. Found by a mark in the settings
 * instead: up to that number, every issuance that is still to be signed has a job. The mark follows the newest number at some
 * distance, and what is between is looked through.
 */
import type { JobQueueStart } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

const settingKey = 'signing';
/** After this nobody is working on it: longer than signing may take, and than a request takes from its number to its commit. */
const overdueMs = 120_000;
/** Rows looked through by one statement. */
const atOnce = 1000;

interface Seen {
  readonly number: number;
  readonly atMs: number;
}

export function createTakeUp({ clock }: AppContext): NonNullable<JobQueueStart['takeUp']> {
  /** The newest number at some moments of the last minutes, the oldest first. Only a cache: without it the mark stays. */
  let seen: readonly Seen[] = [];

  return async (tx, which) => {
    const newest = await tx.issuances.newestNumber();
    const nowMs = clock.monotonicMs();
    const isOld = ({ atMs }: Seen) => nowMs - atMs >= overdueMs;
    const upTo = which === 'all' ? newest : (seen.findLast(isOld)?.number ?? 0);
    seen = [...seen.filter((one) => !isOld(one) || one.number > upTo), { number: newest, atMs: nowMs }];
    if (upTo === 0) return 0;
    const after = await markOf(tx);
    if (upTo <= after) return 0;
    let count = 0;
    for (let from = after; from < upTo; from += atOnce) {
      for (const subject of await tx.issuances.listSigning({ after: from, upTo: Math.min(from + atOnce, upTo) })) {
        await tx.jobs.enqueue({ kind: 'issue', subject, runAt: clock.now() });
        count++;
      }
    }
    await tx.settings.put(settingKey, { upTo });
    return count;
  };
}

/** Everything is looked through once where there is none: from the first row on, whose number is far from 1. */
async function markOf(tx: Stores): Promise<number> {
  const kept = await tx.settings.get(settingKey);
  const isKept = typeof kept === 'object' && kept !== null && 'upTo' in kept;
  if (isKept && typeof kept.upTo === 'number') return kept.upTo;
  return (await tx.issuances.oldestNumber()) - 1;
}
