/** `certmux database copy` to a PostgreSQL server, back, and between two of its databases. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import pg from 'pg';
import { openDatabase } from '../../src/db/open.ts';
import { listingTables } from '../../src/db/rows/listings.ts';
import { usualFirstNumbers } from '../../src/db/sequences.ts';
import { reason } from '../../src/domain/errors.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';
import { type CutProxy, startCutProxy } from '../support/cut-proxy.ts';
import { fillEveryTable, hashRows } from '../support/every-table.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';
import { changeFile, copyAll, openAnyCopy, schemaOfFile } from './copying.ts';
import { at, id, insertOrder, insertWorld, newAccount } from './fixtures.ts';

let folder: string;
let file: string;
let server: string;
let other: string;
let proxy: CutProxy | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-copy-'));
  file = join(folder, 'from.db');
  server = await createDatabase();
  other = await createDatabase();
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([dropDatabase(server), dropDatabase(other)]);
});

const system = () => ({ clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() });
const open = (path: string) => openDatabase({ path, ...system() });

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const shownWithout = (url: string) => url.replace(/:[^:@/]*@/, '@');

/** What is the same on both engines: `late-orders.ts` has the one difference that there is to be. */
function hashesOf(path: string): ReturnType<typeof hashRows> {
  // Nodes make the numbers anew, and the projection from the audit log.
  const others = new Set<string>(['late_lists', 'orders', 'number_epochs', 'used_numbers', ...listingTables]);
  return Object.fromEntries(Object.entries(hashRows(path)).filter(([table]) => !others.has(table)));
}

async function placeOrder(tx: Stores, name: string): Promise<Order> {
  return (await insertOrder(tx, await insertWorld(tx), [name])).order;
}

describe('a copy to a PostgreSQL server', () => {
  it('has every row of every table and the whole schema, and so has one of it in a file', async () => {
    await fillEveryTable(file);
    const before = hashesOf(file);
    await copyAll({ from: file, to: server });
    assert.deepEqual(hashesOf(server), before);
    const listed = await query(server, 'select state, is_listed from orders order by number');
    assert.deepEqual(
      listed.map(({ state, is_listed }) => `${state} ${is_listed}`),
      ['open 1', 'active 0', 'open 1'],
    );
    assert.deepEqual(await query(server, 'select list, up_to::text from late_lists order by list'), [
      { list: 'events', up_to: '0' },
      { list: 'orders', up_to: String(Number.MAX_SAFE_INTEGER) },
      { list: 'others', up_to: '0' },
    ]);
    const back = join(folder, 'back.db');
    await copyAll({ from: server, to: back });
    assert.deepEqual(hashesOf(back), before);
    assert.deepEqual(schemaOfFile(back), schemaOfFile(file));
  });

  it('has the schema that a first start makes', async () => {
    await (await open(other)).close();
    await (await open(file)).close();
    await copyAll({ from: file, to: server });
    for (const what of [constraints, indexes, functions, sequences]) {
      assert.deepEqual(await query(server, what), await query(other, what));
    }
    await copyAll({ from: server, to: join(folder, 'to.db') });
  });

  it('may be made where a server has made the tables and nothing else', async () => {
    await fillEveryTable(file);
    await (await open(server)).close();
    await copyAll({ from: file, to: server });
    assert.deepEqual(hashesOf(server), hashesOf(file));
    await (await open(other)).close();
    assert.deepEqual(await query(server, indexes), await query(other, indexes));
  });

  it('goes on with fresh numbers, and with events and ledger lines after the last', async () => {
    const embedded = await open(file);
    const first = await embedded.write(async (tx) => {
      const order = await placeOrder(tx, 'first.example.com');
      await tx.ledger.append(credit(order));
      await tx.events.append(eventOf(order));
      return order;
    });
    const account = await embedded.write((tx) => tx.accounts.insert(newAccount()));
    await embedded.close();
    const { nextNumbers } = await copyAll({ from: file, to: server });
    assert.equal(nextNumbers.orders, first.number + 1);
    assert.equal(nextNumbers.accounts, account.number + 1);
    assert.equal(nextNumbers.webhooks, usualFirstNumbers.webhooks);

    const onServer = await open(server);
    assert.deepEqual(await onServer.read.orders.get(first.id), first);
    assert.equal(await onServer.nextNumber('order'), first.number + 1);
    await onServer.write(async (tx) => {
      await tx.ledger.append(credit(first));
      await tx.events.append(eventOf(first));
    });
    const after = { after: 0, limit: 10, accountId: first.accountId };
    assert.deepEqual(
      (await onServer.read.events.listAfter(after)).map(({ sequence }) => sequence),
      [1, 2],
    );
    assert.equal(await onServer.read.ledger.balance(first.accountId), 200);
    const next = await onServer.write((tx) => tx.accounts.insert(newAccount()));
    assert.equal(next.number, account.number + 1);
    await onServer.close();

    const back = join(folder, 'back.db');
    await copyAll({ from: server, to: back });
    const again = await open(back);
    assert.equal((await again.write((tx) => tx.accounts.insert(newAccount()))).number, next.number + 1);
    await again.close();
  });

  it('numbers the events that were committed and not numbered', async () => {
    const onServer = await open(server);
    const order = await onServer.write((tx) => placeOrder(tx, 'www.example.com'));
    for (let i = 0; i < 4; i++) await onServer.write((tx) => tx.events.append(eventOf(order)));
    await onServer.read.events.listAfter({ after: 0, limit: 1, accountId: order.accountId });
    await onServer.close();
    await query(server, 'update events set sequence = null where sequence > 2');
    const back = join(folder, 'back.db');
    await copyAll({ from: server, to: back });
    const again = await open(back);
    const events = await again.read.events.listAfter({ after: 0, limit: 10, accountId: order.accountId });
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      [1, 2, 3, 4],
    );
    await again.close();
    await copyAll({ from: server, to: other });
    assert.deepEqual(
      await query(other, 'select sequence::int from events order by written'),
      [1, 2, 3, 4].map((sequence) => ({ sequence })),
    );
  });
});

describe('a copy to a PostgreSQL server is refused', () => {
  const refused = (from: string, to: string, expected: ReturnType<typeof reason>) =>
    assert.rejects(copyAll({ from, to }), { reason: expected });

  it('of a database that a node uses, and into one', async () => {
    await fillEveryTable(file);
    const node = await open(server);
    await node.read.events.listAfter({ after: 0, limit: 1, accountId: id('account') });
    const inUse = reason('databaseInUse', { database: shownWithout(server), by: '127.0.0.1' });
    await refused(server, join(folder, 'to.db'), inUse);
    await refused(file, server, inUse);
    await node.close();
    await copyAll({ from: file, to: server });
  });

  it('into one that is not empty, be it of certmux or not', async () => {
    await fillEveryTable(file);
    const node = await open(server);
    await node.write((tx) => tx.accounts.insert(newAccount()));
    await node.close();
    await refused(file, server, reason('databaseNotEmpty', { database: shownWithout(server), found: 'accounts' }));
    await query(other, 'create table guests (name text)');
    await refused(file, other, reason('databaseNotEmpty', { database: shownWithout(other), found: 'guests' }));
  });

  it('where one is of another version', async () => {
    await (await open(file)).close();
    for (const url of [server, other]) await (await open(url)).close();
    await query(server, 'alter table orders drop column notify_url');
    const what = 'orders.notify_url text';
    const missing = reason('databaseSchemaMissing', { database: shownWithout(server), what });
    await refused(file, server, missing);
    await refused(server, other, missing);
    await query(other, `insert into migrations values ('0002-invoices', 0)`);
    const further = { database: shownWithout(other), what: '0002-invoices' };
    await refused(other, join(folder, 'to.db'), reason('databaseSchemaUnknown', further));
    await refused(file, other, reason('databaseSchemaUnknown', further));
  });

  it('of a database where certmux never was', async () => {
    await refused(server, join(folder, 'to.db'), reason('databaseMissing', { database: shownWithout(server) }));
  });

  it('where the server does not let it in, and without the password in the message', async () => {
    await fillEveryTable(file);
    const wrong = new URL(server);
    // The server of the tests asks for no password.
    wrong.username = 'stranger';
    wrong.password = 'wrong-password';
    const thrown = await copyAll({ from: file, to: wrong.href }).catch((error: unknown) => error);
    assert.ok(thrown instanceof Error);
    assert.match(
      thrown.message,
      /cannot be opened \((role "stranger" does not exist|password authentication failed for user "stranger")\)/,
    );
    assert.doesNotMatch(thrown.message, /wrong-password/);
  });

  it('of a text that PostgreSQL cannot store', async () => {
    await fillEveryTable(file);
    const db = new DatabaseSync(file);
    db.prepare('UPDATE notes SET text = ?').run('zero \0 here');
    db.close();
    await refused(file, server, reason('databaseTextUnusable', { table: 'notes', column: 'text' }));
    assert.deepEqual(await query(server, tables), []);
  });

  it('of a database where a row refers to one that is not there', async () => {
    await fillEveryTable(file);
    changeFile(file, 'UPDATE issuances SET order_number = 7');
    await refused(file, server, reason('databaseReferenceBroken', { table: 'issuances' }));
    assert.deepEqual(await query(server, tables), []);
  });
});

describe('a copy to a PostgreSQL server that does not end', () => {
  it('leaves nothing, whenever the connection is lost, and can be begun again', async () => {
    await fillEveryTable(file);
    proxy = await startCutProxy(server);
    const moments = [
      'insert into accounts ',
      'insert into zone_rests',
      'create index',
      'declare copy_orders',
      'commit',
    ];
    for (const moment of moments) {
      proxy.cutAt(moment, 'before');
      await assert.rejects(copyAll({ from: file, to: proxy.url }), /connection to the database/, moment);
      assert.deepEqual(await query(server, tables), [], moment);
    }
    assert.equal(proxy.cuts, moments.length);
    await copyAll({ from: file, to: proxy.url });
    assert.deepEqual(hashesOf(server), hashesOf(file));
  });

  it('is found complete where only the answer to its commit was lost', async () => {
    await fillEveryTable(file);
    proxy = await startCutProxy(server);
    proxy.cutAt('commit', 'after');
    await copyAll({ from: file, to: proxy.url });
    assert.equal(proxy.cuts, 1);
    assert.deepEqual(hashesOf(server), hashesOf(file));
  });

  it('keeps servers away from both, and shows them nothing', async () => {
    await fillEveryTable(file);
    await (await open(other)).close();
    const begun = await openAnyCopy({ from: file, to: server });
    await begun.copyRows(() => {});
    const beingCopied = { reason: reason('databaseBeingCopied', {}) };
    await assert.rejects(open(server), beingCopied);
    assert.deepEqual(await query(server, tables), []);
    await assert.rejects(open(file), /is in use/);
    await begun.close();
    await (await open(file)).close();
    const reading = await openAnyCopy({ from: other, to: server });
    await assert.rejects(open(other), beingCopied);
    await reading.close();
    await (await open(other)).close();
    await (await open(server)).close();
  });
});

describe('a copy from a PostgreSQL server', () => {
  it('whose connection is lost leaves no file', async () => {
    await fillEveryTable(file);
    await copyAll({ from: file, to: server });
    proxy = await startCutProxy(server);
    const to = join(folder, 'new', 'to.db');
    for (const moment of ['declare copy_orders', 'close copy_orders']) {
      proxy.cutAt(moment, 'before');
      await assert.rejects(copyAll({ from: proxy.url, to }), /connection to the database/);
      assert.equal(existsSync(to), false);
      assert.deepEqual(readdirSync(join(folder, 'new')), ['to.db.lock']);
    }
  });
});

const credit = ({ accountId }: Order) => ({
  id: id('ledgerEntry'),
  accountId,
  kind: 'credit' as const,
  amountMinor: 100,
  currency: 'CNY',
  orderId: null,
  note: '',
  at,
});

const eventOf = ({ id: subject, accountId }: Order) => ({
  id: id('event'),
  kind: 'order.placed' as const,
  accountId,
  actor: 'system',
  actedFor: accountId,
  subject,
  data: {},
  requestId: null,
  at,
});

const tables = `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S')`;
const constraints = `select conrelid::regclass::text as table, conname, pg_get_constraintdef(oid) as what
  from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`;
const indexes = `select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`;
const functions = `select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace order by 1`;
const sequences = `select sequencename, last_value::text, start_value::text from pg_sequences
  where schemaname = 'public' and sequencename like '%\\_numbers' order by 1`;
