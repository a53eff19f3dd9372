/** The file of the projection of orders: it is made again where it is missing, broken, behind or of another history, and searches go on without it. */
import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { listingsPath, openListings } from '../../src/db/engine/sqlite/listings-file.ts';
import { RowCache } from '../../src/db/engine/sqlite/row-cache.ts';
import { Reading } from '../../src/db/engine/sqlite/sessions.ts';
import { openDatabase } from '../../src/db/open.ts';
import { createStores } from '../../src/db/stores/index.ts';
import { eventsAtOnce } from '../../src/db/stores/order-fill.ts';
import { type OrderSort, orderSortKeys } from '../../src/domain/ports/orders.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';
import { at, insertOrder, insertWorld, later, type World } from './fixtures.ts';

const dialect = 'digicert';
/** Enough for the projection to be asked. */
const many = 1100;

function open(path: string, log = createFakeLog()): Promise<Database> {
  return openDatabase({ path, clock: createFakeClock(), random: createFakeRandomness(), log });
}

/** Everything but the first page, which says that it is a database. */
function spoilPages(path: string): void {
  const file = openSync(path, 'r+');
  const pageBytes = 4096;
  writeSync(file, Buffer.alloc(statSync(path).size - pageBytes, 0x5a), 0, undefined, pageBytes);
  closeSync(file);
}

async function insert(database: Database, world: World, count: number): Promise<void> {
  await database.write(async (tx) => {
    for (let index = 0; index < count; index++) {
      const change = { dialect, organizationId: null, containerId: null, state: 'active' } as const;
      const { order } = await insertOrder(tx, world, [`host${index}.example`], change);
      await tx.events.append({
        kind: 'order.placed',
        accountId: world.account.id,
        actor: 'system',
        subject: order.id,
        data: {},
        requestId: null,
        at: later(order.number % 1000),
      });
    }
  });
}

/** The orders of the account in the order of their names, which only the projection sorts without looking at all of them. */
async function sorted(database: Database, { account }: World): Promise<number> {
  const query = { accountId: account.id, dialect, now: at, limit: 5, offset: 0 };
  const { items, total } = await database.read.orders.search({
    ...query,
    sort: [{ by: 'commonName', descending: false }],
  });
  assert.equal(items.length, 5);
  return total;
}

/** A database with many orders, closed; its projection is complete. */
async function made(t: TestContext, count = many): Promise<{ readonly path: string; readonly world: World }> {
  const directory = mkdtempSync(join(tmpdir(), 'certmux-listings-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'certmux.db');
  const database = await open(path);
  const world = await database.write((tx) => insertWorld(tx));
  await insert(database, world, count);
  assert.equal(await sorted(database, world), count);
  await database.close();
  return { path, world };
}

/** How many orders the file has, and how far it goes, without anything being brought up to date. */
function inFile(path: string): { readonly orders: number; readonly reached: number } {
  const file = openListings(path);
  const [row] = file.connection.select((db) =>
    db.selectFrom('order_listings').select((rows) => rows.fn.countAll<number>().as('orders')),
  );
  const { reached } = file;
  file.close();
  return { orders: row?.orders ?? 0, reached };
}

/** The log is there as long as somebody has the database open. */
async function whileOpen<T>(
  path: string,
  look: (database: Database) => T | Promise<T>,
  log = createFakeLog(),
): Promise<T> {
  const database = await open(path, log);
  try {
    return await look(database);
  } finally {
    await database.close();
  }
}

/** Stores that read the file, and the plans of their queries of the projection so far. */
function planned(file: ReturnType<typeof openListings>) {
  const plans: string[] = [];
  const system = { clock: createFakeClock(), random: createFakeRandomness() };
  const reading = new Reading({
    connection: () => file.connection,
    searches: {
      catchUp: async () => true,
      async ask(sql, parameters) {
        const plan = file.connection.table(`explain query plan ${sql}`, parameters);
        // Of the counts of an account, which are few, a sum is made.
        if (/from "(order|certificate)_listings"/.test(sql)) plans.push(...plan.rows.map((row) => String(row[3])));
        return file.connection.table(sql, parameters);
      },
    },
    sync: () => undefined,
    cache: new RowCache(file.connection.changed),
    tenancy: { node: 'embedded', isExclusive: true, runsJobs: true },
    system,
  });
  return { stores: createStores(reading), plans };
}

describe('the file of the projection', () => {
  it('is kept between starts, and only its owner may read it', async (t) => {
    const { path } = await made(t);
    assert.equal(statSync(listingsPath(path)).mode & 0o777, 0o600);
    await whileOpen(path, () => assert.deepEqual(inFile(path), { orders: many, reached: many }));
  });

  it('is not made where there are few orders', async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'certmux-listings-'));
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    const path = join(directory, 'certmux.db');
    await whileOpen(path, async (database) => {
      const world = await database.write((tx) => insertWorld(tx));
      await insert(database, world, 20);
      assert.equal(await sorted(database, world), 20);
    });
    assert.equal(existsSync(listingsPath(path)), false);
  });

  for (const [what, spoil] of [
    ['missing', (path: string) => rmSync(path)],
    [
      'broken',
      (path: string) => writeFileSync(path, 'this is no database, but it is long enough to be looked at'.repeat(100)),
    ],
    ['empty', (path: string) => writeFileSync(path, '')],
  ] as const) {
    it(`is made again when it is ${what}`, async (t) => {
      const { path, world } = await made(t);
      spoil(listingsPath(path));
      await whileOpen(path, async (database) => assert.equal(await sorted(database, world), many));
      await whileOpen(path, () => assert.deepEqual(inFile(path), { orders: many, reached: many }));
    });
  }

  for (const [when, isFilled] of [
    ['a search reads it', false],
    ['it is brought up to date', true],
  ] as const) {
    it(`is made again when it breaks while it is in use, and ${when}`, async (t) => {
      const { path, world } = await made(t);
      const log = createFakeLog();
      await whileOpen(
        path,
        async (database) => {
          assert.equal(await sorted(database, world), many);
          spoilPages(listingsPath(path));
          if (isFilled) await insert(database, world, 300);
          const orders = isFilled ? many + 300 : many;
          assert.equal(await sorted(database, world), orders, 'found by the tables, or by the new file');
          assert.equal(await sorted(database, world), orders, 'found by the new file');
        },
        log,
      );
      const orders = isFilled ? many + 300 : many;
      await whileOpen(path, () => assert.deepEqual(inFile(path), { orders, reached: orders }));
      assert.deepEqual(
        log.lines.filter(({ level }) => level === 'error'),
        [],
      );
    });
  }

  it('is left alone when it breaks again before it is whole', async (t) => {
    const { path, world } = await made(t);
    await whileOpen(path, async (database) => {
      assert.equal(await sorted(database, world), many);
      // What takes its place cannot be written either.
      spoilPages(listingsPath(path));
      rmSync(listingsPath(path));
      mkdirSync(join(listingsPath(path), 'in the way'), { recursive: true });
      assert.equal(await sorted(database, world), many);
      assert.equal(await sorted(database, world), many);
      await insert(database, world, 7);
      assert.equal(await sorted(database, world), many + 7);
    });
  });

  it('is made again when the database was put back to an earlier one, whose events are others', async (t) => {
    const { path, world } = await made(t);
    copyFileSync(path, `${path}.backup`);
    await whileOpen(path, async (database) => {
      await insert(database, world, 300);
      assert.equal(await sorted(database, world), many + 300);
    });
    copyFileSync(`${path}.backup`, path);
    await whileOpen(path, async (database) => {
      assert.equal(await sorted(database, world), many);
      await insert(database, world, 7);
      assert.equal(await sorted(database, world), many + 7);
    });
  });

  it('goes on where it was when the process ended between two pieces', async (t) => {
    const { path, world } = await made(t);
    rmSync(listingsPath(path));
    await whileOpen(path, async () => {
      const file = openListings(path);
      assert.equal(await file.fill(many), eventsAtOnce);
      assert.equal(await file.fill(700), 700, 'no further than it is asked to');
      file.close();
    });
    await whileOpen(path, () => assert.deepEqual(inFile(path), { orders: 700, reached: 700 }));
    await whileOpen(path, async (database) => assert.equal(await sorted(database, world), many));
  });

  it('is done without where it cannot be written', async (t) => {
    const { path, world } = await made(t);
    rmSync(listingsPath(path));
    mkdirSync(listingsPath(path));
    await whileOpen(path, async (database) => assert.equal(await sorted(database, world), many));
    assert.equal(dirname(listingsPath(path)), dirname(path));
  });

  it('is walked by an index for every sort, and nothing of it is sorted or looked through', async (t) => {
    const { path, world } = await made(t, 2100);
    await whileOpen(path, async () => {
      const file = openListings(path);
      const { stores, plans } = planned(file);
      const query = { accountId: world.account.id, dialect, now: at, limit: 10, offset: 700 };
      const standings = [['active'], ['ended', 'revoked']] as const;
      const sorts: OrderSort[] = [
        ...orderSortKeys.map((by) => ({ by, descending: false })),
        { by: 'standing', descending: true, order: standings },
      ];
      for (const sort of sorts) {
        const { total, items } = await stores.orders.search({ ...query, sort: [sort] });
        assert.deepEqual([total, items.length], [2100, 10], sort.by);
        await stores.orders.search({ ...query, sort: [sort], standings: ['active', 'ended', 'failed'] });
      }
      file.close();
      assert.ok(plans.length >= sorts.length);
      assert.deepEqual(
        plans.filter((line) => /^SCAN|TEMP B-TREE/.test(line)),
        [],
      );
    });
  });

  it('is walked in the order of the page for every filter of a list, without the rows', async (t) => {
    const { path, world } = await made(t);
    await whileOpen(path, async () => {
      const file = openListings(path);
      const { stores, plans } = planned(file);
      const { id: productId } = world.product;
      const created = { createdFrom: later(-9), createdBefore: later(9) };
      const ends = { endsFrom: later(-9), endsBefore: later(9) };
      const before = { at: later(1), number: 20_000_100 };
      const filters = [
        { states: ['active', 'failed'] },
        { productId },
        { issuerId: 'embedded', productId, states: ['active'] },
        created,
        { ...created, issuerId: 'embedded', states: ['active'] },
        ends,
        { ...ends, issuerId: 'embedded', productId, states: ['active'] },
      ] as const;
      const page = { limit: 10, now: at };
      for (const accountId of [world.account.id, null]) {
        for (const filter of filters) {
          const of = accountId === null ? 'all' : 'account';
          const by = 'endsFrom' in filter ? 'end' : 'age';
          const { states, ...narrowed } = { states: undefined, ...filter };
          const standings = states === undefined ? {} : ({ standings: ['valid', 'expired'] } as const);
          for (const more of [{}, { before }]) {
            const label = `${of} ${JSON.stringify({ ...filter, ...more })}`;
            plans.length = 0;
            await stores.orders.listFiltered({ ...page, accountId, ...filter, ...more });
            const orders = plans.splice(0);
            assert.equal(orders.length, 1, `${label}: ${orders}`);
            assert.match(
              orders[0] ?? '',
              new RegExp(`USING COVERING INDEX order_listings_of_${of}_by_${by}\\b`),
              label,
            );
            await stores.certificates.listFiltered({ ...page, accountId, ...narrowed, ...standings, ...more });
            const certificates = plans.splice(0);
            assert.equal(certificates.length, 1, `${label}: ${certificates}`);
            const index = new RegExp(`USING COVERING INDEX certificate_listings_of_${of}_by_${by}\\b`);
            assert.match(certificates[0] ?? '', index, label);
            // Customers do not see what was withheld, which the index does not say: the rows of the page are looked at.
            await stores.certificates.listFiltered({ ...page, accountId, ...narrowed, withheld: false, ...more });
            assert.match(
              plans.splice(0).join(),
              new RegExp(`^[^,]* USING INDEX certificate_listings_of_${of}_by_${by}[^,]*$`),
            );
          }
        }
      }
      // A part of a name is looked up before, and those that have it are found by their numbers, or in the order of the page.
      await stores.orders.listFiltered({ ...page, accountId: world.account.id, namePart: 'host77' });
      assert.match(plans.join(), /INTEGER PRIMARY KEY/);
      file.close();
    });
  });
});
