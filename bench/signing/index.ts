/**
 * `npm run bench:peers`: one request in, one certificate out, through certmux in four ways and beside it through other servers, in one run with
 * the same client, for keys on P-256, certificates of one name and the same lifetime, each stored before it is answered.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSubscriber } from '../../test/support/subscriber.ts';
import { benchNames, csrAt, type Supply } from '../customers/customer.ts';
import { openConnection } from '../http-connection.ts';
import { type LoadTerms, type MeasuredLoad, measureLoad } from '../measured-load.ts';
import { signingPeers } from '../peers/index.ts';
import {
  lifetimeDays,
  type PreparedPeer,
  type SigningCustomer,
  type SigningPeer,
  type SigningServer,
} from '../peers/peer.ts';
import { makeRequests } from '../requests.ts';
import { storeResults } from '../results.ts';
import { measureUnavoidable, type Unavoidable } from '../unavoidable.ts';
import { type CheckedCertificate, checkCertificate } from './check.ts';
import { type LeftOut, type PeerResults, renderPeers } from './table.ts';

const { values: flags } = parseArgs({
  options: {
    /** The beginnings of names, separated by semicolons; all by default. */
    only: { type: 'string', default: '' },
    /** Of each load. */
    seconds: { type: 'string', default: '8' },
    /** Seconds before anything is measured: V8 compiles, Go fills its pools, and files come to their size. */
    warmup: { type: 'string', default: '20' },
    /** How many different requests there are: as many orders as certmux can take. */
    requests: { type: 'string', default: '160000' },
    /** Without TLS, but for step-ca, which demands it. */
    plain: { type: 'boolean', default: false },
  },
});

const [name] = benchNames;

async function main(): Promise<void> {
  const wanted = flags.only.toLowerCase().split(';');
  const chosen = signingPeers.filter((peer) => wanted.some((start) => peer.name.toLowerCase().startsWith(start)));
  if (chosen.length === 0) throw new Error(`--only: there are ${signingPeers.map((peer) => peer.name).join('; ')}`);
  const count = Number(flags.requests);
  console.log(`making ${count} certificate requests …`);
  const csrs = await makeRequests(count, () => [name]);
  const unavoidable = await inFolder(measureFloor);
  const measured: PeerResults[] = [];
  const leftOut: LeftOut[] = [];
  for (const peer of chosen) {
    try {
      measured.push(await inFolder((folder) => measure(peer, folder, csrs)));
    } catch (error) {
      // Of what a failed command wrote, the last line.
      const [reason = ''] = String(error instanceof Error ? error.message : error)
        .trim()
        .split('\n')
        .slice(-1);
      console.log(`${peer.name} is left out: ${reason}`);
      leftOut.push({ name: peer.name, version: peer.version, reason });
    }
  }
  console.log(
    renderPeers({ measured, leftOut, unavoidable, warmupSeconds: Number(flags.warmup), isPlain: flags.plain }),
  );
  if (chosen.length === signingPeers.length && !flags.plain) {
    const terms = { warmupSeconds: Number(flags.warmup), secondsEach: Number(flags.seconds), lifetimeDays };
    await storeResults('peers', { ...terms, unavoidable, servers: measured, leftOut });
  }
  // Others may be missing on this machine; certmux may not.
  if (leftOut.some((peer) => peer.name.startsWith('certmux'))) process.exitCode = 1;
}

/** Beside the project rather than in the system's temporary folder, which may be memory and never flush. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(fileURLToPath(new URL('../../.bench-', import.meta.url)));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureFloor(folder: string): Promise<Unavoidable> {
  return measureUnavoidable((await createSubscriber(name)).csrDer, folder);
}

async function measure(peer: SigningPeer, folder: string, csrs: readonly string[]): Promise<PeerResults> {
  const prepared = await peer.prepare(folder, flags.plain ? 'http' : 'https');
  try {
    const first = await prepared.start();
    const loads = await whileRunning(first, () => measureLoads(peer, first, csrs));
    // Again, on all that is stored now: a server that keeps it in memory, or puts it in order first, takes longer.
    const again = await prepared.start();
    await again.stop();
    return {
      ...described(peer),
      ...loads,
      firstReadyMs: first.readyMs,
      readyMs: again.readyMs,
      stored: await count(prepared, loads.answered),
    };
  } finally {
    await prepared.close();
  }
}

async function whileRunning<T>(server: SigningServer, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await server.stop();
  }
}

async function measureLoads(peer: SigningPeer, server: SigningServer, csrs: readonly string[]) {
  // Who signs again takes each request as often as there are orders.
  const orders = csrs.length;
  const supply = { csrs, orders };
  const customer = await server.enter(supply);
  const certificates = await checkEach(server, customer, supply);
  let next = certificates.length + 1;
  const nextOrder = () => {
    if (next < orders) return next++;
    if (!peer.signsAgain) throw new Error(`all ${orders} requests are used: try again with more of them (--requests)`);
    next = 1;
    return 0;
  };
  let answered = 0;
  const load = async (what: string, terms: LoadTerms): Promise<MeasuredLoad> => {
    console.log(`${peer.name}: ${what} …`);
    const { urls, tlsRoots: roots, pids } = server;
    const measured = await measureLoad({ urls, roots, pids, customer, nextOrder }, terms);
    answered += measured.orders;
    return measured;
  };
  const seconds = Number(flags.seconds);
  await load('warming up', { connections: 32, seconds: Number(flags.warmup) });
  const one = await load('1 connection', { connections: 1, seconds });
  const full = await load('32 connections', { connections: 32, seconds });
  const half = await load('half of that load', { connections: 32, seconds, ordersPerSecond: full.ordersPerSecond / 2 });
  return { loads: { one, full, half }, certificates, answered };
}

/** One certificate of each node: order 0 proved the names, and these are the next. */
async function checkEach(server: SigningServer, customer: SigningCustomer, supply: Supply) {
  const { authorities } = customer;
  const checked: CheckedCertificate[] = [];
  for (const [index, url] of server.urls.entries()) {
    const order = index + 1;
    const connection = await openConnection(url, server.tlsRoots);
    const { reply } = await customer.place(connection, order).finally(connection.close);
    const expected = { name, lifetimeDays, csr: csrAt(supply, order), authorities };
    checked.push(await checkCertificate(customer.certificateIn(reply), expected));
  }
  return checked;
}

/** @throws {Error} where fewer are stored than were answered */
async function count(prepared: PreparedPeer, answered: number): Promise<PeerResults['stored']> {
  const stored = await prepared.count();
  if (stored !== 'nothing' && stored.certificates < answered) {
    throw new Error(`${answered} certificates were answered, but ${stored.certificates} are stored`);
  }
  return stored;
}

function described({ name, version, storage }: SigningPeer) {
  return { name, version, storage };
}

await main();
