/** Lists that are filled in many rows at a time: a reader sees what is committed, whether it is in the list yet or not. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { NewEvent } from '../../src/domain/event.ts';
import { newNumberedId, numberOf } from '../../src/domain/ids.ts';
import type { Order } from '../../src/domain/order.ts';
import type { OrderState } from '../../src/domain/states.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { countBtreeWrites, watchStatements } from '../support/statements.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';
import { at, id, insertWorld, newOrder, type World } from './fixtures.ts';

let opened: TempDatabase;
before(async () => {
  opened = await openTempDatabase();
});
after(() => opened.remove());

const read = () => opened.database.read;
const write: TempDatabase['database']['write'] = (work) => opened.database.write(work);

describe('events', () => {
  const event = (accountId: World['account']['id'] | null, subject: string): NewEvent => ({
    kind: 'order.placed',
    accountId,
    actor: 'system',
    subject,
    data: {},
    requestId: null,
    at,
  });

  test('of accounts and of subjects are listed page by page, however far the lists are', async () => {
    const [one, other] = await write(async (tx) => [await insertWorld(tx), await insertWorld(tx)]);
    assert.ok(one && other);
    const subjects = [id('order'), id('order'), id('order')];
    const expected: { readonly sequence: number; readonly accountId: string | null; readonly subject: string }[] = [];
    const accounts = [one.account.id, other.account.id, null];
    for (let round = 0; round < 9; round++) {
      await write(async (tx) => {
        for (let i = 0; i < 83; i++) {
          await tx.events.append(event(accounts[i % 3] ?? null, subjects[(i + round) % 3] ?? ''));
        }
      });
      const all = await read().events.list({ accountId: null, limit: 10_000 });
      expected.splice(0, expected.length, ...all);
      assert.equal(expected.length, 83 * (round + 1));
      for (const accountId of [one.account.id, null]) {
        for (const subject of [undefined, subjects[0]]) {
          const wanted = expected
            .filter((found) => accountId === null || found.accountId === accountId)
            .filter((found) => subject === undefined || found.subject === subject)
            .map(({ sequence }) => sequence);
          const found: number[] = [];
          for (let from: number | undefined; ; ) {
            const page = await read().events.list({
              accountId,
              limit: 40,
              ...(subject === undefined ? {} : { subject }),
              ...(from === undefined ? {} : { before: from }),
            });
            found.push(...page.map(({ sequence }) => sequence));
            if (page.length < 40) break;
            from = found.at(-1);
          }
          assert.deepEqual(found, wanted, `${round}: ${accountId} ${subject}`);
          if (subject !== undefined) continue;
          const ascending: number[] = [];
          for (;;) {
            const page = await read().events.listAfter({ accountId, after: ascending.at(-1) ?? 0, limit: 40 });
            ascending.push(...page.map(({ sequence }) => sequence));
            if (page.length < 40) break;
          }
          assert.deepEqual(ascending, wanted.toReversed());
        }
      }
    }
  });

  test('cost one write each, and five for each 256 of them that came of no request', async (t) => {
    t.after(watchStatements());
    const fresh = await openTempDatabase();
    const { account } = await fresh.database.write((tx) => insertWorld(tx));
    const { total, lines } = await countBtreeWrites(async () => {
      for (let i = 0; i < 300; i++)
        await fresh.database.write((tx) => tx.events.append(event(account.id, id('order'))));
    });
    assert.equal(total, 300 + 5, lines.filter((line) => !line.includes('[events]')).join('\n'));
    await fresh.remove();
  });
});

describe('orders that are not active', () => {
  /** As many as a list may be behind, and more. */
  const count = 1000;
  let world: World;
  let stranger: World;
  const states = new Map<string, { readonly order: Order; state: OrderState }>();

  before(async () => {
    [world, stranger] = await write(async (tx) => [await insertWorld(tx), await insertWorld(tx)] as const);
  });

  async function insert(index: number, change: Partial<Order> = {}): Promise<void> {
    const of = index % 5 === 0 ? stranger : world;
    const order = await write((tx) =>
      tx.orders.insert(
        newOrder(of, { organizationId: null, dialect: index % 2 === 0 ? 'racent' : 'wosign', ...change }),
      ),
    );
    states.set(order.id, { order, state: 'open' });
  }

  async function move(key: string, to: OrderState): Promise<void> {
    const found = states.get(key);
    assert.ok(found);
    const from = found.state;
    assert.ok(await write((tx) => tx.orders.move(found.order.id, [from], to)));
    found.state = to;
  }

  const idsOf = (matches: (one: { readonly order: Order; readonly state: OrderState }) => boolean) =>
    [...states.values()]
      .filter(matches)
      .map(({ order }) => order)
      .toSorted((a, b) => b.number - a.number)
      .map((order) => order.id);

  async function pages(query: Omit<Parameters<TempDatabase['database']['read']['orders']['list']>[0], 'limit'>) {
    const found: Order[] = [];
    for (;;) {
      const last = found.at(-1)?.number;
      const page = await read().orders.list({ ...query, limit: 50, ...(last === undefined ? {} : { before: last }) });
      found.push(...page);
      if (page.length < 50) return found.map((order) => order.id);
    }
  }

  async function check(): Promise<void> {
    for (const state of ['open', 'failed', 'ended', 'active'] as const) {
      assert.deepEqual(
        await pages({ accountId: null, state }),
        idsOf((one) => one.state === state),
        state,
      );
      const ofWorld = idsOf((one) => one.state === state && one.order.accountId === world.account.id);
      assert.deepEqual(await pages({ accountId: world.account.id, state }), ofWorld, state);
      const ofDialect = idsOf(
        (one) => one.state === state && one.order.accountId === world.account.id && one.order.dialect === 'racent',
      );
      assert.deepEqual(await pages({ accountId: world.account.id, state, dialect: 'racent' }), ofDialect, state);
    }
    const { items, total } = await read().orders.search({
      accountId: world.account.id,
      now: at,
      limit: 2000,
      offset: 0,
      standings: ['failed'],
    });
    const failed = idsOf((one) => one.state === 'failed' && one.order.accountId === world.account.id);
    assert.deepEqual([items.map((order) => order.id), total], [failed, failed.length]);
  }

  test('are found while they are new and later, in every state that they come to', async () => {
    for (let i = 0; i < count; i++) {
      await insert(i);
      const newest = [...states.keys()].at(-1) ?? '';
      // Most become active at once.
      if (i % 7 !== 0) await move(newest, 'active');
      else if (i % 3 === 0) await move(newest, 'failed');
      if (i % 300 === 250) await check();
    }
    await check();
    // Some that have been open for long, and some that have been active.
    for (const [index, key] of [...states.keys()].entries()) {
      const state = states.get(key)?.state;
      if (index % 11 === 0 && state === 'open') await move(key, 'active');
      else if (index % 13 === 0 && state === 'open') await move(key, 'failed');
      else if (index % 50 === 0 && state === 'active') await move(key, 'ended');
    }
    await check();
  });

  test('are found whose number was drawn long before they were inserted', async () => {
    const lowest = Math.min(...[...states.values()].map(({ order }) => order.number));
    const system = { clock: createFakeClock(), random: createFakeRandomness(5) };
    await insert(1, { id: newNumberedId('order', lowest - 5, system) });
    await check();
    const late = [...states.keys()].at(-1) ?? '';
    assert.equal(numberOf((states.get(late) ?? assert.fail()).order.id), lowest - 5);
    await move(late, 'active');
    await check();
  });
});
