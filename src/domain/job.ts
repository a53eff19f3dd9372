/** Work that outlives a request: the kinds of jobs, and when each is tried again. */
import type { JobId } from './ids.ts';

export type JobKind =
  | 'validate'
  | 'checkOnRequest'
  | 'sendMail'
  | 'issue'
  | 'revokeUpstream'
  | 'reissue'
  | 'renew'
  | 'deliver'
  | 'announceEndings'
  | 'sendReminder'
  | 'sendInvitation'
  | 'publishCrl'
  | 'watchAuthorities'
  | 'endOrders'
  | 'expireAuthorizations'
  | 'purge'
  | 'endAcmeAccount'
  | 'reseal';

export interface RetryPolicy {
  /** Wait before the n-th next try, seconds; the last one repeats. */
  readonly backoffSeconds: readonly number[];
  /** Tries before the job fails for good and is shown as failed; Infinity: never. */
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  /**
   * `network`: it mostly waits for other people's servers, and must not keep the others from running. A job that waits for an
   * upstream is queued in the lane of its issuer instead.
   */
  readonly lane: 'local' | 'network';
  /** True if it runs also when the disk is so full that nothing else starts. */
  readonly mayUseReserve?: true;
}

const soon = [1, 2, 5, 10, 30, 60, 300];

/**
 * Retry rules for handlers that throw. (`validate` without evidence yet does not throw: it sets its next run: `nextCheckSeconds`.)
 */
export const retryPolicies = {
  validate: { backoffSeconds: soon, maxAttempts: 20, timeoutMs: 120_000, lane: 'network' },
  checkOnRequest: { backoffSeconds: [1, 2, 5], maxAttempts: 20, timeoutMs: 60_000, lane: 'network' },
  // Mail servers delay unknown senders (greylisting) and may be away for hours: tried for about two days.
  sendMail: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'network' },
  issue: { backoffSeconds: soon, maxAttempts: 50, timeoutMs: 60_000, lane: 'local' },
  // BR §4.9.1.1 allows a day: about three are tried, then the operator finds it among the failed jobs.
  revokeUpstream: { backoffSeconds: [...soon, 900, 3600], maxAttempts: 80, timeoutMs: 60_000, lane: 'network' },
  // The next certificate of a coverage, and the order that renews one: both were promised and are tried for ever.
  reissue: { backoffSeconds: [60, 600, 3600], maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  renew: { backoffSeconds: [60, 600, 3600], maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // 20 tries in a little more than 3 days.
  deliver: {
    backoffSeconds: [10, 30, 60, 300, 900, 3600, 10_800, 21_600],
    maxAttempts: 20,
    timeoutMs: 60_000,
    lane: 'network',
  },
  announceEndings: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  sendReminder: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'network' },
  sendInvitation: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'network' },
  // Publishing a CRL is tried for ever: a stale CRL makes every certificate under it unusable to strict clients.
  publishCrl: {
    backoffSeconds: soon,
    maxAttempts: Number.POSITIVE_INFINITY,
    timeoutMs: 60_000,
    lane: 'local',
    mayUseReserve: true,
  },
  watchAuthorities: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  endOrders: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  expireAuthorizations: {
    backoffSeconds: soon,
    maxAttempts: Number.POSITIVE_INFINITY,
    timeoutMs: 60_000,
    lane: 'local',
  },
  purge: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // Its client was promised that nothing of it goes on.
  endAcmeAccount: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // Until it is done, two master keys can open everything.
  reseal: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
} as const satisfies Record<JobKind, RetryPolicy>;

export function laneOfKind(kind: JobKind): string {
  return retryPolicies[kind].lane;
}

export const jobKinds = Object.keys(retryPolicies) as readonly JobKind[];

/** Reports whether the job's own rows may also use the reserve. */
export function mayUseReserve(kind: JobKind): boolean {
  const policy: RetryPolicy = retryPolicies[kind];
  return policy.mayUseReserve === true;
}

export function backoffSeconds(policy: RetryPolicy, attempts: number): number {
  return policy.backoffSeconds[Math.min(attempts, policy.backoffSeconds.length) - 1] ?? 60;
}

const firstChecksSeconds = [0, 2, 7, 17, 37, 77, 137];

/**
 * The time of the next check, in seconds after the first: after 0, 2, 5, 10, 20, 40 and 60 s more each, then every
 * minute for an hour, every ten minutes for a day, then hourly (design §4). It depends only on the age, so that extra
 * checks, which polls cause, do not slow the schedule down.
 */
export function nextCheckSeconds(ageSeconds: number): number {
  const early = firstChecksSeconds.find((at) => at > ageSeconds);
  if (early !== undefined) return early;
  if (ageSeconds < 3600) return ageSeconds + 60;
  return ageSeconds + (ageSeconds < 86_400 ? 600 : 3600);
}

export type JobState = 'waiting' | 'running' | 'failed';

export interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  /** The subject it works on; unique with `kind`, so that work is never queued twice. */
  readonly subject: string;
  readonly state: JobState;
  /** Jobs of one lane wait for each other only. */
  readonly lane: string;
  readonly runAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

/** A place in the list of jobs that failed: the last one of a page, whatever has become of it since. */
export type FailedJobCursor = Pick<Job, 'runAt' | 'kind' | 'subject'>;
