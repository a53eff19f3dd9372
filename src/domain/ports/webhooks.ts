/** Port for front doors: webhooks and their deliveries. */

import type { Caller, Reference } from '../caller.ts';
import type { Delivery, WebhookMessage } from '../delivery.ts';
import type { Reason } from '../errors.ts';
import type { DeliveryId } from '../ids.ts';
import type { Counting, Page, PageQuery } from '../page.ts';
import type { Webhook, WebhookEvent } from '../webhook.ts';

export interface NewWebhook {
  /** An http or https URL that a message can be delivered to. */
  readonly url: string;
  /** Null: all. */
  readonly events: readonly WebhookEvent[] | null;
  readonly secret: string | null;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `active` by default. */
  readonly state?: Webhook['state'];
}

/** One message to a receiver, now. */
export interface WebhookProbe {
  /** A webhook of the account, which has a URL and perhaps a secret; or what a new one would have. */
  readonly to: Reference | { readonly url: string; readonly secret: string | null };
  readonly message: WebhookMessage;
}

/** Every condition must hold. */
export interface DeliveryFilter {
  readonly state?: Delivery['state'];
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** Id or number. */
  readonly webhook?: string;
  readonly event?: WebhookEvent;
  /** Only those that were queued then or later. */
  readonly from?: Date;
  /** Only those that were sent again, or only those that were not. */
  readonly isReplayed?: boolean;
}

export interface Replays {
  readonly queued: number;
  /** Those that cannot be sent again now; they stay as they are. */
  readonly refused: number;
  /** There are more: the same call goes on with them. */
  readonly isMore: boolean;
}

/** Every condition must hold. */
export interface WebhookFilter {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  readonly state?: Webhook['state'];
  /** Only those that are told of it. */
  readonly event?: WebhookEvent;
  /** Part of the URL, or the number. */
  readonly text?: string;
}

export interface Webhooks {
  /** The secret that signs the webhooks of the account: the key of the HMAC, as text. For its administrator; it never changes. */
  secretOf(caller: Caller, idOrNumber: string): Promise<string>;
  /** Needs `administrator`. @throws {CertError} invalidField for a URL that is none */
  add(caller: Caller, request: NewWebhook): Promise<Webhook>;
  get(caller: Caller, reference: Reference): Promise<Webhook>;
  /** Newest first. An account has 20 at most, an operator sees those of all. */
  list(caller: Caller, query: WebhookFilter & Counting & PageQuery): Promise<Page<Webhook>>;
  change(
    caller: Caller,
    reference: Reference,
    change: Partial<Pick<NewWebhook, 'url' | 'events' | 'secret' | 'settings'>> & {
      readonly state?: Webhook['state'];
    },
  ): Promise<Webhook>;
  remove(caller: Caller, reference: Reference): Promise<void>;
  /**
   * Sends one message to a receiver now, guarded and signed as webhooks are, and answers whether it took it: for front doors
   * whose receivers are tried, or prove themselves, first. Nothing is stored or repeated. Needs `administrator`.
   * @throws {CertError} invalidField for a URL that is none
   */
  probe(caller: Caller, probe: WebhookProbe): Promise<{ readonly isTaken: boolean; readonly answer: Reason }>;
  /** Deliveries, finished and waiting, newest first. */
  deliveries(
    caller: Caller,
    query: DeliveryFilter & Counting & { readonly limit: number; readonly before?: DeliveryId },
  ): Promise<Page<Delivery, DeliveryId>>;
  /** Sends a delivery again, with current content; needs `administrator`. @throws {CertError} wrongState while it is still being tried */
  replay(caller: Caller, id: string): Promise<Delivery>;
  /**
   * Sends again what was given up of this webhook and was not sent again since, so that the same call once more sends nothing twice;
   * needs `administrator`. At most 1,000 at once.
   * @throws {CertError} wrongState for a webhook that is inactive
   */
  replayFailed(caller: Caller, reference: Reference): Promise<Replays>;
}
