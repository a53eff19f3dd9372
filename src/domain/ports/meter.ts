/** Counts what this process does: for the metrics, and for the alarms that notice when nothing succeeds any more. */
import type { Authorization } from '../authorization.ts';
import type { CheckResult } from '../challenge.ts';
import type { JobKind } from '../job.ts';
import type { ReasonKey } from '../messages/index.ts';
import type { MailOutcome } from './system.ts';

/** A place that was looked at for evidence. */
export interface CountedCheck {
  readonly name: string;
  /** When its proof was first wanted; null: there is no order yet. */
  readonly wantedSince: Authorization['createdAt'] | null;
  readonly result: Pick<CheckResult, 'method' | 'proved' | 'problem'>;
}

/** `refused`: the receiver answered something else than success; `unanswered`: there was no answer. */
export type DeliveryResult = 'delivered' | 'refused' | 'unanswered';

/** What a call to an upstream came to: `answered` with any answer, also a refusal; `limited`: it has taken as much of us as it will at present. */
export type UpstreamCallResult = 'answered' | 'limited' | 'unanswered';

/** `againLater`: the outcome is no failure, and the job runs again at a time of its own. */
export type JobResult = 'done' | 'againLater' | 'failed' | 'givenUp';

/**
 * Cheap, in memory, never throws. Not for works of a transaction, which may run again: count after the commit, or outside of one.
 */
export interface Meter {
  checked(check: CountedCheck): void;
  mailed(address: string, outcome: MailOutcome): void;
  delivered(url: string, result: DeliveryResult): void;
  /** A certificate is stored, so long after the issuer was to make it. */
  issued(issuer: string, durationMs: number): void;
  /** @param account ours at the upstream */
  upstreamCalled(account: string, result: UpstreamCallResult): void;
  /** A front door was refused something. */
  refused(reason: ReasonKey): void;
  jobEnded(kind: JobKind, result: JobResult): void;
  /** So many transactions became durable together; the one that waited the longest did for so long. */
  committed(transactions: number, waitMs: number): void;
  /** Somebody has set the wall clock, by so much. */
  clockStepped(byMs: number): void;
}
