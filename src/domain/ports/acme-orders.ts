/** Port for the ACME front door: orders that are placed when they are finalized. */
import type { AcmeAction, AcmeOrder } from '../acme-order.ts';
import type { Authorization } from '../authorization.ts';
import type { Caller } from '../caller.ts';
import type { Identifier } from '../identifier.ts';
import type { AcmeOrderId, AuthorizationId } from '../ids.ts';
import type { RequestedValidity } from '../issuance.ts';
import type { Product } from '../product.ts';
import type { CertificateReference } from '../renewal.ts';
import type { AcmeOrderStanding } from '../states.ts';
import type { CertificateView } from './certificates.ts';
import type { OrderView } from './orders.ts';

/** What a directory sells besides what external account keys name. */
export interface AcmeOffer {
  /** By the name of the profile. */
  readonly profiles: Readonly<Record<string, AcmeProduct>>;
  /** What clients without a key order, as `parseProductCode` reads it; null: nothing. */
  readonly openProduct: string | null;
}

export interface AcmeProduct {
  /** As `parseProductCode` reads it. */
  readonly code: string;
  /** True: also clients bound by a key of another product may order it. */
  readonly isForEveryKey: boolean;
}

/** A name, and a parent of it. */
export interface NameBelow {
  readonly name: Identifier;
  readonly ancestor: Identifier;
}

export interface NewAcmeAuthorization extends Pick<NewAcmeOrder, 'offer' | 'proofReference' | 'dialectData'> {
  readonly name: Identifier;
  /** True: the authorization is to serve the names below too (RFC 9444 §4.2). */
  readonly isForBelow: boolean;
  /** Within 30 days. */
  readonly pendingUntil: Date;
}

/** An order is named by its number: any of the account, whichever front door it came through. */
export type NewAcmeAction =
  | { readonly kind: 'enroll' }
  | { readonly kind: Exclude<AcmeAction['kind'], 'enroll'>; readonly orderNumber: number };

export interface NewAcmeOrder {
  readonly names: readonly Identifier[];
  /** Names that are to be proved at one of their parents (RFC 9444 §4.3). */
  readonly ancestors: readonly NameBelow[];
  /** The profile that the client names; null: none, and it orders what its external account key says. */
  readonly profile: string | null;
  readonly offer: AcmeOffer;
  /** 128 random bits at least; seeds the challenges. */
  readonly proofReference: string;
  readonly validity: RequestedValidity | null;
  /** The certificate that the new one replaces (RFC 9773 §5). */
  readonly replaces: CertificateReference | null;
  /** Null: what covers the names decides. */
  readonly action: NewAcmeAction | null;
  /** Days for which an approval of the same names and product lets it through, once. */
  readonly approvalDays: number;
  /** What the front door and its proof maker need to know. */
  readonly dialectData: Readonly<Record<string, unknown>>;
  /** Within 30 days. */
  readonly expiresAt: Date;
}

export interface AcmeOrderView {
  readonly acmeOrder: AcmeOrder;
  readonly standing: AcmeOrderStanding;
  readonly product: Product;
  /** Until it is placed: one for each of its names, in their order; one that serves several of them is there as often. */
  readonly authorizations: readonly Authorization[];
  /** What it was placed as; null before. */
  readonly placed: Pick<OrderView, 'issuance' | 'certificate'> | null;
  readonly now: Date;
}

export interface FinalizeAcmeOrder {
  /** DER. */
  readonly csr: Uint8Array;
  /** The longest that the answer waits for the certificate. */
  readonly withinMs: number;
  readonly offer: AcmeOffer;
}

export interface AcmeOrderPage {
  readonly items: readonly AcmeOrder[];
  /** What the next page comes after; null at the end. */
  readonly next: AcmeOrderId | null;
}

/** They belong to the ACME account, which is the credential of the caller: no other one of the account sees them. */
export interface AcmeOrders {
  /**
   * Makes an order and an authorization for each name that the account has not proved already. Refuses what placing it would refuse, as
   * far as that is known without a CSR.
   * @throws {CertError} refusedName and its like with a part for each name, unknownProduct, fieldInvalid, forbidden for an external
   * account key that was revoked, and what `replaces` and `action` are refused for
   */
  create(caller: Caller, request: NewAcmeOrder): Promise<AcmeOrderView>;
  /**
   * An authorization before there is an order (RFC 8555 §7.4.1): a valid one of the account where it serves, else a new one.
   * @throws {CertError} as `create`
   */
  authorize(caller: Caller, request: NewAcmeAuthorization): Promise<AuthorizationId>;
  /**
   * @param offer of today: one that waits to be placed is placed when its client looks
   * @throws {CertError} notFound, the same for another account's as for none
   */
  get(caller: Caller, id: string, offer: AcmeOffer): Promise<AcmeOrderView>;
  /** Newest first. */
  list(caller: Caller, query: { readonly limit: number; readonly after?: string }): Promise<AcmeOrderPage>;
  /**
   * Places the order with this CSR, charges it, and waits for the certificate. The very CSR that it was placed with is answered with the
   * order as it is.
   * @throws {CertError} notFound, wrongState for one whose names are not all proved or that was placed with another CSR, badCsr for other names
   * than those of the order, forbidden and invalidField for what the key or the directory does not allow any more, and what placing an order is
   * refused for; then it stays as it is
   */
  finalize(caller: Caller, id: string, request: FinalizeAcmeOrder): Promise<AcmeOrderView>;
  /** A certificate that this ACME account ordered. @throws {CertError} notFound, the same for another's as for none */
  certificate(caller: Caller, id: string): Promise<CertificateView>;
}
