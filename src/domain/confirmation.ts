/**
 * Control of a name confirmed by somebody who reads the mail of its domain (BR §3.2.2.4.4): a mail with a secret link, the
 * page behind the link, and the decision made there.
 */
import type { AccountId, AuthorizationId, ConfirmationId, IssuanceId, OrderId } from './ids.ts';
import { type Transitions, transition } from './transition.ts';

/** BR §3.2.2.4.4: the random value is good for 30 days. */
export const confirmationDays = 30;

export type ConfirmationState =
  | 'pending' // the reader's turn, once the mail is sent
  | 'confirmed'
  | 'rejected'
  | 'undelivered' // the mail server will not take the mail
  | 'withdrawn'; // a newer mail took its place
export type ConfirmationEvent = 'confirm' | 'reject' | 'giveUp' | 'withdraw';

export const confirmationTransitions: Transitions<ConfirmationState, ConfirmationEvent> = {
  pending: { confirm: 'confirmed', reject: 'rejected', giveUp: 'undelivered', withdraw: 'withdrawn' },
  confirmed: {},
  rejected: {},
  undelivered: {},
  withdrawn: {},
};

export function nextConfirmationState(
  state: ConfirmationState,
  event: ConfirmationEvent,
): ConfirmationState | undefined {
  return transition(confirmationTransitions, state, event);
}

/** One name that a mailbox is asked about, and what came of it. One mail asks about several names of an order. */
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
  /** Who asked for the mail, and from where: the reader is told the address. */
  readonly requestedBy: string;
  readonly requestedFrom: string;
  readonly requestedAt: Date;
  readonly sentAt: Date | null;
  readonly expiresAt: Date;
  readonly decidedFrom: string | null;
  readonly decidedAt: Date | null;
}
