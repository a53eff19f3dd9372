/**
 * Control of a name confirmed by somebody who reads the mail of its domain (BR §3.2.2.4.4): a mail with a secret link, the
 * page behind the link, and the decision made there.
 */
import type { AccountId, AuthorizationId, ConfirmationId, IssuanceId, OrderId } from './ids.ts';
import type { Origin } from './platform.ts';
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

/** What the page behind the link shows. */
export interface ConfirmationView {
  /**
   * `open`: to be decided. `expired`: too late. `over`: nothing to decide any more; the name was proved otherwise, the order
   * ended, or a newer mail took this one's place.
   */
  readonly state: 'open' | 'confirmed' | 'rejected' | 'expired' | 'over';
  readonly address: string;
  /** The names that are decided here: those that still wait, or those that were decided. Never empty. */
  readonly confirms: readonly string[];
  /** Of these names: the page sends it back with a decision. */
  readonly digest: string;
  /** All names of the certificate, or the domain alone. */
  readonly names: readonly string[];
  readonly accountName: string;
  /** Null with the order: a domain, before any order. */
  readonly productName: string | null;
  readonly orderNumber: number | null;
  readonly requestedAt: Date;
  readonly requestedFrom: string;
  readonly expiresAt: Date;
}

/** What the page may ask. The secret of the link is the only key; one that nobody was sent is undefined. */
export interface Confirmations {
  /** Changes nothing, however often it is called: mail scanners open every link. */
  show(token: string): Promise<ConfirmationView | undefined>;
  /**
   * Decides once; later decisions change nothing and answer what was decided.
   * @param digest of the view that was shown: nothing is confirmed when the names have changed since, so that nobody
   * confirms what they have not seen. Left out where nothing was shown: then the names that the mail named are confirmed.
   */
  decide(
    token: string,
    decision: 'confirm' | 'reject',
    origin: Origin,
    digest?: string,
  ): Promise<ConfirmationView | undefined>;
}
