/**
 * Kills the real server with SIGKILL at random moments while several clients place orders, restarts it each time, and
 * then proves from the outside and from the database file that nothing was lost and nothing happened twice.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isServer } from '../../src/db/open.ts';
import type { Encryption365Client } from '../../src/dialects/encryption365/client.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createCustomer, loopbackValidation, placeHttpProofs } from '../support/customer.ts';
import {
  databaseOf,
  freePort,
  operatorToken,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { queryOutside, type Rows, readTables } from '../support/tables.ts';
import { createAcmeCustomers } from './kill-acme.ts';

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  readonly certificates: number;
  readonly interrupted: number;
  /** Of ACME clients: orders that they finalized, and calls that they repeated since nobody answered. */
  readonly acme: { readonly finalized: number; readonly repeated: number };
}

/** Of each account. */
const creditMinor = 1_000_000_00;

/** @param options as many clients of the Encryption365 API, and as many of ACME */
export async function killTest(options: { readonly kills: number; readonly clients: number }): Promise<KillReport> {
  const directory = await mkdtemp(join(tmpdir(), 'certmux-kill-'));
  const world = { dns: await startLoopbackDns(), web: await startLoopbackWeb() };
  const port = await freePort();
  const start = () => startServerProcess({ directory, port, isCheap: true, config: loopbackValidation(world) });
  let server = await start();
  try {
    const token = await operatorToken(directory);
    const customer = await createCustomer(server.url, token, { creditMinor });
    const acme = await createAcmeCustomers({ ...world, url: server.url, operatorToken: token }, { creditMinor });
    const orders = { acknowledged: new Set<number>(), interrupted: 0, isOver: false };
    const clients = Array.from({ length: options.clients }, (_, i) => placeOrders(customer.client, world, orders, i));
    clients.push(...clients.map((_, i) => acme.order(i, () => orders.isOver)));
    const ended = Promise.all(clients);
    // What one of them found wrong is thrown below, when the kills are over.
    ended.catch(() => undefined);
    server = await killRepeatedly(server, { start, kills: options.kills, orders });
    orders.isOver = true;
    await ended;
    await allIssued(customer.client, orders.acknowledged);
    assert.equal(await server.stop(), 0, 'the last server stops cleanly');
    const path = await databaseOf(directory);
    const tables = readTables(path);
    const certificates = checkDatabase({ path, tables }, orders.acknowledged);
    acme.check(tables);
    return {
      kills: options.kills,
      acknowledged: orders.acknowledged.size,
      certificates,
      interrupted: orders.interrupted,
      acme: { finalized: acme.finalized.length, repeated: acme.repeated },
    };
  } finally {
    if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
    await Promise.all([world.dns.close(), world.web.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Of every second server, so that there is something to lose however slow the machine is. */
const leastAcknowledged = 12;

/** The moments are random on purpose: from hardly started to in the middle of a busy second. */
async function killRepeatedly(
  first: ServerProcess,
  {
    start,
    kills,
    orders,
  }: { readonly start: () => Promise<ServerProcess>; readonly kills: number; readonly orders: Orders },
): Promise<ServerProcess> {
  let server = first;
  for (let i = 0; i < kills; i++) {
    const { size } = orders.acknowledged;
    const wanted = i % 2 === 1 ? size + leastAcknowledged : size;
    await sleep(30 + Math.random() * 600);
    while (orders.acknowledged.size < wanted) await sleep(20);
    await server.kill();
    server = await start();
  }
  return server;
}

interface Orders {
  readonly acknowledged: Set<number>;
  interrupted: number;
  isOver: boolean;
}

/** Free and paid orders, for new names and for names that are authorized already, one after the other. */
async function placeOrders(
  client: Encryption365Client,
  world: Parameters<typeof placeHttpProofs>[0],
  orders: Orders,
  clientNumber: number,
): Promise<void> {
  for (let i = 0; !orders.isOver; i++) {
    // Every third order is for a name of its own; the others reuse what is proved.
    const name = i % 3 === 0 ? `new${i}.client${clientNumber}.example` : `client${clientNumber}.example`;
    const { csrPem } = await createSubscriber(name);
    try {
      const placed = await client.placeOrder({ pid: i % 2 === 0 ? '108' : '100', csrPem, names: [name] });
      orders.acknowledged.add(placed.trustocean_id);
      placeHttpProofs(world, placed.dcv_info);
    } catch {
      // The server was killed under the request, or is not up again yet: nothing was acknowledged.
      orders.interrupted++;
      await sleep(20);
    }
  }
}

async function allIssued(client: Encryption365Client, numbers: ReadonlySet<number>): Promise<void> {
  for (const number of numbers) {
    for (;;) {
      const details = await client.order(number);
      if (details.cert_status === 'issued_active') break;
      assert.equal(details.cert_status, 'enroll_caprocessing', `order ${number}`);
      await sleep(100);
    }
  }
}

function checkDatabase(
  { path, tables }: { readonly path: string; readonly tables: Rows },
  acknowledged: ReadonlySet<number>,
): number {
  const all = (sql: string) => queryOutside(path, sql);
  const one = (sql: string): unknown => Object.values(all(sql)[0] ?? {})[0];
  if (!isServer(path)) {
    assert.equal(one('PRAGMA integrity_check'), 'ok');
    assert.deepEqual(all('PRAGMA foreign_key_check'), []);
  }

  const numbers = new Set(all('SELECT number FROM orders').map((row) => row.number));
  const lost = [...acknowledged].filter((number) => !numbers.has(number));
  assert.deepEqual(lost, [], 'every acknowledged order exists');

  const unfinished = all("SELECT id, state FROM issuances WHERE state NOT IN ('issued', 'awaitingValidation')");
  assert.deepEqual(unfinished, [], 'nothing is stuck on its way to a certificate');

  const { certificates = [] } = tables;
  const serials = new Set(certificates.map((row) => String(row.serial)));
  assert.equal(serials.size, certificates.length, 'no serial twice');
  for (const row of certificates) {
    assert.ok(row.der instanceof Uint8Array);
    const { serialNumber } = new X509Certificate(row.der);
    assert.equal(serialNumber.toLowerCase(), row.serial, 'the row holds the serial that was signed');
  }
  assert.equal(
    one("SELECT count(*) FROM issuances WHERE state = 'issued' AND certificate_id IS NULL"),
    0,
    'no issued issuance without its certificate',
  );
  assert.equal(
    one(
      "SELECT count(*) FROM certificates c LEFT JOIN issuances i ON i.id = c.issuance_id WHERE i.state IS DISTINCT FROM 'issued'",
    ),
    0,
    'no certificate without its issued issuance',
  );
  assert.equal(
    one(
      'SELECT count(*) FROM (SELECT issuance_id FROM certificates GROUP BY issuance_id HAVING count(*) > 1) AS several',
    ),
    0,
    'one certificate for each issuance',
  );

  const charged = Number(one("SELECT coalesce(-sum(amount_minor), 0) FROM ledger WHERE kind = 'charge'"));
  assert.equal(charged, Number(one('SELECT coalesce(sum(total_minor), 0) FROM orders')), 'each order charged once');
  const balance = Number(one('SELECT sum(amount_minor) FROM balances'));
  const credited = creditMinor * Number(one('SELECT count(*) FROM balances'));
  assert.equal(balance, credited - charged, 'the balance is what was paid in less what was charged');
  assert.equal(balance, Number(one('SELECT sum(amount_minor) FROM ledger')), 'the ledger adds up to the balance');
  assert.deepEqual(
    all("SELECT order_id FROM ledger WHERE kind = 'charge' GROUP BY order_id HAVING count(*) > 1"),
    [],
    'no order is charged twice',
  );
  return certificates.length;
}
