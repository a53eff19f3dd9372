/**
 * Control of a name confirmed by somebody who reads the mail of its domain (BR §3.2.2.4.4): a mail with a secret link, the
 * page behind the link, and the decision made there.
 */
import type { AccountId, AuthorizationId, ConfirmationId, IssuanceId, OrderId } from './ids.ts';
import type { ConfirmationState } from './states.ts';

/** BR §3.2.2.4.4: the random value is valid for 30 days. */
export const confirmationDays = 30;

/** One name that a mailbox is to confirm, and the result. One mail asks about several names of an order. */
export interface Confirmation {
  readonly id: ConfirmationId;
  /** The first of those in the same mail: it stands for the mail and has the hash of its secret. */
  readonly mailId: ConfirmationId;
  readonly accountId: AccountId;
  /** Null with the issuance: a domain is confirmed, before any order. */
  readonly orderId: OrderId | null;
  readonly issuanceId: IssuanceId | null;
  readonly authorizationId: AuthorizationId;
  readonly address: string;
  /** SHA-256 of the secret in the link; null until the first try to send, and of all but the first. The secret itself is only in the mail. */
  readonly tokenHash: Uint8Array | null;
  readonly state: ConfirmationState;
  /** The requester of the mail, and their address, which the mail shows to its reader. */
  readonly requestedBy: string;
  readonly requestedFrom: string;
  readonly requestedAt: Date;
  readonly sentAt: Date | null;
  readonly expiresAt: Date;
  readonly decidedFrom: string | null;
  readonly decidedAt: Date | null;
}
