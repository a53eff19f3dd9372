/** Writes the messages of a front door to customers' servers. The core knows the writer of each dialect by the dialect's name. */
import type { Occasion, WebhookMessage } from '../delivery.ts';

/**
 * The message to a customer's server on an occasion: where an order named one (`PlaceOrder.notifyUrl`), of its certificates;
 * else where the account has a webhook. A pure function; what the configuration says is fixed when it is made. Null: this
 * dialect has no words for the occasion, and nothing is sent.
 */
export type WebhookWriter = (occasion: Occasion) => WebhookMessage | null;

/** By the name of the dialect; only those that are open. */
export type WebhookWriters = ReadonlyMap<string, WebhookWriter>;
