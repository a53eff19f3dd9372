/** The one error of the client half: a call that did not end as it should, with all that the caller needs to decide what follows. */
import { CertError, type Reason } from '../../../domain/errors.ts';
import type { SeenProblem } from './schema.ts';

export type AcmeCall =
  | 'directory'
  | 'newNonce'
  | 'newAccount'
  | 'account'
  | 'keyChange'
  | 'newOrder'
  | 'order'
  | 'authorization'
  | 'challenge'
  | 'finalize'
  | 'certificate'
  | 'revokeCert'
  | 'renewalInfo';

/**
 * - refused: it answered with an error; whether it acted all the same is known of none but a few (DigiCert's finalize).
 * - notSent: the connection could not be made, so that it never heard of the call.
 * - noAnswer: the call may have arrived, and may have been carried out.
 * - unreadable: it answered with success, and what it answered cannot be read: too large, no JSON, a member missing.
 * - otherNames: its order is for other names than were ordered.
 * - notOffered: its directory has no URL for the call.
 */
export type FailureKind = 'refused' | 'notSent' | 'noAnswer' | 'unreadable' | 'otherNames' | 'notOffered';

export interface FailedCall {
  readonly kind: FailureKind;
  readonly call: AcmeCall;
  readonly method: string;
  readonly url: string;
  /** Null where no reply came. */
  readonly status: number | null;
  /** The whole URN; null where the reply is no problem document. */
  readonly type: string | null;
  /** The CA's own words; ours where it has none. */
  readonly detail: string;
  readonly subproblems: SeenProblem['subproblems'];
  readonly retryAfter: Date | null;
  /** Of `userActionRequired`: a page for the operator (RFC 8555 §6.7). */
  readonly instance: string | null;
}

/**
 * The reason is what a subscriber may read. `failed.kind` and `failed.type` are for `issuers/acme/problem-kinds.ts`, which says what follows.
 */
export class AcmeFailure extends CertError {
  readonly failed: FailedCall;

  constructor(failed: FailedCall, reason: Reason, options: { readonly cause?: unknown } = {}) {
    super(reason, options);
    this.failed = failed;
  }
}

export const acmeUrn = 'urn:ietf:params:acme:error:';

/** `rateLimited` for `urn:ietf:params:acme:error:rateLimited`; undefined for a type of somebody else. */
export function acmeErrorName(type: string | null): string | undefined {
  return type?.startsWith(acmeUrn) ? type.slice(acmeUrn.length) : undefined;
}
