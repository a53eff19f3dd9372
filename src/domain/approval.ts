/** Approval of an order, a reissue, a duplicate or a revocation: who requests it, who decides, in how many steps. */
import type { RevocationReason } from './certificate.ts';
import type { AccountId, ApprovalId, CertificateId, CredentialId, IssuanceId, OrderId, UserId } from './ids.ts';
import type { ApprovalState } from './states.ts';

/** `automatic`: no approval is requested. `twoStep`: two different people decide. */
export type ApprovalPolicy = 'automatic' | 'manual' | 'twoStep';

export interface ApprovalDecision {
  readonly approve: boolean;
  /** Null: the platform itself, when the object of the request came to an end. */
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
  /** The issuance to approve; for a revocation the order's newest one, or that of the certificate. */
  readonly issuanceId: IssuanceId;
  readonly asks: 'new' | 'reissue' | 'duplicate' | 'revoke';
  /** Set for `revoke`: the reason, and which certificate; null for all of the order. */
  readonly revocation: { readonly certificateId: CertificateId | null; readonly reason: RevocationReason } | null;
  readonly state: ApprovalState;
  /** 1, and more when what is requested changed while it waited: a decision is about one version. */
  readonly version: number;
  readonly requestedBy: UserId | CredentialId | null;
  /** The address from which it was requested; null: by the platform itself. */
  readonly requestedFrom: string | null;
  /** Comment of the requester for the approver. */
  readonly comments: string;
  /** Oldest first; empty for one that was approved when it was made. */
  readonly decisions: readonly ApprovalDecision[];
  readonly createdAt: Date;
}

/** The decision that ended the request; undefined while it waits, and for one that was approved when it was made. */
export function finalDecision({ state, decisions }: Approval): ApprovalDecision | undefined {
  return state === 'approved' || state === 'rejected' ? decisions.at(-1) : undefined;
}

/** Wishes of the requester about the approval it may need. */
export interface ApprovalWish {
  /** Comment for the approver. */
  readonly comments?: string;
  /**
   * Skips approval: honoured for somebody who might approve it themselves (`approver`, `administrator`) in an account that
   * does not separate duties and requires one step; for anyone else the request waits all the same.
   */
  readonly skip?: boolean;
}
