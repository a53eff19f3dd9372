/** Work that outlives a request: the kinds of jobs, and when each is tried again. */
import type { JobId } from './ids.ts';

export type JobKind =
  | 'validate'
  | 'sendMail'
  | 'issue'
  | 'revokeUpstream'
  | 'reissue'
  | 'renew'
  | 'deliver'
  | 'announceEndings'
  | 'sendReminder'
  | 'publishCrl'
  | 'watchAuthorities'
  | 'endOrders'
  | 'expireAuthorizations'
  | 'purge'
  | 'reseal';

export interface RetryPolicy {
  /** Wait before the n-th next try, seconds; the last one repeats. */
  readonly backoffSeconds: readonly number[];
  /** Tries before the job is given up and shown as failed; Infinity: never. */
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  /**
   * `network`: it mostly waits for strangers' servers, and must not keep the others from running. What waits for an
   * upstream is queued in the lane of its issuer instead.
   */
  readonly lane: 'local' | 'network';
  /** It runs also when the disk is so full that nothing else is begun. */
  readonly mayUseReserve?: true;
}

const soon = [1, 2, 5, 10, 30, 60, 300];

/**
 * When a handler throws. (`validate` that finds no proof yet does not throw: it asks for its next run by itself, see `nextCheckSeconds`.)
 */
export const retryPolicies = {
  validate: { backoffSeconds: soon, maxAttempts: 20, timeoutMs: 120_000, lane: 'network' },
  // Mail servers delay strangers (greylisting) and are away for hours: tried for about two days.
  sendMail: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'network' },
  issue: { backoffSeconds: soon, maxAttempts: 50, timeoutMs: 60_000, lane: 'local' },
  // BR §4.9.1.1 leaves a day: about three are tried, then the operator finds it among the jobs that were given up.
  revokeUpstream: { backoffSeconds: [...soon, 900, 3600], maxAttempts: 80, timeoutMs: 60_000, lane: 'network' },
  // The next certificate of a coverage, and the order that renews one: what was promised is never given up.
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
  // Publishing a CRL is never given up: a stale CRL makes every certificate under it unusable to strict clients.
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
  // Until it is over two master keys open everything.
  reseal: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
} as const satisfies Record<JobKind, RetryPolicy>;

export function laneOfKind(kind: JobKind): string {
  return retryPolicies[kind].lane;
}

export const jobKinds = Object.keys(retryPolicies) as readonly JobKind[];

/** Whether the job's own rows may take of the reserve as well. */
export function mayUseReserve(kind: JobKind): boolean {
  const policy: RetryPolicy = retryPolicies[kind];
  return policy.mayUseReserve === true;
}

export function backoffSeconds(policy: RetryPolicy, attempts: number): number {
  return policy.backoffSeconds[Math.min(attempts, policy.backoffSeconds.length) - 1] ?? 60;
}

const firstChecksSeconds = [0, 2, 7, 17, 37, 77, 137];

/**
 * When the next check runs, in seconds after the checks began: after 0, 2, 5, 10, 20, 40 and 60 s more each, then every
 * minute for an hour, every ten minutes for a day, then hourly (design §4). A function of the age alone, so that extra
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
  /** What it works on; with `kind` it is unique, so that work is never queued twice. */
  readonly subject: string;
  readonly state: JobState;
  /** Jobs of one lane wait for each other only. */
  readonly lane: string;
  readonly runAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
}
