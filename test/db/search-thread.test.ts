/** That searches among many orders hold nobody up, and are answered like all others. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Connection } from '../../src/db/engine/sqlite/connection.ts';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { RowCache } from '../../src/db/engine/sqlite/row-cache.ts';
import { createSearchThread } from '../../src/db/engine/sqlite/search-thread.ts';
import { Reading } from '../../src/db/engine/sqlite/sessions.ts';
import { createStores } from '../../src/db/stores/index.ts';
import { nextId } from '../../src/domain/ids.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';
import { at, insertWorld, newOrder, type World } from './fixtures.ts';

const system = { clock: createFakeClock(), random: createFakeRandomness(3) };

describe('a search', () => {
  let opened: TempDatabase;
  let [large, small]: (World | undefined)[] = [];
  before(async () => {
    opened = await openTempDatabase();
    const drawn = { ...system, database: opened.database };
    large = await opened.database.write((tx) => insertWorld(tx));
    small = await opened.database.write((tx) => insertWorld(tx));
    const insert = (world: World, count: number) =>
      opened.database.write(async (tx) => {
        const order = { organizationId: null, containerId: null };
        for (let i = 0; i < count; i++)
          await tx.orders.insert(newOrder(world, { ...order, id: await nextId('order', drawn), state: 'active' }));
      });
    await insert(large, 1001);
    await insert(small, 1000);
  });
  after(() => opened.remove());

  /** Stores whose searches are counted. */
  function counted() {
    const db = createSqliteBuilder();
    const connection = new Connection(opened.path, { db, readOnly: true, pragmas: '' });
    let asked = 0;
    const reading = new Reading({
      connection: () => connection,
      searches: {
        catchUp: async () => false,
        async ask(sql, parameters) {
          asked++;
          return connection.table(sql, parameters);
        },
      },
      sync: () => undefined,
      cache: new RowCache(connection.changed),
      tenancy: { node: 'embedded', isExclusive: true, runsJobs: true },
      system,
    });
    return { stores: createStores(reading), asked: () => asked, close: () => connection.close() };
  }

  it('among many orders is answered in another thread, one among few at once', async () => {
    const { stores, asked, close } = counted();
    const query = { now: at, limit: 10, offset: 20, sort: [{ by: 'createdAt', descending: true }] } as const;
    const few = await stores.orders.search({ ...query, accountId: small?.account.id ?? assert.fail() });
    assert.deepEqual([few.total, few.items.length, asked()], [1000, 10, 0]);
    const many = await stores.orders.search({ ...query, accountId: large?.account.id ?? assert.fail() });
    assert.deepEqual([many.total, many.items.length, asked()], [1001, 10, 2], 'the page and the count');
    await stores.approvals.search({ accountId: null, limit: 10, offset: 0 });
    assert.equal(asked(), 3, 'of all accounts: the page shows that there are no more');
    close();
  });

  it('finds in the other thread what was committed just before', async () => {
    const accountId = large?.account.id ?? assert.fail();
    const { database } = opened;
    const search = (alternativeReference: string) =>
      database.read.orders.search({ accountId, now: at, limit: 10, offset: 0, alternativeReference });
    assert.equal((await search('just now')).total, 0);
    const [order] = (await database.read.orders.search({ accountId, now: at, limit: 1, offset: 500 })).items;
    await database.write((tx) => tx.orders.update(order?.id ?? assert.fail(), { alternativeReference: 'just now' }));
    assert.deepEqual(
      (await search('just now')).items.map(({ id }) => id),
      [order?.id],
    );
  });

  it('leaves the event loop free while it is looked for', async () => {
    const thread = createSearchThread({ path: opened.path, log: createFakeLog() });
    let isFound = false;
    const counting = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select count(*) from n`;
    const found = thread.ask(counting, []).finally(() => {
      isFound = true;
    });
    let turns = 0;
    while (!isFound) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual((await found).rows, [[300_000]]);
    assert.ok(turns > 10, `${turns} turns`);
    await thread.close();
  });

  it('that fails is answered with its error, and the next one is answered', async () => {
    const thread = createSearchThread({ path: opened.path, log: createFakeLog() });
    await assert.rejects(thread.ask('select * from nowhere', []), /no such table: nowhere/);
    assert.deepEqual(await thread.ask('select ? as a, 2 as b', ['x']), {
      id: 2,
      columns: ['a', 'b'],
      rows: [['x', 2]],
    });
    await assert.rejects(thread.ask(`update orders set state = 'x'`, []), /readonly|query_only/);
    await thread.close();
    await assert.rejects(thread.ask('select 1', []), /the database is closed/);
  });

  it('is answered also while its list rests, and the list goes on by itself', async () => {
    const thread = createSearchThread({ path: opened.path, log: createFakeLog() });
    const accountId = large?.account.id ?? assert.fail();
    const [[before] = []] = (await thread.ask('select max(sequence) from events', [])).rows;
    await opened.database.write((tx) =>
      tx.events.append({
        kind: 'order.changed',
        accountId,
        actor: 'system',
        subject: accountId,
        data: {},
        requestId: null,
        at,
      }),
    );
    const [[newest] = []] = (await thread.ask('select max(sequence) from events', [])).rows;
    assert.notEqual(newest, before);
    thread.rest();
    const isCaughtUp = thread.catchUp(Number(newest));
    assert.deepEqual((await thread.ask('select 1 as one', [])).rows, [[1]]);
    assert.equal(await isCaughtUp, true);
    await thread.close();
  });
});
