/** Deliveries: messages to a customer's own server, with their attempts. */
import type { FundedAccount, LedgerEntry } from './account.ts';
import type { AccountId, DeliveryId, IssuanceId, ManagedDomainId, OrderId, OrganizationId, WebhookId } from './ids.ts';
import type { KeptText } from './kept-reason.ts';
import type { ManagedDomain } from './managed-domain.ts';
import type { Organization } from './organization.ts';
import type { OrderView } from './ports/orders.ts';
import type { DeliveryState } from './states.ts';
import type { Webhook, WebhookEvent } from './webhook.ts';

export interface Delivery {
  readonly id: DeliveryId;
  readonly accountId: AccountId;
  readonly event: WebhookEvent;
  /** Subject of the message: an order and one of its issuances, or a domain, or an organization; none of them: the account. */
  readonly orderId: OrderId | null;
  readonly issuanceId: IssuanceId | null;
  readonly domainId: ManagedDomainId | null;
  readonly organizationId: OrganizationId | null;
  /** Set for refunds: an order may have several. */
  readonly refund: RefundLine | null;
  /** Null: the order itself named the URL. */
  readonly webhookId: WebhookId | null;
  /** The front door in whose format it is written. */
  readonly dialect: string;
  readonly url: string;
  readonly state: DeliveryState;
  /** Null until the first try: then it is written once, and every further try sends the same bytes. */
  readonly message: SealedMessage | null;
  /** Tries that reached an end, the successful one included. */
  readonly attempts: number;
  /** Result of the last try: a status, or a network error. */
  readonly lastAnswer: KeptText | null;
  /** Oldest first; of deliveries from before they were kept, only those since. */
  readonly tries: readonly DeliveryTry[];
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  /** The delivery that was queued in its place, the newest; null: it was not sent again. */
  readonly replayedAs: DeliveryId | null;
}

/** One try, as its customer may read it. */
export interface DeliveryTry {
  readonly at: Date;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** From the beginning of the request to its end. */
  readonly ms: number;
  /** The status, or a network error. */
  readonly answer: KeptText;
}

/** The most that are kept of one delivery, more than there ever are. */
export const mostTries = 30;

/** The line of the ledger by which money was given back, as far as its receiver needs it. */
export type RefundLine = Pick<LedgerEntry, 'id' | 'amountMinor' | 'currency' | 'note'>;

/** The balance of an account beside its threshold. */
export type AccountBalance = Pick<
  FundedAccount,
  'id' | 'number' | 'name' | 'balanceMinor' | 'currency' | 'lowBalanceMinor'
>;

export interface SealedMessage {
  readonly contentType: string;
  /** Sealed, since it may hold a private key. Forgotten when the delivery ends. */
  readonly sealedBody: Uint8Array;
}

/** Message of a dialect to the customer's server. */
export interface WebhookMessage {
  readonly contentType: string;
  readonly body: string;
  /** The header in which a receiver expects the secret that it chose to recognize us by. */
  readonly secretHeader?: string;
}

/** An occasion that a dialect puts into its own words. */
export interface Occasion {
  readonly event: WebhookEvent;
  /** Set for events of certificates and orders: the order as of the issuance that the event is about. */
  readonly view: OrderView | null;
  /** The PKCS#8 that we made for the certificate, if we did: only where the order named the URL, never to an account's webhook. */
  readonly privateKey: Uint8Array | null;
  readonly domain: ManagedDomain | null;
  readonly organization: Organization | null;
  readonly refund: RefundLine | null;
  /** Set for `balanceLow`: the figures as the message is written. */
  readonly balance: AccountBalance | null;
  /** Null: the order itself named the URL. */
  readonly webhook: Pick<Webhook, 'number' | 'settings'> | null;
  readonly now: Date;
}
