/** The measurement of what grows with the orders: issuance, as far as it needs no large installation. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { benchNames, type Customer, fetchRequest } from '../../bench/customers/customer.ts';
import { wosignFor } from '../../bench/customers/wosign.ts';
import { compareIssuance, enterLarge, type Installation } from '../../bench/growth/issuance.ts';
import { makeRequests } from '../../bench/requests.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { startWorld, type World } from '../support/world.ts';

const index = fileURLToPath(new URL('../../bench/growth/index.ts', import.meta.url));

describe('issuance beside stored orders', () => {
  const requests = 40;
  let large: World;
  let empty: World;
  let directory: string;
  let csrs: readonly string[];
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'certmux-growth-test-'));
    [large, empty] = [await startWorld(), await startWorld()];
    csrs = await makeRequests(requests, () => [benchNames[0]]);
  });
  after(async () => {
    await Promise.all([large.close(), empty.close()]);
    await rm(directory, { recursive: true, force: true });
  });

  const worldOf = ({ url, dns, web, operatorToken: token }: World) => ({
    ...{ url, dns, web },
    operator: createNativeClient({ baseUrl: url, token, fetch: fetchRequest }),
  });

  test('is of the large account, whose key is made once, and of an empty installation, in turns', async () => {
    const inLarge = worldOf(large);
    const { id: account } = await inLarge.operator.accounts.create({ name: 'growth', currency: 'USD' });
    const keys = join(directory, 'world.json');
    // As a directory has it that was made before issuance was measured.
    await writeFile(keys, JSON.stringify({ account, digicertKey: 'one' }));
    const supply = { csrs, orders: requests };
    await enterLarge(directory, inLarge, { csrs: await makeRequests(1, () => [benchNames[0]]), orders: 1 });
    const kept = await readFile(keys, 'utf8');
    const customers = {
      large: await enterLarge(directory, inLarge, supply),
      empty: await wosignFor([benchNames[0]]).enter(worldOf(empty), supply),
    };
    assert.equal(await readFile(keys, 'utf8'), kept);
    assert.equal(JSON.parse(kept).digicertKey, 'one');

    const placed: { side: string; orders: Set<number> }[] = [];
    const watched = (side: string, { url }: World, customer: Customer): Installation => ({
      ...{ url, pid: process.pid, longestBlockMs: async () => 7 },
      customer: {
        ...customer,
        place(connection, order) {
          if (placed.at(-1)?.side !== side) placed.push({ side, orders: new Set() });
          placed.at(-1)?.orders.add(order);
          return customer.place(connection, order);
        },
      },
    });
    const [line, ...more] = await compareIssuance(
      { large: watched('large', large, customers.large), empty: watched('empty', empty, customers.empty) },
      // Ended by the requests.
      { ...{ requests, rounds: 2, seconds: 600, warmupSeconds: 600 }, loads: [{ title: 'some', connections: 4 }] },
    );
    assert.ok(line);
    assert.deepEqual(more, []);
    // Warming up, then who went second goes first.
    assert.deepEqual(
      placed.map(({ side, orders }) => [side, orders.size]),
      [
        ['large', 13],
        ['empty', 13],
        ['large', 13],
        ['empty', 26],
        ['large', 13],
      ],
    );
    const { rounds } = line;
    assert.deepEqual(
      rounds.map((round) => [round.large.orders, round.empty.orders, round.large.connections]),
      [
        [13, 13, 4],
        [13, 13, 4],
      ],
    );
    const quotients = rounds.map((round) => round.large.ordersPerSecond / round.empty.ordersPerSecond);
    assert.equal(line.ratios.ordersPerSecond, Math.min(...quotients));
    assert.equal(line.ratios.blockMs, 1);
    assert.equal(line.ms, Math.min(...rounds.map((round) => round.large.p50Ms)));
    assert.match(line.note, /^large to empty: orders\/s \d+\.\d\d, p99 \d+\.\d\d, CPU /);

    const stored = await inLarge.operator.certificates.list({ limit: 200 });
    assert.deepEqual([stored.items.length, stored.nextCursor], [requests + 1, null]);
    const accounts = new Set(
      (await inLarge.operator.orders.list({ limit: 200 })).items.map((order) => order.accountId),
    );
    assert.deepEqual([...accounts], [account]);
  });

  test('a load without orders is no measurement', async () => {
    const idle: Installation = {
      ...{ url: large.url, pid: process.pid, longestBlockMs: async () => 0 },
      customer: { calls: 1, place: () => assert.fail('there is no request for it') },
    };
    const terms = { requests: 1, rounds: 1, seconds: 1, warmupSeconds: 1 };
    await assert.rejects(compareIssuance({ large: idle, empty: idle }, terms), /large: a load placed no order/);
  });
});

test('a number that makes no sense is refused before anything is made', async () => {
  const directory = join(tmpdir(), `certmux-growth-refused-${process.pid}`);
  const rows = [
    [
      ['--orders', '0'],
      /^--orders 0: a whole number of at least 100 is needed\. Issuance beside no orders is measured/,
    ],
    [['--orders', '1000', '--rounds', 'two'], /^--rounds two: a whole number of at least 1 is needed\n$/],
  ] as const;
  for (const [values, expected] of rows) {
    const { status, stderr } = spawnSync(process.execPath, [index, ...values, '--directory', directory], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, expected);
    assert.equal(existsSync(directory), false);
  }
});
