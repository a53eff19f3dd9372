/** Proof that an account controls one identifier, and the challenges that can give it. */
import type { Binding, Challenge, CheckResult } from './challenge.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, AuthorizationId, IssuanceId } from './ids.ts';
import type { AuthorizationState } from './states.ts';
import type { ValidationMethod } from './validation-method.ts';

export interface Authorization {
  readonly id: AuthorizationId;
  readonly accountId: AccountId;
  /** The issuance that first needed it; later ones may reuse it. Null: a domain that the account keeps. */
  readonly issuanceId: IssuanceId | null;
  readonly identifier: Identifier;
  /**
   * Null: we check it ourselves. Otherwise the issuer whose upstream does: then it serves that issuance only, never another one,
   * whoever signs that.
   */
  readonly checkedBy: string | null;
  readonly state: AuthorizationState;
  readonly challenges: readonly Challenge[];
  /** The method that the customer chose; any offered one is accepted. */
  readonly preferredMethod: ValidationMethod;
  /** The newest check of each challenge, in the order of `challenges`. */
  readonly checks: readonly CheckResult[];
  readonly provedBy: ValidationMethod | null;
  /** Binding of the challenge that proved it. Null: not proved, or proved before challenges had one; then it cannot be used. */
  readonly binding: Binding | null;
  /** The only key that a proof of binding `request` holds for (SHA-256 of the SubjectPublicKeyInfo, hex); else null. */
  readonly keyHash: string | null;
  readonly provedAt: Date | null;
  readonly validUntil: Date | null;
  readonly createdAt: Date;
}

/**
 * Reports whether the authorization is proved at `now`: a passed date counts even before the sweep marks it. What it may serve is
 * `policy.isReusable`'s to say.
 */
export function isUsable(authorization: Authorization, now: Date): boolean {
  return authorization.state === 'valid' && authorization.validUntil !== null && authorization.validUntil > now;
}
