/**
 * `npm run bench:soak`: one server under a steady load over all front doors for minutes or hours, and whether what a request costs and
 * what the process holds stay as they were.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../../test/support/customer.ts';
import { operatorToken } from '../../test/support/server-process.ts';
import { benchNames, fetchRequest } from '../customers/customer.ts';
import { customers } from '../customers/index.ts';
import { createGauge, databaseMiB } from '../fairness/gauge.ts';
import { startWatchedServer } from '../growth/world.ts';
import { runLoad } from '../load.ts';
import { cpuSeconds } from '../process-usage.ts';
import { makeRequests } from '../requests.ts';
import { storeResults } from '../results.ts';
import { type Counted, type FrontDoor, type Reading, startSoakLoad } from './load.ts';
import { memoryParts } from './memory.ts';
import { type Sample, trendOf } from './trend.ts';

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    /** Each is one order through every front door. */
    'turns-per-second': { type: 'string', default: '2' },
    'revoked-per-turn': { type: 'string', default: '2' },
    /** Seconds between samples; by default thirty samples in all, but at least 20 s and at most a minute. */
    sample: { type: 'string' },
    threads: { type: 'string', default: '1' },
    /** Writes a CPU profile of the server into this directory. */
    profile: { type: 'string' },
    /** Leaves the results file as it is. */
    dry: { type: 'boolean', default: false },
  },
});

/** What is watched, and what it is called. */
const measures = {
  cpuMs: 'CPU of the server for a request, ms',
  memoryMiB: 'anonymous memory, MiB',
  heapMiB: 'heap of the main thread after a collection, MiB',
  buffersMiB: 'buffers of the main thread, MiB',
  threadsMiB: 'heaps of the other threads after a collection, MiB',
  committedMiB: 'what V8 has committed for all heaps, MiB',
  arenasMiB: "arenas of the allocator, in which SQLite's memory is as well, MiB",
  otherMiB: 'anonymous memory outside of the arenas, MiB',
  externalMiB: 'what else its objects hold outside of the heap, MiB',
  descriptors: 'descriptors',
  blockMs: 'longest hold of the main thread, ms',
  bytesPerOrder: 'growth of the database for an order, bytes',
} as const;

type Measures = { readonly [M in keyof typeof measures]: number };
type Moment = Measures & Counted & { readonly minutes: number; readonly databaseMiB: number };

/** Long enough that lists are as long as they will be: DigiCert's page has 1,000 orders. */
const ordersBefore = 1100;
/** What V8 compiles, caches and heaps that fill: not what is asked about. */
const warmupSeconds = 30;

async function main(): Promise<void> {
  const minutes = Number(flags.minutes);
  const sampleSeconds = Number(flags.sample ?? Math.min(60, Math.max(20, minutes * 2)));
  const turnsPerSecond = Number(flags['turns-per-second']);
  const orders = Math.ceil((60 * minutes + 2 * warmupSeconds) * turnsPerSecond) + 1;
  // Beside the project rather than in the system's temporary folder, which may be memory and never flush.
  const directory = await mkdtemp(fileURLToPath(new URL('../../.bench-', import.meta.url)));
  const dns = await startLoopbackDns();
  const web = await startLoopbackWeb();
  const scripts = customers.filter(({ api }) => api !== 'acme');
  const settings = scripts.flatMap(({ api, settings }) => (settings === undefined ? [] : [[api, settings]]));
  const server = await startWatchedServer({
    directory,
    config: {
      ...loopbackValidation({ dns, web }),
      threads: flags.threads === 'auto' ? 'auto' : Number(flags.threads),
      dialects: Object.fromEntries(settings),
    },
    ...(flags.profile === undefined ? {} : { nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] }),
  });
  const { url, child } = server;
  const pid = child.pid ?? 0;
  const gauge = createGauge(pid);
  try {
    const token = await operatorToken(directory);
    const operator = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
    console.log(`making ${orders + ordersBefore} certificate requests …`);
    const csrs = await makeRequests(orders + ordersBefore, () => benchNames);
    const supply = { csrs, orders: orders + ordersBefore };
    const frontDoors: FrontDoor[] = [];
    for (const script of scripts) {
      const customer = await script.enter({ url, operator, dns, web }, supply);
      const [newest] = (await operator.accounts.list({ limit: 1 })).items;
      frontDoors.push({ api: script.api, customer, account: newest?.id ?? '' });
    }
    await fill(url, frontDoors, orders);
    const readings = await readingsOf(operator, token, frontDoors);
    const load = startSoakLoad({
      ...{ url, operator, frontDoors, readings, turnsPerSecond },
      revokedPerTurn: Number(flags['revoked-per-turn']),
    });
    await sleep(warmupSeconds);
    load.count();
    const moments: Moment[] = [];
    let before = { cpu: await cpuSeconds([pid]), database: await databaseMiB(directory) };
    await server.longestBlockMs();
    const startedMs = performance.now();
    while (performance.now() - startedMs < minutes * 60_000 - 1000) {
      await sleep(sampleSeconds);
      const counted = load.count();
      const [cpu, database] = [await cpuSeconds([pid]), await databaseMiB(directory)];
      const blockMs = await server.longestBlockMs();
      const use = await gauge.now();
      const { usedMiB, committedMiB } = await server.threads();
      moments.push({
        ...counted,
        minutes: (performance.now() - startedMs) / 60_000,
        cpuMs: (1000 * (cpu - before.cpu)) / counted.requests,
        memoryMiB: use.memoryMiB,
        descriptors: use.descriptors,
        blockMs,
        databaseMiB: database,
        bytesPerOrder: ((database - before.database) * 2 ** 20) / counted.orders,
        ...(await memoryParts(pid)),
        ...(await server.heap()),
        threadsMiB: usedMiB,
        committedMiB,
      });
      // The collection that was asked for is no part of what requests cost.
      before = { cpu: await cpuSeconds([pid]), database };
      await server.longestBlockMs();
      const moment = moments.at(-1);
      if (moment !== undefined) console.log(lineOf(moment));
    }
    await load.stop();
    const trends = trendsOf(moments);
    for (const [measure, trend] of Object.entries(trends)) console.log(rendered(measure as keyof Measures, trend));
    console.log(delaysOf(moments));
    const totals = { orders: sum(moments, 'orders'), revocations: sum(moments, 'revocations') };
    console.log(`${totals.orders} orders and ${totals.revocations} revocations`);
    if (!flags.dry) await storeResults(`soak-${flags.minutes}`, { flags, ...totals, trends, moments });
  } finally {
    gauge.stop();
    await server.stop();
    await Promise.all([dns.close(), web.close()]);
    if (flags.profile === undefined) await rm(directory, { recursive: true, force: true });
    else console.log(`the server's files: ${join(directory, 'data')}`);
  }
}

/** Orders of each front door, so that lists have their length from the start. */
async function fill(url: string, frontDoors: readonly FrontDoor[], first: number): Promise<void> {
  console.log(`placing ${ordersBefore} orders through each front door …`);
  for (const { customer } of frontDoors) {
    let next = first;
    const nextOrder = () => (next < first + ordersBefore ? next++ : undefined);
    await runLoad({ urls: [url], customer, nextOrder, connections: 16, durationMs: 600_000 });
  }
}

/** What is long, in several APIs, and the lists that everybody downloads. */
async function readingsOf(
  operator: NativeClient,
  token: string,
  frontDoors: readonly FrontDoor[],
): Promise<readonly Reading[]> {
  const headers = { authorization: `Bearer ${token}` };
  const get = (path: string, some: Readonly<Record<string, string>> = headers) =>
    ({ method: 'GET', path, headers: some }) as const;
  const keyOf = async (dialect: string) => {
    const account = frontDoors.find(({ api }) => api === dialect)?.account ?? '';
    return (await operator.credentials.create({ account, dialect, label: 'soak' })).clientSettings;
  };
  const digicert = { 'X-DC-DEVKEY': (await keyOf('digicert'))['X-DC-DEVKEY'] ?? '' };
  const racent = { api_token: (await keyOf('racent')).api_token ?? '', page: 1 };
  const lists = await crlPaths(operator);
  return [
    {
      title: 'DigiCert: 1,000 orders',
      call: get('/services/v2/order/certificate?limit=1000', digicert),
      everyTurns: 10,
    },
    {
      title: 'Racent: 200 orders',
      call: { method: 'POST', path: '/ssl/list', body: JSON.stringify(racent) },
      everyTurns: 5,
    },
    { title: 'native: 200 orders', call: get('/api/v1/orders?limit=200'), everyTurns: 5 },
    { title: 'native: 200 certificates', call: get('/api/v1/certificates?limit=200'), everyTurns: 5 },
    { title: 'native: 200 events', call: get('/api/v1/events?limit=200'), everyTurns: 5 },
    ...lists.map((path) => ({ title: 'revocation list', call: get(path, {}), everyTurns: 1 })),
  ];
}

/** Of the authority that signs the orders' certificates. */
async function crlPaths(operator: NativeClient): Promise<readonly string[]> {
  const { items } = await operator.certificates.list({ limit: 1 });
  const { pem } = await operator.certificates.show({ certificate: items[0]?.id ?? '' });
  const url = /http:\/\/[^\s]+\.crl/.exec(
    Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').toString('latin1'),
  );
  return url === null ? [] : [new URL(url[0]).pathname];
}

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

function sum(moments: readonly Moment[], of: 'orders' | 'revocations'): number {
  return moments.reduce((total, moment) => total + moment[of], 0);
}

function trendsOf(moments: readonly Moment[]) {
  const series = (measure: keyof Measures): readonly Sample[] =>
    moments.map((moment) => ({ minutes: moment.minutes, value: moment[measure] }));
  const names = Object.keys(measures) as (keyof Measures)[];
  return Object.fromEntries(names.map((measure) => [measure, trendOf(series(measure))]));
}

function rendered(measure: keyof Measures, trend: ReturnType<typeof trendOf>): string {
  const { first, last, slopePerMinute, uncertainty, verdict } = trend;
  const text = (value: number) => value.toPrecision(3);
  return `${measures[measure].padEnd(50)} ${text(first).padStart(8)} → ${text(last).padStart(8)}  ${text(slopePerMinute)} ± ${text(uncertainty)} a minute: ${verdict}`;
}

function lineOf({
  minutes,
  requests,
  cpuMs,
  memoryMiB,
  heapMiB,
  buffersMiB,
  externalMiB,
  threadsMiB,
  arenasMiB,
  committedMiB,
  blockMs,
  lateTurns,
}: Moment): string {
  const late = lateTurns === 0 ? '' : `, ${lateTurns} turns late`;
  return `${minutes.toFixed(1)} min: ${requests} requests, ${cpuMs.toFixed(2)} ms each, ${memoryMiB.toFixed(0)} MiB, heap ${heapMiB.toFixed(1)} MiB, buffers ${buffersMiB.toFixed(1)} MiB, outside ${externalMiB.toFixed(1)} MiB, threads ${threadsMiB.toFixed(1)} MiB, V8 ${committedMiB.toFixed(0)} MiB, arenas ${arenasMiB.toFixed(0)} MiB, held ${blockMs.toFixed(0)} ms${late}`;
}

/** The medians of the first third and of the last, so that what grows can be told by name. */
function delaysOf(moments: readonly Moment[]): string {
  const third = Math.max(1, Math.floor(moments.length / 3));
  const mean = (some: readonly Moment[], title: string) =>
    some.reduce((total, { medianMs }) => total + (medianMs[title] ?? 0), 0) / some.length;
  const titles = [...new Set(moments.flatMap(({ medianMs }) => Object.keys(medianMs)))];
  return titles
    .map((title) => {
      const [first, last] = [mean(moments.slice(0, third), title), mean(moments.slice(-third), title)];
      return `${title.padEnd(30)} ${first.toFixed(1).padStart(8)} → ${last.toFixed(1).padStart(8)} ms`;
    })
    .join('\n');
}

await main();
