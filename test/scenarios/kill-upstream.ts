/**
 * Kills the real server with SIGKILL while it buys from an ACME CA, which runs in this process and outlives it: at random moments, and at
 * requests to the CA, before they have arrived and after they were answered. Afterwards the books of both must agree.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { CertError } from '../../src/domain/errors.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createClock } from '../../src/system/clock.ts';
import type { CaNetwork } from '../support/acme-ca/network.ts';
import { serveAcmeCa } from '../support/acme-ca/serve.ts';
import { createWireNetwork } from '../support/acme-ca/wire-network.ts';
import { loopbackValidation } from '../support/customer.ts';
import { createNastyAcmeCa, type NastyAcmeCa } from '../support/nasty-acme-ca.ts';
import {
  databaseOf,
  freePort,
  operatorToken,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { queryOutside } from '../support/tables.ts';

export interface UpstreamKillReport {
  readonly kills: number;
  /** Of those, the ones at a request to the CA, by the operation. */
  readonly atRequests: readonly string[];
  /** Orders of customers, each with one certificate. */
  readonly orders: number;
  /** Orders at the CA: one whose reply was lost is placed again, and never finalized. */
  readonly ordersAtCa: number;
  readonly requests: number;
}

const zone = 'acme.certs.example';
const customersZone = 'kill.example';
const issuerId = 'ca';
const productCode = 'encryption365:108';
const creditMinor = 1_000_000_00;

export async function killWhileBuying(options: {
  readonly kills: number;
  readonly openOrders: number;
  /**
   * No kill is aimed at a finalize that is on its way. One that was sent, and left the order `ready`, is sent again only after a minute, since
   * some CAs show that of an order that they are issuing.
   */
  readonly sparesFinalize: boolean;
}): Promise<UpstreamKillReport> {
  const directory = await mkdtemp(join(tmpdir(), 'certmux-kill-upstream-'));
  const world = { dns: await startLoopbackDns(), web: await startLoopbackWeb() };
  const aliasServer = { address: '127.0.0.1', port: await freePort() };
  const network = patient(createWireNetwork({ resolver: world.dns, zones: { [zone]: aliasServer } }));
  const ca = createNastyAcmeCa({ clock: createClock, network, settings: caSettings });
  const trap = createTrap(options);
  const served = await serveAcmeCa(ca, { around: trap.at });
  const config = { ...loopbackValidation(world), ...upstreamConfig(served.directoryUrl, aliasServer.port) };
  const port = await freePort();
  const start = () => startServerProcess({ directory, port, isCheap: true, config });
  let server = await start();
  try {
    const client = createNativeClient({
      baseUrl: server.url,
      token: await operatorToken(directory),
      fetch: (request) => fetch(request),
    });
    const orders: Orders = { placed: new Map(), isOver: false };
    const placing = placeOrders(client, world, { orders, open: options.openOrders });
    // What went wrong there is thrown below, when the kills are over.
    placing.catch(() => undefined);
    for (let kill = 0; kill < options.kills; kill++) {
      const { size } = orders.placed;
      await Promise.race([placing, until(() => orders.placed.size > size, 'another order is placed', patienceMs)]);
      if (kill % 2 === 1) await trap.set(() => server.kill());
      else await killLater(server);
      server = await start();
    }
    orders.isOver = true;
    await placing;
    await allIssued(client);
    assert.equal(await server.stop(), 0, 'the last server stops cleanly');
    const count = checkBooks(ca, await databaseOf(directory), orders.placed);
    const { orders: atCa, requests } = ca.books;
    const atRequests = trap.sprung;
    return { kills: options.kills, atRequests, orders: count, ordersAtCa: atCa.length, requests: requests.length };
  } finally {
    if (server.child.exitCode === null && server.child.signalCode === null) await server.kill();
    await Promise.all([world.dns.close(), world.web.close(), served.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

/** On a busy machine a server may need half a minute to start. */
const patienceMs = 120_000;

/** As quick as the client lets it be: what is waited for here are kills. */
const caSettings = {
  organization: 'Kill CA',
  orderRetrySeconds: 1,
  challengeRetrySeconds: 1,
  validation: { looksAfterMs: 200, tellsAfterMs: 0 },
  finalize: { isSynchronous: false, takesMs: 300 },
} as const;

function upstreamConfig(directory: string, dnsPort: number) {
  return {
    aliasZone: {
      zone,
      listen: [`127.0.0.1:${dnsPort}`],
      nameServers: [{ name: `ns1.${zone}`, addresses: ['127.0.0.1'] }],
      contact: 'hostmaster@certs.example',
      ttlSeconds: 1,
    },
    issuers: { [issuerId]: { kind: 'acme', directory, termsAgreed: true } },
  };
}

/** The resolver of a CA looks again for a while where nobody answers for a zone: a killed server is back within it. */
function patient(network: CaNetwork): CaNetwork {
  async function again<T>(look: () => Promise<T>): Promise<T> {
    for (const begun = performance.now(); ; await sleep(50)) {
      try {
        return await look();
      } catch (thrown) {
        if (performance.now() - begun > patienceMs) throw thrown;
      }
    }
  }
  return {
    ...network,
    resolveTxt: (name) => again(() => network.resolveTxt(name)),
    resolveCaa: (name) => again(() => network.resolveCaa(name)),
  };
}

interface Trap {
  /** Springs before or after one of the next requests to the CA; resolves when the server is dead. */
  set(kill: () => Promise<void>): Promise<void>;
  readonly at: (moment: 'before' | 'after', request: Pick<Request, 'url' | 'method'>) => Promise<void>;
  /** `after /finalize`, for each. */
  readonly sprung: readonly string[];
}

/** Requests until it springs: an order is a dozen or so. */
const furthest = 12;

function createTrap({ sparesFinalize }: { readonly sparesFinalize: boolean }): Trap {
  const sprung: string[] = [];
  let armed: { readonly kill: () => Promise<void>; left: number; readonly done: () => void } | undefined;
  return {
    sprung,
    set: (kill) =>
      new Promise((done) => {
        armed = { kill, left: Math.floor(Math.random() * 2 * furthest), done };
      }),
    async at(moment, { url }) {
      const operation = operationAt(url);
      if (armed === undefined || armed.left-- > 0) return;
      if (sparesFinalize && moment === 'before' && operation === 'finalize') return;
      const { kill, done } = armed;
      armed = undefined;
      sprung.push(`${moment} ${operation}`);
      await kill();
      done();
    },
  };
}

/** `/order/7/finalize` is `finalize`, `/order/7` is `order`. */
function operationAt(url: string): string {
  const parts = new URL(url).pathname.split('/');
  return parts.at(-1) === 'finalize' ? 'finalize' : (parts[1] ?? '');
}

/** The moments are random on purpose: an order takes some seconds. */
async function killLater(server: ServerProcess): Promise<void> {
  await sleep(Math.random() * 2500);
  await server.kill();
}

interface Orders {
  /** The CSR by the name. The order itself may be lost with the server that was to acknowledge it. */
  readonly placed: Map<string, { readonly csrDer: Buffer; isAcknowledged: boolean }>;
  isOver: boolean;
}

/** Each for a name of its own, delegated beforehand; further ones as long as few are open. */
async function placeOrders(
  client: NativeClient,
  { dns }: { readonly dns: Awaited<ReturnType<typeof startLoopbackDns>> },
  { orders, open }: { readonly orders: Orders; readonly open: number },
): Promise<void> {
  const made = await answered(() => client.accounts.create({ name: 'kill', currency: 'CNY', approval: 'automatic' }));
  const account = made.id;
  const credit = { account, minor: creditMinor, currency: 'CNY', note: 'test' };
  // A credit whose answer was lost is credited again: what is paid in is counted by the ledger.
  await answered(() => client.accounts.credit(credit));
  const [dialect = '', code = ''] = productCode.split(':');
  await answered(() => client.products.change({ dialect, code, issuerId }));
  for (let i = 0; !orders.isOver; i++) {
    const name = `n${i}.${customersZone}`;
    const { csrPem, csrDer } = await createSubscriber(name);
    const { names } = await answered(() => client.delegations.check({ account, names: [name] }));
    const record = names[0]?.ways[0]?.record ?? assert.fail('no record to set');
    dns.set(record.host, 'CNAME', record.value);
    const order = { csrDer, isAcknowledged: false };
    orders.placed.set(name, order);
    try {
      await client.orders.place({ account, productCode, csr: csrPem });
      order.isAcknowledged = true;
    } catch (thrown) {
      if (!isCutOff(thrown)) throw thrown;
    }
    while (!orders.isOver && (await openOrders(client)) >= open) await sleep(50);
  }
}

const isCutOff = (thrown: unknown) => thrown instanceof CertError && thrown.code === 'unavailable';

/** Repeats it until there is an answer. */
async function answered<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (thrown) {
      if (!isCutOff(thrown)) throw thrown;
      await sleep(20);
    }
  }
}

async function openOrders(client: NativeClient): Promise<number> {
  return (await answered(() => client.orders.list({ state: 'open', limit: 100 }))).items.length;
}

async function allIssued(client: NativeClient): Promise<void> {
  while ((await openOrders(client)) > 0) await sleep(100);
}

/** @returns how many orders there are */
function checkBooks(ca: NastyAcmeCa, path: string, placed: Orders['placed']): number {
  const all = (sql: string) => queryOutside(path, sql);
  assert.deepEqual(ca.books.bugs, []);
  assert.deepEqual(all("SELECT id, state FROM issuances WHERE state <> 'issued'"), [], 'every order has come through');
  assert.deepEqual(all('SELECT kind, value FROM published_proofs'), [], 'nothing is published any more');

  const stored = all('SELECT der FROM certificates').map(({ der }) => {
    assert.ok(der instanceof Uint8Array);
    return new X509Certificate(der);
  });
  const nameOf = ({ subjectAltName = '' }: X509Certificate) => subjectAltName.replace(/^DNS:/, '');
  const names = stored.map(nameOf).toSorted();
  const once = Object.fromEntries(names.map((name) => [name, 1]));
  assert.deepEqual(ca.counted(), once, 'one certificate at the CA for each order, and for nothing else');
  assert.equal(Object.keys(once).length, stored.length, 'one certificate here for each order');
  const lost = [...placed].filter(([name, { isAcknowledged }]) => isAcknowledged && once[name] === undefined);
  assert.deepEqual(lost, [], 'every acknowledged order exists');
  for (const certificate of stored) {
    const name = nameOf(certificate);
    const atCa = ca.books.certificates.find((one) => one.names.includes(name));
    assert.deepEqual(atCa?.der, certificate.raw, `${name}: the certificate of the CA is the one that is stored`);
    const spki = certificate.publicKey.export({ format: 'der', type: 'spki' });
    assert.ok(placed.get(name)?.csrDer.includes(spki), `${name}: the certificate has the key of its CSR`);
  }

  const orders = all('SELECT number, total_minor FROM orders');
  assert.equal(orders.length, stored.length);
  const charges = all("SELECT order_id FROM ledger WHERE kind = 'charge'").map(({ order_id: id }) => String(id));
  assert.equal(new Set(charges).size, charges.length, 'no order is charged twice');
  assert.equal(charges.length, orders.length, 'each order is charged');
  return orders.length;
}
