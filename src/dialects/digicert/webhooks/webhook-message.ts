/** Messages to webhooks, in the vendor's words. */
import type { Occasion, WebhookMessage } from '../../../domain/delivery.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import type { WebhookEvent } from '../../../domain/webhook.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { chainToWire } from '../certificates/chain.ts';
import { type WireEvent, webhookSettings } from './schema.ts';

/** The header in which a receiver finds the secret that it chose. */
const secretHeader = 'X-WEBHOOK-KEY';

/** Null: the vendor has no word for it. */
const wireEvents = {
  certificateIssued: 'certificate_issued',
  certificateRevoked: 'certificate_revoked',
  certificateExpiring: null,
  orderRejected: 'order_rejected',
  orderRefunded: null,
  orderExpiring: null,
  domainValidated: 'domain_validated',
  domainExpiring: 'domain_revalidation_notice',
  domainExpired: 'domain_expired',
  organizationValidated: 'organization_validated',
  organizationExpiring: 'organization_revalidation_notice',
  organizationExpired: 'organization_expired',
  balanceLow: null,
} as const satisfies Record<WebhookEvent, WireEvent | null>;

export function wireOfEvent(event: WebhookEvent): WireEvent | null {
  return wireEvents[event];
}

export function eventOfWire(event: WireEvent): WebhookEvent {
  const found = (Object.keys(wireEvents) as WebhookEvent[]).find((candidate) => wireEvents[candidate] === event);
  if (found === undefined) throw new Error(`no event for ${event}`);
  return found;
}

export function webhookMessage(occasion: Occasion): WebhookMessage | null {
  const event = wireEvents[occasion.event];
  const data = event === null ? null : dataOf(occasion);
  return event === null || data === null ? null : messageOf({ event, data });
}

/** That a receiver can be reached. */
export function testMessage(): WebhookMessage {
  return messageOf({ event: 'test_webhook_endpoint' });
}

/** The token by which the customer proves that they read what the receiver gets. */
export function challengeMessage(webhookNumber: number, token: string): WebhookMessage {
  return messageOf({ event: 'challenge_webhook_endpoint', data: { token, webhook_id: webhookNumber } });
}

function messageOf(body: unknown): WebhookMessage {
  return { contentType: 'application/json', body: JSON.stringify(body), secretHeader };
}

function dataOf(occasion: Occasion): object | null {
  const { event, view, domain, organization } = occasion;
  if (view !== null) return orderData(view, event, occasion.webhook?.settings ?? {});
  if (domain !== null) return { domain_id: domain.number, domain_name: domain.name.value };
  if (organization !== null) {
    return { organization_id: organization.number, organization_name: organization.details.name };
  }
  return null;
}

function orderData(view: OrderView, event: WebhookEvent, settings: Readonly<Record<string, unknown>>): object {
  const { order, issuance } = view;
  if (event === 'orderRejected') return { order_id: order.number };
  const sent = webhookSettings.safeParse(settings.webhook_settings ?? {});
  const wantsChain =
    sent.success &&
    (sent.data.webhook_send_certificate_chain === '1' ||
      sent.data.webhook_send_instant_issued_certificate_chain === '1');
  const chain = event === 'certificateIssued' && wantsChain ? chainToWire(view) : undefined;
  return {
    order_id: order.number,
    certificate_id: issuance.number,
    ...withDefined({ certificate_chain: chain }),
  };
}
