/** Store of deliveries. The contract of every store is in `stores.ts`. */

import type { Delivery, DeliveryTry, SealedMessage } from '../../delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../../ids.ts';
import type { Total } from '../../page.ts';
import type { WebhookEvent } from '../../webhook.ts';

export interface DeliveryQuery {
  readonly accountId: AccountId | null;
  readonly limit: number;
  readonly before?: DeliveryId;
  readonly dialect?: string;
  readonly state?: Delivery['state'];
  /** Only those that were queued then or later. */
  readonly from?: Date;
  readonly webhookId?: WebhookId;
  readonly event?: WebhookEvent;
  /** Only those that were sent again, or only those that were not. */
  readonly isReplayed?: boolean;
}

export interface DeliveryStore {
  insert(delivery: Delivery): Promise<void>;
  get(id: DeliveryId): Promise<Delivery | undefined>;
  /** Newest first. */
  list(query: DeliveryQuery): Promise<readonly Delivery[]>;
  /** How many all pages of that list have. */
  count(query: Omit<DeliveryQuery, 'limit' | 'before'>): Promise<Total>;
  /** Nothing of it is left. */
  remove(id: DeliveryId): Promise<void>;
  /** Keeps the message of a delivery that has none yet. */
  putMessage(id: DeliveryId, message: SealedMessage): Promise<void>;
  /** Counts a try, and keeps it. */
  recordTry(id: DeliveryId, made: DeliveryTry): Promise<void>;
  /** Another one was queued in its place. */
  markReplayed(id: DeliveryId, as: DeliveryId): Promise<void>;
  /** Ends a waiting one and forgets its message; says whether it was waiting. */
  end(id: DeliveryId, state: 'delivered' | 'failed', at: Date): Promise<boolean>;
}
