/**
 * `npm run bench:dns`: answers in a second over UDP on loopback, of the alias zone's server and beside it of BIND and NSD, in one run with the same
 * queries and the same client (dnsperf), each server with one thread.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { prepareTools, toolEnvironment, toolPath } from '../../scripts/test-tools.ts';
import { cpuSeconds } from '../process-usage.ts';
import { storeResults } from '../results.ts';
import { type DnsPeer, dnsPeers } from './peers.ts';
import { queryFile } from './zone.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    warmup: { type: 'string', default: '4' },
  },
});

interface Measured {
  readonly name: string;
  readonly answersPerSecond: number;
  readonly lost: number;
  readonly averageMs: number;
  readonly serverCpuUs: number;
}

async function measure(peer: DnsPeer): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-bench-dns-'));
  try {
    const queries = join(folder, 'queries');
    await writeFile(queries, queryFile());
    const running = await peer.start(folder);
    try {
      await load(running.port, queries, flags.warmup);
      const before = await cpuSeconds([running.pid]);
      const output = await load(running.port, queries, flags.seconds);
      const usedSeconds = (await cpuSeconds([running.pid])) - before;
      const completed = numberIn(output, /Queries completed:\s+(\d+)/);
      return {
        name: peer.name,
        answersPerSecond: numberIn(output, /Queries per second:\s+([\d.]+)/),
        lost: numberIn(output, /Queries lost:\s+(\d+)/),
        averageMs: 1000 * numberIn(output, /Average Latency \(s\):\s+([\d.]+)/),
        serverCpuUs: (1e6 * usedSeconds) / completed,
      };
    } finally {
      await running.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What dnsperf prints. Queries have EDNS, as those of resolvers have. */
async function load(port: number, queries: string, seconds: string): Promise<string> {
  const args = ['-s', '127.0.0.1', '-p', String(port), '-d', queries, '-l', seconds, '-c', '4', '-q', '100', '-e'];
  const env = { ...process.env, ...toolEnvironment('dnsperf') };
  return (await promisify(execFile)(toolPath('dnsperf'), args, { env })).stdout;
}

function numberIn(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`dnsperf printed no ${pattern.source}:\n${text}`);
  return Number(found);
}

prepareTools(['bench/dns/index.ts']);
const all: Measured[] = [];
for (const peer of dnsPeers) all.push(await measure(peer));
const own = all[0]?.answersPerSecond ?? Number.NaN;
console.table(
  all.map(({ name, answersPerSecond, lost, averageMs, serverCpuUs }) => ({
    server: name,
    'answers/s': Math.round(answersPerSecond),
    'certmux/server': (own / answersPerSecond).toFixed(2),
    'average ms': averageMs.toFixed(2),
    'server CPU µs': serverCpuUs.toFixed(1),
    lost,
  })),
);
await storeResults('dns', { servers: all });
