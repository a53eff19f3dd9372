/** What an order may ask for beside its names: periods of coverage, a shorter validity, a container, further fields. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../src/domain/ids.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCustomer,
  issue,
  names,
  offering,
  orderFor,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 10_000_00 });
});
afterEach(() => app.close());

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const years = { productCode: 'years' } satisfies Partial<PlaceOrder>;
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const inMs = (ms: number) => new Date(app.clock.now().getTime() + ms);

/** Refused by placing and by the dry run alike, and nothing is left of it. */
async function refusedTwice(change: Partial<PlaceOrder>, error: object, texts = ['a.example.com']): Promise<void> {
  const before = await app.tables();
  await assert.rejects(place(app, customer.caller, texts, change), error);
  await assert.rejects(app.ports.orders.check(customer.caller, await orderFor(texts, change)), error);
  assert.deepEqual(await app.tables(), before);
}

describe('an order of several periods', () => {
  it('covers them all, and costs them all', async () => {
    const view = await issue(app, customer.caller, ['a.example.com', 'b.example.com'], { ...years, periods: 3 });
    assert.deepEqual(view.order.coverage, { unit: 'years', count: 3 });
    assert.equal(view.order.coverageUntil?.toISOString(), '2029-06-01T00:00:00.000Z');
    assert.equal(view.order.totalMinor, 3 * 200_00);
    assert.equal(await balance(), 10_000_00 - 3 * 200_00);
  });

  it('pays for all of them when a reissue adds a name', async () => {
    const view = await issue(app, customer.caller, ['a.example.com'], { ...years, periods: 2 });
    const request = await reissueFor(['a.example.com', 'b.example.com']);
    const { issuance } = await app.ports.issuances.reissue(customer.caller, view.order, request);
    assert.equal(issuance.chargedMinor, 200_00);
  });

  it('gets all of them back for a name that is taken out', async () => {
    const view = await place(app, customer.caller, ['a.example.com', 'b.example.com'], { ...years, periods: 2 });
    await app.ports.orders.removeNames(customer.caller, view.order, names('b.example.com'));
    assert.equal(await balance(), 10_000_00 - 200_00);
  });

  for (const [periods, productCode, expected] of [
    [4, 'years', 'an integer from 1 to 3 for this product'],
    [0, 'years', 'an integer from 1 to 3 for this product'],
    [-1, 'years', 'an integer from 1 to 3 for this product'],
    [1.5, 'years', 'an integer from 1 to 3 for this product'],
    [Number.NaN, 'years', 'an integer from 1 to 3 for this product'],
    [2, 'paid', '1, the only one that this product is sold for'],
  ] as const) {
    it(`is refused for ${periods} of ${productCode}`, async () => {
      const value = Number.isNaN(periods) ? 'null' : periods;
      const error = { code: 'invalidField', message: `periods must be ${expected}, not "${value}"` };
      await refusedTwice({ productCode, periods }, error);
    });
  }
});

describe('a validity', () => {
  const certificateOf = async (validity: PlaceOrder['validity'] & object) => {
    const { certificate } = await issue(app, customer.caller, ['a.example.com'], { ...years, validity });
    return certificate ?? assert.fail();
  };

  it('of days makes the certificate so long to the second', async () => {
    const { notBefore, notAfter } = await certificateOf({ days: 30 });
    assert.equal(notAfter.getTime() - notBefore.getTime(), 30 * dayMs - 1000);
  });

  it('until a moment makes it end then', async () => {
    const until = inMs(45 * dayMs + 1234);
    assert.equal((await certificateOf({ until })).notAfter.getTime(), until.getTime() - 234);
  });

  for (const validity of [{ days: 5000 }, { until: new Date('2031-01-01T00:00:00Z') }] as const) {
    it(`of ${JSON.stringify(validity)} is cut to what the profile allows`, async () => {
      const { notBefore, notAfter } = await certificateOf(validity);
      assert.equal(notAfter.getTime() - notBefore.getTime(), 199 * dayMs - 1000);
    });
  }

  it('never goes on after the coverage', async () => {
    const { certificate, order } = await issue(app, customer.caller, ['a.example.com'], {
      productCode: 'month',
      validity: { days: 100 },
    });
    assert.equal(certificate?.notAfter.getTime(), (order.coverageUntil?.getTime() ?? 0) - 1000);
  });

  it('is kept until the names are proved, and over an approval', async () => {
    const slow = await createCustomer(app, { balanceMinor: 100_00, approval: 'manual', dialect: 'encryption365' });
    const until = inMs(10 * dayMs);
    const { order } = await place(app, slow.caller, ['slow.example.com'], { ...years, validity: { until } });
    await app.ports.approvals.decide(app.operator, { order }, { approve: true, note: '' });
    await app.advance(3600);
    app.checks.place('slow.example.com');
    await app.advance(3600);
    assert.deepEqual((await app.ports.orders.get(slow.caller, order)).certificate?.notAfter, until);
  });

  it('of a reissue is its own', async () => {
    const view = await issue(app, customer.caller, ['a.example.com'], { ...years, validity: { days: 30 } });
    await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['a.example.com']));
    await app.idle();
    const { certificate } = await see(view);
    assert.equal(certificate && certificate.notAfter.getTime() - certificate.notBefore.getTime(), 199 * dayMs - 1000);
    const request = await reissueFor(['a.example.com'], { validity: { days: 7 } });
    await app.ports.issuances.reissue(customer.caller, view.order, request);
    await app.idle();
    const second = (await see(view)).certificate;
    assert.equal(second && second.notAfter.getTime() - second.notBefore.getTime(), 7 * dayMs - 1000);
  });

  it('that passed before the names were proved fails the order, which is refunded', async () => {
    const until = inMs(2 * hourMs);
    const view = await place(app, customer.caller, ['late.example.com'], { ...years, validity: { until } });
    await app.advance(2 * 3600);
    app.checks.place('late.example.com');
    await app.advance(600);
    const { order, issuance } = await see(view);
    assert.deepEqual([order.state, issuance.failure?.key], ['failed', 'validityPassed']);
    assert.equal(await balance(), 10_000_00);
  });

  const rows = [
    [() => ({ days: 0 }), 'a whole number of days, at least 1', '0'],
    [() => ({ days: -3 }), 'a whole number of days, at least 1', '-3'],
    [() => ({ days: 1.5 }), 'a whole number of days, at least 1', '1.5'],
    [() => ({ until: inMs(-1) }), 'a time at least an hour from now', '2026-05-31T23:59:59.999Z'],
    [() => ({ until: inMs(hourMs - 1) }), 'a time at least an hour from now', '2026-06-01T00:59:59.999Z'],
    [() => ({ until: new Date('never') }), 'a time at least an hour from now', 'Invalid Date'],
  ] as const;
  for (const [validity, expected, value] of rows) {
    it(`is refused as ${value}, for an order and for a reissue`, async () => {
      const error = { code: 'invalidField', message: `validity must be ${expected}, not "${value}"` };
      await refusedTwice({ ...years, validity: validity() }, error);
      const { order } = await issue(app, customer.caller, ['a.example.com'], years);
      const before = await app.tables();
      const request = await reissueFor(['a.example.com'], { validity: validity() });
      await assert.rejects(app.ports.issuances.reissue(customer.caller, order, request), error);
      assert.deepEqual(await app.tables(), before);
    });
  }
});

describe('further fields', () => {
  it('are kept as they came', async () => {
    const reminders = { isOff: false, addresses: ['ops@example.com'], message: 'renew me' };
    const view = await issue(app, customer.caller, ['a.example.com'], {
      ...years,
      alternativeReference: 'PO-17',
      isAutoRenewed: true,
      reminders,
    });
    const { order } = view;
    assert.deepEqual([order.alternativeReference, order.isAutoRenewed, order.reminders], ['PO-17', true, reminders]);
  });

  it('of the account are kept with their labels, and refused where they do not fit', async () => {
    const field = await app.database.write((tx) =>
      tx.customFields.insert({
        id: newId('customField', app.context),
        accountId: customer.account.id,
        label: 'cost centre',
        description: '',
        isRequired: true,
        isActive: true,
        kind: 'integer',
        defaults: [],
        createdAt: app.clock.now(),
      }),
    );
    const value = { fieldNumber: field.number, value: '42' };
    const { order } = await place(app, customer.caller, ['a.example.com'], { ...years, customValues: [value] });
    assert.deepEqual((await see({ order } as OrderView)).order.customValues, [{ ...value, label: 'cost centre' }]);
    await refusedTwice({ ...years, customValues: [] }, { code: 'invalidField', message: /cost centre/ });
    await refusedTwice({ ...years, customValues: [{ ...value, value: 'x' }] }, { message: /cost centre/ });
  });
});

describe('a container', () => {
  const container = (change: object = {}) =>
    app.database.write((tx) =>
      tx.containers.insert({
        id: newId('container', app.context),
        accountId: customer.account.id,
        parentId: null,
        name: 'research',
        description: '',
        state: 'active',
        allowedNames: ['example.com'],
        createdAt: app.clock.now(),
        ...change,
      }),
    );

  it('holds the order, by number or by id', async () => {
    const { id, number } = await container();
    for (const reference of [{ id }, { number }]) {
      const { order } = await place(app, customer.caller, ['a.example.com'], { ...years, container: reference });
      assert.equal(order.containerId, id);
      assert.equal((await see({ order } as OrderView)).order.containerId, id);
    }
  });

  it('takes only the names it is for', async () => {
    const { number } = await container();
    const error = { code: 'refusedName', message: /^a\.example\.net is not .* container .?research/ };
    await refusedTwice({ ...years, container: { number } }, error, ['a.example.net']);
  });

  it("that is closed is refused, and another account's is not there", async () => {
    const { number } = await container({ state: 'inactive' });
    const other = await createCustomer(app);
    const theirs = await container({ accountId: other.account.id });
    await refusedTwice({ ...years, container: { number } }, { code: 'wrongState' });
    for (const one of [theirs.number, 99_999]) {
      await refusedTwice({ ...years, container: { number: one } }, { code: 'notFound', message: new RegExp(`${one}`) });
    }
  });
});

describe('a dry run', () => {
  it('of a good order stores nothing and makes no key', async () => {
    const before = await app.tables();
    await app.ports.orders.check(customer.caller, await orderFor(['a.example.com'], years));
    await app.ports.orders.check(customer.caller, await orderFor(['a.example.com'], { ...years, csr: null }));
    const made = { ...years, csr: { make: 'rsa' } } as const;
    await app.ports.orders.check(customer.caller, await orderFor(['a.example.com'], made));
    assert.deepEqual(await app.tables(), before);
  });

  it('asks for no money, but for the right currency', async () => {
    const poor = await createCustomer(app);
    await app.ports.orders.check(poor.caller, await orderFor(['a.example.com'], years));
    await refusedTwice({ productCode: 'dollars' }, { code: 'unknownProduct', message: /USD/ });
  });

  it('refuses a bad name, a bad CSR and an unknown product', async () => {
    await refusedTwice(years, { code: 'refusedName' }, ['co.uk']);
    await refusedTwice({ ...years, csr: new Uint8Array([1, 2, 3]) }, { code: 'badCsr' });
    await refusedTwice({ productCode: 'none' }, { code: 'unknownProduct' });
    await refusedTwice({ ...years, ...offering(() => []) }, { code: 'refusedName', message: /offers no method/ });
  });
});

describe('a renewal', () => {
  const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);

  it('is known to the order that it renews, until it comes to nothing', async () => {
    const old = await issue(app, customer.caller, ['a.example.com'], years);
    const renewal = await place(app, customer.caller, ['b.example.com'], { ...years, renewalOf: old.order });
    assert.equal((await see(old)).order.renewedBy, renewal.order.id);
    await app.ports.orders.cancel(customer.caller, renewal.order);
    assert.equal((await see(old)).order.renewedBy, null);
    const second = await place(app, customer.caller, ['b.example.com'], { ...years, renewalOf: old.order });
    const third = await place(app, customer.caller, ['b.example.com'], { ...years, renewalOf: old.order });
    await app.ports.revocations.revokeOrder(customer.caller, second.order, 'unspecified');
    assert.equal((await see(old)).order.renewedBy, third.order.id, 'another renews it');
  });

  it('adds what is left of the order it renews, and no more than 90 days', async () => {
    for (const [atDay, leftDays] of [
      [350, 15],
      [100, 90],
      [367, 0],
    ] as const) {
      const old = await issue(app, customer.caller, ['a.example.com'], years);
      const from = app.clock.now().getTime();
      app = await app.restart({ afterSeconds: (atDay * dayMs) / 1000 });
      const { order } = await issue(app, customer.caller, ['a.example.com'], { ...years, renewalOf: old.order });
      const end = new Date(from + atDay * dayMs + leftDays * dayMs);
      end.setUTCFullYear(end.getUTCFullYear() + 1);
      assert.equal(order.coverageUntil?.toISOString(), end.toISOString(), `after ${atDay} days`);
    }
  });

  it('takes what is left of an order once, however many renew it, and whichever is issued first', async () => {
    const renew = { ...years, renewalOf: (await issue(app, customer.caller, ['a.example.com'], years)).order };
    const yearFrom = (from: Date) =>
      new Date(Date.UTC(from.getUTCFullYear() + 1, from.getUTCMonth(), from.getUTCDate()));
    const waiting = await place(app, customer.caller, ['slow.example.com'], renew);
    const first = await issue(app, customer.caller, ['a.example.com'], renew);
    const second = await issue(app, customer.caller, ['a.example.com'], renew);
    app.checks.place('slow.example.com');
    await app.ports.proving.recheck(customer.caller, waiting.order);
    await app.idle();
    const carried = new Date(app.clock.now().getTime() + 90 * dayMs);
    assert.deepEqual(first.order.coverageUntil, yearFrom(carried));
    assert.deepEqual(second.order.coverageUntil, yearFrom(app.clock.now()));
    assert.deepEqual((await see(waiting)).order.coverageUntil, yearFrom(app.clock.now()));
    assert.equal((await see({ order: renew.renewalOf } as OrderView)).order.renewedBy, first.order.id);
  });

  it('that is issued keeps the order that it renews from being given back', async () => {
    const old = await issue(app, customer.caller, ['a.example.com'], years);
    const renewal = await issue(app, customer.caller, ['a.example.com'], { ...years, renewalOf: old.order });
    const before = await balance();
    const cancel = ({ order }: OrderView) => app.ports.orders.cancel(customer.caller, order, { issuedWithinDays: 30 });
    await assert.rejects(cancel(old), { code: 'wrongState', message: /an order without an issued renewal/ });
    assert.equal(await balance(), before);
    await cancel(renewal);
    await cancel(old);
    assert.equal(await balance(), 10_000_00);
  });

  it('of a free order begins anew, and so does one of an order that is over', async () => {
    const free = await issue(app, customer.caller, ['a.example.com']);
    const again = await issue(app, customer.caller, ['a.example.com'], { renewalOf: free.order });
    assert.deepEqual(again.order.coverageUntil, free.order.coverageUntil);
    const revoked = await issue(app, customer.caller, ['a.example.com'], years);
    await app.ports.revocations.revokeOrder(customer.caller, revoked.order, 'unspecified');
    const { order } = await issue(app, customer.caller, ['a.example.com'], { ...years, renewalOf: revoked.order });
    assert.deepEqual(order.coverageUntil, revoked.order.coverageUntil);
  });
});
