/** One technical attempt inside an order to get one certificate. */
import type { Reason } from './errors.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, AuthorizationId, CertificateId, CredentialId, IssuanceId, OrderId } from './ids.ts';
import type { IssuanceState } from './states.ts';
import type { ValidationMethod } from './validation-method.ts';

/** A name of an issuance and the authorization that covers it. */
export interface IssuanceName {
  readonly identifier: Identifier;
  readonly authorizationId: AuthorizationId;
}

/** An issuance as lists show it: neither what proves each of its names, nor its CSR, key and plan. */
export interface IssuanceSummary
  extends Omit<Issuance, 'names' | 'csr' | 'sealedKey' | 'validity' | 'plan' | 'actingClientId'> {
  /** Canonical values, in the order of the issuance. */
  readonly names: readonly string[];
  readonly hasCsr: boolean;
}

export function issuanceSummaryOf(issuance: Issuance): IssuanceSummary {
  const { names, csr, sealedKey: _, validity: __, plan: ___, actingClientId: ____, ...rest } = issuance;
  return { ...rest, names: names.map(({ identifier }) => identifier.value), hasCsr: csr !== null };
}

/**
 * Plan that is committed before anything is signed here, so that a crash leaves a row that continues with the same serial. An
 * upstream plans for itself: its issuances have none.
 */
export interface IssuancePlan {
  /** Lower-case hex of 16 bytes, top bit clear (RFC 5280 §4.1.2.2). */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The authority of ours that signs. */
  readonly authorityId: string | null;
}

/** The party that can remove an issuance's obstacle. */
export type Turn = 'customer' | 'operator';

/** The reason why an issuance rests although all its names are proved, and whose turn it is. */
export interface Rest {
  readonly turn: Turn;
  readonly reason: Reason;
  readonly since: Date;
}

/** The first of the names that a check could not prove, and what it found, as the customer may read it. */
export interface Finding {
  readonly name: string;
  /** The method that was checked. Null of findings that were stored before it was kept, like `since`. */
  readonly method: ValidationMethod | null;
  readonly reason: Reason;
  /** The first check that found this, with nothing else found in between. */
  readonly since: Date | null;
}

/** `until` is the last moment of the certificate. Never more than the profile and the coverage allow. */
export type RequestedValidity = { readonly days: number } | { readonly until: Date };

export interface Issuance {
  readonly id: IssuanceId;
  readonly number: number;
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly kind: 'new' | 'reissue' | 'duplicate';
  readonly state: IssuanceState;
  readonly names: readonly IssuanceName[];
  /** PKCS#10 DER; null until the customer sends one. */
  readonly csr: Uint8Array | null;
  /** The seed of the dialect's proofs (Encryption365 `unique_id`, Racent `certId`), unique in the dialect and account. */
  readonly proofReference: string;
  /** The PKCS#8 of a key that we made, sealed for this issuance; null where the customer keeps the key. */
  readonly sealedKey: Uint8Array | null;
  readonly profileId: string;
  readonly issuerId: string;
  /** A shorter validity than the profile's, where the customer wants one. */
  readonly validity: RequestedValidity | null;
  /** From the point of no return until the certificate is stored, which then says all of it; null before and after, and for upstreams. */
  readonly plan: IssuancePlan | null;
  /** The obstacle found by the last check of whether this may be issued; null where there was none. */
  readonly rest: Rest | null;
  /** True: nobody looks for its proofs before the client asks (`authorizations.check`), and one that fails ends it. */
  readonly isCheckedOnRequest: boolean;
  /** The client of an external account key who had it made of an order that somebody else placed. Null: whoever placed the order, or a person. */
  readonly actingClientId: CredentialId | null;
  /** Price of this issuance, in minor units of the order's currency: refunded if it fails or is cancelled. */
  readonly chargedMinor: number;
  /** The time of the first check: the start of the check schedule. Null while it awaits approval. */
  readonly validatingSince: Date | null;
  readonly certificateId: CertificateId | null;
  readonly failure: Reason | null;
  /** What the last check could not prove; null where nothing was checked yet, or all that was checked is proved. Only for one that awaits validation. */
  readonly finding: Finding | null;
  readonly createdAt: Date;
}
