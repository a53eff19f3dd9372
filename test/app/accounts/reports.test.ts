/** Totals by account and month: exact to the minor unit, and those of the ledger. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { monthOf } from '../../../src/domain/month.ts';
import { createCustomer, issue, place, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const span = { from: 202001, until: 202912 };

it('each month has what the ledger has of it, and its orders and certificates', async () => {
  const { account, caller } = await createCustomer(app, { balanceMinor: 5000_00 });
  await createCustomer(app, { balanceMinor: 1_00 });
  const first = monthOf(app.clock.now());
  const issued = await issue(app, caller, ['a.example'], { productCode: 'paid' });
  await place(app, caller, ['open.example', '*.open.example'], { productCode: 'paid' });
  await place(app, caller, ['free.example']);
  await app.clock.advance(40 * 86_400_000);
  const second = monthOf(app.clock.now());
  assert.notEqual(first, second);
  await app.ports.refunds.refund(app.operator, { id: issued.order.id }, { amountMinor: 123, note: 'later' });
  await issue(app, caller, ['b.example'], { productCode: 'paid' });

  const { items, next } = await app.ports.reports.months(caller, { ...span, limit: 10 });
  assert.equal(next, null);
  const lines = await app.database.read.ledger.list(account.id, { limit: 100 });
  for (const { account: of, month, chargedMinor, refundedMinor, creditedMinor } of items) {
    const sum = (kind: string) =>
      lines
        .filter((line) => line.kind === kind && monthOf(line.at) === month)
        .reduce((all, one) => all + one.amountMinor, 0);
    assert.equal(of.id, account.id);
    assert.deepEqual([chargedMinor, refundedMinor, creditedMinor], [-sum('charge'), sum('refund'), sum('credit')]);
  }
  assert.deepEqual(
    items.map(({ month, orders, certificates }) => [month, orders, certificates]),
    [
      [second, 1, 1],
      [first, 3, 1],
    ],
  );
  const only = await app.ports.reports.months(caller, { from: second, until: second, limit: 10 });
  assert.deepEqual(only.items, items.slice(0, 1));
});

it('the operator sees every account, a page at a time; an account only its own', async () => {
  const { account, caller } = await createCustomer(app, { balanceMinor: 2_00 });
  const page = await app.ports.reports.months(app.operator, { ...span, limit: 1 });
  assert.deepEqual([page.items.map(({ account: { id } }) => id), page.next], [[account.id], account.number]);
  const more = await app.ports.reports.months(app.operator, { ...span, limit: 1, before: account.number });
  assert.notEqual(more.items[0]?.account.id, account.id);
  const other = more.items[0]?.account.id ?? '';
  await assert.rejects(app.ports.reports.months(caller, { ...span, limit: 5, account: other }), refused('notFound'));
  const own = await app.ports.reports.months(app.operator, { ...span, limit: 5, account: String(account.number) });
  assert.deepEqual(
    own.items.map(({ creditedMinor }) => creditedMinor),
    [2_00],
  );
});

it('a span that is none, or too long, is refused', async () => {
  for (const wrong of [
    { from: 202612, until: 202611 },
    { from: 201001, until: 202611 },
    { from: -110, until: 1 },
    { from: 196901, until: 196912 },
    { from: Number.NaN, until: Number.NaN },
  ])
    await assert.rejects(app.ports.reports.months(app.operator, { ...wrong, limit: 5 }), refused('fieldInvalid'));
});
