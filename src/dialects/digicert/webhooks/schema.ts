/** Webhooks: requests and replies. */
import { z } from 'zod';
import { idOf, optionalList, orNone, someText } from '../wire/shapes.ts';

export const wireEvents = [
  'certificate_issued',
  'certificate_revoked',
  'order_rejected',
  'domain_validated',
  'domain_expired',
  'domain_revalidation_notice',
  'organization_validated',
  'organization_expired',
  'organization_revalidation_notice',
] as const;

export type WireEvent = (typeof wireEvents)[number];

const zeroOrOne = z
  .union([z.boolean(), z.literal([0, 1, '0', '1', ''])])
  .transform((value) => (value === true || value === 1 || value === '1' ? '1' : '0'));

export const webhookSettings = z.object({
  webhook_notification_frequency: z.array(z.int().min(-365).max(365)).max(20).optional(),
  instant_issue_webhook_notification: zeroOrOne.optional(),
  webhook_send_certificate_chain: zeroOrOne.optional(),
  webhook_send_instant_issued_certificate_chain: zeroOrOne.optional(),
});

const settings = z.preprocess(orNone, webhookSettings.optional());

/** Undefined: not sent. Empty: removed. */
const secret = z.union([z.literal(''), z.string().min(32).max(255)]).nullish();

const subscription = { secret, events: optionalList(z.string(), 100), webhook_settings: settings };

export const newWebhookRequest = z.object({ endpoint: someText.max(2000), ...subscription });

export const webhookRequest = z.object({ id: idOf('webhook') });

export const webhookChangeRequest = z.object({ id: idOf('webhook'), endpoint: someText.max(2000), ...subscription });

export const challengeRequest = z.object({ id: idOf('webhook'), token: someText });

export const testRequest = z.object({ endpoint: someText.max(2000), secret });

export const addedWebhook = z.object({ webhook_id: z.int() });

export const webhook = z.object({
  id: z.int(),
  endpoint: z.string(),
  events: z.array(z.string()),
  status: z.string(),
  webhook_settings: webhookSettings,
});

export type WireWebhook = z.output<typeof webhook>;

export const webhookList = z.object({ webhooks: z.array(webhook) });
