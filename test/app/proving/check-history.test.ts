/** The history of checks: what is recorded, how repeated checks are folded, and how long it is kept. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { recordCheck } from '../../../src/app/proving/check-history.ts';
import { createUpkeepHandlers } from '../../../src/app/upkeep/upkeep.ts';
import type { CheckResult } from '../../../src/domain/challenge.ts';
import { mostFindings } from '../../../src/domain/check-record.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { AuthorizationId } from '../../../src/domain/ids.ts';
import type { Job } from '../../../src/domain/job.ts';
import { longestDays } from '../../../src/domain/profile.ts';
import { type Customer, createCustomer, issue, place, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
before(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 1_000_000 });
});
after(() => app.close());

const notFound = (status = 404) => reason('httpStatus', { url: 'http://a.example.com/x', status });

function checkOf(answer: string, change: Partial<CheckResult> = {}): CheckResult {
  return {
    method: 'httpFile',
    binding: 'server',
    proved: false,
    checkedAt: app.clock.now(),
    durationMs: 1,
    asked: 'http://c.example.com/x',
    answeredBy: ['192.0.2.1:80'],
    answer,
    problem: notFound(),
    ...change,
  };
}

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
      const check = checkOf(answer);
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
    const now = app.clock.now();
    const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
    const authorizationId = 'aut_01jyyyyyyyyyyyyyyyyyyyyyyy' as AuthorizationId;
    const keep = app.context.checksKeepDays;
    const rows: readonly (readonly [checkedAt: Date, usableUntil: Date | null])[] = [
      [daysAgo(keep - 1), null],
      [daysAgo(keep + 1), null],
      [daysAgo(keep + 300), daysAgo(longestDays - 1)],
      [daysAgo(keep + 300), daysAgo(longestDays + 1)],
    ];
    for (const [challenge, [checkedAt, usableUntil]] of rows.entries()) {
      const check = checkOf(`answer ${challenge}`, { checkedAt, proved: usableUntil !== null });
      await app.database.write((tx) => recordCheck(tx, { authorizationId, challenge, check, usableUntil }));
    }
    await createUpkeepHandlers(app.context).purge(
      { kind: 'purge', subject: 'all' } as Job,
      new AbortController().signal,
    );
    const left = await app.database.read.checkRecords.listOfAuthorization(authorizationId);
    assert.deepEqual(
      left.map(({ challenge }) => challenge),
      [0, 2],
    );
  });
});
