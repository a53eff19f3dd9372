/** The approval that an order, a reissue, a duplicate or a revocation may need: who asks, who decides, in how many steps. */
import type { RevocationReason } from './certificate.ts';
import type { AccountId, ApprovalId, CertificateId, CredentialId, IssuanceId, OrderId, UserId } from './ids.ts';
import type { ApprovalState } from './states.ts';

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

/** What the one who asks says of the approval it may need. */
export interface ApprovalWish {
  /** For the approver. */
  readonly comments?: string;
  /**
   * No approval step: honoured of somebody who might approve it themselves (`approver`, `administrator`) in an account that
   * does not separate duties and asks for one step; of anyone else the request waits all the same.
   */
  readonly skip?: boolean;
}
