/** Work that outlives a request: the kinds of jobs, when each is tried again, and the queue they wait in. */
import type { Job, JobKind, UnsharedKind } from '../job.ts';
import type { Stores } from './stores/index.ts';

/**
 * Result of a job that a handler ran. `done`: the runner removes the job. `finished`: the handler removed it in its own
 * transaction (`Stores.jobs.finish`), so that nothing is left to write. `again`: not a failure, run it again at that time.
 */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'again'; readonly at: Date };

/**
 * Runs one job. Must be idempotent: after a crash it runs again from the start. Must stop soon after the signal.
 * A throw counts as a failed attempt.
 */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobOutcome>;

export type JobHandlers = Readonly<Record<JobKind, JobHandler>>;

/**
 * Further writes in the transaction that ends a job as failed, so that whoever waits for its work learns of it. `attempts` is
 * how often it failed, the last time included.
 */
export type JobGivenUp = (tx: Stores, job: Job, attempts: number) => Promise<void>;

export interface JobLane {
  readonly name: string;
  /** Handlers that run at the same time. */
  readonly concurrency: number;
}

export interface JobQueueStart {
  readonly onGivenUp?: JobGivenUp;
  /** Besides `local` and those that accounts share. */
  readonly lanes?: readonly JobLane[];
  /**
   * Queues work whose rows are their own jobs, and that nobody is working on: all of it at the start of a process that has the
   * database to itself (`Database.isExclusive`); else, and later, what is past its deadline. Answers how much that was.
   */
  readonly takeUp?: (tx: Stores, which: 'all' | 'overdue') => Promise<number>;
}

/** Names a job in word between nodes. */
export function jobKey(kind: JobKind, subject: string): string {
  return `${kind} ${subject}`;
}

/** Queue of jobs. Enqueueing happens in a transaction (`Stores.jobs`); afterwards the queue is notified that there is work. */
export interface JobQueue {
  start(handlers: JobHandlers, options?: JobQueueStart): Promise<void>;
  /**
   * There may be new work, or work that is due sooner: look now. May be called after every commit.
   * @param dueAt when the first of it is due: looked at then, which costs nothing where that is long from now
   */
  wake(dueAt?: Date): void;
  /**
   * Runs a job that the caller took as it queued it (`JobStore.enqueueClaimed`), without asking the database for it. Call
   * it after the commit. Adopted jobs wait their turn in memory; after a crash the next start finds them in the database.
   */
  adopt(job: Job): void;
  /**
   * Runs work whose own row is its job (`JobQueueStart.takeUp`), in its turn, after the commit. A row of the queue is made
   * only when it must run again; its handler takes over then.
   */
  perform(work: {
    readonly kind: UnsharedKind;
    readonly subject: string;
    readonly run: (signal: AbortSignal) => Promise<JobOutcome>;
  }): void;
  /**
   * Resolves when the run of this job that is under way or adopted, or that a look under way takes up, has ended: true. False when it
   * was not taken up, or after `withinMs`; undefined when there is none. Never rejects.
   */
  settled(kind: JobKind, subject: string, withinMs: number): Promise<boolean> | undefined;
  /** Resolves when another node says that a run of this job has ended there, or after `withinMs`. Never rejects. */
  endedElsewhere(kind: JobKind, subject: string, withinMs: number): Promise<void>;
  /** No new jobs are begun; resolves when the running ones have ended or `graceMs` is over (they resume at next start). */
  stop(graceMs: number): Promise<void>;
  /** Resolves when no job that was due when it was called is left, for tests and scripts. */
  idle(): Promise<void>;
}
