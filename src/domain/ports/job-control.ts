/** Port for operators: the jobs of the queue, and what to do about those that do not succeed. */
import type { Caller } from '../caller.ts';
import type { Job, JobKind } from '../job.ts';
import type { Counting, Page } from '../page.ts';
import type { JobFilter, JobKey } from './stores/jobs.ts';

/** What became of all jobs of a kind. */
export interface JobsChanged {
  readonly done: number;
  /** Left as they are, each for a reason of its own. */
  readonly refused: number;
  /** There are more of them: ask again. */
  readonly isMore: boolean;
}

/** All of it is for operators. Every change is in the audit log. */
export interface JobControl {
  /** In the order of kinds and subjects. */
  list(
    caller: Caller,
    page: JobFilter & Counting & { readonly limit: number; readonly after?: JobKey },
  ): Promise<Page<Job, JobKey>>;
  /**
   * Has a job run now whose last run failed, as if it had never failed. A delivery that was given up is sent again as a new one, whose job
   * is the answer.
   * @throws {CertError} notFound for an id of no job that failed; wrongState while it runs, and where what it worked for is over
   */
  retry(caller: Caller, id: string): Promise<Job>;
  /**
   * Gives up a job whose last run failed, and removes it. Whoever waits for its work learns of it as when its last try had failed: an
   * order fails and is refunded. One that was given up already is only removed.
   * @returns the job as it was
   * @throws {CertError} notFound, wrongState while it runs, and of a kind that is never given up
   */
  discard(caller: Caller, id: string): Promise<Job>;
  /** The same for the jobs of a kind that were given up, at most 1,000 in one call. */
  retryAll(caller: Caller, kind: JobKind): Promise<JobsChanged>;
  discardAll(caller: Caller, kind: JobKind): Promise<JobsChanged>;
}
