/** Webhooks of accounts: who is told what, in whose words; the log of it, and telling it again. */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { webhookSecret } from '../../../src/app/outbound/deliveries.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { reason } from '../../../src/domain/errors.ts';
import { formatMoney } from '../../../src/domain/money.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { NewWebhook } from '../../../src/domain/ports/webhooks.ts';
import { webhookEvents } from '../../../src/domain/webhook.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let administrator: Caller;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 1_000_00 });
  administrator = await createCaller(app, customer.account, { dialect: 'native', roles: ['administrator'] });
});
afterEach(() => app.close());

const url = 'https://hook.example/told?token=s3cret';
const secret = 'what-the-customer-chose';
const hook = (change: Partial<NewWebhook> = {}): NewWebhook => ({ url, events: null, secret: null, ...change });
const add = (change: Partial<NewWebhook> = {}, by = administrator) => app.ports.webhooks.add(by, hook(change));
const order = (...texts: readonly string[]) => issue(app, customer.caller, texts, { productCode: 'paid' });
const deliveries = async (by = administrator) => (await app.ports.webhooks.deliveries(by, { limit: 20 })).items;
const told = () => app.hooks.requests.map(({ post }) => JSON.parse(post?.body ?? ''));

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

describe('a webhook of an account', () => {
  it('is told of a certificate, signed, with the word that it chose, and never with a key', async () => {
    const webhook = await add({ secret });
    const view = await issue(app, customer.caller, ['a.example'], { csr: { make: 'P-256' } });
    await app.idle();
    const [request] = app.hooks.requests;
    const body = request?.post?.body ?? '';
    const signature = createHmac('sha256', await webhookSecret(app.context, customer.account.id))
      .update(body)
      .digest('hex');
    assert.equal(request?.url, url);
    assert.deepEqual(request?.post?.headers, {
      'X-Certmux-Webhook-Secret': secret,
      'Content-Type': 'application/json',
      'X-Certmux-Signature': `sha256=${signature}`,
      'X-Certmux-Notification': (await deliveries())[0]?.id,
    });
    const { event, webhook: number, order, certificate, domain, organization } = JSON.parse(body);
    assert.deepEqual([event, number, domain, organization], ['certificateIssued', webhook.number, null, null]);
    assert.deepEqual([order.number, order.state, order.names], [view.order.number, 'active', ['a.example']]);
    assert.deepEqual([certificate.serial, certificate.state], [view.certificate?.serial, 'valid']);
    assert.equal(certificate.chain.length, 2);
    assert.doesNotMatch(body, /PRIVATE/);
    const [delivery] = await deliveries();
    assert.deepEqual(
      [delivery?.state, delivery?.event, delivery?.webhookId, delivery?.attempts, delivery?.message],
      ['delivered', 'certificateIssued', webhook.id, 1, null],
    );
  });

  it('is told of every refund: of each part, and of an order that is cancelled before its certificate', async () => {
    await add({ events: ['orderRefunded'] });
    const view = await order('a.example');
    const { account, caller } = customer;
    for (const amountMinor of [5, 7]) {
      await app.ports.refunds.refund(app.operator, view.order, { amountMinor, note: `part ${amountMinor}` });
      await app.idle();
    }
    const open = await place(app, caller, ['open.example'], { productCode: 'paid' });
    await app.ports.orders.cancel(caller, open.order);
    await app.idle();
    const paid = {
      minor: open.order.totalMinor,
      currency: 'CNY',
      amount: formatMoney({ minor: open.order.totalMinor, currency: 'CNY' }),
    };
    assert.deepEqual(
      told().map(({ event, order: { number, state }, refund: { amount, note } }) => [
        event,
        number,
        state,
        amount,
        note,
      ]),
      [
        ['orderRefunded', view.order.number, 'active', { minor: 5, currency: 'CNY', amount: '0.05 CNY' }, 'part 5'],
        ['orderRefunded', view.order.number, 'active', { minor: 7, currency: 'CNY', amount: '0.07 CNY' }, 'part 7'],
        ['orderRefunded', open.order.number, 'cancelled', paid, 'order cancelled'],
      ],
    );
    const lines = (await app.ports.accounts.ledger(caller, account.id, { limit: 10 })).items;
    assert.deepEqual(
      told().map(({ refund }) => refund.ledgerEntryId),
      lines.flatMap(({ kind, id }) => (kind === 'refund' ? [id] : [])).toReversed(),
    );
    // Told again it is the same refund.
    const [last] = await deliveries();
    await app.ports.webhooks.replay(administrator, last?.id ?? assert.fail());
    await app.idle();
    assert.deepEqual(told().at(-1)?.refund, told().find(({ refund }) => refund.note === last?.refund?.note)?.refund);
  });

  it('is told of no refund that was undone', async () => {
    await add();
    const view = await order('a.example');
    await app.idle();
    const before = told().length;
    await assert.rejects(
      app.ports.refunds.refund(app.operator, view.order, { amountMinor: view.order.totalMinor + 1, note: 'x' }),
    );
    await app.idle();
    assert.equal(told().length, before);
  });

  it('keeps what it chose sealed, and what it says nowhere in the clear', async () => {
    await add({ secret });
    app.hooks.answer(503);
    await order('a.example');
    assert.doesNotMatch(JSON.stringify(await app.tables()), new RegExp(secret));
    const { items } = await app.ports.events.list(app.operator, { limit: 50 });
    assert.doesNotMatch(JSON.stringify(items), /s3cret|what-the-customer/);
    assert.ok(items.some(({ kind }) => kind === 'webhook.added'));
  });

  it('is told only what it asked for, and nothing while it is inactive or once it is removed', async () => {
    const { number } = await add({ events: ['certificateRevoked'] });
    const view = await order('a.example');
    assert.deepEqual(told(), []);
    await app.ports.revocations.revokeOrder(customer.caller, view.order, 'superseded');
    await app.idle();
    const [{ event, certificate }] = told();
    assert.deepEqual(
      [event, certificate.state, certificate.revocationReason],
      ['certificateRevoked', 'revoked', 'superseded'],
    );
    const changed = await app.ports.webhooks.change(administrator, { number }, { state: 'inactive', events: null });
    assert.deepEqual([changed.state, changed.events], ['inactive', webhookEvents]);
    await order('b.example');
    assert.equal(told().length, 1);
    await app.ports.webhooks.change(administrator, { number }, { state: 'active', url: 'http://other.example/' });
    await order('c.example');
    assert.equal(app.hooks.requests.at(-1)?.url, 'http://other.example/');
    await app.ports.webhooks.remove(administrator, { number });
    await order('d.example');
    assert.equal(told().length, 2);
    assert.deepEqual((await app.ports.webhooks.list(administrator, { limit: 10 })).items, []);
    await assert.rejects(app.ports.webhooks.get(administrator, { number }), { code: 'notFound' });
    assert.ok((await add()).number > number, 'a number is not given twice');
  });

  it('of a front door is told in its words of what happens through it', async () => {
    const own = await createCaller(app, customer.account, { roles: ['administrator'] });
    const other = await createCaller(app, customer.account, { dialect: 'wosign', roles: ['administrator'] });
    await add({}, own);
    await add({}, other);
    await order('a.example');
    assert.deepEqual(
      app.hooks.requests.map(({ post }) => post?.body),
      ['issued'],
      'the other door tells nothing and has nothing queued',
    );
    const native = await createCaller(app, customer.account, { dialect: 'native' });
    await issue(app, native, ['b.example'], { productCode: 'encryption365:paid' });
    await app.idle();
    assert.equal(app.hooks.requests.length, 1);
    assert.equal((await deliveries(own)).length, 1);
    assert.equal((await deliveries(other)).length, 0);
    assert.equal((await app.ports.webhooks.list(own, { limit: 10 })).items.length, 1);
    assert.equal((await app.ports.webhooks.list(administrator, { limit: 10 })).items.length, 2);
  });

  it('is told of an order that is rejected, and of a reissue that is', async () => {
    const { caller, account } = await createCustomer(app, { approval: 'manual', balanceMinor: 1_000_00 });
    const by = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
    await add({ events: ['orderRejected'] }, by);
    const view = await place(app, caller, ['a.example'], { productCode: 'paid' });
    await app.ports.approvals.decide(by, { order: view.order }, { approve: false, note: 'no' });
    const given = await place(app, caller, ['b.example'], { productCode: 'paid' });
    await app.ports.revocations.revokeOrder(by, given.order, 'unspecified');
    await app.idle();
    assert.deepEqual(
      told().map(({ event, order }) => [event, order.number, order.state]),
      [view, given].map(({ order }) => ['orderRejected', order.number, 'rejected']),
    );
  });

  it('of another account is told nothing', async () => {
    await add();
    await issue(app, (await createCustomer(app)).caller, ['b.example']);
    await app.idle();
    assert.deepEqual(told(), []);
  });

  it('that fails is tried again with the same bytes and then given up; a removed one is not', async () => {
    app.hooks.answer(500);
    const { number } = await add({ secret });
    await order('a.example');
    await app.advance(40);
    const posts = new Set(app.hooks.requests.map(({ post }) => JSON.stringify(post)));
    assert.equal(app.hooks.requests.length, 3);
    assert.equal(posts.size, 1);
    assert.deepEqual((await app.ports.webhooks.deliveries(administrator, { limit: 9, state: 'delivered' })).items, []);
    assert.equal((await app.ports.webhooks.deliveries(administrator, { limit: 9, state: 'waiting' })).items.length, 1);
    await app.ports.webhooks.remove(administrator, { number });
    for (let hour = 0; hour < 90; hour++) await app.advance(3600);
    assert.equal(app.hooks.requests.length, 3);
  });
});

describe('a webhook is refused', () => {
  const rows: readonly (readonly [change: Partial<NewWebhook>, message: RegExp])[] = [
    [{ url: 'hook.example' }, /url must be an http or https URL.*hook\.example/],
    [{ url: 'ftp://hook.example/' }, /url must be/],
    [{ url: 'https://user:hidden@hook.example/' }, /without user name and password/],
    [{ url: `https://hook.example/${'a'.repeat(2048)}` }, /2048/],
    [{ url: 'https://hook.example:22/' }, /nothing can be delivered to url "https:.*port 22/],
    [{ url: 'https://10.0.0.1/' }, /delivered to url "https:.*10\.0\.0\.1, an address this server does not connect to/],
    [{ url: 'https://2130706433/' }, /127\.0\.0\.1, an address/],
    [{ url: 'https://localhost/' }, /localhost is a local network name/],
    [{ url: 'https://intranet/' }, /intranet is a local network name/],
    [{ url: 'https://printer.local/' }, /printer\.local is a local network name/],
    [{ url: 'https://hook.internal/' }, /delivered to url "/],
    [{ events: [] }, /events must be/],
    [{ events: ['nothing' as never] }, /events must be .*certificateIssued.* not "nothing"/],
    [{ secret: '' }, /secret must be/],
    [{ secret: 'two\r\nlines' }, /secret must be/],
    [{ secret: '秘密' }, /secret must be/],
  ];
  for (const [change, message] of rows) {
    it(JSON.stringify(change).slice(0, 60), async () => {
      await refused(() => add(change), { code: 'invalidField', message });
      await assert.rejects(add(change), (error: Error) => !/hidden|lines|秘密/.test(error.message));
      const { number } = await add();
      await refused(() => app.ports.webhooks.change(administrator, { number }, change), { code: 'invalidField' });
    });
  }

  it('to whoever may not manage the account, and beyond twenty', async () => {
    const requester = await createCaller(app, customer.account, {
      dialect: 'native',
      roles: ['requester', 'approver'],
    });
    await refused(() => add({}, requester), { code: 'forbidden' });
    await refused(() => add({}, app.operator), { code: 'forbidden', message: /account/ });
    const operator = await app.ports.signIn.actFor(app.operator, customer.account.id);
    const { number, id } = await add({}, operator);
    const stranger = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    await refused(() => app.ports.signIn.actFor(stranger.caller, customer.account.id), { code: 'notFound' });
    for (const reference of [{ number }, { id }, { id: 'nonsense' }]) {
      await refused(() => app.ports.webhooks.remove(stranger.caller, reference), { code: 'notFound' });
      await refused(() => app.ports.webhooks.change(stranger.caller, reference, {}), { code: 'notFound' });
    }
    for (const ask of [app.ports.webhooks.remove, app.ports.webhooks.change]) {
      await refused(() => ask(requester, { number }, {}), { code: 'forbidden' });
    }
    for (let i = 1; i < 20; i++) await add();
    await refused(() => add(), { code: 'conflict', message: /20 webhooks/ });
  });
});

describe('telling again', () => {
  it('writes it anew, to where the webhook is now', async () => {
    const { number, id: webhookId } = await add({ secret });
    const view: OrderView = await order('a.example');
    const [first] = await deliveries();
    const again = await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['a.example']));
    await app.idle();
    assert.equal(again.order.number, view.order.number);
    await app.ports.webhooks.change(administrator, { number }, { url: 'https://new.example/', secret: null });
    const made = await app.ports.webhooks.replay(administrator, first?.id ?? '');
    assert.notEqual(made.id, first?.id);
    assert.deepEqual([made.state, made.webhookId, made.issuanceId], ['waiting', webhookId, first?.issuanceId]);
    await app.idle();
    const request = app.hooks.requests.at(-1);
    assert.equal(request?.url, 'https://new.example/');
    assert.equal(request?.post?.headers['X-Certmux-Webhook-Secret'], undefined);
    assert.equal(told().at(-1).certificate.serial, view.certificate?.serial, 'of the same certificate');
    assert.equal((await deliveries())[0]?.state, 'delivered');
    const { items } = await app.ports.events.list(app.operator, { limit: 9, subject: view.order.id });
    assert.ok(items.some(({ kind, actor }) => kind === 'notification.replayed' && actor === administrator.actor));
  });

  it('is refused while it is being told, without its webhook, and to others', async () => {
    const { number } = await add();
    app.hooks.answer(500);
    await order('a.example');
    const [{ id } = { id: '' }] = await deliveries();
    const replay = (by = administrator, which: string = id) => app.ports.webhooks.replay(by, which);
    await refused(() => replay(), { code: 'wrongState', message: /delivery \S+ is waiting/ });
    app.hooks.answer(200);
    await app.advance(10);
    const stranger = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    await refused(() => replay(stranger.caller), { code: 'notFound' });
    await refused(() => replay(administrator, 'nonsense'), { code: 'notFound' });
    const viewer = await createCaller(app, customer.account, { dialect: 'native', roles: ['viewer'] });
    await refused(() => replay(viewer), { code: 'forbidden' });
    await app.ports.webhooks.change(administrator, { number }, { state: 'inactive' });
    await refused(() => replay(), { code: 'wrongState', message: /webhook \d+ is inactive; this needs active/ });
    await app.ports.webhooks.remove(administrator, { number });
    await refused(() => replay(), { code: 'notFound', message: /webhook/ });
  });
});

describe('telling again all that failed of a webhook', () => {
  const giveUp = async (...names: readonly string[]) => {
    app.hooks.answer(500);
    for (const name of names) await order(name);
    const waiting = async () => (await deliveries()).some(({ state }) => state === 'waiting');
    for (let hours = 0; await waiting(); hours++) {
      assert.ok(hours < 200, 'they are given up');
      await app.advance(3600);
    }
    app.hooks.answer(200);
  };
  const replayFailed = (number: number, by = administrator) => app.ports.webhooks.replayFailed(by, { number });

  it('sends each once, however often it is asked for, and says how many', async () => {
    const { number } = await add();
    await giveUp('a.example', 'b.example');
    const failed = await deliveries();
    // One of them was sent again by itself before.
    await app.ports.webhooks.replay(administrator, failed[0]?.id ?? '');
    assert.deepEqual(await replayFailed(number), { queued: 1, refused: 0, isMore: false });
    assert.deepEqual(await replayFailed(number), { queued: 0, refused: 0, isMore: false });
    await app.idle();
    const all = await deliveries();
    assert.deepEqual(all.map(({ state }) => state).toSorted(), ['delivered', 'delivered', 'failed', 'failed']);
    for (const { id } of failed) {
      const as = all.find((delivery) => delivery.id === id)?.replayedAs;
      assert.equal(all.find((delivery) => delivery.id === as)?.state, 'delivered');
    }
  });

  it('sends once where two ask at the same time', async () => {
    const { number } = await add();
    await giveUp('a.example', 'b.example', 'c.example');
    const answers = await Promise.all([replayFailed(number), replayFailed(number)]);
    assert.equal(
      answers.reduce((sum, { queued }) => sum + queued, 0),
      3,
    );
    assert.equal((await deliveries()).length, 6);
  });

  it('leaves other webhooks alone, and is refused for one that is inactive and to others', async () => {
    const { number } = await add();
    const other = await add({ url: 'https://other.example/' });
    await giveUp('a.example');
    assert.deepEqual(await replayFailed(other.number), { queued: 1, refused: 0, isMore: false });
    await app.ports.webhooks.change(administrator, { number }, { state: 'inactive' });
    await refused(() => replayFailed(number), { code: 'wrongState', message: /webhook \d+ is inactive/ });
    const stranger = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    await refused(() => replayFailed(other.number, stranger.caller), { code: 'notFound' });
    const viewer = await createCaller(app, customer.account, { dialect: 'native', roles: ['viewer'] });
    await refused(() => replayFailed(other.number, viewer), { code: 'forbidden' });
  });
});

describe('a receiver that is tried first', () => {
  const message = { contentType: 'application/json', body: '{"event":"test"}', secretHeader: 'X-Word' };

  it('is sent one message at once, signed, with its word, and nothing is stored but a line in the audit log', async () => {
    const webhook = await add({ secret, state: 'inactive' });
    for (const to of [{ number: webhook.number }, { url, secret }]) {
      const outcome = await app.ports.webhooks.probe(administrator, { to, message });
      assert.deepEqual(outcome, { isTaken: true, answer: reason('webhookStatus', { status: 200 }) });
      const { post, url: asked } = app.hooks.requests.at(-1) ?? {};
      assert.deepEqual([asked, post?.body, post?.headers['X-Word']], [url, '{"event":"test"}', secret]);
      assert.match(post?.headers['X-Certmux-Signature'] ?? '', /^sha256=[0-9a-f]{64}$/);
    }
    assert.equal(app.hooks.requests.length, 2);
    assert.deepEqual(await deliveries(), []);
    const { items } = await app.ports.events.list(app.operator, { limit: 2 });
    for (const { kind, data } of items) {
      assert.equal(kind, 'webhook.probed');
      assert.deepEqual(data, { url: 'https://hook.example/told', answer: 'HTTP status 200' });
    }
  });

  it('says what it answered instead', async () => {
    app.hooks.answer(404);
    const outcome = await app.ports.webhooks.probe(administrator, { to: { url, secret: null }, message });
    assert.deepEqual(outcome, { isTaken: false, answer: reason('webhookStatus', { status: 404 }) });
    assert.equal('X-Word' in (app.hooks.requests.at(-1)?.post?.headers ?? {}), false, 'it chose no word');
  });

  it('is tried by an administrator of its account only, and at a URL', async () => {
    const { number } = await add();
    const stranger = (await createCustomer(app, { dialect: 'native', roles: ['administrator'] })).caller;
    const requester: Caller = { ...administrator, roles: ['requester'] };
    const rows = [
      { by: stranger, to: { number }, code: 'notFound' },
      { by: requester, to: { url, secret: null }, code: 'forbidden' },
      { by: administrator, to: { url: 'ftp://hook.example/', secret: null }, code: 'invalidField' },
      { by: administrator, to: { url, secret: 'with\nbreak' }, code: 'invalidField' },
    ] as const;
    for (const { by, to, code } of rows) {
      await refused(() => app.ports.webhooks.probe(by, { to, message }), { code });
    }
    assert.equal(app.hooks.requests.length, 0);
  });
});
