/**
 * Three nodes of one PostgreSQL database under load from every front door, while they are killed, their connections cut, the server
 * stopped and started, and one node frozen beyond its leases and woken. Then it is proved from the rows that nothing was lost and nothing
 * happened twice.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createEncryption365Client, type Encryption365Client } from '../../src/dialects/encryption365/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { createWosignClient, type WosignClient } from '../../src/dialects/wosign/client.ts';
import { createCustomer, placeHttpProofs } from '../support/customer.ts';
import { type Nodes, openNodes } from '../support/nodes.ts';
import { operatorToken, type ServerProcess } from '../support/server-process.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { type Rows, readTables } from '../support/tables.ts';
import { type DoorLoad, enterDoors, orderAtDoor } from './chaos-doors.ts';
import { createAcmeCustomers } from './kill-acme.ts';

export interface ChaosOptions {
  /** Of nodes, at random moments. */
  readonly kills: number;
  readonly restarts: number;
  readonly cuts: number;
  readonly frozenMs: number;
  restartServer(): Promise<void>;
  say(line: string): void;
}

export interface ChaosReport {
  readonly acknowledged: number;
  readonly oneCall: number;
  readonly acme: number;
  /** Certificates that other front doors answered with. */
  readonly byDoor: Readonly<Record<string, number>>;
  readonly interrupted: number;
  readonly certificates: number;
  readonly deliveries: number;
}

const creditMinor = 1_000_000_00;
const roles = { api1: 'api', api2: 'api', worker: 'worker' } as const;
type Name = keyof typeof roles;

interface Load extends DoorLoad {
  readonly acknowledged: Set<number>;
  readonly issuedInOneCall: string[];
  isOver: boolean;
}

export async function chaosTest(options: ChaosOptions): Promise<ChaosReport> {
  const nodes = await openNodes();
  try {
    const running = new Map<Name, ServerProcess>();
    for (const name of ['api1', 'api2', 'worker'] satisfies Name[])
      running.set(name, await nodes.start(name, roles[name]));
    const urls = ['api1', 'api2'].map((name) => running.get(name as Name)?.url ?? assert.fail());
    const token = await operatorToken(nodes.directoryOf('api1'));
    const load: Load = {
      acknowledged: new Set(),
      issuedInOneCall: [],
      byDoor: new Map(),
      interrupted: 0,
      isOver: false,
    };
    const clients = await startLoad(nodes, { urls, token, load });
    const ended = Promise.all(clients.work);
    ended.catch(() => undefined);
    await disturb(nodes, running, options);
    options.say('the load ends');
    load.isOver = true;
    await ended;
    for (const number of load.acknowledged) await issued(clients.lookers, number);
    await settled(nodes, options);
    for (const node of running.values()) assert.equal(await node.stop(), 0, 'each node stops cleanly');
    return check(readTables(nodes.databaseUrl), load, clients.acme.finalized.length);
  } finally {
    await nodes.close();
  }
}

async function startLoad(
  nodes: Nodes,
  { urls, token, load }: { readonly urls: readonly string[]; readonly token: string; readonly load: Load },
) {
  const [url = ''] = urls;
  const operator = createNativeClient({ baseUrl: url, token, fetch: (request) => fetch(request) });
  const customer = await createCustomer(url, operator, { creditMinor });
  nodes.dns.set('hooks.example', 'A', nodes.web.address);
  nodes.web.put('hooks.example', '/told', 'ok');
  await operator.webhooks.add({ account: customer.accountId, url: 'http://hooks.example/told' });
  const credentials = { clientId: customer.clientId, accessToken: new Secret(customer.accessToken) };
  const lookers = urls.map((baseUrl) =>
    createEncryption365Client({ baseUrl, fetch: (request) => fetch(request), credentials }),
  );
  const { id: platform } = await operator.accounts.create({ name: 'platform', currency: 'CNY', approval: 'automatic' });
  const { clientSettings } = await operator.credentials.create({ account: platform, dialect: 'wosign' });
  const { customer_id: customerId = '', auth_token: authToken = '', signfile = '' } = clientSettings;
  const oneCall = urls.map((baseUrl) =>
    createWosignClient({
      baseUrl,
      fetch: (request) => fetch(request),
      credentials: { customerId, authToken: new Secret(authToken) },
    }),
  );
  const acme = await createAcmeCustomers({ ...nodes, url, operatorToken: token }, { creditMinor });
  const doors = await enterDoors({ ...nodes, url, operator });
  return {
    lookers,
    acme,
    work: [
      ...lookers.map((client, i) => placeOrders(nodes, client, load, i)),
      ...oneCall.map((client, i) => callOnce(nodes, client, { load, signfile, client: i })),
      ...doors.map((door) => orderAtDoor(door, urls, load)),
      acme.order(1, () => load.isOver),
      acme.order(2, () => load.isOver),
    ],
  };
}

async function placeOrders(nodes: Nodes, client: Encryption365Client, load: Load, number: number): Promise<void> {
  for (let i = 0; !load.isOver; i++) {
    const name = i % 3 === 0 ? `new${i}.client${number}.example` : `client${number}.example`;
    const { csrPem } = await createSubscriber(name);
    try {
      const placed = await client.placeOrder({ pid: i % 2 === 0 ? '108' : '100', csrPem, names: [name] });
      load.acknowledged.add(placed.trustocean_id);
      placeHttpProofs(nodes, placed.dcv_info);
    } catch {
      load.interrupted++;
      await sleep(50);
    }
  }
}

async function callOnce(
  nodes: Nodes,
  client: WosignClient,
  { load, signfile, client: number }: { readonly load: Load; readonly signfile: string; readonly client: number },
): Promise<void> {
  for (let i = 0; !load.isOver; i++) {
    const name = `call${i % 5}.platform${number}.example`;
    nodes.dns.set(name, 'A', nodes.web.address);
    nodes.web.put(name, '/.well-known/pki-validation/signfile', signfile);
    const { csrPem } = await createSubscriber(name);
    try {
      const outcome = await client.apply({ names: [name], csrPem });
      if (outcome.state === 'issued') {
        load.issuedInOneCall.push(new X509Certificate(outcome.certificatePem).serialNumber.toLowerCase());
      }
    } catch {
      load.interrupted++;
      await sleep(50);
    }
  }
}

/** Everything that goes wrong, one after the other in an order that differs each time. */
async function disturb(nodes: Nodes, running: Map<Name, ServerProcess>, options: ChaosOptions): Promise<void> {
  const { kills, restarts, cuts, say } = options;
  const names = Object.keys(roles) as readonly Name[];
  const kill = async () => {
    const name = names[Math.floor(Math.random() * names.length)] ?? 'worker';
    say(`kills ${name}`);
    await running.get(name)?.kill();
    running.set(name, await nodes.start(name, roles[name]));
  };
  const restart = async () => {
    say('restarts PostgreSQL');
    await options.restartServer();
  };
  const cut = async () => {
    say('cuts all connections');
    await administer(
      nodes.databaseUrl,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  };
  const all = [...repeat(kills, kill), ...repeat(restarts, restart), ...repeat(cuts, cut)];
  const middle = Math.floor(all.length / 2);
  for (const [i, one] of shuffled(all).entries()) {
    if (i === middle) await freeze(nodes, running, options);
    await sleep(100 + Math.random() * 900);
    await one();
  }
}

/** The worker stands still until another one has taken over what it had, and goes on in the middle of it. */
async function freeze(nodes: Nodes, running: Map<Name, ServerProcess>, { frozenMs, say }: ChaosOptions): Promise<void> {
  if (frozenMs === 0) return;
  const other = await nodes.start('worker2', 'worker');
  const frozen = running.get('worker')?.child ?? assert.fail();
  say(`freezes the worker for ${frozenMs / 1000} s`);
  frozen.kill('SIGSTOP');
  await sleep(frozenMs);
  frozen.kill('SIGCONT');
  say('wakes it');
  await sleep(5000);
  assert.equal(await other.stop(), 0);
}

async function issued(clients: readonly Encryption365Client[], number: number): Promise<void> {
  for (let i = 0; ; i++) {
    const client = clients[i % clients.length] ?? assert.fail();
    const { cert_status: status } = await client.order(number);
    if (status === 'issued_active') return;
    assert.equal(status, 'enroll_caprocessing', `order ${number}`);
    await sleep(200);
  }
}

/** What was being signed when its node died is found about a minute later; receivers get what is still to be sent. */
async function settled(nodes: Nodes, { say }: ChaosOptions): Promise<void> {
  for (let waitedS = 0; ; waitedS++) {
    const [{ signing, unsent }] = await administer<[{ signing: number; unsent: number }]>(
      nodes.databaseUrl,
      whatIsLeft,
    );
    if (signing + unsent === 0) return;
    if (waitedS % 30 === 0) say(`waits for ${signing} signatures and ${unsent} deliveries`);
    assert.ok(waitedS < 400, `${signing} signatures and ${unsent} deliveries are left`);
    await sleep(1000);
  }
}

function check(rows: Rows, load: Load, acme: number): ChaosReport {
  const { orders = [], issuances = [], certificates = [], ledger = [], balances = [], deliveries = [] } = rows;
  const numbers = new Set(orders.map(({ number }) => Number(number)));
  assert.deepEqual(
    [...load.acknowledged].filter((number) => !numbers.has(number)),
    [],
    'every acknowledged order exists',
  );
  const serials = certificates.map(({ serial }) => String(serial));
  assert.equal(new Set(serials).size, serials.length, 'no serial twice');
  const stored = new Set(serials);
  assert.deepEqual(
    [...load.issuedInOneCall, ...[...load.byDoor.values()].flat()].filter((serial) => !stored.has(serial)),
    [],
    'every certificate that was handed out is stored',
  );
  for (const { der, serial } of certificates) {
    assert.ok(der instanceof Uint8Array);
    assert.equal(
      new X509Certificate(der).serialNumber.toLowerCase(),
      serial,
      'the row holds the serial that was signed',
    );
  }
  for (const [api, { length }] of load.byDoor) assert.ok(length > 0, `${api} has issued`);
  const ofIssuance = Map.groupBy(certificates, ({ issuance_id: id }) => id);
  assert.ok(
    [...ofIssuance.values()].every(({ length }) => length === 1),
    'one certificate for each issuance',
  );
  const issuedOnes = issuances.filter(({ state }) => state === 'issued');
  assert.equal(issuedOnes.length, certificates.length, 'no issued issuance without its certificate, and the reverse');
  const amount = (of: readonly Rows[string][number][], column: string) =>
    of.reduce((sum, row) => sum + Number(row[column]), 0);
  const charges = ledger.filter(({ kind }) => kind === 'charge');
  const refunds = ledger.filter(({ kind }) => kind === 'refund');
  assert.equal(
    amount(charges, 'amount_minor') + amount(refunds, 'amount_minor'),
    -amount(orders, 'total_minor'),
    'each order charged once',
  );
  assert.equal(new Set(charges.map(({ order_id: id }) => id)).size, charges.length, 'no order is charged twice');
  assert.equal(amount(balances, 'amount_minor'), amount(ledger, 'amount_minor'), 'the ledger adds up to the balances');
  return {
    acknowledged: load.acknowledged.size,
    oneCall: load.issuedInOneCall.length,
    acme,
    byDoor: Object.fromEntries([...load.byDoor].map(([api, { length }]) => [api, length])),
    interrupted: load.interrupted,
    certificates: certificates.length,
    deliveries: deliveries.length,
  };
}

const whatIsLeft = `select (select count(*) from issuances where state in ('issuing', 'ready'))::int as signing,
  (select count(*) from deliveries where state <> 'delivered')::int as unsent`;

async function administer<T>(url: string, text: string): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  // As the query names its columns.
  return rows as T;
}

function repeat<T>(count: number, one: T): readonly T[] {
  return new Array<T>(count).fill(one);
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
