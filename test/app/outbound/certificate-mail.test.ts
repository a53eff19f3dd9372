/** Certificates that are sent by mail: to whom, what is in it, how often, and that it survives a crash. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { decodePemBundle } from '../../../src/pki/pem.ts';
import { createCaller, createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

async function start(options: { readonly works?: boolean } = {}) {
  const mail = createMailFake();
  app = await startTestApp({ mail });
  const customer = await createCustomer(app);
  const view: OrderView = await issue(app, customer.caller, ['a.example.com']);
  if (options.works === false) app = await app.restart({ mail, works: false });
  const send = (...addresses: string[]) =>
    app.ports.certificates.send(customer.caller, { number: view.order.number }, addresses);
  return { mail, customer, view, send };
}

describe('a certificate by mail', () => {
  it('goes to each mailbox once, with all that is above it', async () => {
    const { mail, send, view } = await start();
    await send('Ops@Customer.example', 'ops@customer.example', 'li@customer.example');
    await app.idle();
    assert.deepEqual(mail.sent.map(({ to }) => to).toSorted(), ['li@customer.example', 'ops@customer.example']);
    assert.notEqual(mail.sent[0]?.id, mail.sent[1]?.id);
    const blocks = decodePemBundle(mail.sent[0]?.text ?? '', 'the mail').map(({ der }) => der);
    const expected = [view.certificate?.der ?? Buffer.alloc(0), ...view.chain].map((der) => Buffer.from(der));
    assert.equal(expected.length, 3);
    assert.deepEqual(blocks, expected);
    const { items } = await app.ports.events.list(app.operator, { limit: 10 });
    assert.equal(items.filter(({ kind }) => kind === 'notice.sent').length, 2);
    const asked = items.find(({ kind }) => kind === 'certificate.sendingAsked');
    assert.deepEqual(asked?.data.addresses, ['ops@customer.example', 'li@customer.example']);
  });

  it('is sent after a crash, and tried again while the mail server is away', async () => {
    const { mail, send } = await start({ works: false });
    await send('ops@customer.example');
    mail.failWith({ isFinal: false, detail: '451 later' });
    app = await app.restart({ mail });
    await app.idle();
    assert.deepEqual([mail.sent.length, mail.tries], [0, 1]);
    mail.failWith(undefined);
    await app.advance(3600);
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['ops@customer.example'],
    );
  });

  it('is sent in 20 mails a day at most', async () => {
    const { mail, send } = await start();
    const nineteen = Array.from({ length: 19 }, (_, i) => `m${i}@customer.example`);
    await send(...nineteen);
    await assert.rejects(send('a@customer.example', 'b@customer.example'), refused('certificateMailsUsedUp'));
    await send('a@customer.example');
    await assert.rejects(send('b@customer.example'), refused('certificateMailsUsedUp'));
    await app.idle();
    assert.equal(mail.sent.length, 20);
    app = await app.restart({ mail, afterSeconds: 86_401 });
    await send('b@customer.example');
    await app.idle();
    assert.equal(mail.sent.at(-1)?.to, 'b@customer.example');
  });

  for (const [address, key] of [
    ['nobody', 'fieldInvalid'],
    ['a@example.com, b@example.com', 'fieldInvalid'],
    ['A <a@example.com>', 'fieldInvalid'],
    ['a@example.com\r\nBcc: b@example.com', 'fieldInvalid'],
  ] as const) {
    it(`is not sent to ${JSON.stringify(address)}, nor to anybody else then`, async () => {
      const { mail, send } = await start();
      await assert.rejects(send('good@customer.example', address), refused(key));
      await app.idle();
      assert.deepEqual(mail.sent, []);
    });
  }

  it('is not sent to nobody, by strangers or viewers, nor without a mail server', async () => {
    const { view, customer, send } = await start();
    await assert.rejects(send(), refused('fieldMissing'));
    const { number } = view.order;
    const stranger = (await createCustomer(app)).caller;
    const to = ['a@example.com'];
    await assert.rejects(app.ports.certificates.send(stranger, { number }, to), refused('notFound'));
    const viewer = await createCaller(app, customer.account, { roles: ['viewer'] });
    await assert.rejects(app.ports.certificates.send(viewer, { number }, to), refused('roleMissing'));
    app = await app.restart({ mail: null });
    await assert.rejects(app.ports.certificates.send(customer.caller, { number }, to), refused('mailNotSendable'));
  });
});
