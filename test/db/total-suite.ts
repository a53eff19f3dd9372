/** What metrics and alarms read, on every engine: totals of orders by counters, and what waits in the queue. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Totals } from '../../src/domain/ports/stores/totals.ts';
import type { OrderState } from '../../src/domain/states.ts';
import { until } from '../support/system.ts';
import { at, id, insertOrder, insertWorld, later, type World } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

const day = 86_400;
const today = Math.floor(at.getTime() / 1000 / day);

export function totalSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`totals on ${name}`, () => {
    let opened: Opened;
    let world: World;
    beforeEach(async () => {
      opened = await openFresh();
      world = await opened.database.write((tx) => insertWorld(tx));
    });
    afterEach(() => opened.remove());

    async function insert(count: number, state: OrderState, endsInDays?: number): Promise<void> {
      await opened.database.write(async (tx) => {
        for (let n = 0; n < count; n++) {
          const { order } = await insertOrder(tx, world, [`h${n}.example`], { state, organizationId: null });
          if (endsInDays !== undefined) await tx.orders.updateCertificateUntil(order.id, later(endsInDays * day));
          await event(tx, order.id);
        }
      });
    }
    const event = (tx: Parameters<Parameters<Opened['database']['write']>[0]>[0], subject: string) =>
      tx.events.append({
        kind: 'order.placed',
        accountId: world.account.id,
        actor: 'system',
        subject,
        data: {},
        requestId: null,
        at,
      });

    async function totals(): Promise<{ orders: object; ends: object }> {
      let found: Totals | undefined;
      await until(async () => {
        found = await opened.database.read.totals.get();
        return found !== undefined;
      }, 'the projection is there');
      assert.ok(found);
      const ends = [...found.certificateEnds].toSorted(([a], [b]) => a - b).map(([on, count]) => [on - today, count]);
      return { orders: Object.fromEntries(found.orders), ends };
    }

    it('of few orders are looked at', async () => {
      assert.deepEqual(await totals(), { orders: {}, ends: [] });
      await insert(3, 'open');
      await insert(2, 'active', 10);
      await insert(1, 'active', 40);
      await insert(1, 'revoked', 10);
      assert.deepEqual(await totals(), {
        orders: { open: 3, active: 3, revoked: 1 },
        ends: [
          [10, 2],
          [40, 1],
        ],
      });
    });

    it('of many are counters, which follow what happens to an order', async () => {
      await insert(600, 'open');
      await insert(500, 'active', 10);
      await insert(30, 'active', 40);
      assert.deepEqual(await totals(), {
        orders: { open: 600, active: 530 },
        ends: [
          [10, 500],
          [40, 30],
        ],
      });
      await opened.database.write(async (tx) => {
        const { order } = await insertOrder(tx, world, ['last.example'], { state: 'active', organizationId: null });
        await tx.orders.updateCertificateUntil(order.id, later(5 * day));
        await event(tx, order.id);
      });
      await opened.database.write(async (tx) => {
        const [last] = await tx.orders.list({ accountId: world.account.id, limit: 1 });
        assert.ok(last);
        await tx.orders.updateCertificateUntil(last.id, later(70 * day));
        await event(tx, last.id);
      });
      await opened.database.write(async (tx) => {
        const [, before] = await tx.orders.list({ accountId: world.account.id, limit: 2 });
        assert.ok(before && (await tx.orders.move(before.id, ['active'], 'revoked')));
        await event(tx, before.id);
      });
      assert.deepEqual(await totals(), {
        orders: { open: 600, active: 530, revoked: 1 },
        ends: [
          [10, 500],
          [40, 29],
          [70, 1],
        ],
      });
    });

    it('say in which lanes jobs are due, how many, and since when', async () => {
      const { database } = opened;
      assert.deepEqual(await database.read.jobs.due(at), []);
      await database.write(async (tx) => {
        await tx.jobs.enqueue({ kind: 'purge', subject: 'all', runAt: later(-60) });
        await tx.jobs.enqueue({ kind: 'endOrders', subject: 'all', runAt: later(-30) });
        await tx.jobs.enqueue({ kind: 'publishCrl', subject: 'ca', runAt: later(60) });
        await tx.jobs.enqueue({ kind: 'validate', subject: 'i', runAt: later(5), owner: id('account') });
      });
      assert.deepEqual(await database.read.jobs.due(at), [{ lane: 'local', jobs: 2, since: later(-60) }]);
      await database.write((tx) => tx.jobs.claimDue('local', at, 1000, 9));
      assert.deepEqual(await database.read.jobs.due(at), [], 'somebody has taken them');
      const lanes = (await database.read.jobs.due(later(100))).map(({ lane, jobs }) => [lane, jobs]);
      assert.deepEqual(lanes.toSorted(), [
        ['checks', 1],
        ['local', 1],
      ]);
    });

    it('count jobs that fail again and again, by kind, from the third time on', async () => {
      const { database } = opened;
      const fail = (kind: 'purge' | 'endOrders') =>
        database.write(async (tx) => {
          await tx.jobs.enqueue({ kind, subject: 'all', runAt: at });
          const [job] = await tx.jobs.claimDueOf(kind, at, 1000, 1);
          await tx.jobs.release(job ?? assert.fail(), at, 'it failed');
        });
      await fail('purge');
      await fail('purge');
      assert.equal((await database.read.jobs.countRetried()).size, 0);
      await fail('purge');
      await fail('endOrders');
      assert.deepEqual([...(await database.read.jobs.countRetried())], [['purge', 1]]);
      await database.write(async (tx) => {
        const [job] = await tx.jobs.claimDueOf('purge', at, 1000, 1);
        assert.ok(job);
        await tx.jobs.release(job, later(60), null);
      });
      assert.equal((await database.read.jobs.countRetried()).size, 0, 'it succeeded');
    });
  });
}
