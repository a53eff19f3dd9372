/** What a front door asks of webhooks and their deliveries. */
import type { Reference } from '../caller.ts';
import type { WebhookMessage } from '../delivery.ts';
import type { AccountId } from '../ids.ts';
import type { Webhook, WebhookEvent } from '../webhook.ts';

export interface NewWebhook {
  /** An http or https URL that a message can be delivered to. */
  readonly url: string;
  /** Null: all. */
  readonly events: readonly WebhookEvent[] | null;
  readonly secret: string | null;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `active` unless told. */
  readonly state?: Webhook['state'];
  /** Only for an operator, who says for whom. */
  readonly accountId?: AccountId;
}

/** One message to a receiver, now. */
export interface WebhookProbe {
  /** A webhook of the account, which has a URL and perhaps a secret; or what a new one would have. */
  readonly to: Reference | { readonly url: string; readonly secret: string | null };
  readonly message: WebhookMessage;
}
