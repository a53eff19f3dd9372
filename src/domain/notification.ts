/** A webhook: what is told to a customer's own server, and how often that was tried. */
import type { AccountId, IssuanceId, NotificationId, OrderId } from './ids.ts';

export type NotificationState = 'waiting' | 'delivered' | 'failed';

export interface Notification {
  readonly id: NotificationId;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly issuanceId: IssuanceId;
  /** The front door whose words it is told in. */
  readonly dialect: string;
  readonly url: string;
  readonly state: NotificationState;
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
  /** Sealed, since it may hold a private key. Forgotten when the notification ends. */
  readonly sealedBody: Uint8Array;
}

/** What a dialect says to the customer's server. */
export interface NotificationMessage {
  readonly contentType: string;
  readonly body: string;
}
