/** Refunds of orders that have their certificate: exact, never more than was paid, and nothing else changes. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AccountId } from '../../../src/domain/ids.ts';
import type { ReasonKey } from '../../../src/domain/messages/index.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  place,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const assertRefused = (key: ReasonKey, act: () => Promise<unknown>) => assert.rejects(act, refused(key));

async function paidOrder(): Promise<Customer & { readonly orderId: string; readonly paid: number }> {
  const customer = await createCustomer(app, { balanceMinor: 1000_00 });
  const { order } = await issue(app, customer.caller, ['shop.example'], { productCode: 'paid' });
  assert.ok(order.totalMinor > 0);
  return { ...customer, orderId: order.id, paid: order.totalMinor };
}

async function stateOf({
  account,
  orderId,
}: {
  readonly account: { readonly id: AccountId };
  readonly orderId: string;
}) {
  const { read } = app.database;
  const [order, balance, sum] = await Promise.all([
    app.ports.orders.get(app.operator, { id: orderId }),
    read.ledger.balance(account.id),
    read.ledger.sum(account.id),
  ]);
  return { order: order.order, balance, sum };
}

describe('a refund', () => {
  it('of a part, then of the rest, then of nothing more', async () => {
    const customer = await paidOrder();
    const { orderId, paid } = customer;
    const before = await stateOf(customer);
    const first = await app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor: 100, note: ' agreed ' });
    assert.deepEqual([first.kind, first.amountMinor, first.orderId, first.note], ['refund', 100, orderId, 'agreed']);
    await assertRefused('refundTooLarge', () =>
      app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor: paid, note: 'x' }),
    );
    const rest = await app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor: null, note: 'rest' });
    assert.equal(rest.amountMinor, paid - 100);
    await assertRefused('nothingToRefund', () =>
      app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor: null, note: 'x' }),
    );
    const { order, balance, sum } = await stateOf(customer);
    assert.deepEqual([order.state, order.totalMinor, order.paidMinor], ['active', paid, 0]);
    assert.deepEqual([balance, sum], [before.balance + paid, before.balance + paid]);
    const { items } = await app.ports.events.list(app.operator, { subject: orderId, limit: 100 });
    const refunds = items.filter(({ kind }) => kind === 'order.refunded');
    assert.deepEqual(
      refunds.map(({ data, actor }) => [data.amountMinor, data.note, actor]),
      [
        [paid - 100, 'rest', app.operator.actor],
        [100, 'agreed', app.operator.actor],
      ],
    );
  });

  it('by many at once is never more than was paid', async () => {
    const customer = await paidOrder();
    const { orderId, paid } = customer;
    const before = await stateOf(customer);
    const amountMinor = Math.floor(paid / 3);
    const many = Array.from({ length: 12 }, () =>
      app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor, note: 'race' }),
    );
    const done = (await Promise.allSettled(many)).filter(({ status }) => status === 'fulfilled');
    assert.equal(done.length, 3);
    const { order, balance } = await stateOf(customer);
    assert.equal(order.paidMinor, paid - 3 * amountMinor);
    assert.equal(balance, before.balance + 3 * amountMinor);
  });

  it('counts when the order is cancelled afterwards: only the rest comes back', async () => {
    const customer = await paidOrder();
    const { orderId, paid, caller } = customer;
    const before = await stateOf(customer);
    await app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor: 100, note: 'part' });
    await app.ports.orders.cancel(caller, { id: orderId }, { issuedWithinDays: 30 });
    const { order, balance } = await stateOf(customer);
    assert.equal(order.paidMinor, 0);
    assert.equal(balance, before.balance + paid);
  });

  it('needs the operator, a note, a whole amount, and an order that has its certificate', async () => {
    const customer = await paidOrder();
    const { orderId, caller, account } = customer;
    const refund = (amountMinor: number | null, note = 'x') =>
      app.ports.refunds.refund(app.operator, { id: orderId }, { amountMinor, note });
    await assertRefused('roleMissing', () =>
      app.ports.refunds.refund(caller, { id: orderId }, { amountMinor: null, note: 'x' }),
    );
    const administrator = await createCaller(app, account, { roles: ['administrator'] });
    await assertRefused('roleMissing', () =>
      app.ports.refunds.refund(administrator, { id: orderId }, { amountMinor: null, note: 'x' }),
    );
    for (const amountMinor of [0, -1, 1.5, Number.NaN]) await assertRefused('fieldInvalid', () => refund(amountMinor));
    for (const note of ['', '  ', 'x'.repeat(501)]) await assertRefused('fieldInvalid', () => refund(null, note));
    const open = await place(app, caller, ['open.example'], { productCode: 'paid' });
    await assertRefused('refundOfOpenOrder', () =>
      app.ports.refunds.refund(app.operator, { id: open.order.id }, { amountMinor: null, note: 'x' }),
    );
    await assertRefused('notFound', () =>
      app.ports.refunds.refund(app.operator, { number: 4_000_000_000 }, { amountMinor: null, note: 'x' }),
    );
    assert.equal((await stateOf(customer)).order.paidMinor, customer.paid);
  });
});
