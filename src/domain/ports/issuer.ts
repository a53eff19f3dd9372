/** Something that turns an issuance into a certificate: our own authorities, an ACME CA, a vendor. */

import type { Period } from '../authority.ts';
import type { Certificate, RevocationReason } from '../certificate.ts';
import type { Reason } from '../errors.ts';
import type { Identifier } from '../identifier.ts';
import type { AuthorityId, IssuanceId } from '../ids.ts';
import type { IssuancePlan } from '../issuance.ts';
import type { OrganizationDetails } from '../organization.ts';
import type { Profile } from '../profile.ts';

export interface IssueRequest {
  /** Also the idempotency key: the same id never buys or signs for release twice. */
  readonly issuanceId: IssuanceId;
  readonly profile: Profile;
  /** PKCS#10 DER, its signature already verified. */
  readonly csr: Uint8Array;
  readonly names: readonly Identifier[];
  readonly organization: OrganizationDetails | null;
  readonly plan: IssuancePlan;
}

export type IssueOutcome =
  | {
      readonly kind: 'issued';
      readonly der: Uint8Array;
      /** As the upstream sent it, nearest first; null: the chain of `plan.authorityId`. */
      readonly chain: readonly Uint8Array[] | null;
    }
  /** Under way at the upstream: call `resume` with the reference, not before `retryAt`. */
  | { readonly kind: 'pending'; readonly reference: string; readonly retryAt: Date }
  | { readonly kind: 'refused'; readonly reason: Reason };

/**
 * Contract: `begin` is called only after the plan is committed, and may be called again with the same `issuanceId` after
 * a crash: it must then give the same certificate or find the same upstream order. Throws for faults that may pass
 * (the job is tried again); returns `refused` for those that will not.
 */
export interface Issuer {
  readonly id: string;
  /** The authority that will sign for this key under this profile, or null where an upstream decides. In memory, cheap. */
  chooseAuthority(csr: Uint8Array, profile: Profile): AuthorityId | null;
  begin(request: IssueRequest, signal: AbortSignal): Promise<IssueOutcome>;
  resume(reference: string, signal: AbortSignal): Promise<IssueOutcome>;
  /** When the authority's whole chain is valid: no certificate of it may begin before or end after. Null: an upstream decides. */
  validityOf(authorityId: string | null): Period | null;
}

/** Optional capability: tells the issuer that a certificate is revoked. The row is revoked already when it is called. */
export interface RevokingIssuer extends Issuer {
  revoke(certificate: Certificate, reason: RevocationReason, signal: AbortSignal): Promise<void>;
}

export function canRevoke(issuer: Issuer): issuer is RevokingIssuer {
  return 'revoke' in issuer;
}

/** Optional capability: publishes lists of revoked certificates. */
export interface CrlIssuer extends Issuer {
  readonly authorityIds: readonly AuthorityId[];
  /** Makes, stores and publishes a new list of the authority. */
  publishCrl(authorityId: AuthorityId, signal: AbortSignal): Promise<void>;
}

export function publishesCrl(issuer: Issuer): issuer is CrlIssuer {
  return 'publishCrl' in issuer;
}
