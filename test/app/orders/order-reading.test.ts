/** Orders found by one of their issuances, their notes, what may be changed of them, and which of them changed. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { issuanceSummaryOf } from '../../../src/domain/issuance.ts';
import { defaultReminderSettings } from '../../../src/domain/order.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  anyCsr,
  type Customer,
  createCaller,
  createCustomer,
  issue,
  names,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 10_000_00 });
});
afterEach(() => app.close());

/** An issued order, and a reissue of it for one more name that is not proved. */
async function reissued(): Promise<{ readonly first: OrderView; readonly second: OrderView }> {
  const first = await issue(app, customer.caller, ['one.example']);
  const second = await app.ports.issuances.reissue(
    customer.caller,
    first.order,
    await reissueFor(['one.example', 'two.example']),
  );
  await app.idle();
  return { first, second };
}

describe('an order by one of its issuances', () => {
  it('is seen with that issuance and its certificate', async () => {
    const { first, second } = await reissued();
    const references = [
      { issuanceNumber: first.issuance.number },
      { proofReference: first.issuance.proofReference },
    ] as const;
    for (const reference of references) {
      const view = await app.ports.orders.get(customer.caller, reference);
      assert.equal(view.order.id, first.order.id);
      assert.equal(view.order.issuanceId, second.issuance.id);
      assert.equal(view.issuance.id, first.issuance.id);
      assert.deepEqual(view.certificate, first.certificate);
      assert.equal(view.authorizations.length, 1);
    }
    const newest = await app.ports.orders.get(customer.caller, { number: first.order.number });
    assert.equal(newest.issuance.id, second.issuance.id);
    assert.equal(newest.certificate, null);
    const byReference = await app.ports.orders.get(customer.caller, { proofReference: second.issuance.proofReference });
    assert.equal(byReference.issuance.id, second.issuance.id);
  });

  it('starts no check when another one took its place', async () => {
    const { first } = await reissued();
    await app.advance(10);
    const before = app.checks.looks.length;
    await app.ports.orders.get(customer.caller, { issuanceNumber: first.issuance.number });
    await app.idle();
    assert.equal(app.checks.looks.length, before);
    await app.ports.orders.get(customer.caller, first.order);
    await app.idle();
    assert.ok(app.checks.looks.length > before);
  });

  it('answers its state and nothing of the newest when it is settled', async () => {
    const { first } = await reissued();
    const view = await app.ports.orders.settle(customer.caller, { issuanceNumber: first.issuance.number }, 1000);
    assert.equal(view.issuance.state, 'issued');
  });

  it('takes no change of its proofs any more', async () => {
    const { first } = await reissued();
    const reference = { proofReference: first.issuance.proofReference };
    const [name] = names('one.example');
    assert.ok(name);
    await assert.rejects(
      app.ports.proving.chooseMethods(customer.caller, reference, [{ name, choice: 'dnsTxt' }]),
      refused('wrongState'),
    );
    await assert.rejects(app.ports.proving.recheck(customer.caller, reference), refused('wrongState'));
    await assert.rejects(app.ports.orders.removeNames(customer.caller, reference, [name]), refused('wrongState'));
  });

  it('is found in its own account and dialect only', async () => {
    const { first } = await reissued();
    const { number, proofReference } = first.issuance;
    const other = await createCustomer(app);
    const elsewhere = await createCaller(app, customer.account, { dialect: 'wosign' });
    for (const reference of [{ issuanceNumber: number }, { proofReference }]) {
      await assert.rejects(app.ports.orders.get(other.caller, reference), refused('notFound'));
      await assert.rejects(app.ports.orders.get(elsewhere, reference), refused('notFound'));
    }
    for (const reference of [{ issuanceNumber: 1 }, { proofReference: 'never' }, { issuanceNumber: 1.5 }]) {
      await assert.rejects(app.ports.orders.get(customer.caller, reference), refused('notFound'));
    }
  });

  it('is listed with all the others, the newest first', async () => {
    const { first, second } = await reissued();
    const reference = { issuanceNumber: first.issuance.number };
    const { items: views } = await app.ports.issuances.list(customer.caller, reference, { limit: 10 });
    assert.deepEqual(
      views.map(({ issuance, certificate }) => [issuance.id, certificate?.id]),
      [
        [second.issuance.id, undefined],
        [first.issuance.id, first.certificate?.id],
      ],
    );
    const other = await createCustomer(app);
    await assert.rejects(app.ports.issuances.list(other.caller, first.order, { limit: 10 }), refused('notFound'));
  });

  it('hands out the key that was made for that issuance', async () => {
    app.checks.place('keyed.example');
    const made = await issue(app, customer.caller, ['keyed.example'], { csr: { make: 'P-256' } });
    const key = await app.ports.issuances.privateKey(customer.caller, made.order);
    await app.ports.issuances.reissue(
      customer.caller,
      made.order,
      await reissueFor(['keyed.example'], { csr: await anyCsr() }),
    );
    await app.idle();
    await assert.rejects(app.ports.issuances.privateKey(customer.caller, made.order), refused('notFound'));
    const older = { issuanceNumber: made.issuance.number };
    assert.deepEqual(await app.ports.issuances.privateKey(customer.caller, older), key);
  });
});

describe('notes to an order', () => {
  it('are kept with their author, the newest first', async () => {
    const { order } = await place(app, customer.caller, ['a.example']);
    const first = await app.ports.notes.add(customer.caller, order, ' asked the web team ');
    const second = await app.ports.notes.add(customer.caller, order, '第二条');
    assert.equal(first.text, 'asked the web team');
    assert.equal(first.author, customer.caller.actor);
    assert.ok(second.number > first.number);
    assert.deepEqual(await app.ports.notes.list(customer.caller, order), [second, first]);
  });

  it('are refused when empty or endless, from strangers and from those who only read', async () => {
    const { order } = await place(app, customer.caller, ['a.example']);
    const other = await createCustomer(app);
    const viewer = await createCaller(app, customer.account, { roles: ['viewer'] });
    for (const text of ['', '  ', 'x'.repeat(10_001)]) {
      await assert.rejects(app.ports.notes.add(customer.caller, order, text), refused('fieldInvalid'));
    }
    await assert.rejects(app.ports.notes.add(other.caller, order, 'x'), refused('notFound'));
    await assert.rejects(app.ports.notes.list(other.caller, order), refused('notFound'));
    await assert.rejects(app.ports.notes.add(viewer, order, 'x'), refused('roleMissing'));
    assert.deepEqual(await app.ports.notes.list(viewer, order), []);
  });
});

describe('changing an order', () => {
  const change = {
    reminders: { isOff: false, addresses: ['ops@example.com'], message: 'renew me' },
    renewalMark: 'notRenewed',
    isAutoRenewed: true,
    alternativeReference: 'PO-17',
    dialectData: { seen: [1], a: null },
  } as const;
  const changed = { ...change, dialectData: { kept: 2, seen: [1] } };

  it('keeps what is told and leaves the rest', async () => {
    const { order } = await place(app, customer.caller, ['a.example'], { dialectData: { a: 1, kept: 2 } });
    const view = await app.ports.orders.change(customer.caller, order, change);
    assert.deepEqual(view.order, { ...order, ...changed });
    const again = await app.ports.orders.change(customer.caller, order, {
      renewalMark: null,
      alternativeReference: null,
      reminders: defaultReminderSettings,
    });
    const expected = {
      ...order,
      ...changed,
      renewalMark: null,
      alternativeReference: null,
      reminders: defaultReminderSettings,
    };
    assert.deepEqual(again.order, expected);
    assert.deepEqual((await app.ports.orders.change(customer.caller, order, {})).order, expected);
    const events = await app.database.read.events.list({ accountId: customer.account.id, subject: order.id, limit: 9 });
    const changes = events.filter(({ kind }) => kind === 'order.changed');
    assert.equal(changes.length, 2);
    assert.equal(changes[1]?.data.alternativeReference, 'PO-17');
    assert.equal(changes[1]?.data.dialectData, 'changed');
  });

  it('keeps both of two changes of the dialect data that come together', async () => {
    const { order } = await place(app, customer.caller, ['a.example'], { dialectData: { of: { first: 0 }, gone: 1 } });
    const patches = [{ of: { first: 1 } }, { of: { second: 2 }, gone: null }, { of: { third: { deep: true } } }];
    const change = (dialectData: object) =>
      app.ports.orders.change(customer.caller, order, { dialectData: { ...dialectData } });
    await Promise.all(patches.map(change));
    const { dialectData } = (await app.ports.orders.get(customer.caller, order)).order;
    assert.deepEqual(dialectData, { of: { first: 1, second: 2, third: { deep: true } } });
  });

  it('keeps values of custom fields, and refuses what does not fit', async () => {
    const { order } = await place(app, customer.caller, ['a.example']);
    const field = await app.database.write((tx) =>
      tx.customFields.insert({
        id: 'fld_00000000000000000000000001' as never,
        accountId: customer.account.id,
        label: 'cost centre',
        description: '',
        isRequired: false,
        isActive: true,
        kind: 'integer',
        defaults: [],
        createdAt: app.clock.now(),
      }),
    );
    const set = (value: string) =>
      app.ports.orders.change(customer.caller, order, { customValues: [{ fieldNumber: field.number, value }] });
    const value = { fieldNumber: field.number, label: 'cost centre', value: '17' };
    assert.deepEqual((await set('17')).order.customValues, [value]);
    await assert.rejects(set('seventeen'), refused('customValueInvalid'));
    assert.deepEqual((await app.ports.orders.get(customer.caller, order)).order.customValues, [value]);
  });

  it('is refused for what does not fit, from strangers and from those who only read', async () => {
    const { order } = await place(app, customer.caller, ['a.example']);
    const before = await app.tables();
    const refusals = [
      { reminders: { isOff: false, addresses: ['nobody'], message: '' } },
      { reminders: { isOff: false, addresses: ['a@example.com\r\nBcc: b@example.com'], message: '' } },
      { reminders: { isOff: false, addresses: Array.from({ length: 51 }, () => 'a@example.com'), message: '' } },
      { reminders: { isOff: false, addresses: [], message: 'x'.repeat(2001) } },
      { alternativeReference: '' },
      { alternativeReference: 'x'.repeat(256) },
    ];
    for (const wrong of refusals) {
      await assert.rejects(app.ports.orders.change(customer.caller, order, wrong), refused('fieldInvalid'));
    }
    assert.deepEqual(await app.tables(), before);
    const other = await createCustomer(app);
    await assert.rejects(app.ports.orders.change(other.caller, order, change), refused('notFound'));
    const viewer = await createCaller(app, customer.account, { roles: ['viewer'] });
    await assert.rejects(app.ports.orders.change(viewer, order, change), refused('roleMissing'));
  });
});

describe('orders that changed', () => {
  it('are those of the account and dialect with an event in the time, the latest first', async () => {
    const start = app.clock.now();
    const a = await place(app, customer.caller, ['a.example']);
    await app.advance(10);
    const b = await place(app, customer.caller, ['b.example']);
    await app.advance(100);
    const other = await createCustomer(app);
    await place(app, other.caller, ['c.example']);
    const atNote = app.clock.now();
    await app.ports.notes.add(customer.caller, a.order, 'moved');
    await app.advance(100);
    const changed = async (from: Date, until: Date, caller = customer.caller) =>
      (await app.ports.orders.listChanged(caller, { from, until, limit: 100 })).items.map(({ order }) => order.id);
    const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
    assert.deepEqual(await changed(start, later(1000)), [a.order.id, b.order.id]);
    assert.deepEqual(await changed(start, later(60)), [b.order.id, a.order.id]);
    assert.deepEqual(await changed(start, later(5)), [a.order.id]);
    assert.deepEqual(await changed(atNote, atNote), [a.order.id]);
    assert.deepEqual(await changed(later(200), later(300)), []);
    const elsewhere = await createCaller(app, customer.account, { dialect: 'wosign' });
    assert.deepEqual(await changed(start, later(1000), elsewhere), []);
    const native = await createCaller(app, customer.account, { dialect: 'native' });
    assert.deepEqual(await changed(start, later(1000), native), [a.order.id, b.order.id]);
    await assert.rejects(changed(start, later(1000), app.operator), refused('accountNeeded'));
  });
});

describe('the search for orders', () => {
  it('is of the account and dialect of the caller, and shows orders without what proves their names', async () => {
    const first = await issue(app, customer.caller, ['one.example', 'two.example']);
    const second = await place(app, customer.caller, ['three.example']);
    await app.idle();
    const other = await createCustomer(app);
    await place(app, other.caller, ['one.example']);
    const search = (query: object, caller = customer.caller) =>
      app.ports.orders.search(caller, { limit: 10, offset: 0, ...query });
    const found = await search({ names: ['two.example'] });
    assert.equal(found.total, 1);
    const {
      authorizations: _,
      chain: __,
      issuance,
      ...rest
    } = await app.ports.orders.get(customer.caller, first.order);
    assert.deepEqual(found.items, [{ ...rest, issuance: issuanceSummaryOf(issuance) }]);
    const all = await search({});
    assert.deepEqual(
      all.items.map(({ order }) => order.id),
      [second.order.id, first.order.id],
    );
    assert.equal((await search({ standings: ['active'] })).items[0]?.order.id, first.order.id);
    assert.equal((await search({ limit: 1 })).total, 2);
    const elsewhere = await createCaller(app, customer.account, { dialect: 'wosign' });
    assert.deepEqual(await search({}, elsewhere), { items: [], total: 0 });
    await assert.rejects(search({}, app.operator), refused('accountNeeded'));
    for (const page of [{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { offset: -1 }, { offset: Number.NaN }]) {
      await assert.rejects(search(page), refused('fieldInvalid'));
    }
  });
});
