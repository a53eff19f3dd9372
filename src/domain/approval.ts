/** The approval that an order, a reissue, a duplicate or a revocation may need: who asks, who decides, in how many steps. */
import type { RevocationReason } from './certificate.ts';
import type { AccountId, ApprovalId, CertificateId, CredentialId, IssuanceId, OrderId, UserId } from './ids.ts';
import { type Transitions, transition } from './transition.ts';

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

/** `automatic`: nobody is asked. `twoStep`: two different people decide. */
export type ApprovalPolicy = 'automatic' | 'manual' | 'twoStep';

export interface ApprovalDecision {
  readonly approve: boolean;
  /** Null: the platform itself, when what was asked for came to an end. */
  readonly by: UserId | CredentialId | null;
  readonly note: string;
  readonly at: Date;
}

export interface Approval {
  readonly id: ApprovalId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  /** What is to be approved; of a revocation the order's newest issuance, or that of the certificate. */
  readonly issuanceId: IssuanceId;
  readonly asks: 'new' | 'reissue' | 'duplicate' | 'revoke';
  /** Of `revoke`: why, and which certificate; null for all of the order. */
  readonly revocation: { readonly certificateId: CertificateId | null; readonly reason: RevocationReason } | null;
  readonly state: ApprovalState;
  readonly requestedBy: UserId | CredentialId | null;
  /** What the requester tells the approver. */
  readonly comments: string;
  /** Oldest first; empty for one that was born approved. */
  readonly decisions: readonly ApprovalDecision[];
  readonly createdAt: Date;
}

/** The decision that ended the request; undefined while it waits, and for one that was born approved. */
export function finalDecision({ state, decisions }: Approval): ApprovalDecision | undefined {
  return state === 'approved' || state === 'rejected' ? decisions.at(-1) : undefined;
}
