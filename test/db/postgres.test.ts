/** What the engine for PostgreSQL does besides what every engine must: transactions side by side, on several nodes, over connections that end. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { openDatabase } from '../../src/db/open.ts';
import { reason } from '../../src/domain/errors.ts';
import { type Job, sharedLanes } from '../../src/domain/job.ts';
import type { Database, NodeSignal, Stores } from '../../src/domain/ports/stores/index.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createDatabase, dropDatabase, postgresUrl } from '../support/postgres.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, until } from '../support/system.ts';
import { at, id, insertWorld, newAccount } from './fixtures.ts';

const clock = createFakeClock();
const system = () => ({ clock, random: createFakeRandomness(), log: createFakeLog() });

/** Each of so many waits until all have come, the first time; later ones pass. */
function meeting(count: number): () => Promise<void> {
  let missing = count;
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    missing--;
    if (missing === 0) open();
    if (missing >= 0) await all;
  };
}

if (postgresUrl === undefined)
  throw new Error('these tests need a PostgreSQL server: npm run test:postgres brings one');

describe('PostgreSQL', () => {
  let opened: TempDatabase;
  before(async () => {
    opened = await openTempDatabase({ clock });
  });
  after(() => opened.remove());
  const write: Database['write'] = (work, options) => opened.database.write(work, options);
  const setting = async (key: string) => opened.database.read.settings.get(key);

  describe('transactions side by side', () => {
    it('lose no update: who read what another changed is run again', async () => {
      await write((tx) => tx.settings.put('counter', 0));
      const met = meeting(2);
      let runs = 0;
      const add = () =>
        write(async (tx) => {
          runs++;
          const value = Number(await tx.settings.get('counter'));
          await met();
          await tx.settings.put('counter', value + 1);
        });
      await Promise.all([add(), add()]);
      assert.equal(await setting('counter'), 2);
      assert.equal(runs, 3);
    });

    it('know no write skew: of two that each found the other absent, one does not', async () => {
      const met = meeting(2);
      const take = (own: string, other: string) =>
        write(async (tx) => {
          const isFree = (await tx.settings.get(other)) === undefined;
          await met();
          if (isFree) await tx.settings.put(own, true);
          return isFree;
        });
      const taken = await Promise.all([take('left', 'right'), take('right', 'left')]);
      assert.deepEqual(taken.toSorted(), [false, true]);
    });

    it('see no phantom: of two that each counted before they added, one counts again', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const met = meeting(2);
      const add = () =>
        write(async (tx) => {
          const count = (await tx.containers.list(account.id)).length;
          await met();
          await tx.containers.insert({
            id: id('container'),
            accountId: account.id,
            parentId: null,
            name: `number ${count}`,
            description: '',
            state: 'active',
            allowedNames: null,
            createdAt: at,
          });
        });
      await Promise.all([add(), add()]);
      const containers = await opened.database.read.containers.list(account.id);
      assert.deepEqual(containers.map(({ name }) => name).toSorted(), ['number 0', 'number 1']);
    });

    it('charge one account 32 times at once: every charge is made, and each balance is the one before less its amount', async () => {
      const account = await write((tx) => tx.accounts.insert(newAccount()));
      const entry = (kind: 'credit' | 'charge', amountMinor: number) => ({
        id: id('ledgerEntry'),
        accountId: account.id,
        kind,
        amountMinor,
        currency: 'CNY',
        orderId: null,
        note: '',
        at,
      });
      await write((tx) => tx.ledger.append(entry('credit', 3200)));
      const charges = Array.from({ length: 32 }, () =>
        write((tx) => tx.ledger.append(entry('charge', -100)), { chargesAccount: account.id }),
      );
      const balances = (await Promise.all(charges)).map((one) => one?.balanceAfterMinor);
      assert.deepEqual(
        balances.toSorted((a = 0, b = 0) => b - a),
        Array.from({ length: 32 }, (_, i) => 3100 - 100 * i),
      );
      assert.equal(await opened.database.read.ledger.balance(account.id), 0);
      assert.equal(await opened.database.read.ledger.sum(account.id), 0);
    });

    it("that all are in each other's way, 32 of them, are all done in the end", async () => {
      await write((tx) => tx.settings.put('crowded', 0));
      const add = () =>
        write(async (tx) => {
          const value = Number(await tx.settings.get('crowded'));
          await tx.settings.put('crowded', value + 1);
          return value;
        });
      const seen = await Promise.all(Array.from({ length: 32 }, add));
      assert.deepEqual(
        seen.toSorted((a, b) => a - b),
        Array.from({ length: 32 }, (_, i) => i),
      );
      assert.equal(await setting('crowded'), 32);
    });

    it('fail with a unique key that is really taken, and leave nothing', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      let runs = 0;
      await assert.rejects(
        write(async (tx) => {
          runs++;
          await tx.settings.put('besides', 1);
          await tx.accounts.insert(account);
        }),
        /accounts_/,
      );
      assert.equal(runs, 2, 'the second run finds it again');
      assert.equal(await setting('besides'), undefined);
    });

    it('fail where work goes on after a statement failed: COMMIT would be answered with ROLLBACK', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const work = async (tx: Stores) => {
        await tx.settings.put('caught', 1);
        await tx.accounts.insert(account);
        await tx.settings.get('caught').catch(() => undefined);
      };
      await assert.rejects(write(work), /accounts_/);
      assert.equal(await setting('caught'), undefined);
    });

    it('refuse what is not awaited', async () => {
      let late: Promise<unknown> = Promise.resolve();
      await write(async (tx) => {
        late = Promise.resolve().then(async () => {
          await opened.database.read.settings.get('any');
          return tx.settings.put('late', 1);
        });
        late.catch(() => undefined);
      });
      await assert.rejects(late, /the transaction has ended/);
      assert.equal(await setting('late'), undefined);
    });
  });

  describe('connections', () => {
    const cases = [
      ['before the server has got the commit', 'before', 2],
      ['after the server has committed, before its answer is there', 'after', 1],
    ] as const;
    for (const [title, when, expectedRuns] of cases) {
      it(`may end ${title}: the work is done once`, async () => {
        const proxy = await startCutProxy(opened.path);
        const database = await openDatabase({ path: proxy.url, ...system() });
        try {
          // Nothing but the work commits meanwhile.
          await database.read.events.newest();
          // What arrives together is chance: the answer to the last statement may be lost with that to the commit.
          for (let round = 0; round < 10; round++) {
            let runs = 0;
            proxy.cutAt('commit\0', when);
            const answer = await database.write(async (tx) => {
              runs++;
              const before = Number((await tx.settings.get(`cut ${when}`)) ?? 0);
              await tx.settings.put(`cut ${when}`, before + 1);
              return before;
            });
            assert.deepEqual([proxy.cuts, runs, answer], [round + 1, expectedRuns, round]);
          }
          assert.equal(await setting(`cut ${when}`), 10);
        } finally {
          await database.close();
          await proxy.close();
        }
      });
    }

    it('may end in the middle of the work: it is run again', async () => {
      const proxy = await startCutProxy(opened.path);
      const database = await openDatabase({ path: proxy.url, ...system() });
      try {
        let runs = 0;
        await database.write(async (tx) => {
          runs++;
          await tx.settings.put('middle', runs);
          if (runs === 1) proxy.cutAt('settings', 'before');
          await tx.settings.get('middle');
        });
        assert.deepEqual([proxy.cuts, runs, await setting('middle')], [1, 2, 2]);
      } finally {
        await database.close();
        await proxy.close();
      }
    });

    it('that cannot be made are a refusal that may be tried again, and the database is back by itself', async () => {
      const proxy = await startCutProxy(opened.path);
      const database = await openDatabase({ path: proxy.url, ...system() });
      await database.write((tx) => tx.settings.put('there', 1));
      const port = Number(new URL(proxy.url).port);
      await proxy.close();
      const away = { code: 'unavailable', reason: reason('databaseAway', {}) };
      await assert.rejects(database.read.settings.get('there'), away);
      await assert.rejects(
        database.write((tx) => tx.settings.put('there', 2)),
        away,
      );
      const again = await startCutProxy(opened.path, port);
      assert.equal(await database.read.settings.get('there'), 1);
      await database.write((tx) => tx.settings.put('there', 3));
      assert.equal(await setting('there'), 3);
      await database.close();
      await again.close();
    });
  });

  describe('nodes that share it', () => {
    it('bring its schema up to date once, however many start at the same time', async () => {
      const path = await createDatabase();
      const nodes = await Promise.all([1, 2, 3].map(() => openDatabase({ path, ...system() })));
      const [one, other] = nodes;
      const { account } = (await one?.write((tx) => insertWorld(tx))) ?? assert.fail();
      assert.deepEqual(await other?.read.accounts.get(account.id), account);
      const drawn = await Promise.all(nodes.flatMap((node) => [node.nextNumber('order'), node.nextNumber('order')]));
      assert.equal(new Set(drawn).size, 6);
      for (const node of nodes) await node.close();
      await dropDatabase(path);
    });

    it('see what another changed within a second, and at once inside a transaction', async () => {
      const other = await openDatabase({ path: opened.path, ...system() });
      const { account } = await write((tx) => insertWorld(tx));
      const stateThere = async () => (await other.read.accounts.get(account.id))?.state;
      assert.equal(await stateThere(), 'active');
      await write((tx) => tx.accounts.update(account.id, { state: 'suspended' }));
      assert.equal((await opened.database.read.accounts.get(account.id))?.state, 'suspended');
      assert.equal(await other.write(async (tx) => (await tx.accounts.get(account.id))?.state), 'suspended');
      await clock.advance(1000);
      assert.equal(await stateThere(), 'suspended');
      await other.close();
    });

    it('use each number once, whichever of them it comes to, and none from before a crash of the server', async () => {
      const other = await openDatabase({ path: opened.path, ...system(), random: createFakeRandomness(77) });
      const [here, there] = [opened.database.usedNumbers, other.usedNumbers];
      assert.ok(here && there);
      let epoch = new Uint8Array();
      here.onEpoch((known) => {
        epoch = Uint8Array.from(known);
      });
      const number = (n: number) => Uint8Array.of(...epoch, 0, 0, 0, 0, 0, 0, 0, n);
      assert.deepEqual(
        await Promise.all([here.take(number(1)), there.take(number(2)), here.take(number(3)), here.take(number(3))]),
        [true, true, true, false],
      );
      const again = [1, 2, 3].flatMap((n) => [here.take(number(n)), there.take(number(n))]);
      assert.deepEqual(new Set(await Promise.all(again)), new Set([false]));
      const racing = await Promise.all([here.take(number(4)), there.take(number(4))]);
      assert.deepEqual(racing.toSorted(), [false, true]);

      // What a crash does to tables that are not logged.
      const before = number(5);
      const client = new pg.Client({ connectionString: opened.path });
      await client.connect();
      await client.query('truncate used_numbers, number_epochs');
      await client.end();
      assert.equal(await there.take(before), false);
      assert.equal(await here.take(before), false);
      assert.notDeepEqual(number(5), before, 'numbers of another epoch are handed out now');
      assert.equal(await there.take(number(5)), true, 'and both nodes know it');
      await other.close();
    });

    it('run each job on one of them, and what another has claimed is not ended by the first', async () => {
      const nodeNamed = (node: string) =>
        openDatabase({ path: opened.path, ...system(), tenancy: { node, isExclusive: false, runsJobs: true } });
      const [one, other] = [await nodeNamed('one'), await nodeNamed('other')];
      await write(async (tx) => {
        for (let n = 1; n <= 40; n++) await tx.jobs.enqueue({ kind: 'issue', subject: `shared ${n}`, runAt: at });
      });
      const claimAt = ({ write: writeThere }: Database) =>
        writeThere((tx) => tx.jobs.claimDue('local', at, 60_000, 30), { onlyClaims: true });
      // A claim passes over rows that another one is taking: who looks again finds those that are left.
      const claims: (readonly Job[])[] = await Promise.all([claimAt(one), claimAt(other)]);
      claims.push(await claimAt(one), await claimAt(other));
      const taken = claims.flat().filter(({ subject }) => subject.startsWith('shared'));
      assert.equal(new Set(taken.map(({ id }) => id)).size, taken.length, 'no job is claimed twice');
      assert.equal(taken.length, 40);

      const job = [...(claims[0] ?? []), ...(claims[2] ?? [])].at(0) ?? assert.fail('the first has one');
      await one.write((tx) => tx.jobs.renew([job.id], -1));
      assert.equal(await other.write((tx) => tx.jobs.recover(9)), 1);
      assert.deepEqual(
        (await claimAt(other)).map(({ id }) => id),
        [job.id],
      );
      await one.write(async (tx) => {
        await tx.jobs.complete(job);
        await tx.jobs.release(job, at, 'late');
        await tx.jobs.moveToFailed(job, 'late');
      });
      assert.deepEqual(await one.write((tx) => tx.jobs.renew([job.id], 60_000)), []);
      const row = await other.read.jobs.get('issue', job.subject);
      assert.deepEqual([row?.state, row?.lastError], ['running', null]);
      for (const { subject } of taken) await write((tx) => tx.jobs.finish('issue', subject));
      await one.close();
      await other.close();
    });

    it('keep to the share of an account together, also when they claim at the same time', async () => {
      const other = await openDatabase({ path: opened.path, ...system() });
      const owner = id('account');
      await write(async (tx) => {
        for (let n = 1; n <= 30; n++)
          await tx.jobs.enqueue({ kind: 'validate', subject: `turn ${n}`, runAt: at, owner });
      });
      const claimAt = ({ write: writeThere }: Database) =>
        writeThere(
          (tx) => tx.jobs.claimShared('checks', { now: at, leaseMs: 60_000, places: 128, turn: { after: '' } }),
          {
            onlyClaims: true,
          },
        );
      const claims = await Promise.all([opened.database, other, opened.database, other].map(claimAt));
      assert.equal(claims.flatMap(({ jobs }) => jobs).length, sharedLanes.checks.perAccount);
      for (let n = 1; n <= 30; n++) await write((tx) => tx.jobs.finish('validate', `turn ${n}`));
      await other.close();
    });

    it('hear of each other what was queued, what has ended, what was counted, and what is to be forgotten', async () => {
      const other = await openDatabase({ path: opened.path, ...system(), random: createFakeRandomness(78) });
      const heard: NodeSignal[] = [];
      other.signals.receive((signal) => heard.push(signal));
      opened.database.signals.send({ kind: 'ended', jobs: ['issue one', 'issue two'] });
      opened.database.signals.send({ kind: 'queued' });
      await until(() => heard.some(({ kind }) => kind === 'queued'), 'it is heard');
      const ended = heard.flatMap((signal) => (signal.kind === 'ended' ? signal.jobs : []));
      assert.deepEqual(ended, ['issue one', 'issue two']);
      // More than one word holds, in the order in which they were counted.
      const counts = Array.from(
        { length: 200 },
        (_, i) => ({ change: 'take', limit: 'tries', key: `key${i}` }) as const,
      );
      for (const count of counts) opened.database.signals.send({ kind: 'counted', count });
      const countsHeard = () => heard.flatMap((signal) => (signal.kind === 'counted' ? [signal.count] : []));
      await until(() => countsHeard().length === counts.length, 'all counts are heard');
      assert.deepEqual(countsHeard(), counts);

      const { account } = await write((tx) => insertWorld(tx));
      const stateThere = async () => (await other.read.accounts.get(account.id))?.state;
      assert.equal(await stateThere(), 'active');
      await write((tx) => tx.accounts.update(account.id, { state: 'suspended' }));
      // No time passes by the clock of these nodes.
      await until(async () => (await stateThere()) === 'suspended', 'it forgets what it kept');
      await other.close();
    });

    it('show nobody an event that has no number yet, in no list and in no count', async () => {
      const { account } = await write((tx) => insertWorld(tx));
      const event = {
        kind: 'order.placed',
        accountId: account.id,
        actor: 'system',
        data: {},
        requestId: null,
        at,
      } as const;
      await write((tx) => tx.events.append({ ...event, subject: id('order') }));
      const { events } = opened.database.read;
      const listed = async () => (await events.list({ accountId: null, limit: 3 })).map(({ sequence }) => sequence);
      const [numbers, total] = [await listed(), await events.count({ accountId: null })];
      // What a node that has just committed leaves for the sealer, while another one holds its place.
      const holder = new pg.Client(opened.path);
      await holder.connect();
      try {
        await holder.query('begin');
        await holder.query('select pg_advisory_xact_lock(1667592820, 1936023916)');
        const other = new pg.Client(opened.path);
        await other.connect();
        const columns = await other.query(
          "select string_agg(quote_ident(column_name), ', ') as names from information_schema.columns where table_schema = current_schema() and table_name = 'events' and column_name not in ('sequence', 'written', 'transaction')",
        );
        const { names } = columns.rows[0];
        await other.query(`insert into events (${names}) select ${names} from events order by sequence desc limit 1`);
        await other.end();
        assert.deepEqual([await listed(), await events.count({ accountId: null })], [numbers, total]);
      } finally {
        await holder.query('rollback');
        await holder.end();
      }
      // The sealer numbers it with the next one.
      await write((tx) => tx.events.append({ ...event, subject: id('order') }));
      const newest = Math.max(...(await listed()));
      assert.equal(newest, Math.max(...numbers) + 2);
    });

    it('number their events in one row, without gaps, and nothing is put in front of what somebody saw', async () => {
      const other = await openDatabase({ path: opened.path, ...system() });
      const nodes = [opened.database, other];
      const { account } = await write((tx) => insertWorld(tx));
      const first = await opened.database.read.events.newest();
      const views: (readonly string[])[] = [];
      const list = async (node: Database) =>
        (await node.read.events.list({ accountId: account.id, limit: 1000 })).map(
          ({ sequence, subject }) => `${sequence} ${subject}`,
        );
      await Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          const node = nodes[i % 2] ?? other;
          await node
            .write(async (tx) => {
              for (let n = 0; n < 1 + (i % 3); n++) {
                await tx.events.append({
                  kind: 'order.placed',
                  accountId: account.id,
                  actor: 'system',
                  subject: id('order'),
                  data: {},
                  requestId: null,
                  at,
                });
              }
              if (i % 5 === 4) throw new Error('undone');
            })
            .catch((error: Error) => assert.equal(error.message, 'undone'));
          views.push((await list(node)).toReversed());
        }),
      );
      await Promise.all(nodes.map(list));
      const all = (await list(other)).toReversed();
      assert.deepEqual(
        all.map((one) => Number(one.split(' ')[0])),
        all.map((_, i) => first + 1 + i),
      );
      for (const view of views) assert.deepEqual(view, all.slice(0, view.length));
      await other.close();
    });
  });
});
