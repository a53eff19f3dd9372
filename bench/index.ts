/**
 * `npm run bench`: single-call issuance through the Encryption365 API, for names that are authorized already, durably
 * stored, with the load generator on the same machine; beside the costs that no server could leave out.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLoopbackDns } from '../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../src/quickstart/loopback-web.ts';
import { createCustomer, loopbackValidation, placeHttpProofs } from '../test/support/customer.ts';
import { freePort, operatorToken, startServerProcess } from '../test/support/server-process.ts';
import { createSubscriber } from '../test/support/subscriber.ts';
import { type LoadResult, runLoad } from './load.ts';
import { renderTable } from './table.ts';
import { measureUnavoidable } from './unavoidable.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    warmup: { type: 'string', default: '4' },
    requests: { type: 'string', default: '40000' },
    /** Writes a CPU profile of the server into this directory. */
    profile: { type: 'string' },
  },
});

const names = ['bench.example', 'www.bench.example'];
const resultsDirectory = fileURLToPath(new URL('./results/', import.meta.url));

async function main(): Promise<void> {
  // Beside the project rather than in the system's temporary folder, which may be memory and never flush.
  const directory = await mkdtemp(fileURLToPath(new URL('../.bench-', import.meta.url)));
  const dns = await startLoopbackDns();
  const web = await startLoopbackWeb();
  const server = await startServerProcess({
    directory,
    port: await freePort(),
    config: loopbackValidation({ dns, web }),
    ...(flags.profile === undefined ? {} : { nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] }),
  });
  try {
    console.log(`making ${flags.requests} certificate requests …`);
    const requests = await makeRequests(Number(flags.requests));
    const customer = await createCustomer(server.url, await operatorToken(directory));
    await authorize(customer, { dns, web });
    let next = 0;
    const load = async (options: { connections: number; seconds: number; ordersPerSecond?: number }) => {
      const before = await cpuSeconds(server.child.pid);
      const result = await runLoad({
        url: server.url,
        credentials: { client_id: customer.clientId, access_token: customer.accessToken },
        domains: names.join(','),
        nextCsr: () => requests[next++],
        durationMs: options.seconds * 1000,
        ...options,
      });
      const serverCpuUs = (((await cpuSeconds(server.child.pid)) - before) * 1e6) / result.orders;
      return { ...result, serverCpuUs };
    };
    const seconds = Number(flags.seconds);
    console.log('warming up …');
    await load({ connections: 32, seconds: Number(flags.warmup) });
    console.log('measuring …');
    const unavoidable = await measureUnavoidable((await createSubscriber('bench.example')).csrDer, directory);
    const one = await load({ connections: 1, seconds });
    const full = await load({ connections: 32, seconds });
    const half = await load({ connections: 32, seconds, ordersPerSecond: full.ordersPerSecond / 2 });
    const results = {
      measuredAt: new Date().toISOString(),
      machine: {
        cpu: cpus()[0]?.model,
        cores: cpus().length,
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        node: process.version,
      },
      coldStartMs: server.readyMs,
      unavoidable,
      loads: { 'one connection': one, '32 connections': full, 'half load': half },
    };
    console.log(renderTable(results));
    await mkdir(resultsDirectory, { recursive: true });
    await writeFile(join(resultsDirectory, 'encryption365.json'), `${JSON.stringify(results, null, 2)}\n`);
    requireAll(one, full, half);
  } finally {
    await server.stop();
    await Promise.all([dns.close(), web.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

/** CPU time the process has used so far, all threads (proc(5): utime and stime, in ticks of 10 ms). */
async function cpuSeconds(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function makeRequests(count: number): Promise<readonly string[]> {
  const requests: string[] = [];
  while (requests.length < count) {
    const batch = await Promise.all(Array.from({ length: 64 }, () => createSubscriber('bench.example')));
    requests.push(...batch.map(({ csrPem }) => csrPem));
  }
  return requests;
}

/** One order whose proofs are placed: from then on the names are authorized for the account. */
async function authorize(
  customer: Awaited<ReturnType<typeof createCustomer>>,
  world: Parameters<typeof placeHttpProofs>[0],
): Promise<void> {
  const { csrPem } = await createSubscriber('bench.example');
  const placed = await customer.client.placeOrder({ pid: '100', csrPem, names });
  placeHttpProofs(world, placed.dcv_info);
  while ((await customer.client.order(placed.trustocean_id)).cert_status !== 'issued_active') {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A run that placed nothing measured nothing. */
function requireAll(...results: readonly LoadResult[]): void {
  if (results.some((result) => result.orders < 50))
    throw new Error('a load placed fewer than 50 orders: nothing was measured');
}

await main();
