/** What is told to a customer's own server, and how often that was tried. */
import type { AccountId, DeliveryId, IssuanceId, ManagedDomainId, OrderId, OrganizationId, WebhookId } from './ids.ts';
import type { ManagedDomain } from './managed-domain.ts';
import type { Organization } from './organization.ts';
import type { OrderView } from './ports/orders.ts';
import type { DeliveryState } from './states.ts';
import type { Webhook, WebhookEvent } from './webhook.ts';

export interface Delivery {
  readonly id: DeliveryId;
  readonly accountId: AccountId;
  readonly event: WebhookEvent;
  /** What it is about: an order and one of its issuances, or a domain, or an organization. */
  readonly orderId: OrderId | null;
  readonly issuanceId: IssuanceId | null;
  readonly domainId: ManagedDomainId | null;
  readonly organizationId: OrganizationId | null;
  /** Null: the order itself named the URL. */
  readonly webhookId: WebhookId | null;
  /** The front door whose words it is told in. */
  readonly dialect: string;
  readonly url: string;
  readonly state: DeliveryState;
  /** Null until the first try: then it is written once, and every further try sends the same bytes. */
  readonly message: SealedMessage | null;
  /** Tries that reached an end, the successful one included. */
  readonly attempts: number;
  /** What came of the last try: a status, or what the network did. */
  readonly lastAnswer: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface SealedMessage {
  readonly contentType: string;
  /** Sealed, since it may hold a private key. Forgotten when the delivery ends. */
  readonly sealedBody: Uint8Array;
}

/** What a dialect says to the customer's server. */
export interface WebhookMessage {
  readonly contentType: string;
  readonly body: string;
  /** The header in which a receiver expects the secret that it chose to recognize us by. */
  readonly secretHeader?: string;
}

/** What happened, as a dialect is asked to put it into words. */
export interface Occasion {
  readonly event: WebhookEvent;
  /** Of the events of certificates and orders: the order as of the issuance that it is about. */
  readonly view: OrderView | null;
  /** The PKCS#8 that we made for the certificate, if we did: only where the order named the URL, never to an account's webhook. */
  readonly privateKey: Uint8Array | null;
  readonly domain: ManagedDomain | null;
  readonly organization: Organization | null;
  /** Null: the order itself named the URL. */
  readonly webhook: Pick<Webhook, 'number' | 'settings'> | null;
  readonly now: Date;
}
