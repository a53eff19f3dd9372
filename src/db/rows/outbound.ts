/** Rows of what goes out: webhooks and their deliveries, mails and reminders. */
import type { Delivery, DeliveryTry } from '../../domain/delivery.ts';
import type { ExpiryReminder } from '../../domain/expiry-reminder.ts';
import { keptReason } from '../../domain/kept-reason.ts';
import type { Mailbox } from '../../domain/outgoing-mail.ts';
import type { Webhook } from '../../domain/webhook.ts';
import { codecOf, type RowOf } from '../codec.ts';
import {
  blob,
  date,
  derived,
  fromJson,
  id,
  int32,
  json,
  jsonOf,
  keptText,
  nullable,
  nullableGroup,
  nullableReference,
  reference,
  text,
  toJson,
} from '../fields.ts';

export const webhooks = codecOf<Webhook>()(
  'webhooks',
  {
    number: int32('number'),
    id: id('id', 'webhook'),
    accountId: id('account_id', 'account'),
    dialect: text('dialect'),
    url: text('url'),
    events: json('events_json'),
    sealedSecret: nullable(blob('sealed_secret')),
    state: text('state'),
    settings: json('settings_json'),
    createdAt: date('created_at'),
  },
  { removedAt: derived('removed_at', 'integer or null', () => null) },
);

const triesJson = {
  write: (tries: readonly DeliveryTry[]) => toJson(tries.map((one) => ({ ...one, at: one.at.getTime() }))),
  read: (stored: string): readonly DeliveryTry[] =>
    fromJson<readonly (Omit<DeliveryTry, 'at' | 'answer'> & { readonly at: number; readonly answer: unknown })[]>(
      stored,
    ).map((one) => ({
      ...one,
      answer: keptReason(one.answer) ?? String(one.answer),
      at: new Date(one.at),
    })),
};

export const deliveries = codecOf<Delivery>()(
  'deliveries',
  {
    id: id('id', 'delivery'),
    accountId: id('account_id', 'account'),
    event: text('event'),
    orderId: nullable(id('order_id', 'order')),
    issuanceId: nullable(id('issuance_id', 'issuance')),
    domainId: nullable(id('domain_id', 'managedDomain')),
    organizationId: nullable(id('organization_id', 'organization')),
    webhookId: nullable(id('webhook_id', 'webhook')),
    dialect: text('dialect'),
    url: text('url'),
    state: text('state'),
    message: nullableGroup({ contentType: text('content_type'), sealedBody: blob('sealed_body') }),
    attempts: int32('attempts'),
    lastAnswer: nullable(keptText('last_answer')),
    createdAt: date('created_at'),
    endedAt: nullable(date('ended_at')),
    replayedAs: nullable(id('replayed_as', 'delivery')),
    refund: nullable(json('refund_json')),
    tries: jsonOf('tries_json', triesJson),
  },
  {
    orderNumber: nullableReference('order_number', 'orderId'),
    issuanceNumber: nullableReference('issuance_number', 'issuanceId'),
  },
);

export const mailboxes = codecOf<Mailbox>()('mailboxes', {
  address: text('address'),
  tokenHash: blob('token_hash'),
  createdAt: date('created_at'),
  stopped: nullableGroup({ at: date('stopped_at'), by: text('stopped_by'), from: text('stopped_from') }),
});

export type MailboxRow = RowOf<typeof mailboxes>;

interface OutgoingMail {
  readonly id: string;
  readonly address: string;
  readonly domain: string;
  readonly at: Date;
}

export const outgoingMails = codecOf<OutgoingMail>()('outgoing_mails', {
  id: text('id'),
  address: text('address'),
  domain: text('domain'),
  at: date('at'),
});

export const expiryReminders = codecOf<ExpiryReminder>()(
  'expiry_reminders',
  {
    id: id('id', 'expiryReminder'),
    accountId: id('account_id', 'account'),
    orderId: id('order_id', 'order'),
    issuanceId: id('issuance_id', 'issuance'),
    event: text('event'),
    endsAt: date('ends_at'),
    address: text('address'),
    state: text('state'),
    lastAnswer: nullable(text('last_answer')),
    createdAt: date('created_at'),
    endedAt: nullable(date('ended_at')),
  },
  {
    orderNumber: reference('order_number', 'orderId'),
    issuanceNumber: reference('issuance_number', 'issuanceId'),
  },
);
