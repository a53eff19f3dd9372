/** Numbers: counted once whatever happens between, the same on every node, and each number of Home is the length of its list. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { countNewEvents } from '../../../src/app/upkeep/event-counts.ts';
import { dayOf } from '../../../src/domain/statistics.ts';
import { createCustomer, issue, place, startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

const today = () => dayOf(app.clock.now());
const week = () => ({ from: today() - 6, until: today() });

async function start(options: TestAppOptions = {}) {
  app = await startTestApp(options);
  return createCustomer(app, { balanceMinor: 1_000_000 });
}

describe('issuance by day', () => {
  it('counts orders, certificates and revocations, of an account and of all', async () => {
    const { account, caller } = await start();
    const first = await issue(app, caller, ['a.example.com']);
    await issue(app, caller, ['b.example.com']);
    await app.advance(86_400);
    await app.ports.revocations.revokeOrder(caller, { id: first.order.id }, 'superseded');
    const { caller: other } = await createCustomer(app, { balanceMinor: 1_000_000 });
    await issue(app, other, ['c.example.com']);
    const yesterday = today() - 1;
    const own = await app.ports.statistics.issuance(caller, week());
    const linesOf = ({ lines }: typeof own) =>
      Object.fromEntries(lines.map(({ key, points }) => [key, points.map(({ at, total }) => [at, total])]));
    assert.deepEqual(linesOf(own), {
      orders: [[yesterday, 2]],
      certificates: [[yesterday, 2]],
      revocations: [[today(), 1]],
    });
    assert.deepEqual(linesOf(await app.ports.statistics.issuance(app.operator, week())), {
      orders: [
        [yesterday, 2],
        [today(), 1],
      ],
      certificates: [
        [yesterday, 2],
        [today(), 1],
      ],
      revocations: [[today(), 1]],
    });
    const ofOne = await app.ports.statistics.issuance(app.operator, { ...week(), account: String(account.number) });
    assert.deepEqual(linesOf(ofOne), linesOf(own));
    assert.equal(own.isUpToDate, true);
    const before = { ...week(), account: String(account.number) };
    await assert.rejects(app.ports.statistics.issuance(other, before), refused('notFound'));
  });

  it('counts each event once, whoever counts at the same time', async () => {
    const { caller } = await start();
    for (const name of ['a', 'b', 'c']) await issue(app, caller, [`${name}.example.com`]);
    await Promise.all(Array.from({ length: 5 }, () => countNewEvents(app.context)));
    await countNewEvents(app.context);
    const [orders] = (await app.ports.statistics.issuance(caller, week())).lines.filter(({ key }) => key === 'orders');
    assert.deepEqual(orders?.points, [{ at: today(), total: 3 }]);
  });

  it('refuses more days than a year and a month', async () => {
    const { caller } = await start({ works: false });
    const span = { from: today() - 400, until: today() };
    await assert.rejects(app.ports.statistics.issuance(caller, span), refused('fieldInvalid'));
    await app.ports.statistics.issuance(caller, { ...span, from: today() - 399 });
    await assert.rejects(app.ports.statistics.expiry(caller, { from: 1, until: 0 }), refused('fieldInvalid'));
  });
});

describe('numbers that are wrong', () => {
  /** Adds counts of nothing that happened, under so many keys, without moving the progress on. */
  async function breakCounts(keys: number) {
    const { sequence } = await app.database.read.statistics.progress();
    const [last] = await app.database.read.statistics.listEvents(sequence - 1, 1);
    assert.ok(last);
    const wrong = { series: 'issuance', scope: 'all', day: today(), lastAt: last.at } as const;
    const counts = [
      { ...wrong, key: 'orders', total: 40 },
      ...Array.from({ length: keys }, (_, index) => ({ ...wrong, key: `never ${index}`, total: 1 })),
    ];
    assert.ok(await app.database.write((tx) => tx.statistics.add(counts, { after: sequence, last })));
  }

  async function startWithOrders() {
    const { caller } = await start();
    for (const name of ['a', 'b', 'c']) await issue(app, caller, [`${name}.example.com`]);
    const right = await app.ports.statistics.issuance(app.operator, week());
    assert.deepEqual(right.lines.find(({ key }) => key === 'orders')?.points, [{ at: today(), total: 3 }]);
    return { caller, right };
  }

  const shown = async () => (await app.ports.statistics.issuance(app.operator, week())).lines;

  it('are right again once they are counted again', async () => {
    const { right } = await startWithOrders();
    await breakCounts(1200);
    assert.equal((await shown()).length, right.lines.length + 1200, 'they are wrong');
    await app.ports.statistics.rebuild(app.operator);
    assert.deepEqual(await shown(), right.lines);
    const [event] = await app.database.read.events.list({
      accountId: null,
      kinds: ['statistics.rebuilding'],
      limit: 2,
    });
    assert.equal(event?.actor, app.operator.actor);
  });

  it('are counted again after a kill in the middle, and by no other node meanwhile', async () => {
    const { right, caller } = await startWithOrders();
    await breakCounts(1200);
    const { statistics } = app.database.read;
    const before = await statistics.progress();
    await app.ports.statistics.rebuild(app.operator);
    assert.deepEqual(await statistics.progress(), { sequence: 0, at: null, isClearing: true });
    assert.equal(await app.database.write((tx) => tx.statistics.clear(500)), true, 'there is more');
    // A node that had read the progress before adds nothing.
    const [last] = await statistics.listEvents(0, 1);
    assert.ok(last);
    assert.equal(await app.database.write((tx) => tx.statistics.add([], { after: before.sequence, last })), false);
    assert.equal(await app.database.write((tx) => tx.statistics.add([], { after: 0, last })), false);
    app = await app.restart();
    assert.deepEqual(await shown(), right.lines);
    await issue(app, caller, ['d.example.com']);
    assert.deepEqual((await shown()).find(({ key }) => key === 'orders')?.points, [{ at: today(), total: 4 }]);
    assert.equal(
      await app.database.write((tx) => tx.statistics.clear(500)),
      false,
      'nothing is removed once it is over',
    );
    assert.notDeepEqual(await shown(), []);
  });

  it('are said to be counted while there is much to remove', async () => {
    const { right } = await startWithOrders();
    // More than the 50 pieces that a reader waits for.
    await breakCounts(25_500);
    await app.ports.statistics.rebuild(app.operator);
    const meanwhile = await app.ports.statistics.issuance(app.operator, week());
    assert.deepEqual([meanwhile.countedUntil, meanwhile.isUpToDate], [null, false]);
    const after = await app.ports.statistics.issuance(app.operator, week());
    assert.deepEqual([after.lines, after.isUpToDate], [right.lines, true]);
  });
});

describe('failures', () => {
  it('are counted by their reason', async () => {
    const { caller } = await start({
      issuer: (embedded) => ({ ...embedded, sign: () => Promise.reject(new Error('the token is locked')) }),
    });
    const { order } = await issue(app, caller, ['a.example.com']);
    for (let tries = 0; (await app.ports.orders.get(caller, { id: order.id })).order.state !== 'failed'; tries++) {
      assert.ok(tries < 100, 'it fails');
      await app.advance(300);
    }
    const { lines } = await app.ports.statistics.failures(caller, week());
    assert.deepEqual(
      lines.map(({ key, points }) => [key, points.map(({ total }) => total)]),
      [['workFailed', [1]]],
    );
  });
});

describe('ends of certificates', () => {
  it('are those of active orders, by day', async () => {
    const { caller } = await start();
    const { order } = await issue(app, caller, ['a.example.com']);
    await issue(app, caller, ['b.example.com']);
    const { certificate } = await app.ports.orders.get(caller, { id: order.id });
    const day = dayOf(certificate?.notAfter ?? assert.fail('it is issued'));
    const span = { from: day - 3, until: day + 3 };
    const ends = async () => (await app.ports.statistics.expiry(caller, span)).lines;
    assert.deepEqual(await ends(), [{ key: 'certificates', points: [{ at: day, total: 2 }] }]);
    await app.ports.revocations.revokeOrder(caller, { id: order.id }, 'superseded');
    assert.deepEqual(await ends(), [{ key: 'certificates', points: [{ at: day, total: 1 }] }]);
  });
});

describe('revenue', () => {
  it('is what was charged less what was given back, by currency', async () => {
    const { caller } = await start();
    const { order } = await issue(app, caller, ['a.example.com'], { productCode: 'paid' });
    const { caller: other } = await createCustomer(app, { balanceMinor: 1_000_000, currency: 'CNY' });
    const cancelled = await place(app, other, ['never.example.com'], { productCode: 'paid' });
    await app.ports.orders.cancel(other, { id: cancelled.order.id });
    const month = Number(app.clock.now().toISOString().slice(0, 7).replace('-', ''));
    const span = { from: month, until: month };
    const expected = order.totalMinor === 0 ? [] : [{ key: 'CNY', points: [{ at: month, total: order.totalMinor }] }];
    assert.notEqual(order.totalMinor, 0);
    assert.deepEqual((await app.ports.statistics.revenue(caller, span)).lines, expected);
    assert.deepEqual((await app.ports.statistics.revenue(other, span)).lines, []);
    assert.deepEqual((await app.ports.statistics.revenue(app.operator, span)).lines, expected);
  });
});
