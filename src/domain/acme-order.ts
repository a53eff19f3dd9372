/**
 * Orders of ACME clients (RFC 8555 §7.1.3). Until it is finalized such an order is an object of its own, which charges, approves and
 * announces nothing: clients abandon them all the time. Finalizing it places the order that everybody else knows.
 */
import type { Authorization } from './authorization.ts';
import { isUsable } from './authorization.ts';
import type { Reason } from './errors.ts';
import type { Identifier } from './identifier.ts';
import type {
  AccountId,
  AcmeOrderId,
  ApprovalId,
  AuthorizationId,
  CertificateId,
  CredentialId,
  IssuanceId,
  OrderId,
  ProductId,
} from './ids.ts';
import type { RequestedValidity } from './issuance.ts';
import type { AcmeOrderStanding, AcmeOrderState } from './states.ts';

/**
 * What its client named for it, whatever covers its names already: an order of its own (`enroll`), or this order renewed, reissued or
 * duplicated (DigiCert, "ACME automation actions and URL parameters").
 */
export type AcmeAction =
  | { readonly kind: 'enroll' }
  | { readonly kind: 'renew' | 'reissue' | 'duplicate'; readonly orderId: OrderId };

export interface AcmeOrder {
  readonly id: AcmeOrderId;
  readonly accountId: AccountId;
  /** The ACME account: the key that it was requested with. */
  readonly credentialId: CredentialId;
  readonly productId: ProductId;
  /** The profile of its directory that it was requested by, or that the key chose; null: none. */
  readonly profile: string | null;
  /** The names as requested, each once, with the authorization that proves it. They stay the same in every state. */
  readonly names: readonly { readonly identifier: Identifier; readonly authorizationId: AuthorizationId }[];
  readonly validity: RequestedValidity | null;
  /** The certificate that it replaces (RFC 9773 §5). */
  readonly replaces: CertificateId | null;
  /** Null: what covers its names decides. */
  readonly action: AcmeAction | null;
  /** The same for orders that could share coverage: SHA-256 of the key that bound the client, the product and the names. Hex. */
  readonly termsHash: string;
  readonly state: AcmeOrderState;
  /** Set once it is placed. */
  readonly issuanceId: IssuanceId | null;
  /** SHA-256 of the CSR that it was placed with, hex: the same again is answered like the first. */
  readonly csrHash: string | null;
  /** The approved request for the same that let it through (`acme-approval.ts`). */
  readonly approvalId: ApprovalId | null;
  /** Days for which an approval lets a later order through. */
  readonly approvalDays: number;
  /** Set while it waits to be placed. */
  readonly csr: Uint8Array | null;
  /** The reason of one that was ended. */
  readonly problem: Reason | null;
  /** It cannot be finalized from then on. */
  readonly expiresAt: Date;
  /** Data that only its front door reads. */
  readonly dialectData: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** @param authorizations those of its names */
export function standingOf(
  { state, expiresAt }: Pick<AcmeOrder, 'state' | 'expiresAt'>,
  authorizations: readonly Authorization[],
  now: Date,
): AcmeOrderStanding {
  if (state === 'placed' || state === 'waiting') return state;
  if (state === 'ended' || expiresAt <= now) return 'invalid';
  if (authorizations.every((authorization) => isUsable(authorization, now))) return 'ready';
  const isOpen = authorizations.every((one) => one.state === 'pending' || isUsable(one, now));
  return isOpen ? 'pending' : 'invalid';
}
