/** Work that outlives a request: the kinds of jobs, the lanes they wait in, and when each is tried again. */

import type { AccountId, JobId } from './ids.ts';
import type { KeptText } from './kept-reason.ts';

export type JobKind =
  | 'validate'
  | 'checkOnRequest'
  | 'checkCaa'
  | 'sendMail'
  | 'issue'
  | 'revokeUpstream'
  | 'reissue'
  | 'renew'
  | 'deliver'
  | 'announceEndings'
  | 'sendReminder'
  | 'sendInvitation'
  | 'queueUserMails'
  | 'sendUserMail'
  | 'publishCrl'
  | 'watchAuthorities'
  | 'endOrders'
  | 'expireAuthorizations'
  | 'watchBalance'
  | 'compareUpstream'
  | 'purge'
  | 'wakeResting'
  | 'bringForward'
  | 'endAcmeAccount'
  | 'reseal'
  | 'countEvents';

export interface RetryPolicy {
  /** Wait before the n-th next try, seconds; the last one repeats. */
  readonly backoffSeconds: readonly number[];
  /** Tries before the job fails for good and is shown as failed; Infinity: never. */
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  /** A job that waits for an upstream is queued in the lane of its issuer instead. */
  readonly lane: LaneName;
  /** The lane of its further runs; the same by default. */
  readonly repeatLane?: LaneName;
  /** True if it runs also when the disk is so full that nothing else starts. */
  readonly mayUseReserve?: true;
}

/** Places of a lane whose jobs wait for strangers' servers: accounts take turns, and none has more than its share. */
export interface Shares {
  /** Jobs under way at the same time. */
  readonly places: number;
  /** The most of one account. Several lanes' worth of accounts must misbehave before others wait for a place. */
  readonly perAccount: number;
  /** The most of one zone, whoever they belong to. */
  readonly perZone: number;
}

/**
 * Lanes whose jobs wait for strangers' servers. Whoever waits for one kind of server does not wait for another: a mail waits for no check of
 * a name. Checks that are the first or that somebody asked for do not wait for repeats.
 */
export const sharedLanes = {
  checks: { places: 128, perAccount: 8, perZone: 16 },
  repeats: { places: 64, perAccount: 4, perZone: 8 },
  mail: { places: 32, perAccount: 4, perZone: 32 },
  reminders: { places: 16, perAccount: 4, perZone: 16 },
  webhooks: { places: 64, perAccount: 4, perZone: 64 },
} as const satisfies Readonly<Record<string, Shares>>;

/** Shares of the checks of names in one process: so many accounts must misbehave at once before others wait. */
export function checkShares(places: number): Shares {
  return { places, perAccount: Math.ceil(places / 16), perZone: Math.ceil(places / 8) };
}

export const defaultChecksAtOnce = 512;

export type SharedLane = keyof typeof sharedLanes;
export type LaneName = 'local' | SharedLane;

export function isSharedLane(lane: string): lane is SharedLane {
  return Object.hasOwn(sharedLanes, lane);
}

const soon = [1, 2, 5, 10, 30, 60, 300];

/**
 * Retry rules for handlers that throw. (`validate` without evidence yet does not throw: it sets its next run: `nextCheckSeconds`.)
 */
export const retryPolicies = {
  validate: { backoffSeconds: soon, maxAttempts: 20, timeoutMs: 120_000, lane: 'checks', repeatLane: 'repeats' },
  // All of its looks are of a check that somebody asked for and waits for.
  checkOnRequest: { backoffSeconds: [1, 2, 5], maxAttempts: 20, timeoutMs: 60_000, lane: 'checks' },
  // Mail servers delay unknown senders (greylisting) and may be away for hours: tried for about two days.
  sendMail: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'mail' },
  checkCaa: { backoffSeconds: soon, maxAttempts: 20, timeoutMs: 120_000, lane: 'checks', repeatLane: 'repeats' },
  issue: { backoffSeconds: soon, maxAttempts: 50, timeoutMs: 60_000, lane: 'local' },
  // BR §4.9.1.1 allows a day: about three are tried, then the operator finds it among the failed jobs.
  revokeUpstream: { backoffSeconds: [...soon, 900, 3600], maxAttempts: 80, timeoutMs: 60_000, lane: 'local' },
  // The next certificate of a coverage, and the order that renews one: both were promised and are tried for ever.
  reissue: { backoffSeconds: [60, 600, 3600], maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  renew: { backoffSeconds: [60, 600, 3600], maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // 20 tries in a little more than 3 days.
  deliver: {
    backoffSeconds: [10, 30, 60, 300, 900, 3600, 10_800, 21_600],
    maxAttempts: 20,
    timeoutMs: 60_000,
    lane: 'webhooks',
  },
  announceEndings: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  sendReminder: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'reminders' },
  sendInvitation: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'mail' },
  // Both are about an account or a request for approval: mails to all whom it concerns, and one to each of them.
  queueUserMails: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  sendUserMail: { backoffSeconds: [10, 60, 300], maxAttempts: 500, timeoutMs: 90_000, lane: 'reminders' },
  // Publishing a CRL is tried for ever: a stale CRL makes every certificate under it unusable to strict clients.
  publishCrl: {
    backoffSeconds: soon,
    maxAttempts: Number.POSITIVE_INFINITY,
    timeoutMs: 60_000,
    lane: 'local',
    mayUseReserve: true,
  },
  watchAuthorities: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // Both are in the lane of an issuer of their account.
  watchBalance: {
    backoffSeconds: [300, 3600],
    maxAttempts: Number.POSITIVE_INFINITY,
    timeoutMs: 60_000,
    lane: 'local',
  },
  compareUpstream: {
    backoffSeconds: [300, 3600],
    maxAttempts: Number.POSITIVE_INFINITY,
    timeoutMs: 60_000,
    lane: 'local',
  },
  endOrders: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  expireAuthorizations: {
    backoffSeconds: soon,
    maxAttempts: Number.POSITIVE_INFINITY,
    timeoutMs: 60_000,
    lane: 'local',
  },
  purge: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // Both go through many rows, a piece at a time.
  wakeResting: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 120_000, lane: 'local' },
  bringForward: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 120_000, lane: 'local' },
  // Its client was promised that nothing of it goes on.
  endAcmeAccount: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
  // Until it is done, two master keys can open everything.
  // Numbers that somebody looks at are counted then; the job keeps that short.
  countEvents: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 120_000, lane: 'local' },
  reseal: { backoffSeconds: soon, maxAttempts: Number.POSITIVE_INFINITY, timeoutMs: 60_000, lane: 'local' },
} as const satisfies Record<JobKind, RetryPolicy>;

type Policies = typeof retryPolicies;

/** Kinds that wait for strangers' servers, and so take their account's turn. */
export type SharedKind = { [K in JobKind]: Policies[K]['lane'] extends SharedLane ? K : never }[JobKind];

export type UnsharedKind = Exclude<JobKind, SharedKind>;

export function isSharedKind(kind: JobKind): kind is SharedKind {
  return isSharedLane(laneOfKind(kind));
}

export function sharedLaneOf(kind: SharedKind): SharedLane {
  return retryPolicies[kind].lane;
}

export function laneOfKind(kind: JobKind): LaneName {
  return retryPolicies[kind].lane;
}

/** The lane of a job that has run and is to run again; undefined: the one it is in. */
export function repeatLaneOf(kind: JobKind): LaneName | undefined {
  const policy: RetryPolicy = retryPolicies[kind];
  return policy.repeatLane;
}

/**
 * Kinds whose work ends what it was for when it is given up: the issuance fails, the mail counts as undelivered. Such a job has nothing to do
 * any more. The others of the kinds that are given up can still succeed.
 */
const endingKinds: ReadonlySet<JobKind> = new Set<JobKind>([
  'validate',
  'checkOnRequest',
  'checkCaa',
  'sendMail',
  'issue',
  'sendReminder',
  'sendInvitation',
  'sendUserMail',
]);

export function isOverWhenGivenUp(kind: JobKind): boolean {
  return endingKinds.has(kind);
}

/** Reports whether such a job fails for good at some time; the others are tried until they succeed. */
export function isGivenUp(kind: JobKind): boolean {
  return Number.isFinite(retryPolicies[kind].maxAttempts);
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

/** `platform`: of no account, such as an invitation of an operator. */
export type JobOwner = AccountId | 'platform';

export type JobState = 'waiting' | 'running' | 'failed';

/**
 * How long a job is left to the node that claimed it. Where nodes share the database its lease is renewed while it runs, so that those of a
 * node that died are soon taken over; where none does, it is longer than any handler may take.
 */
export function leaseMsOf({ isExclusive }: { readonly isExclusive: boolean }): number {
  return isExclusive ? 600_000 : 60_000;
}

/** Some CAs sign before they answer, and take minutes. */
const upstreamTimeoutMs = 240_000;

/** How long one run may take. */
export function timeoutMsOf({ kind, lane }: Pick<Job, 'kind' | 'lane'>): number {
  const { timeoutMs } = retryPolicies[kind];
  return lane.startsWith(issuerLanes) ? Math.max(timeoutMs, upstreamTimeoutMs) : timeoutMs;
}

/** How the names of lanes begin that an issuer has for itself. */
const issuerLanes = 'issuer ';

export function laneOfIssuer(issuerId: string): string {
  return `${issuerLanes}${issuerId}`;
}

export interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  /** The subject it works on; unique with `kind`, so that work is never queued twice. */
  readonly subject: string;
  readonly state: JobState;
  /** Jobs of one lane wait for each other only. */
  readonly lane: string;
  /** Whose turn it takes in a shared lane; null in the others. */
  readonly owner: JobOwner | null;
  /** The zone whose servers it waits for; null: of none, or of several. */
  readonly zone: string | null;
  readonly runAt: Date;
  readonly attempts: number;
  readonly lastError: KeptText | null;
  readonly createdAt: Date;
}

/** A place in the list of jobs that failed: the last one of a page, whatever has become of it since. */
export type FailedJobCursor = Pick<Job, 'runAt' | 'kind' | 'subject'>;
