/** Port for front doors: requests for approval. */

import type { Credential } from '../account.ts';
import type { Approval } from '../approval.ts';
import type { Caller, Reference } from '../caller.ts';
import type { Reason } from '../errors.ts';
import type { ExternalAccountKey } from '../external-account-key.ts';
import type { CountedPage, OffsetQuery } from '../page.ts';
import type { ApprovalState } from '../states.ts';
import type { OrderReference, OrderSummary, OrderView } from './orders.ts';

export interface ApprovalQuery extends OffsetQuery {
  /** A cursor, instead of an offset: only those with a lower number, where the list is sorted by that. `total` counts all. */
  readonly before?: number;
  readonly states?: readonly ApprovalState[];
  readonly asks?: readonly Approval['asks'][];
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** Requested by the caller, or by any of the keys that count as them. */
  readonly isMine?: true;
  /** Those that the caller may approve now. Not with an offset. */
  readonly isDecidable?: true;
  /** Says of each why the caller may not approve it. */
  readonly withWhy?: true;
  /** Of orders in these containers; those of the root are in it, or in none. */
  readonly containerNumbers?: readonly number[];
  /** Every request of these orders. */
  readonly orderNumbers?: readonly number[];
  /** Of orders with a custom field of any of these numbers that has any of these values. */
  readonly customField?: { readonly numbers?: readonly number[]; readonly values?: readonly string[] };
  /** Part of the first name of what is to be approved; `isExact`: all of it. */
  readonly commonName?: { readonly value: string; readonly isExact: boolean };
  readonly sort?: readonly { readonly by: ApprovalSortKey; readonly descending: boolean }[];
}

export type ApprovalSortKey = 'number' | 'asks' | 'state' | 'orderNumber' | 'commonName';

/** The ACME account that requests, and the external account key that bound it; null: none did. */
export interface AcmeRequester {
  readonly credential: Pick<Credential, 'number' | 'publicId' | 'label'> & { readonly directory: string };
  readonly key: Pick<ExternalAccountKey, 'number' | 'name' | 'keyId'> | null;
}

export interface ApprovalView {
  readonly approval: Approval;
  /** Null: it was not requested by an ACME client. */
  readonly acme: AcmeRequester | null;
  /** The order as of the issuance that the request is about. */
  readonly view: OrderView;
}

/** A request as lists show it. */
export interface ApprovalSummary {
  readonly approval: Approval;
  readonly view: OrderSummary;
  /** Why the caller may not approve it now; null: they may. Where the query wants it. */
  readonly why?: Reason | null;
}

/** What can be withdrawn, by what it asks for. */
export const withdrawableKinds = ['new', 'reissue', 'duplicate', 'revocation'] as const;
export type WithdrawableKind = (typeof withdrawableKinds)[number];

export interface Approvals {
  list(caller: Caller, query: ApprovalQuery): Promise<CountedPage<ApprovalSummary>>;
  get(caller: Caller, reference: Reference): Promise<ApprovalView>;
  /**
   * Decides a request, or whichever request of an order is waiting; then the view is of the order's newest issuance.
   * @throws {CertError} forbidden without the role, for the requester where the account separates duties, and for whoever
   * took the first of two steps; wrongState once it is decided; conflict for another version
   */
  decide(
    caller: Caller,
    target: Reference | { readonly order: OrderReference },
    /** `version`: what is decided; 1 by default, so that what has changed is decided only by those who have seen it. */
    decision: { readonly approve: boolean; readonly note: string; readonly version?: number },
  ): Promise<ApprovalView>;
  /**
   * Takes back what was requested and is not done yet, whether it waits for an approver or for proofs: a new order is cancelled and refunded;
   * of a reissue or a duplicate only that is; a revocation is not made. Of an order the newest, or the newest of that kind.
   * @throws {CertError} notFound; wrongState where nothing waits, or it is being signed; forbidden for somebody else's revocation
   * without a role that decides requests
   */
  withdraw(
    caller: Caller,
    target: Reference | { readonly order: OrderReference; readonly kind?: WithdrawableKind },
  ): Promise<OrderView>;
}
