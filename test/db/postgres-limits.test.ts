/** Time limits of the engine for PostgreSQL, made short by the address of the database; and what is counted of its transactions. */
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { openDatabase } from '../../src/db/open.ts';
import { reason } from '../../src/domain/errors.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { createMetrics } from '../../src/http/metrics/index.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { freePort } from '../support/server-process.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, rightClock, until } from '../support/system.ts';

const clock = createFakeClock();
const away = { code: 'unavailable', reason: reason('databaseAway', {}) };

/** The database with other limits, in milliseconds. */
function openWith(path: string, limits: Readonly<Record<string, number>>): Promise<Database> {
  const url = new URL(path);
  for (const [name, value] of Object.entries(limits)) url.searchParams.set(name, String(value));
  return openDatabase({ path: url.href, clock, random: createFakeRandomness(), log: createFakeLog() });
}

describe('a time limit of PostgreSQL', () => {
  let opened: TempDatabase;
  before(async () => {
    opened = await openTempDatabase({ clock });
    await opened.database.write((tx) => tx.settings.put('held', 0));
  });
  after(() => opened.remove());

  /** Another program holds the row of the setting meanwhile. */
  async function whileHeld(work: () => Promise<void>): Promise<void> {
    const other = new pg.Client({ connectionString: opened.path });
    await other.connect();
    try {
      await other.query('begin');
      await other.query("select * from settings where key = 'held' for update");
      await work();
      await other.query('rollback');
    } finally {
      await other.end();
    }
  }

  const limits = [
    ['for a row that another transaction holds', { lock_timeout: 50 }],
    ['for a statement', { statement_timeout: 50, lock_timeout: 0 }],
  ] as const;
  for (const [title, limit] of limits) {
    it(`${title} is a refusal that may be tried again, and nothing of the work is left`, async () => {
      const database = await openWith(opened.path, limit);
      const put = (value: number) => database.write((tx) => tx.settings.put('held', value));
      await whileHeld(() => assert.rejects(put(1), away));
      assert.equal(await opened.database.read.settings.get('held'), 0);
      await put(2);
      assert.equal(await opened.database.read.settings.get('held'), 2);
      await put(0);
      await database.close();
    });
  }

  it('for a transaction that stands still ends it, so that it holds no row; its work is run again', async () => {
    const database = await openWith(opened.path, { idle_in_transaction_session_timeout: 50 });
    const watcher = new pg.Client({ connectionString: opened.path });
    await watcher.connect();
    const inTransaction = async () =>
      (
        await watcher.query(
          "select from pg_stat_activity where state = 'idle in transaction' and datname = current_database()",
        )
      ).rowCount;
    let runs = 0;
    await database.write(async (tx) => {
      runs++;
      await tx.settings.put('held', runs);
      assert.equal(await tx.settings.get('held'), runs);
      // As a node that was frozen; the server does not wait for it.
      if (runs === 1) await until(async () => (await inTransaction()) === 0, 'the server has ended the transaction');
    });
    assert.deepEqual([runs, await opened.database.read.settings.get('held')], [2, 2]);
    assert.equal(database.writeCounts?.retried, 1);
    await watcher.end();
    await database.close();
  });

  it('for a connection is a refusal, where somebody takes connections and says nothing', async () => {
    const port = await freePort();
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
    const path = `postgres://postgres@127.0.0.1:${port}/none`;
    await assert.rejects(openWith(path, { connect_timeout: 0.05 }), /no connection to the database/);
    silent.close();
  });
});

describe('the metrics', () => {
  it('count the runs that were undone for another transaction, and what was given up', async () => {
    const { database, remove } = await openTempDatabase({ clock });
    await database.write((tx) => tx.settings.put('counter', 0));
    const counts = () => database.writeCounts ?? assert.fail('they are not counted');
    const first = counts();
    let met = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const add = () =>
      database.write(async (tx) => {
        const value = Number(await tx.settings.get('counter'));
        met++;
        if (met === 2) open();
        await both;
        await tx.settings.put('counter', value + 1);
      });
    await Promise.all([add(), add()]);
    const now = counts();
    assert.deepEqual([now.committed - first.committed, now.retried - first.retried, now.givenUp], [2, 1, 0]);
    const server = createMetrics().serve(
      {
        database,
        clockGuard: rightClock,
        profiles: new Map(),
        clock,
        alarms: { raised: () => [], looks: () => 0 },
        freeBytes: async () => 0,
        version: '1',
        role: 'all',
        upstreams: async () => [],
      },
      ['127.0.0.0/8'],
    );
    const peer = { address: '127.0.0.1', requestId: 'r' };
    const lines = (await (await server.fetch(new Request('http://any.example/metrics'), peer)).text()).split('\n');
    for (const line of [
      `certmux_database_transactions_total ${now.committed}`,
      `certmux_database_retries_total ${now.retried}`,
      'certmux_database_given_up_total 0',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    await remove();
  });
});
