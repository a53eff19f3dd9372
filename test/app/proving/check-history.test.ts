/** The history of checks: what is recorded, how repeated checks are folded, and how long it is kept. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { recordCheck } from '../../../src/app/proving/check-history.ts';
import type { CheckResult } from '../../../src/domain/challenge.ts';
import { mostFindings } from '../../../src/domain/check-record.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { AuthorizationId } from '../../../src/domain/ids.ts';
import { longestDays } from '../../../src/domain/profile.ts';
import { type Customer, createCustomer, issue, place, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
before(async () => {
  app = await startTestApp({ upkeep: true });
  customer = await createCustomer(app, { balanceMinor: 1_000_000 });
});
after(() => app.close());

const notFound = (status = 404) => reason('httpStatus', { url: 'http://a.example.com/x', status });

async function historyOf(order: { readonly id: string }) {
  const { items } = await app.ports.checks.listOfOrder(app.operator, order, { limit: 10 });
  return items[0]?.records ?? assert.fail('the order has a name');
}

describe('the history of checks', () => {
  it('counts failures that repeat, with the first and the last time, and keeps the proof', async () => {
    app.checks.failWith('a.example.com', notFound());
    const { order } = await place(app, customer.caller, ['a.example.com']);
    await app.advance(1800);
    const failed = (await historyOf(order)).filter(({ check }) => !check.proved);
    assert.ok(failed.length > 0 && failed.every(({ count }) => count > 5), failed.map(({ count }) => count).join());
    assert.ok(failed.every(({ check, firstAt }) => check.checkedAt > firstAt));
    app.checks.place('a.example.com');
    await app.advance(600);
    const proof = (await historyOf(order)).find(({ check }) => check.proved);
    assert.equal(proof?.count, 1);
    const [authorization] = (await app.ports.orders.get(customer.caller, order)).authorizations;
    assert.deepEqual(proof?.usableUntil, authorization?.validUntil);
    assert.equal((await historyOf(order)).filter(({ check }) => !check.proved).length, failed.length);
  });

  it('records nothing for an order whose names are proved already', async () => {
    await issue(app, customer.caller, ['b.example.com']);
    const count = async () => (await app.tables()).check_records?.length;
    const before = await count();
    await issue(app, customer.caller, ['b.example.com']);
    assert.equal(await count(), before);
  });

  it('stays small when each answer is another one', async () => {
    const authorizationId = 'aut_01jzzzzzzzzzzzzzzzzzzzzzzz' as AuthorizationId;
    const answers = Array.from({ length: 200 }, (_, index) => `answer ${index} ${'x'.repeat(5000)}`);
    for (const answer of answers) {
      const check: CheckResult = {
        method: 'httpFile',
        binding: 'server',
        proved: false,
        checkedAt: app.clock.now(),
        durationMs: 1,
        asked: 'http://c.example.com/x',
        answeredBy: ['192.0.2.1:80'],
        answer,
        problem: notFound(),
      };
      await app.database.write((tx) => recordCheck(tx, { authorizationId, challenge: 0, check, usableUntil: null }));
    }
    const records = await app.database.read.checkRecords.listOfAuthorization(authorizationId);
    assert.equal(records.length, mostFindings + 1);
    assert.equal(
      records.reduce((sum, { count }) => sum + count, 0),
      answers.length,
    );
    assert.ok(records.every(({ check }) => check.answer.length <= 1000));
  });

  it('shows an account what it may read, and another account nothing', async () => {
    const { order } = await issue(app, customer.caller, ['d.example.com']);
    const { items } = await app.ports.checks.listOfOrder(customer.caller, order, { limit: 10 });
    assert.deepEqual(
      items.flatMap(({ records }) => records.map(({ node }) => node)).filter((node) => node !== ''),
      [],
    );
    const other = await createCustomer(app);
    await assert.rejects(app.ports.checks.listOfOrder(other.caller, order, { limit: 10 }), refused('notFound'));
    const [name] = items;
    await assert.rejects(
      app.ports.checks.ofAuthorization(other.caller, name?.authorizationId ?? ''),
      refused('notFound'),
    );
  });

  it('is shown name by name, a page at a time', async () => {
    const names = ['e.example.com', 'f.example.com', 'g.example.com'];
    const { order } = await issue(app, customer.caller, names);
    const first = await app.ports.checks.listOfOrder(customer.caller, order, { limit: 2 });
    assert.deepEqual([first.items.length, first.next], [2, 2]);
    const rest = await app.ports.checks.listOfOrder(customer.caller, order, { limit: 2, after: 2 });
    assert.deepEqual([rest.items.map(({ identifier }) => identifier.value), rest.next], [['g.example.com'], null]);
  });

  it('forgets failures after the setting, and a proof only when no certificate can rely on it', async () => {
    const day = 86_400;
    app.checks.failWith('h.example.com', notFound(500));
    const { order } = await place(app, customer.caller, ['h.example.com']);
    await app.advance(60);
    app.checks.place('h.example.com');
    await app.advance(3600);
    const proof = (await historyOf(order)).find(({ check }) => check.proved) ?? assert.fail('it is proved');
    await app.advance(731 * day);
    assert.deepEqual(
      (await historyOf(order)).map(({ check }) => check.proved),
      [true],
    );
    const end = (proof.usableUntil ?? assert.fail('it serves')).getTime() + longestDays * day * 1000;
    await app.advance((end - app.clock.now().getTime()) / 1000 - day);
    assert.equal((await historyOf(order)).length, 1);
    await app.advance(2 * day);
    assert.deepEqual(await historyOf(order), []);
  });
});
