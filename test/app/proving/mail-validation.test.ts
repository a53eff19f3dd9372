/** Validation by e-mail: what is sent when, what the link shows and decides, and what it does not. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Identifier } from '../../../src/domain/identifier.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCustomer,
  names,
  origin,
  place,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createMailFake, type MailFake, tokenIn } from '../../support/mail-fake.ts';
import { postgresUrl } from '../../support/postgres.ts';
import { refused } from '../../support/refused.ts';

const daySeconds = 86_400;

let app: TestApp;
let mail: MailFake;
let customer: Customer;
afterEach(() => app.close());

async function start({
  balanceMinor = 1_000_00,
  ...options
}: TestAppOptions & { readonly balanceMinor?: number } = {}): Promise<void> {
  mail = createMailFake();
  app = await startTestApp({ mail, ...options });
  customer = await createCustomer(app, { balanceMinor });
}

const identifier = (text: string): Identifier => names(text)[0] ?? assert.fail();
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const reader = { address: '198.51.100.7', requestId: 'request-of-reader' };

async function choose(view: OrderView, name: string, address: string): Promise<OrderView> {
  const choice = { method: 'email', address } as const;
  const chosen = await app.ports.proving.chooseMethods(customer.caller, view.order, [
    { name: identifier(name), choice },
  ]);
  await app.idle();
  return chosen;
}

async function ordered(texts: readonly string[] = ['www.example.com'], productCode = 'paid'): Promise<OrderView> {
  const view = await place(app, customer.caller, texts, { productCode });
  await app.idle();
  return view;
}

async function eventKinds(view: OrderView): Promise<readonly string[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 50, subject: view.order.id });
  return items.map(({ kind }) => kind).toReversed();
}

describe('a mail', () => {
  it('is sent once for a choice, with the facts of the order and a link', async () => {
    await start();
    const view = await ordered();
    const chosen = await choose(view, 'www.example.com', 'Admin@Example.com');
    assert.equal(chosen.authorizations[0]?.preferredMethod, 'email');
    await app.advance(20);
    app = await app.restart();
    await app.advance(20);
    assert.equal(mail.sent.length, 1);
    const [sent] = mail.sent;
    assert.equal(sent?.to, 'admin@example.com');
    assert.equal(sent?.subject, 'Confirm the certificate for www.example.com / 确认 www.example.com 的证书申请');
    for (const fact of ['www.example.com', customer.account.name, 'product paid', String(view.order.number)]) {
      assert.ok(sent?.text.includes(fact), fact);
    }
    assert.match(sent?.text ?? '', /2026-06-01 00:00 UTC from 192\.0\.2\.10/);
    assert.match(sent?.text ?? '', /by 2026-07-01/);
    assert.match(sent?.text ?? '', /https:\/\/certs\.example\/confirm\/[0-9a-z]{52}\n/);
    const email = (await see(view)).authorizations[0]?.checks.find(({ method }) => method === 'email');
    assert.deepEqual(
      [email?.asked, email?.answeredBy, email?.answer, email?.problem?.key],
      ['mail to admin@example.com', [], '250', 'mailUnanswered'],
    );
    assert.deepEqual(await eventKinds(view), ['order.placed', 'validation.mailRequested', 'validation.mailSent']);
  });

  it('holds a secret that is stored nowhere', async () => {
    await start();
    await choose(await ordered(), 'www.example.com', 'admin@example.com');
    const stored = JSON.stringify(await app.tables());
    assert.ok(!stored.includes(mail.token()));
    assert.ok(!JSON.stringify(app.log.lines).includes(mail.token()));
  });

  it('is sent again on request, but not sooner than after five minutes, and then only its link works', async () => {
    await start();
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    const first = mail.token();
    await app.advance(299);
    await assert.rejects(choose(view, 'www.example.com', 'admin@example.com'), refused('mailTooSoon'));
    await app.advance(1);
    await choose(view, 'www.example.com', 'admin@example.com');
    assert.equal(mail.sent.length, 2);
    assert.equal((await app.ports.confirmations.decide(first, 'confirm', reader))?.state, 'over');
    assert.equal((await see(view)).issuance.state, 'awaitingValidation');
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'confirm', reader))?.state, 'confirmed');
  });

  it('to another address is sent at once', async () => {
    await start();
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    await choose(view, 'www.example.com', 'webmaster@www.example.com');
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['admin@example.com', 'webmaster@www.example.com'],
    );
  });

  it('is tried again while the mail server is away, with a fresh secret', async () => {
    await start();
    mail.failWith({ isFinal: false, detail: 'connect ECONNREFUSED' });
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    const email = (await see(view)).authorizations[0]?.checks.find(({ method }) => method === 'email');
    // What the operator's mail server said, or that it is away, is the operator's to know.
    assert.deepEqual(email?.problem, { key: 'mailNotSent', params: { address: 'admin@example.com' } });
    mail.failWith(undefined);
    await app.advance(10);
    assert.equal(mail.sent.length, 1);
    assert.equal((await app.ports.confirmations.show(mail.token()))?.state, 'open');
  });

  it('that is refused for good is tried no more, and may be asked for again at once', async () => {
    await start();
    mail.failWith({ isFinal: true, detail: '550 no such user' });
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    await app.advance(30);
    assert.equal(mail.tries, 1);
    const email = (await see(view)).authorizations[0]?.checks.find(({ method }) => method === 'email');
    assert.equal(email?.problem?.key, 'mailRefused');
    assert.deepEqual((await eventKinds(view)).at(-1), 'validation.mailUndelivered');
    mail.failWith(undefined);
    await choose(view, 'www.example.com', 'admin@example.com');
    assert.equal(mail.sent.length, 1);
  });

  it('that was tried too often is given up, and its customer told', async () => {
    await start();
    mail.failWith({ isFinal: false, detail: 'greylisted' });
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    const [job] = (await app.tables()).jobs?.filter(({ kind }) => kind === 'sendMail') ?? [];
    const found = await app.database.read.jobs.get('sendMail', String(job?.subject));
    await app.database.write((tx) => app.onJobGivenUp(tx, found ?? assert.fail(), 500));
    const email = (await see(view)).authorizations[0]?.checks.find(({ method }) => method === 'email');
    assert.equal(email?.problem?.key, 'mailGivenUp');
    assert.equal((await see(view)).issuance.state, 'awaitingValidation');
  });

  it('is not sent when the name was proved or the order ended before', async () => {
    await start();
    mail.failWith({ isFinal: false, detail: 'away' });
    const [proved, ended] = [await ordered(['proved.example']), await ordered(['ended.example'])];
    await choose(proved, 'proved.example', 'admin@proved.example');
    await choose(ended, 'ended.example', 'admin@ended.example');
    app.checks.place('proved.example');
    await app.ports.proving.recheck(customer.caller, proved.order);
    await app.idle();
    await app.ports.orders.cancel(customer.caller, ended.order);
    mail.failWith(undefined);
    await app.advance(30);
    assert.equal(mail.sent.length, 0);
  });
});

describe('choosing e-mail is refused', () => {
  it('where no mail server is configured, and then it is not offered', async () => {
    app = await startTestApp();
    customer = await createCustomer(app);
    const view = await ordered(['www.example.com'], '100');
    assert.ok(view.authorizations[0]?.challenges.every(({ method }) => method !== 'email'));
    await assert.rejects(choose(view, 'www.example.com', 'admin@example.com'), refused('mailNotConfigured'));
  });

  for (const address of ['ceo@example.com', 'admin@com', 'admin@other.example', 'admin@example.com, x@y.z', '']) {
    it(`for the address "${address}"`, async () => {
      await start();
      const view = await ordered();
      await assert.rejects(choose(view, 'www.example.com', address), refused('mailAddressNotAllowed'));
      assert.equal(mail.tries, 0);
    });
  }

  it('without an address, for an IP address and for a name that is proved', async () => {
    await start();
    app.checks.place('proved.example');
    const view = await ordered(['proved.example', 'www.example.com', '203.0.113.9']);
    const { caller } = customer;
    await assert.rejects(
      app.ports.proving.chooseMethods(caller, view.order, [{ name: identifier('www.example.com'), choice: 'email' }]),
      refused('mailAddressMissing'),
    );
    await assert.rejects(choose(view, '203.0.113.9', 'admin@203.0.113.9'), refused('methodNotAllowed'));
    await assert.rejects(choose(view, 'proved.example', 'admin@proved.example'), refused('wrongState'));
  });
});

describe('the link', () => {
  it('shows the facts and changes nothing, however often it is opened', async () => {
    await start();
    const view = await ordered(['*.example.com', 'example.com']);
    await choose(view, '*.example.com', 'admin@example.com');
    const before = await app.tables();
    for (let i = 0; i < 3; i++) {
      const { digest, ...shown } = (await app.ports.confirmations.show(mail.token())) ?? assert.fail();
      assert.match(digest, /^[0-9a-f]{32}$/);
      assert.deepEqual(shown, {
        state: 'open',
        address: 'admin@example.com',
        confirms: ['*.example.com'],
        names: ['*.example.com', 'example.com'],
        accountName: customer.account.name,
        productName: 'product paid',
        orderNumber: view.order.number,
        requestedAt: new Date('2026-06-01T00:00:00Z'),
        requestedFrom: '192.0.2.10',
        expiresAt: new Date('2026-07-01T00:00:00Z'),
      });
    }
    assert.deepEqual(await app.tables(), before);
  });

  it('confirms: the name is proved, with its evidence, and the certificate issued at once', async () => {
    await start();
    const view = await ordered(['*.example.com']);
    await choose(view, '*.example.com', 'admin@example.com');
    await app.advance(60);
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'confirm', reader))?.state, 'confirmed');
    await app.idle();
    const { issuance, authorizations } = await see(view);
    assert.equal(issuance.state, 'issued');
    const [authorization] = authorizations;
    assert.ok(authorization);
    assert.deepEqual(
      [authorization.state, authorization.provedBy, authorization.provedAt],
      ['valid', 'email', app.clock.now()],
    );
    const email = authorization.checks.find(({ method }) => method === 'email');
    assert.deepEqual(
      [email?.proved, email?.asked, email?.answeredBy, email?.answer],
      [true, 'mail to admin@example.com', [], 'confirmed'],
    );
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: authorization.id });
    assert.deepEqual([items[0]?.kind, items[0]?.requestId], ['authorization.proved', 'request-of-reader']);
    assert.deepEqual(items[0]?.data, {
      name: '*.example.com',
      method: 'email',
      binding: 'server',
      asked: 'mail to admin@example.com',
      answeredBy: ['198.51.100.7'],
      answer: 'confirmed',
      isOwn: false,
    });
  });

  it('confirms one name and no other, and later orders may use the proof', async () => {
    await start();
    const view = await ordered(['one.example', 'two.example']);
    await choose(view, 'one.example', 'admin@one.example');
    await app.ports.confirmations.decide(mail.token(), 'confirm', reader);
    await app.idle();
    const states = (await see(view)).authorizations.map(({ state }) => state);
    assert.deepEqual(states, ['valid', 'pending']);
    const later = await ordered(['one.example']);
    assert.equal((await see(later)).issuance.state, 'issued');
  });

  it('decides once', async () => {
    // The first in the queue of transactions must be first in both runs.
    await start({ repeatsWork: 'once' });
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    const token = mail.token();
    const confirming = app.ports.confirmations.decide(token, 'confirm', reader);
    // Transactions side by side know no first one: there it has decided before the others begin.
    if (postgresUrl !== undefined) await confirming;
    const others = (['reject', 'confirm'] as const).map((one) => app.ports.confirmations.decide(token, one, reader));
    const answers = await Promise.all([confirming, ...others]);
    await app.idle();
    assert.deepEqual(
      answers.map((answer) => answer?.state),
      ['confirmed', 'confirmed', 'confirmed'],
    );
    assert.equal((await see(view)).issuance.state, 'issued');
    assert.equal((await app.ports.confirmations.decide(token, 'reject', origin))?.state, 'confirmed');
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('rejects: the order fails, says why and is refunded', async () => {
    await start();
    const view = await ordered();
    await choose(view, 'www.example.com', 'admin@example.com');
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'reject', reader))?.state, 'rejected');
    app.checks.place('www.example.com');
    await app.advance(3600);
    const { order, issuance, authorizations } = await see(view);
    assert.deepEqual([order.state, issuance.state, authorizations[0]?.state], ['failed', 'failed', 'invalid']);
    assert.equal(issuance.failure?.key, 'mailRejected');
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 1_000_00);
    assert.ok((await eventKinds(view)).includes('validation.mailRejected'));
  });

  it('is good for 30 days', async () => {
    await start();
    const view = await ordered(['late.example']);
    await choose(view, 'late.example', 'admin@late.example');
    // Nobody works meanwhile, so that the order itself does not run out first.
    app = await app.restart({ afterSeconds: 30 * daySeconds - 1, works: false });
    assert.equal((await app.ports.confirmations.show(mail.token()))?.state, 'open');
    await app.clock.advance(1000);
    assert.equal((await app.ports.confirmations.show(mail.token()))?.state, 'expired');
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'confirm', reader))?.state, 'expired');
    assert.equal((await see(view)).authorizations[0]?.state, 'pending');
  });

  it('that nobody was sent leads nowhere', async () => {
    await start();
    await choose(await ordered(), 'www.example.com', 'admin@example.com');
    const token = mail.token();
    const other = token.startsWith('0') ? `1${token.slice(1)}` : `0${token.slice(1)}`;
    for (const wrong of [other, token.slice(1), `${token}0`, token.toUpperCase(), '', '%', `${token}/`]) {
      assert.equal(await app.ports.confirmations.show(wrong), undefined);
      assert.equal(await app.ports.confirmations.decide(wrong, 'confirm', reader), undefined);
    }
  });

  it('is over when the name was taken out of the order, proved otherwise, or the order cancelled', async () => {
    await start();
    const view = await ordered(['gone.example', 'stays.example']);
    await choose(view, 'gone.example', 'admin@gone.example');
    const [gone] = mail.sent.map(({ text }) => tokenIn(text));
    await choose(view, 'stays.example', 'admin@stays.example');
    await app.ports.orders.removeNames(customer.caller, view.order, names('gone.example'));
    assert.equal((await app.ports.confirmations.decide(gone ?? '', 'confirm', reader))?.state, 'over');
    assert.equal((await app.ports.confirmations.show(mail.token()))?.state, 'open');
    await app.ports.orders.cancel(customer.caller, view.order);
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'reject', reader))?.state, 'over');
  });
});
