/** Store of jobs. The contract of every store is in `stores.ts`. */

import type { JobId } from '../../ids.ts';
import type { FailedJobCursor, Job, JobKind, JobOwner, SharedKind, SharedLane, UnsharedKind } from '../../job.ts';
import type { KeptText } from '../../kept-reason.ts';

/**
 * One queued job: the id tells it from an earlier one of the same kind and subject. What the runner writes about it changes nothing
 * once another node has claimed it.
 */
export type JobReference = Pick<Job, 'id' | 'kind' | 'subject'>;

/** The place of a job among all jobs. */
export type JobKey = Pick<Job, 'kind' | 'subject'>;

/** Every condition must hold. */
export interface JobFilter {
  readonly state?: Job['state'];
  readonly kind?: JobKind;
  readonly subject?: string;
  /** Only those whose last run failed. */
  readonly isTried?: true;
}

/** A page of them, in the order of kinds and subjects. */
export interface JobPage extends JobFilter {
  readonly limit: number;
  readonly after?: JobKey;
}

interface Queued {
  readonly subject: string;
  readonly runAt: Date;
  /** That of its kind by default. */
  readonly lane?: string;
}

/** A job to be queued. One that takes its account's turn says whose it is; without a zone it keeps the one it has. */
export type NewJob = Queued &
  (
    | { readonly kind: SharedKind; readonly owner: JobOwner; readonly zone?: string | null }
    | { readonly kind: UnsharedKind }
  );

/** Where in the turns of a lane the last claim ended. Each node goes round by itself. */
export interface Turn {
  /** Owners up to this one have had theirs. */
  readonly after: string;
}

export interface SharedClaim {
  readonly now: Date;
  readonly leaseMs: number;
  /** The most that are taken. */
  readonly places: number;
  readonly turn: Turn;
}

export interface Claimed {
  readonly jobs: readonly Job[];
  /** Jobs whose zone rests, or has all its places taken: their time was moved. */
  readonly putOff: number;
  readonly turn: Turn;
}

export interface LaneDue {
  readonly lane: string;
  /** At most 10,000. */
  readonly jobs: number;
  /** The time for which the oldest was due. */
  readonly since: Date;
}

export interface JobStore {
  /**
   * Queues the job. When one of the same kind and subject waits already, it only moves nearer: the earlier of both times
   * wins. A running job is not touched but will run again at `runAt`.
   */
  enqueue(job: NewJob): Promise<void>;
  /**
   * Queues the job as taken already by the caller, who hands what this answers to `JobQueue.adopt` after the commit: no
   * claim is needed on the way. Undefined when it is running already, and will run again after that run, and on a node that runs no jobs,
   * where it is only queued: then the queue is woken after the commit.
   */
  enqueueClaimed(job: {
    readonly kind: UnsharedKind;
    readonly subject: string;
    readonly now: Date;
  }): Promise<Job | undefined>;
  /**
   * The same of a job that takes its account's turn. It is taken only while its account and its lane have places left, counting what every
   * node has under way; else it is queued, undefined is the answer, and the queue is woken after the commit.
   */
  enqueueInTurn(job: {
    readonly kind: SharedKind;
    readonly subject: string;
    readonly owner: JobOwner;
    readonly now: Date;
  }): Promise<Job | undefined>;
  get(kind: JobKind, subject: string): Promise<Job | undefined>;
  /**
   * Removes the job: its work is done. Part of the transaction that did it. One that was enqueued again while it ran is
   * kept and waits for that time.
   */
  finish(kind: JobKind, subject: string): Promise<void>;
  /** The latest first. */
  listFailed(page: { readonly limit: number; readonly before?: FailedJobCursor }): Promise<readonly Job[]>;
  list(page: JobPage): Promise<readonly Job[]>;
  /** How many there are: at most 10,001. */
  countListed(filter: JobFilter): Promise<number>;
  /** One that failed, or whose last run failed. Others are not looked for. */
  getTried(id: JobId): Promise<Job | undefined>;
  /** Due at `now`, and as if it had never failed. False where it runs, or is gone. */
  retry(job: JobReference, now: Date): Promise<boolean>;
  /** Removes it. False where it runs, or is gone. */
  discard(job: JobReference): Promise<boolean>;
  /** At most 10,000 of each. */
  count(): Promise<Readonly<Record<Job['state'], number>>>;
  /** The lanes with jobs that are due at `now` and that nobody has taken. */
  due(now: Date): Promise<readonly LaneDue[]>;
  /** How many jobs have failed three times in a row or more and wait for their next run, by kind; 10,000 in all at most. */
  countRetried(): Promise<ReadonlyMap<JobKind, number>>;
  /**
   * Makes those of the next jobs, in the order of their keys, due at `now` that wait for a later time; of one lane, or of all. Looks at no
   * more than the limit. Answers the last that it looked at; undefined when none is behind.
   */
  bringForward(
    now: Date,
    page: { readonly lane?: string; readonly after?: JobKey | undefined; readonly limit: number },
  ): Promise<JobKey | undefined>;
  // The rest is only for the runner.
  /**
   * Takes up to `limit` jobs of the lane that are due at `now` and marks them running, so that nobody else takes them. The lease
   * names this node, as that of `enqueueClaimed` does, and ends `leaseMs` from now by the clock of the database.
   */
  claimDue(lane: string, now: Date, leaseMs: number, limit: number): Promise<readonly Job[]>;
  /**
   * The same in a lane that accounts share: they take turns, those with the least under way first, and neither an account nor a zone gets more
   * than its share (`sharedLanes`), counting what every node has under way. Of a zone that rests nothing is taken.
   */
  claimShared(lane: SharedLane, claim: SharedClaim): Promise<Claimed>;
  /** The same of one kind only. */
  claimDueOf(kind: JobKind, now: Date, leaseMs: number, limit: number): Promise<readonly Job[]>;
  /** The time at which the next waiting job of the lane is due; of those due after that time, where one is named. */
  nextRunAt(lane: string, after?: Date): Promise<Date | undefined>;
  /** Moves waiting jobs of lanes that are none of these to `lane`: their issuer is no longer configured. */
  moveStrayed(lane: string, lanes: readonly string[], limit: number): Promise<number>;
  /** Makes up to 1,000 waiting repeats of a zone due at `now`: it answers again. */
  bringForwardZone(owner: JobOwner, zone: string, now: Date): Promise<void>;
  /**
   * Back to waiting, among the repeats of its kind. With `error` the run counts as a failed attempt; without, failed attempts are
   * forgotten. A second enqueue during the run wins if it is earlier, and keeps the lane that it named.
   */
  release(job: JobReference, runAt: Date, error: KeptText | null): Promise<void>;
  /** Removes the job after a run, unless it was enqueued again meanwhile: then it waits for that time. */
  complete(job: JobReference): Promise<void>;
  moveToFailed(job: JobReference, error: KeptText): Promise<void>;
  /** Makes the leases of running jobs that are this node's last `leaseMs` from now. Answers which still were. */
  renew(ids: readonly JobId[], leaseMs: number): Promise<readonly JobId[]>;
  /** Frees running jobs whose lease is over, up to the limit. Answers how many. */
  recover(limit: number): Promise<number>;
  /**
   * The same when a node starts, and those of its former run: a node has one process at a time, so that nobody is at work on
   * them. Leases of other nodes stay until they are over, but where the database has proof that no other process has it open
   * (`Database.isExclusive`): then all have ended.
   */
  recoverAtStart(limit: number): Promise<number>;
}
