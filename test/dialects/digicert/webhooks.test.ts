/** What a webhook is told, and how its receiver proves itself. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isChallengeMet, newChallenge } from '../../../src/dialects/digicert/webhooks/challenge.ts';
import {
  challengeMessage,
  eventOfWire,
  testMessage,
  webhookMessage,
  wireOfEvent,
} from '../../../src/dialects/digicert/webhooks/webhook-message.ts';
import type { Certificate } from '../../../src/domain/certificate.ts';
import type { Occasion } from '../../../src/domain/delivery.ts';
import type { WebhookId } from '../../../src/domain/ids.ts';
import type { ManagedDomain } from '../../../src/domain/managed-domain.ts';
import type { Organization } from '../../../src/domain/organization.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { webhookEvents } from '../../../src/domain/webhook.ts';
import { intermediate, leaf, root } from '../../support/fake-chain.ts';

const now = new Date('2026-11-22T08:00:00Z');

const occasion: Occasion = {
  event: 'certificateIssued',
  view: null,
  privateKey: null,
  domain: null,
  organization: null,
  refund: null,
  balance: null,
  webhook: { number: 12345, settings: {} },
  now,
};

// What the words are read from, and nothing else of an order.
const view = {
  order: { number: 12345 },
  issuance: { number: 23456 },
  certificate: { der: leaf, names: ['example.com'] } as unknown as Certificate,
  chain: [intermediate, root],
} as unknown as OrderView;

const domain = { number: 7, name: { kind: 'dns', value: 'example.com' } } as unknown as ManagedDomain;
const organization = { number: 8, details: { name: 'Example Inc.' } } as unknown as Organization;

const rows: readonly { readonly what: string; readonly of: Partial<Occasion>; readonly body: object | null }[] = [
  {
    what: 'certificate_issued', // vendor page certcentral-event-types
    of: { view },
    body: { event: 'certificate_issued', data: { order_id: 12345, certificate_id: 23456 } },
  },
  {
    what: 'certificate_revoked',
    of: { event: 'certificateRevoked', view },
    body: { event: 'certificate_revoked', data: { order_id: 12345, certificate_id: 23456 } },
  },
  {
    what: 'order_rejected',
    of: { event: 'orderRejected', view },
    body: { event: 'order_rejected', data: { order_id: 12345 } },
  },
  {
    what: 'domain_validated',
    of: { event: 'domainValidated', domain },
    body: { event: 'domain_validated', data: { domain_id: 7, domain_name: 'example.com' } },
  },
  {
    what: 'organization_revalidation_notice',
    of: { event: 'organizationExpiring', organization },
    body: {
      event: 'organization_revalidation_notice',
      data: { organization_id: 8, organization_name: 'Example Inc.' },
    },
  },
  {
    what: 'the end of a certificate, for which the vendor has no word',
    of: { event: 'certificateExpiring', view },
    body: null,
  },
  { what: 'the end of an order, for which the vendor has no word', of: { event: 'orderExpiring', view }, body: null },
];

describe('messages to a webhook of the DigiCert dialect', () => {
  for (const { what, of, body } of rows) {
    test(what, () => {
      const message = webhookMessage({ ...occasion, ...of });
      assert.deepEqual(message === null ? null : JSON.parse(message.body), body);
    });
  }

  test('carry the secret of the receiver in the header of the vendor', () => {
    for (const message of [webhookMessage({ ...occasion, view }), testMessage(), challengeMessage(1, 'abc')]) {
      assert.equal(message?.secretHeader, 'X-WEBHOOK-KEY');
      assert.equal(message?.contentType, 'application/json');
    }
  });

  test('hold the chain where the webhook asks for it, with CRLF', () => {
    const settings = { webhook_settings: { webhook_send_certificate_chain: '1' }, isProved: true };
    const message = webhookMessage({ ...occasion, view, webhook: { number: 1, settings } });
    const { data } = JSON.parse(message?.body ?? '{}');
    assert.equal(data.certificate_chain.length, 3);
    for (const { pem } of data.certificate_chain)
      assert.match(pem, /^-----BEGIN CERTIFICATE-----\r\n[\s\S]*-----\r\n$/);
  });

  test('every event of the vendor has one of ours', () => {
    const known = webhookEvents.map(wireOfEvent).flatMap((event) => event ?? []);
    assert.equal(known.length, 9);
    for (const event of known) assert.equal(wireOfEvent(eventOfWire(event)), event);
  });

  test('tests and challenges are as the vendor shows them', () => {
    assert.deepEqual(JSON.parse(testMessage().body), { event: 'test_webhook_endpoint' });
    assert.deepEqual(JSON.parse(challengeMessage(12345, 'abc').body), {
      event: 'challenge_webhook_endpoint',
      data: { token: 'abc', webhook_id: 12345 },
    });
  });
});

describe('the challenge of a webhook', () => {
  const webhook = { id: 'whk_1' as WebhookId, url: 'https://hooks.example/dc' };
  const key = new Uint8Array(32).fill(3);
  const token = newChallenge(webhook, now, key);
  const at = (minutes: number) => ({ now: new Date(now.getTime() + minutes * 60_000), secret: key });

  const wrong: readonly { readonly what: string; readonly met: boolean; readonly when: () => boolean }[] = [
    { what: 'is met by its token', met: true, when: () => isChallengeMet(webhook, token, at(29)) },
    { what: 'ends after 30 minutes', met: false, when: () => isChallengeMet(webhook, token, at(30)) },
    { what: 'is of one URL', met: false, when: () => isChallengeMet({ ...webhook, url: 'https://b/' }, token, at(1)) },
    {
      what: 'is of one webhook',
      met: false,
      when: () => isChallengeMet({ ...webhook, id: 'whk_2' as WebhookId }, token, at(1)),
    },
    {
      what: 'cannot be made longer', // the moment of its end is under the hash
      met: false,
      when: () => isChallengeMet(webhook, `z${token.slice(1)}`, at(1)),
    },
    { what: 'is not met by nothing', met: false, when: () => isChallengeMet(webhook, '', at(1)) },
    { what: 'is not met by half of it', met: false, when: () => isChallengeMet(webhook, token.slice(0, 40), at(1)) },
  ];
  for (const { what, met, when } of wrong) test(what, () => assert.equal(when(), met));
});
