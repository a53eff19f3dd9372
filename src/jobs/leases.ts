/**
 * The leases of the jobs that this node runs, and those that other nodes let run out. A node that stood still finds that some are lost when it
 * goes on: another one may have begun the job again, so that it gives the run up.
 */
import type { JobQueueStart } from '../domain/ports/jobs.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Log } from '../domain/ports/system.ts';
import type { Deadlines } from './deadlines.ts';
import type { Lanes } from './lanes.ts';
import type { Run } from './run.ts';

/** Rows that one transaction frees or moves at most. */
const rowsAtOnce = 500;

/**
 * Frees what was cut off by the end of the last process: all that is marked running where nobody else has the database; else what this node
 * had, and leases that are over. Moves the jobs of lanes that are gone. One transaction where there is little.
 * @returns how many jobs are resumed
 */
export async function recoverAtStart(
  database: Database,
  { takeUp, lanes }: { readonly takeUp: NonNullable<JobQueueStart['takeUp']>; readonly lanes: Lanes },
): Promise<number> {
  for (let sum = 0; ; ) {
    const { count, isAll } = await database.write(async (tx) => {
      const freed = await tx.jobs.recoverAtStart(rowsAtOnce);
      if (freed === rowsAtOnce) return { count: freed, isAll: false };
      const takenUp = await takeUp(tx, database.isExclusive ? 'all' : 'overdue');
      const moved = await tx.jobs.moveStrayed(lanes.local.name, lanes.names(), rowsAtOnce);
      return { count: freed + takenUp, isAll: moved < rowsAtOnce };
    });
    sum += count;
    if (isAll) return sum;
  }
}

export interface LeasesOptions {
  readonly database: Database;
  readonly log: Log;
  readonly deadlines: Deadlines;
  readonly leaseMs: number;
  readonly sweepMs: number;
  /** Runs that have a row of the queue. */
  held(): readonly Run[];
  onLost(run: Run): void;
  takeUp: NonNullable<JobQueueStart['takeUp']>;
  /** There may be work. */
  onFreed(): void;
}

/** Begins to look after them, until the deadlines are closed. */
export function watchLeases(options: LeasesOptions): void {
  const { database, log, deadlines, sweepMs, takeUp, onFreed } = options;
  const again = () => {
    deadlines.set(sweepMs, () => {
      again();
      if (database.isFull) return;
      sweep().catch((error) => log.error({ err: error }, 'jobs whose lease is over could not be freed'));
    });
  };

  async function sweep(): Promise<void> {
    // Where nobody shares the database the first leases outlast every run.
    if (!database.isExclusive) await renew(options);
    let freed = 0;
    for (let some = rowsAtOnce; some === rowsAtOnce; freed += some) {
      some = await database.write((tx) => tx.jobs.recover(rowsAtOnce), { onlyClaims: true });
    }
    freed += await database.write((tx) => takeUp(tx, 'overdue'));
    if (freed > 0) log.warn({ jobs: freed }, 'jobs that nobody worked on any more are taken up');
    onFreed();
  }

  again();
}

async function renew({ database, log, leaseMs, held, onLost }: LeasesOptions): Promise<void> {
  const runs = held();
  if (runs.length === 0) return;
  const ids = runs.map(({ job }) => job.id);
  const renewed = new Set(await database.write((tx) => tx.jobs.renew(ids, leaseMs), { onlyClaims: true }));
  // Those that have ended meanwhile are not among them either.
  const stillHeld = new Set(held());
  for (const run of runs) {
    if (renewed.has(run.job.id) || !stillHeld.has(run)) continue;
    log.warn({ job: run.job.id, kind: run.job.kind }, 'the lease of a job is lost: another node may run it');
    onLost(run);
  }
}
