/** How much mail a stranger's mailbox gets: one for each order, so many in a time, and none once its reader says so. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { NameChoice } from '../../../src/domain/challenge.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { defaultMailLimits, type MailLimits } from '../../../src/domain/outgoing-mail.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  byMailTo,
  type Customer,
  createCustomer,
  issue,
  names,
  place,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createMailFake, type MailFake, tokenIn } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let mail: MailFake;
let customer: Customer;
afterEach(() => app.close());

const reader = { address: '198.51.100.7', requestId: 'request-of-reader' };
const mailbox = 'admin@example.com';

async function start(limits: Partial<MailLimits> = {}, options: TestAppOptions = {}): Promise<void> {
  mail = createMailFake();
  app = await startTestApp({ mail, mailLimits: { ...defaultMailLimits, ...limits }, ...options });
  customer = await createCustomer(app, { balanceMinor: 100_000_00 });
}

/** Day after day, the server being off at night: that passes faster than minute after minute. */
async function pass(days: number): Promise<void> {
  for (let i = 0; i < days; i++) {
    app = await app.restart({ afterSeconds: 86_400 });
    await app.idle();
  }
}

const hosts = (count: number) => Array.from({ length: count }, (_, index) => `host${index}.example.com`);

async function ordered(texts: readonly string[], change: Partial<PlaceOrder> = {}, by = customer): Promise<OrderView> {
  const view = await place(app, by.caller, texts, { productCode: 'paid', ...change });
  await app.idle();
  return view;
}

const choicesOf = (texts: readonly string[], address = mailbox): readonly NameChoice[] =>
  names(...texts).map((name) => ({ name, choice: { method: 'email', address } }));

async function choose(view: OrderView, texts: readonly string[], address = mailbox): Promise<void> {
  await app.ports.proving.chooseMethods(customer.caller, view.order, choicesOf(texts, address));
  await app.idle();
}

const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const stopTokenIn = (text: string) => /\/mail\/stop\/([0-9a-z]+)/.exec(text)?.[1] ?? assert.fail('no link');
const retryAfter = async (work: Promise<unknown>): Promise<number> => {
  const thrown = await work.then(
    () => assert.fail('it was not refused'),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof CertError && thrown.reason.key === 'mailboxFull', String(thrown));
  assert.match(thrown.message, /^too many mails were sent to admin@example\.com/);
  return thrown.reason.params.retryAfterSeconds;
};

describe('an order', () => {
  it('of 100 names sends one mail to each mailbox, however its names are chosen', async () => {
    await start();
    const texts = hosts(100);
    // While ordering.
    await ordered(texts, byMail(texts));
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      [mailbox],
    );
    // All at once, and name by name while the first mail is young.
    const later = await ordered(texts);
    await choose(later, texts.slice(0, 50));
    for (const text of texts.slice(50, 60)) await choose(later, [text]);
    assert.equal(mail.sent.length, 2);
    assert.match(mail.sent[0]?.text ?? '', /host0\.example\.com, .* … \(\+80\)/);
    assert.equal(
      mail.sent[0]?.subject,
      'Confirm the certificate for host0.example.com and 99 more names / 确认 host0.example.com 等 100 个域名 的证书申请',
    );
  });

  it('is proved by one decision for all names that were shown', async () => {
    await start();
    const texts = hosts(3);
    const view = await ordered([...texts, 'other.example'], byMail(texts));
    const shown = await app.ports.confirmations.show(mail.token());
    assert.deepEqual([shown?.confirms, shown?.names], [texts, [...texts, 'other.example']]);
    const decided = await app.ports.confirmations.decide(mail.token(), 'confirm', reader, shown?.digest);
    assert.deepEqual([decided?.state, decided?.confirms], ['confirmed', texts]);
    await app.idle();
    assert.deepEqual(
      (await see(view)).authorizations.map(({ state }) => state),
      ['valid', 'valid', 'valid', 'pending'],
    );
  });

  it('is not confirmed for a name that its reader has not seen', async () => {
    await start();
    const texts = hosts(2);
    const view = await ordered(texts);
    await choose(view, texts.slice(0, 1));
    const token = mail.token();
    const before = await app.ports.confirmations.show(token);
    await app.advance(1);
    await choose(view, texts.slice(1));
    assert.equal(mail.sent.length, 1, 'the second name joined the mail that was under way');
    const refusedDecision = await app.ports.confirmations.decide(token, 'confirm', reader, before?.digest);
    assert.deepEqual([refusedDecision?.state, refusedDecision?.confirms], ['open', texts]);
    assert.ok((await see(view)).authorizations.every(({ state }) => state === 'pending'));
    // Whoever was shown nothing confirms what stood in the mail.
    const blind = await app.ports.confirmations.decide(token, 'confirm', reader);
    assert.equal(blind?.state, 'open');
    assert.deepEqual(
      (await see(view)).authorizations.map(({ state }) => state),
      ['valid', 'pending'],
    );
    const rest = await app.ports.confirmations.show(token);
    assert.deepEqual(rest?.confirms, texts.slice(1));
    await app.ports.confirmations.decide(token, 'confirm', reader, rest?.digest);
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('that has its mails sent again gets one for all, and the old link is over', async () => {
    await start();
    const texts = hosts(4);
    const view = await ordered(texts, byMail(texts));
    const first = mail.token();
    await assert.rejects(choose(view, texts.slice(1, 2)), refused('mailTooSoon'));
    await app.advance(300);
    await choose(view, texts.slice(1, 2));
    assert.equal(mail.sent.length, 2);
    assert.deepEqual((await app.ports.confirmations.show(mail.token()))?.confirms, texts);
    assert.equal((await app.ports.confirmations.show(first))?.state, 'over');
  });

  it('cannot get round the wait by choosing another mailbox in between', async () => {
    await start();
    const [name = '', other = ''] = hosts(2);
    const view = await ordered([name, other]);
    await choose(view, [name]);
    await choose(view, [name], 'webmaster@example.com');
    await assert.rejects(choose(view, [name]), refused('mailTooSoon'));
    await assert.rejects(choose(view, [other]), refused('mailTooSoon'));
    assert.equal(mail.sent.length, 2);
  });

  it('is rejected as a whole', async () => {
    await start();
    const texts = hosts(3);
    const view = await ordered(texts, byMail(texts));
    assert.equal((await app.ports.confirmations.decide(mail.token(), 'reject', reader))?.state, 'rejected');
    const { order, authorizations } = await see(view);
    assert.deepEqual(
      [order.state, ...authorizations.map(({ state }) => state)],
      ['failed', ...texts.map(() => 'invalid')],
    );
  });

  it('chooses all or nothing', async () => {
    await start();
    const texts = hosts(2);
    const view = await ordered(texts);
    const before = await app.tables();
    const [good] = choicesOf(texts.slice(0, 1));
    const [bad] = choicesOf(texts.slice(1), 'ceo@example.com');
    assert.ok(good && bad);
    const choices = [good, bad];
    await assert.rejects(
      app.ports.proving.chooseMethods(customer.caller, view.order, choices),
      refused('mailAddressNotAllowed'),
    );
    assert.deepEqual(await app.tables(), before);
  });
});

/** These names by mail, the others otherwise. */
function byMail(texts: readonly string[]): Partial<PlaceOrder> {
  return { choices: byMailTo(mailbox, texts) };
}

describe('a mailbox', () => {
  it('gets so many mails in an hour over all accounts, and the refusal says when to try again', async () => {
    await start({ perMailboxPerHour: 3 });
    const others = [customer, await createCustomer(app), await createCustomer(app)];
    for (const one of others)
      await ordered(['www.example.com'], { ...byMail(['www.example.com']), productCode: '100' }, one);
    await app.advance(600);
    const before = await app.tables();
    const again = ordered(['www.example.com'], { ...byMail(['www.example.com']), productCode: '100' });
    assert.equal(await retryAfter(again), 3000);
    assert.deepEqual(await app.tables(), before, 'nothing was ordered');
    assert.equal(mail.sent.length, 3);
    await app.advance(2999);
    assert.equal(
      await retryAfter(ordered(['www.example.com'], { ...byMail(['www.example.com']), productCode: '100' })),
      1,
    );
    await app.advance(1);
    await ordered(['www.example.com'], { ...byMail(['www.example.com']), productCode: '100' });
    assert.equal(mail.sent.length, 4);
  });

  it('is spared by the next server as well', async () => {
    await start({ perMailboxPerDay: 1 });
    await ordered(['www.example.com'], byMail(['www.example.com']));
    app = await app.restart({ afterSeconds: 3600 });
    assert.equal(await retryAfter(ordered(['www.example.com'], byMail(['www.example.com']))), 86_400 - 3600);
  });

  it('of a domain shares the limit of the domain', async () => {
    await start({ perDomainPerHour: 2 });
    const view = await ordered(['a.example.com', 'b.example.com', 'c.example.com']);
    await choose(view, ['a.example.com'], 'admin@a.example.com');
    await choose(view, ['b.example.com'], 'webmaster@b.example.com');
    await retryAfter(choose(view, ['c.example.com']));
    await ordered(['www.other.example'], {
      choices: byMailTo('admin@other.example', ['www.other.example']),
    });
    assert.equal(mail.sent.length, 3);
  });

  it('is not sent certificates beyond the limit', async () => {
    await start({ perMailboxPerHour: 1 });
    const view = await issue(app, customer.caller, ['www.example.com'], { productCode: 'paid' });
    await app.ports.certificates.send(customer.caller, view.order, [mailbox]);
    await retryAfter(app.ports.certificates.send(customer.caller, view.order, ['other@elsewhere.example', mailbox]));
    await app.idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      [mailbox],
    );
  });

  it('counts a mail once, however often it is tried', async () => {
    await start({ perMailboxPerHour: 2 });
    mail.failWith({ isFinal: false, detail: 'away' });
    await ordered(['www.example.com'], byMail(['www.example.com']));
    await app.advance(60);
    assert.ok(mail.tries > 1);
    mail.failWith(undefined);
    await ordered(['www.example.com'], byMail(['www.example.com']));
    await retryAfter(ordered(['www.example.com'], byMail(['www.example.com'])));
  });

  it('gets reminders that were over the limit when there is room again', async () => {
    await start({ perMailboxPerHour: 1 }, { upkeep: true });
    await app.advance(1);
    const { account, caller } = await createCustomer(app, { contactEmail: mailbox, balanceMinor: 1000_00 });
    for (const name of ['one.example', 'two.example']) await issue(app, caller, [name], { productCode: 'month' });
    assert.equal(account.contactEmail, mailbox);
    await pass(23);
    assert.equal(mail.sent.length, 1);
    const [first] = mail.sent;
    assert.match(first?.text ?? '', /ends in 7 days/);
    app = await app.restart({ afterSeconds: 3600 });
    await app.idle();
    assert.equal(mail.sent.length, 2);
    assert.notEqual(mail.sent[1]?.text.includes('one.example'), first?.text.includes('one.example'));
  });
});

describe('the link that stops the mail', () => {
  it('stands in every mail, changes nothing when it is opened, and stops all mail when it is used', async () => {
    await start();
    const issued = await issue(app, customer.caller, ['www.example.com'], { productCode: 'paid' });
    await app.ports.certificates.send(customer.caller, issued.order, [mailbox]);
    const waiting = await ordered(['new.example.com'], byMail(['new.example.com']));
    const tokens = mail.sent.map(({ text, stopUrl }) => {
      assert.ok(text.includes(stopUrl));
      return stopTokenIn(text);
    });
    assert.deepEqual([tokens.length, new Set(tokens).size], [2, 1], 'one for each mailbox');
    const [token = ''] = tokens;
    const before = await app.tables();
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await app.ports.mailStops.show(token), { address: mailbox, stoppedAt: null });
    }
    assert.deepEqual(await app.tables(), before);
    assert.ok(!JSON.stringify(before).includes(token), 'it is stored nowhere');

    const stoppedAt = app.clock.now();
    assert.deepEqual(await app.ports.mailStops.stop(token, reader), { address: mailbox, stoppedAt });
    await app.advance(600);
    assert.deepEqual(await app.ports.mailStops.stop(token, reader), { address: mailbox, stoppedAt });
    // What was sent before can still be decided.
    assert.equal((await app.ports.confirmations.show(tokenIn(mail.sent[1]?.text ?? '')))?.state, 'open');
    await assert.rejects(choose(waiting, ['new.example.com']), refused('mailboxStopped'));
    await assert.rejects(ordered(['x.example.com'], byMail(['x.example.com'])), refused('mailboxStopped'));
    await assert.rejects(
      app.ports.certificates.send(customer.caller, issued.order, ['Admin@Example.com']),
      refused('mailboxStopped'),
    );
    await choose(waiting, ['new.example.com'], 'webmaster@example.com');
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      [mailbox, mailbox, 'webmaster@example.com'],
    );
  });

  it('stops a mail that is on its way, and its customer is told', async () => {
    await start();
    await ordered(['www.example.com'], byMail(['www.example.com']));
    const token = stopTokenIn(mail.sent[0]?.text ?? '');
    mail.failWith({ isFinal: false, detail: 'away' });
    const view = await ordered(['late.example.com'], byMail(['late.example.com']));
    await app.ports.mailStops.stop(token, reader);
    mail.failWith(undefined);
    await app.advance(60);
    assert.equal(mail.sent.length, 1);
    const check = (await see(view)).authorizations[0]?.checks.find(({ method }) => method === 'email');
    assert.equal(check?.problem?.key, 'mailNotWanted');
    assert.equal((await app.database.read.jobs.listFailed({ limit: 9 })).length, 0);
  });

  it('stops reminders', async () => {
    await start({}, { upkeep: true });
    await app.advance(1);
    const { caller } = await createCustomer(app, { contactEmail: mailbox, balanceMinor: 1000_00 });
    const { order } = await issue(app, caller, ['www.example.com'], { productCode: 'month' });
    await app.ports.certificates.send(caller, order, [mailbox]);
    await app.idle();
    await app.ports.mailStops.stop(stopTokenIn(mail.sent[0]?.text ?? ''), reader);
    await pass(27);
    assert.equal(mail.sent.length, 1);
    const { items } = await app.ports.events.list(app.operator, { limit: 99, subject: order.id });
    assert.ok(items.some(({ kind, data }) => kind === 'notice.undelivered' && data.address === mailbox));
  });

  it('is seen and lifted by operators', async () => {
    await start();
    await ordered(['www.example.com'], byMail(['www.example.com']));
    await app.ports.mailStops.stop(stopTokenIn(mail.sent[0]?.text ?? ''), reader);
    const [stopped] = (await app.ports.mailboxes.listStopped(app.operator, { limit: 10 })).items;
    const { tokenHash: _, ...seen } = stopped ?? assert.fail();
    const at = app.clock.now();
    assert.deepEqual(seen, { address: mailbox, createdAt: at, stopped: { at, by: 'reader', from: reader.address } });
    await app.ports.mailboxes.lift(app.operator, ' Admin@example.com');
    assert.deepEqual((await app.ports.mailboxes.listStopped(app.operator, { limit: 10 })).items, []);
    await ordered(['more.example.com'], byMail(['more.example.com']));
    assert.equal(mail.sent.length, 2);
    await app.ports.mailboxes.stop(app.operator, 'Webmaster@Example.com');
    const view = await ordered(['last.example.com']);
    await assert.rejects(choose(view, ['last.example.com'], 'webmaster@example.com'), refused('mailboxStopped'));
    const { items } = await app.ports.events.list(app.operator, { limit: 99 });
    const kinds = items.map(({ kind, subject }) => `${kind} ${subject}`).filter((text) => text.startsWith('mail.'));
    assert.deepEqual(kinds.toReversed(), [
      `mail.stopped ${mailbox}`,
      `mail.allowed ${mailbox}`,
      'mail.stopped webmaster@example.com',
    ]);
    for (const wrong of ['a@b@c.example', 'x\r\nBcc: y@z.example', '']) {
      await assert.rejects(app.ports.mailboxes.stop(app.operator, wrong), refused('fieldInvalid'));
    }
    await assert.rejects(app.ports.mailboxes.lift(app.operator, 'never@example.com'), refused('notFound'));
  });

  it('that nobody was sent leads nowhere', async () => {
    await start();
    await ordered(['www.example.com'], byMail(['www.example.com']));
    const token = stopTokenIn(mail.sent[0]?.text ?? '');
    const other = token.startsWith('0') ? `1${token.slice(1)}` : `0${token.slice(1)}`;
    for (const wrong of [other, token.slice(1), `${token}0`, token.toUpperCase(), '', '%', `${token}/`]) {
      assert.equal(await app.ports.mailStops.show(wrong), undefined);
      assert.equal(await app.ports.mailStops.stop(wrong, reader), undefined);
    }
    assert.deepEqual((await app.ports.mailboxes.listStopped(app.operator, { limit: 10 })).items, []);
  });
});
