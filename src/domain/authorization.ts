/** Proof that an account controls one identifier, and the challenges that can give it. */
import type { Binding, Challenge, CheckResult } from './challenge.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, AuthorizationId, CredentialId, IssuanceId, UserId } from './ids.ts';
import type { AuthorizationState } from './states.ts';
import type { ValidationMethod } from './validation-method.ts';

/**
 * The check of one challenge that the client asked for. It looks a few times, and what it has not found by then it never will: the
 * authorization is invalid (RFC 8555 §7.1.6, §8.2).
 */
export interface Attempt {
  /** Position in `challenges`. */
  readonly challenge: number;
  readonly requestedAt: Date;
  /** Looks so far that came to an end. */
  readonly looks: number;
}

/** What an authorization that was made for itself has in place of an issuance. */
export interface Standalone {
  /** Who asked for it. */
  readonly ownerId: CredentialId | UserId;
  /** The profile by whose rules it is proved. */
  readonly profileId: string;
  /** Who would issue for it, whose CAA records count; null: made before this was kept. */
  readonly issuerId: string | null;
  /** It expires then if it is not proved. */
  readonly pendingUntil: Date;
}

export interface Authorization {
  readonly id: AuthorizationId;
  readonly accountId: AccountId;
  /** The issuance that first needed it; later ones may reuse it. Null: it was made for itself, or for a domain that the account keeps. */
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
  /** False: the evidence holds for this very name only, although others of its method hold for names below. Null: as its method does. */
  readonly coversBelow: boolean | null;
  /** Clients of the account that have given it up: it proves nothing to them, and serves the others as before. */
  readonly renouncedBy: readonly CredentialId[];
  /** True: nothing is looked for before the client asks, and a check that fails is final. */
  readonly isCheckedOnRequest: boolean;
  /** The check that was asked for; of one that is valid or invalid, the check that decided. Null: none was. */
  readonly attempt: Attempt | null;
  /** Null: it was made for an issuance, or for a domain that the account keeps. */
  readonly standalone: Standalone | null;
  readonly createdAt: Date;
}

type NewAuthorization = Pick<
  Authorization,
  'id' | 'accountId' | 'issuanceId' | 'identifier' | 'challenges' | 'preferredMethod' | 'createdAt'
>;

/** An authorization that waits for its first proof. We look for it ourselves, without being asked. */
export function pendingAuthorization(made: NewAuthorization): Authorization {
  return {
    ...made,
    checkedBy: null,
    state: 'pending',
    checks: [],
    provedBy: null,
    provedAt: null,
    binding: null,
    keyHash: null,
    validUntil: null,
    coversBelow: null,
    renouncedBy: [],
    isCheckedOnRequest: false,
    attempt: null,
    standalone: null,
  };
}

/** The authorization as this client may use it: one that it has given up is deactivated. */
export function asSeenBy(credentialId: CredentialId | null, authorization: Authorization): Authorization {
  const { renouncedBy } = authorization;
  if (credentialId === null || !renouncedBy.includes(credentialId)) return authorization;
  return { ...authorization, state: 'deactivated' };
}

/**
 * Reports whether the authorization is proved at `now`: a passed date counts even before the sweep marks it. What it may serve is
 * `policy.isReusable`'s to say.
 */
export function isUsable(authorization: Authorization, now: Date): boolean {
  return authorization.state === 'valid' && authorization.validUntil !== null && authorization.validUntil > now;
}
