/** The commercial object: what was bought, for whom, for how long; and the approval it may need. */
import type { AccountId, ApprovalId, CredentialId, IssuanceId, OrderId, ProductId, UserId } from './ids.ts';
import type { Coverage } from './product.ts';
import { type Transitions, transition } from './transition.ts';

export type OrderState = 'open' | 'active' | 'ended' | 'revoked' | 'rejected' | 'cancelled' | 'failed';
export type OrderEvent = 'certificateIssued' | 'coverageEnded' | 'revoke' | 'reject' | 'cancel' | 'fail';

/** `open`: no certificate yet; `active`: it has one. A reissue that fails leaves the order active. */
export const orderTransitions: Transitions<OrderState, OrderEvent> = {
  open: { certificateIssued: 'active', reject: 'rejected', cancel: 'cancelled', fail: 'failed' },
  active: { certificateIssued: 'active', coverageEnded: 'ended', revoke: 'revoked', cancel: 'cancelled' },
  ended: {},
  revoked: {},
  rejected: {},
  cancelled: {},
  failed: {},
};

export function nextOrderState(state: OrderState, event: OrderEvent): OrderState | undefined {
  return transition(orderTransitions, state, event);
}

/** The organization of an OV or EV order, as X.520 attributes need it. */
export interface Organization {
  readonly name: string;
  readonly unit?: string;
  readonly street?: string;
  readonly city: string;
  readonly state: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly postalCode?: string;
  readonly phone?: string;
  readonly registrationNumber?: string;
  readonly incorporatedOn?: string;
}

export interface Contact {
  readonly name?: string;
  readonly title?: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface Order {
  readonly id: OrderId;
  /** int32-safe, for the dialects that show integers. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly credentialId: CredentialId | null;
  readonly dialect: string;
  readonly productId: ProductId;
  readonly state: OrderState;
  readonly coverage: Coverage;
  /** Null until the first certificate. */
  readonly coverageFrom: Date | null;
  readonly coverageUntil: Date | null;
  readonly totalMinor: number;
  readonly currency: string;
  readonly renewalOf: OrderId | null;
  readonly organization: Organization | null;
  readonly contact: Contact | null;
  /** The newest issuance: what the order's status on the wire is read from. */
  readonly issuanceId: IssuanceId;
  /** What only the order's dialect knows of it and must echo. */
  /** Where every certificate of the order is told; null: nowhere. */
  readonly notifyUrl: string | null;
  readonly extension: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** The order's state at `now`: a coverage that is over counts even before the sweep marks it. */
export function stateAt({ state, coverageUntil }: Order, now: Date): OrderState {
  return state === 'active' && coverageUntil !== null && coverageUntil <= now ? 'ended' : state;
}

export type ApprovalState = 'submitted' | 'pending' | 'approved' | 'rejected';
export type ApprovalEvent = 'approve' | 'reject';

/** `submitted` is the first of two steps. */
export const approvalTransitions: Transitions<ApprovalState, ApprovalEvent> = {
  submitted: { approve: 'pending', reject: 'rejected' },
  pending: { approve: 'approved', reject: 'rejected' },
  approved: {},
  rejected: {},
};

export function nextApprovalState(state: ApprovalState, event: ApprovalEvent): ApprovalState | undefined {
  return transition(approvalTransitions, state, event);
}

export interface Approval {
  readonly id: ApprovalId;
  readonly number: number;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly issuanceId: IssuanceId;
  readonly asks: 'new' | 'reissue' | 'duplicate' | 'revoke';
  readonly state: ApprovalState;
  readonly decidedBy: UserId | CredentialId | null;
  readonly note: string;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
}
