/** `status` of orders, of certificates in lists, and of requests: projected from what the core knows, never stored. */
import type { Approval } from '../../domain/approval.ts';
import { type OrderStanding, type StandingIssuance, standingOf } from '../../domain/order.ts';
import type { ChangedOrder, IssuanceView, OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import type { ApprovalState, IssuanceState, OrderState } from '../../domain/states.ts';

export type OrderStatus =
  | 'needs_approval'
  | 'needs_csr'
  | 'pending'
  | 'processing'
  | 'issued'
  | 'reissue_pending'
  | 'expired'
  | 'revoked'
  | 'rejected'
  | 'canceled';

const byStanding = {
  awaitingApproval: 'needs_approval',
  awaitingCsr: 'needs_csr',
  awaitingValidation: 'pending',
  issuing: 'processing',
  active: 'issued',
  reissuing: 'reissue_pending',
  ended: 'expired',
  revoked: 'revoked',
  rejected: 'rejected',
  cancelled: 'canceled',
  failed: 'rejected',
} as const satisfies Record<OrderStanding, OrderStatus>;

/** The states of orders in refusals, which know no more than the state. */
export const byOrder = {
  open: 'pending',
  active: 'issued',
  ended: 'expired',
  revoked: 'revoked',
  rejected: 'rejected',
  cancelled: 'canceled',
  failed: 'rejected',
} as const satisfies Record<OrderState, OrderStatus>;

/** How an order stands, grouped by the status that is shown, in the order of those words. */
export const standingsInOrder: readonly (readonly OrderStanding[])[] = Object.values(
  Object.groupBy(Object.keys(byStanding) as OrderStanding[], (standing) => byStanding[standing]),
).toSorted(([a], [b]) => (a !== undefined && b !== undefined && byStanding[a] < byStanding[b] ? -1 : 1));

/** @param newest the order's newest issuance, where the view is of another */
export function orderStatus(
  { order, issuance, now }: OrderView | OrderSummary | ChangedOrder,
  newest: StandingIssuance = issuance,
): OrderStatus {
  // A duplicate under way is no matter of the order's: its certificate stays what it is.
  return byStanding[standingOf(order, newest, now)];
}

/** The words of `filters[status]`. `issued` includes expired orders, as the vendor says; its older and rarer words fit nothing of ours. */
export const standingsOfStatus: Readonly<Record<string, readonly OrderStanding[]>> = {
  pending: ['awaitingValidation', 'issuing'],
  needs_approval: ['awaitingApproval'],
  needs_csr: ['awaitingCsr'],
  processing: ['issuing'],
  issued: ['active', 'ended'],
  approved: ['active', 'ended'],
  expired: ['ended'],
  reissue_pending: ['reissuing'],
  revoked: ['revoked'],
  rejected: ['rejected', 'failed'],
  denied: ['rejected', 'failed'],
  canceled: ['cancelled'],
  waiting_pickup: [],
  renewed: [],
};

export type CertificateStatus =
  | 'issued'
  | 'revoked'
  | 'expired'
  | 'pending'
  | 'processing'
  | 'needs_approval'
  | 'rejected'
  | 'canceled';

/** Also in refusals (`wire-words.ts`). */
export const byIssuance = {
  awaitingApproval: 'needs_approval',
  awaitingValidation: 'pending',
  ready: 'processing',
  issuing: 'processing',
  issued: 'issued',
  failed: 'rejected',
  cancelled: 'canceled',
} as const satisfies Record<IssuanceState, CertificateStatus>;

/** Status of one certificate in the lists of reissues and duplicates. */
export function certificateStatus({ issuance, certificate, now }: IssuanceView): CertificateStatus {
  if (certificate === null) return byIssuance[issuance.state];
  if (certificate.state === 'revoked') return 'revoked';
  return certificate.notAfter <= now ? 'expired' : 'issued';
}

/** The vendor's words are ours. */
export const requestStatuses = ['submitted', 'pending', 'approved', 'rejected'] as const satisfies ApprovalState[];

export type RequestType = 'new_request' | 'reissue' | 'duplicate' | 'revoke';

const requestTypes = {
  new: 'new_request',
  reissue: 'reissue',
  duplicate: 'duplicate',
  revoke: 'revoke',
} as const satisfies Record<Approval['asks'], RequestType>;

export function requestType({ asks }: Pick<Approval, 'asks'>): RequestType {
  return requestTypes[asks];
}

export const asksOfType: Readonly<Record<string, Approval['asks']>> = {
  new_request: 'new',
  reissue: 'reissue',
  duplicate: 'duplicate',
  revoke: 'revoke',
};
