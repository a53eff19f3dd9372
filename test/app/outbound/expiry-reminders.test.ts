/** Notices before an end, by mail and to webhooks: when, to whom, what they say, and that none is given twice. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { ReminderSettings } from '../../../src/domain/order.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  names,
  newReference,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';

let app: TestApp;
let mail: MailFake;
afterEach(() => app.close());

const day = 86_400;

async function start(dialect = 'encryption365'): Promise<Customer> {
  mail = createMailFake();
  app = await startTestApp({ upkeep: true, mail });
  return createCustomer(app, { balanceMinor: 9_000_00, contactEmail: 'PKI@customer.example', dialect });
}

/** Day after day, the server being off at night: that passes faster than minute after minute. */
async function pass(days: number, step = 1): Promise<void> {
  for (let i = 0; i < days; i += step) {
    app = await app.restart({ afterSeconds: step * day });
    await app.idle();
  }
}

/** On which day what was sent to whom, of what. */
function watch() {
  const beganAt = app.clock.now().getTime();
  const seen: string[] = [];
  let count = 0;
  return {
    seen,
    async pass(days: number) {
      for (let i = 0; i < days; i++) {
        await pass(1);
        const at = Math.round((app.clock.now().getTime() - beganAt) / 1000 / day);
        for (const { to, subject } of mail.sent.slice(count)) seen.push(`${at} ${to} ${subject.split(' / ')[0]}`);
        count = mail.sent.length;
      }
    },
  };
}

const order = (
  customer: Customer,
  change: { readonly productCode?: string; readonly reminders?: ReminderSettings } = {},
) => issue(app, customer.caller, ['a.example.com', 'b.example.com'], { productCode: 'month', ...change });

describe('reminders by mail', () => {
  it('are given in the second half of what lasts: of a month 7 and 3 days before its end', async () => {
    const customer = await start();
    await order(customer);
    const watched = watch();
    await watched.pass(40);
    assert.deepEqual(watched.seen, [
      '23 pki@customer.example The certificate order for a.example.com ends in 7 days',
      '27 pki@customer.example The certificate order for a.example.com ends in 3 days',
    ]);
    const [first] = mail.sent;
    assert.match(
      first?.text ?? '',
      /Names {4}a\.example\.com, b\.example\.com\n {2}Product {2}product month\n {2}Account {2}customer/,
    );
    assert.match(first?.text ?? '', /证书订单将在 7 天后/);
    const { items } = await app.ports.events.list(app.operator, { limit: 100 });
    assert.deepEqual(
      items.filter(({ kind }) => kind === 'notice.sent').map(({ actor, data }) => [actor, data.address, data.event]),
      Array.from({ length: 2 }, () => ['system', 'pki@customer.example', 'orderExpiring']),
    );
  });

  it('say nothing of a certificate that the platform reissues by itself', async () => {
    const customer = await start();
    await order(customer, { productCode: 'public' });
    const watched = watch();
    await pass(105, 105);
    await watched.pass(95);
    assert.deepEqual(watched.seen, []);
  });

  it('are of a certificate that ends before its order, where nothing will follow it', async () => {
    const customer = await start('wosign');
    await order(customer, { productCode: 'public' });
    const watched = watch();
    await pass(105, 105);
    await watched.pass(95);
    assert.deepEqual(
      watched.seen.map((line) => line.replace('pki@customer.example The ', '')),
      [
        '109 certificate for a.example.com ends in 90 days',
        '139 certificate for a.example.com ends in 60 days',
        '169 certificate for a.example.com ends in 30 days',
        '192 certificate for a.example.com ends in 7 days',
        '196 certificate for a.example.com ends in 3 days',
      ],
    );
  });

  it('go to the addresses of the order too, once each, with its message', async () => {
    const customer = await start();
    const addresses = ['Ops@customer.example', 'pki@customer.example'];
    await order(customer, { reminders: { isOff: false, addresses, message: 'Call Li.\nThen \u202Eme.' } });
    await pass(24);
    assert.deepEqual(mail.sent.map(({ to }) => to).toSorted(), ['ops@customer.example', 'pki@customer.example']);
    assert.ok(mail.sent[0]?.text.startsWith('Call Li.\nThen \\u{202e}me.\n\nThe certificate order'));
    assert.notEqual(mail.sent[0]?.id, mail.sent[1]?.id);
  });

  it('are not given where the order says so, nor of one that was renewed or revoked', async () => {
    const customer = await start();
    await order(customer, { reminders: { isOff: true, addresses: ['ops@customer.example'], message: '' } });
    const renewed: OrderView = await order(customer);
    await app.database.write((tx) => tx.orders.update(renewed.order.id, { renewalMark: 'renewed' }));
    const revoked = await order(customer);
    await app.ports.revocations.revokeOrder(customer.caller, revoked.order, 'unspecified');
    await pass(35);
    assert.deepEqual(mail.sent, []);
  });

  it('are tried again while the mail server is away, and given once', async () => {
    const customer = await start();
    mail.failWith({ isFinal: false, detail: '451 later' });
    await order(customer);
    await pass(24);
    assert.equal(mail.sent.length, 0);
    assert.ok(mail.tries > 1);
    mail.failWith(undefined);
    await app.advance(600);
    assert.equal(mail.sent.length, 1);
    await pass(1);
    assert.equal(mail.sent.length, 1);
  });

  it('that the mail server will not take are said so', async () => {
    const customer = await start();
    mail.failWith({ isFinal: true, detail: '550 no such mailbox' });
    await order(customer);
    await pass(24);
    const { items } = await app.ports.events.list(app.operator, { limit: 20 });
    assert.equal(items.find(({ kind }) => kind === 'notice.undelivered')?.data.answer, '550 no such mailbox');
    assert.equal(mail.tries, 1);
  });

  it('after the server was away: only the nearest, once, and nothing twice after a crash', async () => {
    const customer = await start();
    await order(customer);
    await pass(20);
    app = await app.restart({ afterSeconds: 8 * day });
    await app.idle();
    assert.deepEqual(
      mail.sent.map(({ subject }) => /in \d+ days?/.exec(subject)?.[0]),
      ['in 2 days'],
    );
    app = await app.restart({ afterSeconds: 3600 });
    await pass(5);
    assert.equal(mail.sent.length, 1);
  });

  it('are of nothing that ended long before the first start with these days', async () => {
    mail = createMailFake();
    app = await startTestApp({ mail });
    const customer = await createCustomer(app, { contactEmail: 'pki@customer.example', balanceMinor: 900_00 });
    await order(customer);
    app = await app.restart({ afterSeconds: 25 * day, upkeep: true });
    await app.idle();
    assert.deepEqual(mail.sent, []);
    await pass(5);
    assert.equal(mail.sent.length, 1, 'the next one is given');
  });
});

describe('reminders to webhooks', () => {
  it('tell that the proof of a domain and the verification of an organization end, and that they ended', async () => {
    app = await startTestApp({ upkeep: true });
    const { account } = await createCustomer(app);
    const administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
    const events = ['domainExpiring', 'domainExpired', 'organizationExpiring', 'organizationExpired'] as const;
    await app.ports.webhooks.add(administrator, { url: 'https://hook.example/', events, secret: null });
    const details = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' };
    const { id } = await app.ports.organizations.add(administrator, { details, levels: ['ov'] });
    const decision = { level: 'ov', verified: true, note: 'seen', days: 35 } as const;
    await app.ports.organizations.verify(app.operator, { id }, decision);
    const [name] = names('domain.example.com');
    assert.ok(name);
    app.checks.place('domain.example.com');
    const { domain } = await app.ports.managedDomains.add(administrator, {
      name,
      organization: null,
      container: null,
      requestedLevels: [],
      proofReference: newReference(),
      preferredMethod: 'httpFile',
    });
    await app.ports.managedDomains.check(administrator, { id: domain.id });
    await app.idle();
    const { authorization } = await app.ports.managedDomains.get(administrator, { id: domain.id });
    assert.equal(authorization.state, 'valid');
    const lasts = Math.round(((authorization.validUntil?.getTime() ?? 0) - app.clock.now().getTime()) / 1000 / day);
    await pass(lasts + 2, 3);
    const told = app.hooks.requests.map(({ post }) => {
      const { event, domain, organization, at } = JSON.parse(post?.body ?? '');
      return `${event} ${domain?.name ?? organization?.name} ${at.slice(0, 10)}`;
    });
    const on = (event: string) => told.filter((line) => line.startsWith(`${event} `)).length;
    assert.deepEqual(events.map(on), [5, 1, 3, 1]);
    assert.ok(told.every((line) => / (domain\.example\.com|Example Ltd) /.test(line)));
  });

  it('are told of the order, without a mail server too', async () => {
    app = await startTestApp({ upkeep: true });
    const customer = await createCustomer(app, { contactEmail: 'pki@customer.example', balanceMinor: 900_00 });
    const administrator = await createCaller(app, customer.account, { dialect: 'native', roles: ['administrator'] });
    const events = ['orderExpiring', 'certificateExpiring'] as const;
    await app.ports.webhooks.add(administrator, { url: 'https://hook.example/', events, secret: null });
    const view = await order(customer);
    await pass(35);
    assert.deepEqual(
      app.hooks.requests.map(({ post }) => {
        const { event, order } = JSON.parse(post?.body ?? '');
        return [event, order.number];
      }),
      [1, 2].map(() => ['orderExpiring', view.order.number]),
    );
    assert.equal((await app.tables()).expiry_reminders?.length, 0);
  });
});
