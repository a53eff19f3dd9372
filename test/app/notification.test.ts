/** Webhooks: told once the certificate is there, repeated until the receiver takes it, given up where it can be seen. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { webhookSecret } from '../../src/app/notification.ts';
import { type Customer, createCustomer, issue, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const url = 'https://hook.example/told?token=s3cret';

async function told(customer: Customer, change: Parameters<typeof issue>[3] = {}) {
  const view = await issue(app, customer.caller, ['told.example'], { notifyUrl: url, ...change });
  await app.idle();
  return view;
}

const listed = async ({ account }: Customer) =>
  app.database.read.notifications.list({ accountId: account.id, limit: 10 });

describe('a notification', () => {
  it('is sent in the words of the dialect, signed with the secret of the account', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const { order } = await told(customer);
    const [request] = app.hooks.requests;
    const secret = await webhookSecret(app.context, customer.account.id);
    const signature = createHmac('sha256', secret).update('issued').digest('hex');
    const [notification] = await listed(customer);
    assert.ok(notification);
    assert.equal(request?.url, url);
    assert.deepEqual(request?.post, {
      body: 'issued',
      headers: {
        'Content-Type': 'text/plain',
        'X-Certmux-Signature': `sha256=${signature}`,
        'X-Certmux-Notification': notification.id,
      },
    });
    assert.deepEqual(
      [notification.state, notification.attempts, notification.lastAnswer, notification.message],
      ['delivered', 1, 'HTTP status 200', null],
    );
    const { items } = await app.administration.events(app.operator, { limit: 100, subject: order.id });
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
    const { items } = await app.administration.events(app.operator, { limit: 100, subject: order.id });
    assert.deepEqual(
      items.filter(({ kind }) => kind === 'key.delivered').map(({ actor, data }) => [actor, data.to]),
      [['system', 'https://hook.example/told']],
    );
  });

  it('is repeated with the same bytes until it is taken, also by the next server', async () => {
    app = await startTestApp();
    app.hooks.answer(503);
    const customer = await createCustomer(app);
    await told(customer);
    await app.advance(10);
    assert.equal(app.hooks.requests.length, 2);
    const [waiting] = await listed(customer);
    assert.deepEqual([waiting?.state, waiting?.attempts, waiting?.lastAnswer], ['waiting', 2, 'HTTP status 503']);
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
    const [notification] = await listed(customer);
    assert.deepEqual([notification?.state, notification?.attempts, notification?.message], ['failed', 20, null]);
    const { items } = await app.administration.events(app.operator, { limit: 100, subject: order.id });
    assert.equal(items.filter(({ kind }) => kind === 'notification.tried').length, 20);
    assert.deepEqual(items.find(({ kind }) => kind === 'notification.failed')?.data.answer, 'HTTP status 404');
    const failed = await app.administration.failedJobs(app.operator);
    assert.deepEqual(
      failed.map(({ kind, lastError }) => [kind, lastError]),
      [['notify', 'the webhook https://hook.example/told answered: HTTP status 404']],
    );
  });
});
