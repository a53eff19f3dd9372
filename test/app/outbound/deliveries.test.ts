/** Webhooks: told once the certificate is there, repeated until the receiver takes it, given up where it can be seen. */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { webhookSecret } from '../../../src/app/outbound/deliveries.ts';
import { CertError, reason } from '../../../src/domain/errors.ts';
import { renderKept } from '../../../src/domain/kept-reason.ts';
import { type Customer, createCustomer, issue, orderFor, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const url = 'https://hook.example/told?token=s3cret';

async function told(customer: Customer, change: Parameters<typeof issue>[3] = {}) {
  const view = await issue(app, customer.caller, ['told.example'], { notifyUrl: url, ...change });
  await app.idle();
  return view;
}

describe('a callback is refused when the order is placed', () => {
  const rows = [
    ['http://hook.example/x', 'callbackInClear', 'a key in the clear'],
    ['https://user:secret@hook.example/', 'fieldInvalid', 'credentials'],
    ['https://hook.example:8443/', 'urlUndeliverable', 'a port that is not connected to'],
    ['https://127.0.0.1/', 'urlUndeliverable', 'loopback'],
    ['https://[::ffff:10.0.0.1]/', 'urlUndeliverable', 'a private address, in disguise'],
    ['https://169.254.169.254/', 'urlUndeliverable', 'a metadata service'],
    ['https://localhost/', 'urlUndeliverable', 'this machine by name'],
    ['https://localhost./', 'urlUndeliverable', 'the same with its dot'],
    ['https://printer/', 'urlUndeliverable', 'a name without a dot'],
    ['https://host.internal/', 'urlUndeliverable', 'a name of local networks'],
    ['ftp://hook.example/', 'fieldInvalid', 'another scheme'],
    [`https://hook.example/${'x'.repeat(2048)}`, 'fieldInvalid', 'one that is too long'],
  ] as const;
  for (const [notifyUrl, key, what] of rows) {
    it(what, async () => {
      app = await startTestApp();
      const { caller } = await createCustomer(app);
      const request = await orderFor(['told.example'], { notifyUrl, csr: { make: 'P-256' } });
      const before = await app.tables();
      for (const call of [app.ports.orders.place, app.ports.orders.check]) {
        await assert.rejects(call(caller, request), (thrown) => {
          assert.ok(thrown instanceof CertError);
          assert.equal(thrown.reason.key, key);
          assert.match(thrown.message, /notifyUrl/);
          assert.match(thrown.message, /"(https?|ftp):\/\/./);
          assert.doesNotMatch(thrown.message, /secret/);
          return true;
        });
      }
      assert.deepEqual(await app.tables(), before);
    });
  }
});

const listed = async ({ account }: Customer) => app.database.read.deliveries.list({ accountId: account.id, limit: 10 });

describe('a delivery', () => {
  it('is sent in the words of the dialect, signed with the secret of the account', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const { order } = await told(customer);
    const [request] = app.hooks.requests;
    const secret = await webhookSecret(app.context, customer.account.id);
    const signature = createHmac('sha256', secret).update('issued').digest('hex');
    const [delivery] = await listed(customer);
    assert.ok(delivery);
    assert.equal(request?.url, url);
    assert.deepEqual(request?.post, {
      body: 'issued',
      headers: {
        'Content-Type': 'text/plain',
        'X-Certmux-Signature': `sha256=${signature}`,
        'X-Certmux-Notification': delivery.id,
      },
    });
    assert.deepEqual(
      [delivery.state, delivery.attempts, delivery.lastAnswer, delivery.message],
      ['delivered', 1, reason('webhookStatus', { status: 200 }), null],
    );
    const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
    const event = items.find(({ kind }) => kind === 'notification.delivered');
    assert.equal(event?.data.url, 'https://hook.example/told', 'without what may be a secret');
  });

  it('is not sent for an order that names no URL', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    await issue(app, customer.caller, ['quiet.example']);
    await app.idle();
    assert.equal(app.hooks.requests.length, 0);
    assert.deepEqual(await listed(customer), []);
  });

  it('counts the key that it carries as delivered', async () => {
    app = await startTestApp();
    const { order } = await told(await createCustomer(app), { csr: { make: 'P-256' } });
    const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
    assert.deepEqual(
      items.filter(({ kind }) => kind === 'key.delivered').map(({ actor, data }) => [actor, data.to]),
      [['system', 'https://hook.example/told']],
    );
  });

  it('carries a key over https only, also when that was allowed as the order was placed', async () => {
    app = await startTestApp({ dangerSendKeysInClear: true });
    app.hooks.answer(500);
    const customer = await createCustomer(app);
    const { order } = await told(customer, { notifyUrl: 'http://hook.example/', csr: { make: 'P-256' } });
    assert.equal(app.hooks.requests.length, 1, 'it was opened');
    app = await app.restart({ dangerSendKeysInClear: false });
    app.hooks.answer(200);
    await app.advance(60);
    assert.equal(app.hooks.requests.length, 1, 'nothing left the house since');
    const [waiting] = await listed(customer);
    assert.deepEqual([waiting?.state, waiting?.attempts], ['waiting', 3]);
    assert.match(
      renderKept(waiting?.lastAnswer ?? '', 'en'),
      /^the private key is not sent to http:\/\/hook\.example\/ unencrypted; /,
    );
    const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
    assert.ok(!items.some(({ kind }) => kind === 'key.delivered'));
    app = await app.restart({ dangerSendKeysInClear: true, afterSeconds: 600 });
    await app.idle();
    assert.deepEqual((await listed(customer))[0]?.state, 'delivered');
  });

  it('without a key may go over http', async () => {
    app = await startTestApp();
    await told(await createCustomer(app), { notifyUrl: 'http://hook.example/' });
    assert.equal(app.hooks.requests[0]?.url, 'http://hook.example/');
  });

  it('that is not taken tells its customer nothing of an internal network, and the operator all', async () => {
    app = await startTestApp();
    const problem = reason('httpConnectFailed', { url, peer: '10.0.0.5:443', detail: 'refused the connection' });
    app.hooks.fail({ problem, isPublic: false });
    const customer = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    const { order } = await told(customer, { productCode: 'encryption365:100' });
    const { items } = await app.ports.webhooks.deliveries(customer.caller, { limit: 10 });
    const answer = items[0]?.lastAnswer ?? assert.fail();
    assert.equal(renderKept(answer, 'en'), `${url} did not give a usable answer`);
    assert.match(renderKept(answer, 'zh'), /[\u4e00-\u9fff]/);
    const query = { limit: 100, subject: order.id };
    const { items: own } = await app.ports.events.list(customer.caller, query);
    assert.doesNotMatch(JSON.stringify(own), /10\.0\.0\.5|refused the connection/);
    const { items: all } = await app.ports.events.list(app.operator, query);
    assert.match(JSON.stringify(all), /10\.0\.0\.5:443 refused the connection/);
  });

  it('is repeated with the same bytes until it is taken, also by the next server', async () => {
    app = await startTestApp();
    app.hooks.answer(503);
    const customer = await createCustomer(app);
    await told(customer);
    await app.advance(10);
    assert.equal(app.hooks.requests.length, 2);
    const [waiting] = await listed(customer);
    const away = reason('webhookStatus', { status: 503 });
    assert.deepEqual([waiting?.state, waiting?.attempts, waiting?.lastAnswer], ['waiting', 2, away]);
    assert.equal(renderKept(away, 'zh'), 'HTTP 状态码 503');
    const tries = waiting?.tries.map(({ status, answer }) => [status, answer]);
    assert.deepEqual(tries, [
      [503, away],
      [503, away],
    ]);
    assert.ok((waiting?.tries[0]?.at ?? Number.NaN) < (waiting?.tries[1]?.at ?? Number.NaN), 'oldest first');
    assert.ok(waiting?.message);
    app = await app.restart();
    app.hooks.answer(204);
    await app.advance(30);
    assert.equal(app.hooks.requests.length, 3);
    assert.equal(new Set(app.hooks.requests.map((request) => JSON.stringify(request.post))).size, 1);
    assert.equal((await listed(customer))[0]?.state, 'delivered');
  });

  it('is given up after three days, visibly', async () => {
    app = await startTestApp();
    app.hooks.answer(404);
    const customer = await createCustomer(app);
    const { order } = await told(customer);
    for (let hour = 0; hour < 72; hour++) await app.advance(3600);
    assert.equal((await listed(customer))[0]?.state, 'waiting');
    for (let hour = 0; hour < 12; hour++) await app.advance(3600);
    const [delivery] = await listed(customer);
    assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.message], ['failed', 20, null]);
    const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
    assert.equal(items.filter(({ kind }) => kind === 'notification.tried').length, 20);
    assert.deepEqual(items.find(({ kind }) => kind === 'notification.failed')?.data.answer, 'HTTP status 404');
    const { items: failed } = await app.ports.operation.failedJobs(app.operator, { limit: 10 });
    assert.deepEqual(
      failed.map(({ kind, lastError }) => [kind, lastError]),
      [['deliver', reason('httpStatus', { url: 'https://hook.example/told', status: 404 })]],
    );
  });
});
