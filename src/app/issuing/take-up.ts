/**
 * Finds issuances that were to be signed right after they were inserted, and were not, because the process died. They are
 * their own jobs: a row in the queue, or an index of them, would cost each order two writes. Found by marks in the settings
 * instead, which follow the newest number at some distance: what is between a mark and the newest number is looked through later.
 *
 * Every number is looked at twice. Soon, so that a customer whose node died does not wait; and once more when no request can still be
 * between its number and its commit, since numbers may be committed out of order. A look that finds work under way only has it signed
 * twice: of two certificates for one issuance the one that comes second is not stored.
 */
import type { JobQueueStart } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

const settingKey = 'signing';
/** Longer than signing takes. With two sweeps of 15 s it is about as long as the lease of a job (`leaseMsOf`). */
const soonMs = 40_000;
/** Longer than a request takes from its number to its commit, with every repetition of its transaction. */
const lateMs = 120_000;
/** Rows looked through by one statement. */
const atOnce = 1000;

interface Seen {
  readonly number: number;
  readonly atMs: number;
}

/** Up to these numbers, every issuance that is still to be signed has a job: as far as was seen soon, and for good. */
interface Marks {
  readonly soon: number;
  readonly upTo: number;
}

export function createTakeUp({ clock }: AppContext): NonNullable<JobQueueStart['takeUp']> {
  /** The newest number at some moments of the last minutes, the oldest first. Only a cache: without it the marks stay. */
  let seen: readonly Seen[] = [];

  return async (tx, which) => {
    const newest = await tx.issuances.newestNumber();
    const nowMs = clock.monotonicMs();
    const newestBefore = (ageMs: number) => seen.findLast(({ atMs }) => nowMs - atMs >= ageMs);
    const late = newestBefore(lateMs);
    // Without the newest of the old ones this work would find nothing where it is run again.
    seen = [...seen.filter(({ atMs }) => atMs >= (late?.atMs ?? 0)), { number: newest, atMs: nowMs }];
    const reached: Marks =
      which === 'all'
        ? { soon: newest, upTo: newest }
        : { soon: newestBefore(soonMs)?.number ?? 0, upTo: late?.number ?? 0 };
    if (reached.soon === 0) return 0;
    const marks = await marksOf(tx);
    const count =
      (await enqueueBetween(tx, marks.upTo, reached.upTo, clock.now())) +
      (await enqueueBetween(tx, Math.max(marks.soon, reached.upTo), reached.soon, clock.now()));
    const next: Marks = { soon: Math.max(marks.soon, reached.soon), upTo: Math.max(marks.upTo, reached.upTo) };
    if (next.soon !== marks.soon || next.upTo !== marks.upTo) await tx.settings.put(settingKey, { ...next });
    return count;
  };
}

async function enqueueBetween(tx: Stores, after: number, upTo: number, runAt: Date): Promise<number> {
  let count = 0;
  for (let from = after; from < upTo; from += atOnce) {
    for (const subject of await tx.issuances.listSigning({ after: from, upTo: Math.min(from + atOnce, upTo) })) {
      await tx.jobs.enqueue({ kind: 'issue', subject, runAt });
      count++;
    }
  }
  return count;
}

/** Everything is looked through once where there are none: from the first row on, whose number is far from 1. */
async function marksOf(tx: Stores): Promise<Marks> {
  const kept = await tx.settings.get(settingKey);
  if (typeof kept === 'object' && kept !== null && 'upTo' in kept && typeof kept.upTo === 'number') {
    // A version before had one mark.
    const soon = 'soon' in kept && typeof kept.soon === 'number' ? kept.soon : kept.upTo;
    return { soon, upTo: kept.upTo };
  }
  const before = (await tx.issuances.oldestNumber()) - 1;
  return { soon: before, upTo: before };
}
