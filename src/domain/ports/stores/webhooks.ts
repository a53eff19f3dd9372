/** Store of webhooks. The contract of every store is in `stores.ts`. */
import type { AccountId, WebhookId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';
import type { Webhook, WebhookEvent } from '../../webhook.ts';

export interface StoredWebhookFilter {
  /** Null: of all accounts. */
  readonly accountId: AccountId | null;
  readonly dialect?: string;
  readonly state?: Webhook['state'];
  /** Only those that are told of it. */
  readonly event?: WebhookEvent;
  /** Part of the URL, or the number. */
  readonly text?: string;
}

export interface WebhookStore {
  insert(webhook: Omit<Webhook, 'number'>): Promise<Webhook>;
  get(id: WebhookId): Promise<Webhook | undefined>;
  getByNumber(number: number): Promise<Webhook | undefined>;
  /** Newest first. */
  list(query: StoredWebhookFilter & PageQuery): Promise<readonly Webhook[]>;
  /** How many all pages of that list have. */
  total(filter: StoredWebhookFilter): Promise<Total>;
  /** The number of those of the account that are not removed. */
  count(accountId: AccountId): Promise<number>;
  /** The active webhooks. Read for every certificate: an account without any costs nothing. */
  listActive(accountId: AccountId): Promise<readonly Webhook[]>;
  /** Only what is named. */
  update(
    id: WebhookId,
    change: Partial<Pick<Webhook, 'url' | 'events' | 'sealedSecret' | 'state' | 'settings'>>,
  ): Promise<void>;
  /** False when it is removed already. */
  remove(id: WebhookId, at: Date): Promise<boolean>;
}
