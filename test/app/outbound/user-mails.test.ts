/** Mails to the people of an account: a request waits for them, the balance is low. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Account, nobody } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { Role } from '../../../src/domain/role.ts';
import { createCaller, createCustomer, origin, place, startTestApp, type TestApp } from '../../support/app.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';

let app: TestApp;
let mail: MailFake;
let account: Account;
let caller: Caller;
afterEach(() => app.close());

async function start(options: Parameters<typeof createCustomer>[1] = {}): Promise<void> {
  mail = createMailFake();
  app = await startTestApp({ mail });
  ({ account, caller } = await createCustomer(app, { balanceMinor: 1_000_00, ...options }));
}

/** Somebody who signed in. */
async function person(name: string, roles: readonly Role[]): Promise<{ readonly caller: Caller }> {
  const password = 'correct horse battery staple';
  await app.ports.users.create(app.operator, {
    ...{ accountId: account.id, username: name, password, roles },
    person: { ...nobody, email: `${name}@customer.example` },
  });
  const { secret } = await app.ports.signIn.createSession({ dialect: 'native', username: name, password }, origin);
  return app.ports.signIn.authenticateSession({ dialect: 'native', secret }, origin);
}

const readers = () => mail.sent.map(({ to }) => to).toSorted();
const eventsOf = async (kind: string) =>
  (await app.ports.events.list(app.operator, { limit: 100 })).items.filter((event) => event.kind === kind);

describe('a request that waits for approval', () => {
  it('is written of to each approver, once, with a link to its page', async () => {
    await start({ approval: 'manual' });
    await person('ann', ['approver']);
    await person('bob', ['administrator']);
    await person('cem', ['requester']);
    const { approval, order } = await place(app, caller, ['a.example']);
    await app.idle();
    assert.deepEqual(readers(), ['ann@customer.example', 'bob@customer.example']);
    const [first] = mail.sent;
    assert.match(first?.subject ?? '', /^Your approval is needed: a new order for a\.example \/ 待您审批/);
    assert.ok(first?.text.includes(`/console/approvals/${approval?.number}\n`));
    await app.advance(86_400);
    assert.equal(mail.sent.length, 2);
    const sent = await eventsOf('notice.sent');
    assert.deepEqual(
      sent.map(({ subject, data }) => [subject, data.event, data.address]).toSorted(),
      readers().map((address) => [order.id, 'approvalWaiting', address]),
    );
  });

  it('is not written of where nobody need approve it', async () => {
    await start();
    await person('ann', ['approver']);
    await place(app, caller, ['a.example']);
    await app.idle();
    assert.deepEqual(readers(), []);
  });

  it('is written of in the language of the reader first', async () => {
    await start({ approval: 'manual' });
    const ann = await person('ann', ['approver']);
    await app.ports.preferences.change(ann.caller, { language: 'zh' });
    await place(app, caller, ['a.example']);
    await app.idle();
    assert.match(mail.sent[0]?.subject ?? '', /^待您审批：a\.example 的新订单申请 \/ Your approval/);
  });

  it('is not written of to those who want no such mails, and may not approve it', async () => {
    await start({ approval: 'twoStep', separatesDuties: true });
    const ann = await person('ann', ['approver']);
    const bob = await person('bob', ['approver']);
    await person('cem', ['approver']);
    await app.ports.preferences.change(ann.caller, { mutedMails: ['approvals'] });
    await place(app, bob.caller, ['a.example'], { productCode: 'encryption365:100' });
    await app.idle();
    assert.deepEqual(readers(), ['cem@customer.example']);
  });

  it('is not written of once it is decided', async () => {
    await start({ approval: 'manual' });
    const ann = await person('ann', ['approver']);
    mail.failWith({ isFinal: false, detail: '451 later' });
    const { order } = await place(app, caller, ['a.example']);
    await app.idle();
    assert.equal(mail.tries, 1);
    await app.ports.approvals.decide(ann.caller, { order }, { approve: true, note: '' });
    mail.failWith(undefined);
    await app.advance(86_400);
    assert.deepEqual(readers(), []);
  });
});

describe('a balance below the threshold of its account', () => {
  const lowSince = async () => (await app.ports.accounts.get(app.operator, account.id)).lowSince;
  const low = async () =>
    (await app.ports.accounts.find(app.operator, { limit: 10, isLow: true })).items.map(({ id }) => id);

  it('marks the account until it is credited, and is written of once for each crossing', async () => {
    await start({ contactEmail: 'pki@customer.example' });
    await app.ports.accounts.change(app.operator, account.id, { lowBalanceMinor: 950_00 });
    await person('ann', ['administrator']);
    await person('bob', ['requester']);
    assert.deepEqual(await low(), []);
    await place(app, caller, ['a.example'], { productCode: 'paid' });
    await app.idle();
    assert.deepEqual([await lowSince(), await low()], [app.clock.now(), [account.id]]);
    assert.deepEqual(readers(), ['ann@customer.example', 'pki@customer.example']);
    assert.match(mail.sent[0]?.text ?? '', /is 900\.00 CNY, which is less than 950\.00 CNY/);
    await place(app, caller, ['b.example'], { productCode: 'paid' });
    await app.idle();
    assert.equal(mail.sent.length, 2, 'it is low already');
    await app.ports.accounts.credit(app.operator, account.id, { amountMinor: 500_00, note: '' });
    assert.deepEqual([await lowSince(), await low()], [null, []]);
    await app.ports.accounts.credit(app.operator, account.id, { amountMinor: -600_00, note: '' });
    await app.idle();
    assert.equal(mail.sent.length, 4, 'it was crossed again');
    assert.deepEqual((await eventsOf('account.balanceLow')).length, 2);
    assert.deepEqual(
      (await eventsOf('account.balanceRestored')).map(({ data }) => data),
      [{ balanceMinor: 1_300_00, currency: 'CNY', lowBalanceMinor: 950_00 }],
    );
  });

  it('is told to the webhooks of the account once for each crossing', async () => {
    await start();
    const administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
    await app.ports.webhooks.add(administrator, { url: 'https://hook.example/', events: ['balanceLow'], secret: null });
    await app.ports.accounts.change(app.operator, account.id, { lowBalanceMinor: 950_00 });
    for (const name of ['a.example', 'b.example']) {
      await place(app, caller, [name], { productCode: 'paid' });
      await app.idle();
    }
    const [told, ...more] = app.hooks.requests.map(({ post }) => JSON.parse(post?.body ?? ''));
    assert.deepEqual(more, []);
    assert.deepEqual([told.event, told.order, told.refund], ['balanceLow', null, null]);
    assert.deepEqual(told.account, {
      ...{ id: account.id, number: account.number, name: account.name },
      balance: { minor: 900_00, currency: 'CNY', amount: '900.00 CNY' },
      lowBalance: { minor: 950_00, currency: 'CNY', amount: '950.00 CNY' },
    });
    const delivered = await app.ports.webhooks.deliveries(administrator, { limit: 10, event: 'balanceLow' });
    const again = await app.ports.webhooks.replay(administrator, delivered.items[0]?.id ?? '');
    await app.idle();
    assert.equal((await app.database.read.deliveries.get(again.id))?.state, 'delivered');
    assert.equal(JSON.parse(app.hooks.requests[1]?.post?.body ?? '').account.balance.minor, 800_00);
  });

  it('is one as soon as the threshold is set, and none once it is taken away', async () => {
    await start();
    await app.ports.accounts.change(app.operator, account.id, { lowBalanceMinor: 1_000_01 });
    assert.deepEqual(await low(), [account.id]);
    await app.ports.accounts.change(app.operator, account.id, { lowBalanceMinor: 1_000_00 });
    assert.deepEqual(await low(), [], 'not less than it');
    await app.ports.accounts.change(app.operator, account.id, { lowBalanceMinor: 2_000_00 });
    await app.ports.accounts.change(app.operator, account.id, { lowBalanceMinor: null });
    assert.deepEqual(await low(), []);
  });

  it('is over when an order gives its price back', async () => {
    await start({ lowBalanceMinor: 950_00 });
    const { order } = await place(app, caller, ['a.example'], { productCode: 'paid' });
    assert.notEqual(await lowSince(), null);
    await app.ports.orders.cancel(caller, order);
    assert.equal(await lowSince(), null);
  });
});
