/** Whoever else places orders, and orders that go on: what an account requires of its orders it requires of them too. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CustomField } from '../../../src/domain/custom-field.ts';
import {
  type Customer,
  createCustomer,
  issue,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());
beforeEach(async () => {
  customer = await createCustomer(app, { roles: ['administrator', 'requester'], balanceMinor: 1_000_000 });
});

async function requireField(change: { readonly defaultValue?: string } = {}): Promise<CustomField> {
  const definition = { label: 'Cost centre', isRequired: true, isActive: true, kind: 'integer', ...change } as const;
  const [field] = await app.ports.customFields.add(customer.caller, [definition]);
  return field ?? assert.fail('the field is added');
}

const valuesOf = async (order: { readonly id: string }) =>
  (await app.ports.orders.get(customer.caller, order)).order.customValues.map(({ value }) => value);

const values = (field: CustomField, value: string) => ({ customValues: [{ fieldNumber: field.number, value }] });

describe('an order of before', () => {
  it('is not reissued or duplicated by hand until it is filled', async () => {
    const { order } = await issue(app, customer.caller, ['a.example.com']);
    const field = await requireField();
    const again = await reissueFor(['a.example.com']);
    const lacks = refused('orderLacksCustomValue');
    await assert.rejects(app.ports.issuances.reissue(customer.caller, order, again), lacks);
    await assert.rejects(app.ports.issuances.duplicate(customer.caller, order, again), lacks);
    await app.ports.orders.change(customer.caller, order, values(field, '17'));
    await app.ports.issuances.duplicate(customer.caller, order, again);
    assert.deepEqual(await valuesOf(order), ['17']);
  });

  it('gets the default when it is reissued', async () => {
    const { order } = await issue(app, customer.caller, ['b.example.com']);
    await requireField({ defaultValue: '4711' });
    await app.ports.issuances.reissue(customer.caller, order, await reissueFor(['b.example.com']));
    assert.deepEqual(await valuesOf(order), ['4711']);
  });

  it('goes on through what it waits for', async () => {
    const { order } = await place(app, customer.caller, ['c.example.com']);
    await requireField();
    app.checks.place('c.example.com');
    await app.advance(600);
    assert.equal((await app.ports.orders.get(customer.caller, order)).order.state, 'active');
  });
});

describe('an order that renews itself', () => {
  it('is not renewed without the field, and is once it is there', async () => {
    const { order } = await issue(app, customer.caller, ['d.example.com'], { isAutoRenewed: true });
    const field = await requireField();
    await app.advance(70 * 86_400);
    const kinds = async () =>
      (await app.database.read.events.list({ accountId: customer.account.id, limit: 200, subject: order.id })).map(
        ({ kind }) => kind,
      );
    assert.ok((await kinds()).includes('order.renewalFailed'), (await kinds()).join());
    assert.equal((await app.database.read.orders.get(order.id))?.renewedBy, null);
    await app.ports.orders.change(customer.caller, order, values(field, '17'));
    await app.advance(2 * 86_400);
    const renewedBy = (await app.database.read.orders.get(order.id))?.renewedBy;
    assert.ok(renewedBy, 'it is renewed');
    assert.deepEqual(await valuesOf({ id: renewedBy }), ['17']);
  });
});

describe('a default', () => {
  it('must fit the field, also when that changes', async () => {
    const field = await requireField({ defaultValue: '4711' });
    const change = (wanted: object) => app.ports.customFields.change(customer.caller, field, wanted);
    await assert.rejects(change({ defaultValue: 'web' }), refused('customValueInvalid'));
    await assert.rejects(change({ defaultValue: ' ' }), refused('fieldInvalid'));
    await assert.rejects(change({ kind: 'email' }), refused('customValueInvalid'));
    const other = await createCustomer(app, { roles: ['administrator'] });
    const keyId = other.caller.credentialId ?? assert.fail('a key');
    await assert.rejects(change({ keyDefaults: [{ keyId, value: '1' }] }), refused('notFound'));
    assert.deepEqual((await app.ports.customFields.list(customer.caller))[0]?.defaults, [
      { keyId: null, value: '4711' },
    ]);
    assert.deepEqual((await change({ defaultValue: null })).defaults, []);
  });

  it('fills a field that need not be filled as well, unless the order says otherwise', async () => {
    const field = await requireField({ defaultValue: '4711' });
    await app.ports.customFields.change(customer.caller, field, { isRequired: false });
    const { order } = await place(app, customer.caller, ['e.example.com']);
    assert.deepEqual(await valuesOf(order), ['4711']);
    const { order: own } = await place(app, customer.caller, ['f.example.com'], values(field, '17'));
    assert.deepEqual(await valuesOf(own), ['17']);
  });
});
