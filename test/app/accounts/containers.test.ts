/** The parts of an account and what may be ordered in them; the fields that an account adds to its orders. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Container } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { NewContainer } from '../../../src/domain/ports/containers.ts';
import type { NewCustomField } from '../../../src/domain/ports/custom-fields.ts';
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
let stranger: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app);
  administrator = await createCaller(app, customer.account, { dialect: 'native', roles: ['administrator'] });
  stranger = await createCustomer(app, { roles: ['administrator'] });
});
afterEach(() => app.close());

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

async function rootOf(caller: Caller): Promise<Container> {
  const [root] = await app.ports.containers.list(caller);
  assert.ok(root);
  return root;
}

const add = (change: Partial<NewContainer> = {}, by = administrator) =>
  app.ports.containers.add(by, { name: 'Sales', ...change });

describe('a container', () => {
  it('is there from the beginning of the account, under its name', async () => {
    const root = await rootOf(administrator);
    const { id: accountId, name } = customer.account;
    assert.deepEqual([root.accountId, root.name, root.parentId, root.allowedNames], [accountId, name, null, null]);
  });

  it('is added below the root or another, by an administrator', async () => {
    const root = await rootOf(administrator);
    const sales = await add({ description: ' shops ', allowedNames: ['Shop.Example', 'münchen.example'] });
    assert.equal(sales.parentId, root.id);
    assert.deepEqual([sales.description, sales.allowedNames], ['shops', ['shop.example', 'xn--mnchen-3ya.example']]);
    const inner = await add({ name: 'Web', parent: { number: sales.number } });
    assert.equal(inner.parentId, sales.id);
    assert.deepEqual(await app.ports.containers.list(customer.caller), [root, sales, inner]);
    assert.deepEqual(await app.ports.containers.get(customer.caller, { number: inner.number }), inner);
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: sales.id });
    assert.equal(items[0]?.kind, 'container.added');
  });

  it('is refused without the role, below one of another account, and with a bad name', async () => {
    for (const role of ['requester', 'registrar', 'userManager', 'viewer', 'approver'] as const) {
      const by = await createCaller(app, customer.account, { dialect: 'native', roles: [role] });
      await refused(() => add({}, by), { code: 'forbidden', message: /administrator/ });
    }
    const parent = await rootOf(stranger.caller);
    await refused(() => add({ parent }), { code: 'notFound', message: /container/ });
    await assert.rejects(app.ports.containers.get(administrator, parent), { code: 'notFound' });
    await refused(() => add({ name: ' ' }), { code: 'invalidField', message: /^name must be 1 to 255/ });
    await refused(() => add({ allowedNames: ['bad_name.example'] }), { code: 'badName' });
  });

  it('limits the names of its orders, with those it lies in; reissues too', async () => {
    const sales = await add({ allowedNames: ['shop.example'] });
    const inner = await add({ name: 'Web', parent: sales });
    const view = await issue(app, customer.caller, ['www.shop.example'], { container: { number: inner.number } });
    assert.equal(view.order.containerId, inner.id);
    assert.equal(view.issuance.state, 'issued');
    const named = { code: 'refusedName', message: /other\.example is not among the names .* container "Sales"/ };
    await refused(() => place(app, customer.caller, ['shop.example', 'other.example'], { container: inner }), named);
    await refused(
      async () =>
        app.ports.issuances.reissue(
          customer.caller,
          view.order,
          await reissueFor(['www.shop.example', 'other.example']),
        ),
      named,
    );
    await place(app, customer.caller, ['other.example']);
  });

  it('is changed in what is named, and the log has it', async () => {
    const sales = await add({ description: 'shops', allowedNames: ['shop.example'] });
    const change = (wanted: object, by = administrator) => app.ports.containers.change(by, sales, wanted);
    assert.deepEqual(await change({ name: ' Trade ' }), { ...sales, name: 'Trade' });
    const before = await app.tables();
    assert.deepEqual(await change({ name: 'Trade', description: 'shops' }), { ...sales, name: 'Trade' });
    assert.deepEqual(await app.tables(), before, 'the same again changes nothing');
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: sales.id });
    assert.deepEqual(
      [items[0]?.kind, items[0]?.data],
      ['container.changed', { number: sales.number, changed: ['name'] }],
    );
    await refused(() => change({ name: ' ' }), { code: 'invalidField', message: /^name must be 1 to 255/ });
    await refused(() => change({ name: 'Mine' }, stranger.caller), { code: 'notFound' });
    await refused(() => change({ name: 'Mine' }, customer.caller), { code: 'forbidden' });
  });

  it('that is not in use takes no orders, no reissues and no containers, nor do those below it', async () => {
    const sales = await add();
    const inner = await add({ name: 'Web', parent: sales });
    const view = await issue(app, customer.caller, ['www.shop.example'], { container: inner });
    const set = (state: Container['state'], by = administrator) => app.ports.containers.setState(by, sales, state);
    await refused(() => set('inactive', stranger.caller), { code: 'notFound' });
    await refused(() => set('inactive', customer.caller), { code: 'forbidden' });
    await set('inactive');
    const states = async () => (await app.ports.containers.list(administrator)).map(({ state }) => state);
    assert.deepEqual(await states(), ['active', 'inactive', 'inactive']);
    const closed = { code: 'wrongState', message: /^container \d+ is inactive; this needs active$/ };
    await refused(() => place(app, customer.caller, ['a.example'], { container: inner }), closed);
    await refused(
      async () => app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['www.shop.example'])),
      closed,
    );
    await refused(() => add({ parent: inner }), closed);
    const before = await app.tables();
    await set('inactive');
    assert.deepEqual(await app.tables(), before, 'the same again changes nothing');
    await set('active');
    assert.deepEqual(await states(), ['active', 'active', 'active']);
    await place(app, customer.caller, ['a.example'], { container: inner });
    const { items } = await app.ports.events.list(app.operator, { limit: 2, subject: inner.id });
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['container.activated', 'container.deactivated'],
    );
  });

  it('of all stays in use', async () => {
    const root = await rootOf(administrator);
    await refused(() => app.ports.containers.setState(administrator, root, 'inactive'), {
      code: 'wrongState',
      message: /is the whole account/,
    });
  });

  it('of another account takes no orders', async () => {
    const container = await rootOf(stranger.caller);
    await refused(() => place(app, customer.caller, ['a.example'], { container }), {
      code: 'notFound',
      message: /container/,
    });
  });
});

describe('a custom field', () => {
  const field: NewCustomField = { label: 'Cost centre', isRequired: true, isActive: true, kind: 'integer' };
  const addFields = (fields: readonly NewCustomField[] = [field], by = administrator) =>
    app.ports.customFields.add(by, fields);

  it('is added, changed and listed', async () => {
    const [first, second] = await addFields([
      field,
      { ...field, label: ' Ticket ', description: 'of the desk', kind: 'text' },
    ]);
    assert.ok(first && second);
    assert.deepEqual([second.label, second.description, second.kind], ['Ticket', 'of the desk', 'text']);
    const change = { isRequired: false, isActive: false, label: 'Department' };
    const changed = await app.ports.customFields.change(administrator, { number: first.number }, change);
    assert.deepEqual(changed, { ...first, ...change });
    assert.deepEqual(await app.ports.customFields.list(customer.caller), [changed, second]);
    assert.deepEqual(await app.ports.customFields.list(stranger.caller), []);
  });

  it('is refused without the role, of another account, twice, or unfit; all of a list or none', async () => {
    const [first] = await addFields();
    assert.ok(first);
    const requester = await createCaller(app, customer.account, { dialect: 'native', roles: ['requester'] });
    await refused(() => addFields([field], requester), { code: 'forbidden', message: /administrator/ });
    await refused(() => app.ports.customFields.change(stranger.caller, first, { isActive: false }), {
      code: 'notFound',
    });
    await refused(() => addFields([{ ...field, label: 'New' }, field]), { code: 'conflict', message: /"Cost centre"/ });
    await refused(() => addFields([{ ...field, label: '' }]), { code: 'invalidField', message: /^label/ });
    const colour = { ...field, label: 'x', kind: 'colour' } as unknown as NewCustomField;
    await refused(() => addFields([colour]), {
      code: 'invalidField',
      message: /^kind must be anything, .* not "colour"/,
    });
    const [second] = await addFields([{ ...field, label: 'Second' }]);
    assert.ok(second);
    await refused(() => app.ports.customFields.change(administrator, second, { label: 'Cost centre' }), {
      code: 'conflict',
    });
    const many = Array.from({ length: 99 }, (_, index) => ({ ...field, label: `field ${index}` }));
    await refused(() => addFields(many), { code: 'invalidField', message: /at most 100 of an account/ });
  });
});
