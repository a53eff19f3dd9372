/** What follows from a failure of an ACME CA. One table; the state machine branches on `kind` and on nothing else. */
import type { AcmeCall, FailureKind } from '../../dialects/acme/client/failure.ts';
import type { SeenProblem } from '../../dialects/acme/client/schema.ts';

/**
 * - retry: it may pass; the same call again after a while. Where the call may have arrived, what it made is looked for first.
 * - rateLimited: not before `notBefore`; the CA's budget is spent until then, and another CA may be tried.
 * - refused: this CA will not issue this; its text is for the subscriber.
 * - accountGone: the CA does not know our account; it is registered again, once.
 * - userAction: a person must act at the CA; the operator is shown `instance`.
 * - readOrderAgain: the order says more than the refusal; it is read before anything else is decided.
 * - orderGone: the CA has forgotten the order; nothing was issued by it, unless it was finalized.
 * - withoutReplaces: the same order again without `replaces`.
 * - profileGone: the CA no longer has the profile.
 * - alreadyDone: what was asked for has been done before.
 */
export type ProblemKind =
  | 'retry'
  | 'rateLimited'
  | 'refused'
  | 'accountGone'
  | 'userAction'
  | 'readOrderAgain'
  | 'orderGone'
  | 'withoutReplaces'
  | 'profileGone'
  | 'alreadyDone';

export interface Verdict {
  readonly kind: ProblemKind;
  /** The CA's `Retry-After`. */
  readonly notBefore: Date | null;
  /** Whether another CA may take the order, if nothing was finalized. */
  readonly mayFailOver: boolean;
  /** Counts for the breaker: the CA is away or ill, whoever asks. */
  readonly isFault: boolean;
  /** For people, in the CA's words: what and, where it says, which name. */
  readonly text: string;
  readonly instance: string | null;
}

/** `AcmeFailure.failed` has all of these; of a problem that an order or a challenge shows, use `kindOfShown`. */
export interface ProblemFacts {
  readonly kind: FailureKind;
  readonly call: AcmeCall;
  readonly status: number | null;
  readonly type: string | null;
  readonly detail: string;
  readonly subproblems: SeenProblem['subproblems'];
  readonly retryAfter: Date | null;
  readonly instance: string | null;
}
