/**
 * `npm run bench`: single-call issuance through each API, for names that are authorized already, durably stored, with the
 * load generator on the same machine; beside the costs that no server could leave out.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createNativeClient } from '../src/dialects/native/client.ts';
import { startLoopbackDns } from '../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../test/support/customer.ts';
import { freePort, operatorToken, startServerProcess } from '../test/support/server-process.ts';
import { createSubscriber } from '../test/support/subscriber.ts';
import { benchNames, type Customer, type CustomerScript, fetchRequest } from './customers/customer.ts';
import { customersOf, everyApi } from './customers/index.ts';
import { type LoadOptions, runLoad } from './load.ts';
import { cpuSeconds } from './process-usage.ts';
import { makeRequests } from './requests.ts';
import { storeResults } from './results.ts';
import { type MeasuredLoad, type Results, renderComparison, renderTable } from './table.ts';
import { measureUnavoidable } from './unavoidable.ts';

const { values: flags } = parseArgs({
  options: {
    /** A dialect's name, or `all`. */
    api: { type: 'string', default: everyApi },
    seconds: { type: 'string', default: '8' },
    warmup: { type: 'string', default: '4' },
    /** How many orders there may be in all for each API. */
    requests: { type: 'string', default: '40000' },
    /** Threads of the server: `auto` or a number. */
    threads: { type: 'string', default: 'auto' },
    /** Writes a CPU profile of the server into this directory. */
    profile: { type: 'string' },
  },
});

async function main(): Promise<void> {
  const scripts = customersOf(flags.api);
  const count = Number(flags.requests);
  const all: Results[] = [];
  const requestsFor = createRequests(count);
  for (const script of scripts) {
    const results = await measure(script, await requestsFor(script), count);
    console.log(renderTable(results));
    await storeResults(results.api, results);
    requireAll(Object.values(results.loads));
    all.push(results);
  }
  if (all.length > 1) console.log(renderComparison(all, '32 connections'));
}

/** The requests of an API's customers. Most have the same names in every order, and so share theirs. */
function createRequests(count: number): (script: CustomerScript) => Promise<readonly string[]> {
  const made = new Map<CustomerScript['namesOf'], Promise<readonly string[]>>();
  return async ({ brings, namesOf }) => {
    if (brings === 'nothing') return [];
    if (!made.has(namesOf)) console.log(`making ${count} certificate requests …`);
    const requests = made.get(namesOf) ?? makeRequests(count, namesOf ?? (() => benchNames));
    made.set(namesOf, requests);
    return requests;
  };
}

/** Each API has a server and a database of its own, so that none pays for the rows of another. */
async function measure(script: CustomerScript, csrs: readonly string[], orders: number): Promise<Results> {
  // Beside the project rather than in the system's temporary folder, which may be memory and never flush.
  const directory = await mkdtemp(fileURLToPath(new URL('../.bench-', import.meta.url)));
  const dns = await startLoopbackDns();
  const web = await startLoopbackWeb();
  const server = await startServerProcess({
    directory,
    port: await freePort(),
    config: {
      ...loopbackValidation({ dns, web }),
      threads: flags.threads === 'auto' ? 'auto' : Number(flags.threads),
      ...(script.settings === undefined ? {} : { dialects: { [script.api]: script.settings } }),
    },
    ...(flags.profile === undefined ? {} : { nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] }),
  });
  try {
    const { url } = server;
    const operator = createNativeClient({ baseUrl: url, token: await operatorToken(directory), fetch: fetchRequest });
    const customer = await script.enter({ url, operator, dns, web }, { csrs, orders });
    const place = createLoad({ url, pid: server.child.pid, customer, orders });
    const seconds = Number(flags.seconds);
    console.log(`${script.api}: warming up …`);
    await place({ connections: 32, seconds: Number(flags.warmup) });
    console.log(`${script.api}: measuring …`);
    const unavoidable = await measureUnavoidable((await createSubscriber(benchNames[0])).csrDer, directory);
    const one = await place({ connections: 1, seconds });
    const full = await place({ connections: 32, seconds });
    const half = await place({ connections: 32, seconds, ordersPerSecond: full.ordersPerSecond / 2 });
    return {
      api: script.api,
      title: script.title,
      brings: script.brings,
      coldStartMs: server.readyMs,
      unavoidable,
      loads: { 'one connection': one, '32 connections': full, 'half load': half },
    };
  } finally {
    await server.stop();
    await Promise.all([dns.close(), web.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

interface LoadedServer {
  readonly url: string;
  readonly pid: number | undefined;
  readonly customer: Customer;
  readonly orders: number;
}

/** Places orders, none of them twice, and counts what the server spends on them. */
function createLoad({ url, pid, customer, orders }: LoadedServer) {
  let next = 1; // Order 0 proved the names.
  const nextOrder = () => (next < orders ? next++ : undefined);
  return async (
    options: Pick<LoadOptions, 'connections' | 'ordersPerSecond'> & { readonly seconds: number },
  ): Promise<MeasuredLoad> => {
    const before = await cpuSeconds([pid]);
    const result = await runLoad({ urls: [url], customer, nextOrder, durationMs: options.seconds * 1000, ...options });
    return { ...result, serverCpuUs: (((await cpuSeconds([pid])) - before) * 1e6) / result.orders };
  };
}

/** A run that placed nothing measured nothing. */
function requireAll(loads: readonly MeasuredLoad[]): void {
  if (loads.some((load) => load.orders < 50)) {
    throw new Error('a load placed fewer than 50 orders: nothing was measured');
  }
}

await main();
