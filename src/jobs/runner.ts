/** Runs the jobs of an embedded database, which belongs to one process. */
import type { Database } from '../domain/stores.ts';
import type { Clock, Log } from '../domain/system.ts';
import type { JobQueue } from '../domain/work.ts';

export interface JobRunnerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Handlers that may run at the same time. */
  readonly concurrency?: number;
  /** How long a taken job is left to whoever took it; longer than the longest timeout of a handler. */
  readonly leaseMs?: number;
}

export function createJobRunner(options: JobRunnerOptions): JobQueue {
  throw new Error(`not written yet ${options.concurrency}`);
}
