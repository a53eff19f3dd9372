/** Taking names out of an order that is not issued yet. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
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

const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const textsOf = ({ issuance }: OrderView) => issuance.names.map(({ identifier }) => identifier.value);
const remove = (view: OrderView, ...texts: readonly string[]) =>
  app.ports.orders.removeNames(customer.caller, view.order, names(...texts));

async function ordered(texts: readonly string[], productCode = 'paid'): Promise<OrderView> {
  const view = await place(app, customer.caller, texts, { productCode });
  await app.idle();
  return view;
}

describe('removing names', () => {
  it('refunds what they cost, and the others wait no more', async () => {
    app.checks.place('good.example');
    const view = await ordered(['good.example', '*.bad.example', '203.0.113.9']);
    assert.equal(await balance(), 10_000_00 - 550_00);
    const after = await app.ports.orders.removeNames(customer.caller, view.order, 'unproved');
    assert.deepEqual(textsOf(after), ['good.example']);
    assert.deepEqual(
      [after.order.totalMinor, after.issuance.chargedMinor, await balance()],
      [100_00, 100_00, 9_900_00],
    );
    await app.idle();
    const issued = await see(view);
    assert.equal(issued.issuance.state, 'issued');
    assert.deepEqual(issued.certificate?.names, ['good.example']);
    const { items } = await app.ports.events.list(app.operator, { limit: 10, subject: view.order.id });
    const event = items.find(({ kind }) => kind === 'order.namesRemoved');
    assert.deepEqual(event?.data, {
      number: view.order.number,
      names: ['*.bad.example', '203.0.113.9'],
      refundedMinor: 450_00,
    });
  });

  it('by name, also while an approver decides; cancelling refunds only the rest', async () => {
    const careful = await createCustomer(app, { balanceMinor: 1_000_00, approval: 'manual' });
    const view = await place(app, careful.caller, ['a.example', 'b.example'], { productCode: 'paid' });
    const after = await app.ports.orders.removeNames(careful.caller, view.order, names('b.example'));
    assert.deepEqual([textsOf(after), after.issuance.state], [['a.example'], 'awaitingApproval']);
    await app.ports.orders.cancel(careful.caller, view.order);
    assert.equal((await app.ports.accounts.get(careful.caller)).balanceMinor, 1_000_00);
    assert.equal(await app.database.read.ledger.sum(careful.account.id), 1_000_00);
  });

  it('never gives back more than was paid, whatever the prices are now', async () => {
    const view = await ordered(['a.example', 'b.example']);
    const prices = { fqdnMinor: 5_000_00, wildcardMinor: 5_000_00, ipMinor: 5_000_00 };
    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { prices });
    await remove(view, 'a.example');
    assert.equal(await balance(), 10_000_00 - 100_00);
  });

  it('of a reissue refunds those that were added for it', async () => {
    const view = await issue(app, customer.caller, ['old.example'], { productCode: 'paid' });
    const reissue = await reissueFor(['old.example', 'older.example', 'new.example', 'newer.example']);
    await app.ports.issuances.reissue(customer.caller, view.order, reissue);
    await app.idle();
    assert.equal(await balance(), 10_000_00 - 400_00);
    await remove(view, 'old.example', 'new.example');
    assert.equal(await balance(), 10_000_00 - 300_00);
  });

  it('of a reissue refunds what a duplicate below a wildcard had for nothing', async () => {
    const view = await issue(app, customer.caller, ['*.wild.example'], { productCode: 'paid' });
    app.checks.place('www.wild.example');
    await app.ports.issuances.duplicate(customer.caller, view.order, await reissueFor(['www.wild.example']));
    await app.idle();
    const before = await balance();
    const reissue = await reissueFor(['*.wild.example', 'www.wild.example', 'new.wild.example']);
    await app.ports.issuances.reissue(customer.caller, view.order, reissue);
    assert.equal(await balance(), before - 200_00);
    await remove(view, 'www.wild.example');
    assert.equal(await balance(), before - 100_00);
  });

  it('while proofs from elsewhere are taken over leaves them out, and does not bring them back', async (t) => {
    const view = await ordered(['kept.example', 'gone.example']);
    app.checks.place('kept.example');
    await place(app, customer.caller, ['kept.example']);
    await app.idle();
    const { authorizations } = app.database.read;
    const listUsable = authorizations.listUsable.bind(authorizations);
    // The look has read the names of the issuance; now they become fewer; then it stores what it found.
    const hook = t.mock.method(authorizations, 'listUsable', async (...asked: Parameters<typeof listUsable>) => {
      const found = await listUsable(...asked);
      hook.mock.restore();
      await remove(view, 'gone.example');
      return found;
    });
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    assert.equal(hook.mock.callCount(), 1);
    const after = await see(view);
    assert.deepEqual(textsOf(after), ['kept.example']);
    assert.deepEqual(after.certificate?.names, ['kept.example']);
    assert.equal(await balance(), 10_000_00 - 100_00);
  });

  it('of a free order costs nothing and gives nothing', async () => {
    const view = await ordered(['a.example', 'b.example'], '100');
    assert.deepEqual(textsOf(await remove(view, 'a.example')), ['b.example']);
    assert.equal(await balance(), 10_000_00);
  });
});

describe('is refused', () => {
  it('for every name, for a name of no order, and where all are proved', async () => {
    const view = await ordered(['a.example', 'b.example']);
    await assert.rejects(remove(view, 'a.example', 'b.example'), refused('lastName'));
    await assert.rejects(app.ports.orders.removeNames(customer.caller, view.order, 'unproved'), refused('lastName'));
    await assert.rejects(remove(view, 'a.example', 'c.example'), refused('notFound'));
    await assert.rejects(remove(view), refused('nothingToRemove'));
    assert.deepEqual(textsOf(await see(view)), ['a.example', 'b.example']);
  });

  it('once it is issued, and to others', async () => {
    const view = await issue(app, customer.caller, ['a.example', 'b.example']);
    await assert.rejects(remove(view, 'a.example'), refused('wrongState'));
    const other = await createCustomer(app);
    await assert.rejects(
      app.ports.orders.removeNames(other.caller, view.order, names('a.example')),
      refused('notFound'),
    );
  });
});
