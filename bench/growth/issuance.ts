/**
 * What an order costs beside all those that are stored, and beside none: WoSign's one call in the large account, and the same on an
 * installation that is made for this run, by loads in turns. The orders stay in the large account, some ten thousand a run: `fillTo`,
 * which counts those that it makes, does not see them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pids } from '../../scripts/process-tree.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../../test/support/customer.ts';
import { operatorToken } from '../../test/support/server-process.ts';
import {
  type BenchWorld,
  benchNames,
  type Customer,
  createKey,
  fetchRequest,
  type Supply,
} from '../customers/customer.ts';
import { enterWosign } from '../customers/wosign.ts';
import { type LoadTerms, type MeasuredLoad, measureLoad } from '../measured-load.ts';
import { percentile } from '../percentile.ts';
import { cpuSeconds } from '../process-usage.ts';
import { makeRequests } from '../requests.ts';
import type { Measured } from './lists.ts';
import { type ClientSettings, startWatchedServer, type WatchedServer, wosignKey } from './world.ts';

export interface IssuanceTerms {
  /** Of each load. */
  readonly seconds: number;
  /** Of each installation, at 32 connections, before anything is measured. */
  readonly warmupSeconds: number;
  /** Loads of each installation for each number of connections. */
  readonly rounds: number;
  /** How many different requests there are: one for each order that an installation takes. */
  readonly requests: number;
}

/** One load. */
export type IssuanceLoad = MeasuredLoad & {
  /** The longest time for which the main thread answered nobody. */
  readonly blockMs: number;
};

const sides = ['large', 'empty'] as const;
type Side = (typeof sides)[number];

const figures = ['ordersPerSecond', 'p50Ms', 'p99Ms', 'serverCpuUs', 'blockMs'] as const;
type Figure = (typeof figures)[number];
type Figures = Readonly<Record<Figure, number>>;

/** `ms` is the median time of an order, beside the stored ones. */
export interface MeasuredIssuance extends Measured {
  readonly connections: number;
  /** Medians of the rounds. */
  readonly large: Figures;
  readonly empty: Figures;
  /** Large divided by empty, of the two loads of a round; medians. */
  readonly ratios: Figures;
  readonly rounds: readonly Readonly<Record<Side, IssuanceLoad>>[];
}

/** A server, and a customer whose names it has checked. */
export interface Installation {
  readonly url: string;
  readonly pid: number | undefined;
  readonly customer: Customer;
  /** The longest time for which its main thread answered nobody since the last call, ms. */
  longestBlockMs(): Promise<number>;
}

/** One name, as `bench:peers` has it. */
const names = [benchNames[0]];
const everyLoad = [1, 32].map((connections) => ({
  connections,
  title: `issuance, ${connections === 1 ? '1 connection' : `${connections} connections`}`,
}));

export async function measureIssuance(
  directory: string,
  { only, ...terms }: IssuanceTerms & { readonly only: RegExp },
): Promise<readonly MeasuredIssuance[]> {
  const chosen = everyLoad.filter(({ title }) => only.test(title));
  if (chosen.length === 0) return [];
  console.log(`making ${terms.requests} certificate requests …`);
  const supply = { csrs: await makeRequests(terms.requests, () => names), orders: terms.requests };
  // On the same disk.
  const emptyDirectory = await mkdtemp(join(directory, 'empty-'));
  const dns = await startLoopbackDns();
  const web = await startLoopbackWeb();
  const servers: WatchedServer[] = [];
  const start = async (folder: string, enter: (world: BenchWorld) => Promise<Customer>): Promise<Installation> => {
    const server = await startWatchedServer({
      directory: folder,
      // Some of the orders that were made wait for proofs: no limit of those is measured here.
      config: { ...loopbackValidation({ dns, web }), limits: { pendingOrders: 1_000_000, unprovedNames: 1_000_000 } },
    });
    servers.push(server);
    const { url, child, longestBlockMs } = server;
    const token = await operatorToken(folder);
    const operator = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
    return { url, pid: child.pid, longestBlockMs, customer: await enter({ url, operator, dns, web }) };
  };
  try {
    return await compareIssuance(
      {
        large: await start(directory, (world) => enterLarge(directory, world, supply)),
        empty: await start(emptyDirectory, async (world) => enterWith(await createKey(world, 'wosign'), world, supply)),
      },
      { ...terms, loads: chosen },
    );
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()));
    await Promise.all([dns.close(), web.close()]);
    await rm(emptyDirectory, { recursive: true, force: true });
  }
}

/** The customer is the large account: what could grow is what it has. */
export async function enterLarge(directory: string, world: BenchWorld, supply: Supply): Promise<Customer> {
  return enterWith(await wosignKey(directory, world.operator), world, supply);
}

function enterWith(key: ClientSettings, world: BenchWorld, supply: Supply): Promise<Customer> {
  return enterWosign(world, supply, { names, key });
}

/**
 * Loads of both installations in turns, each begun when neither server has anything left to do. Who begins changes from round to round,
 * so that neither always follows the other. A load ends early where its share of the requests is used up.
 * @throws {Error} where a load placed no order, and so measured nothing
 */
export async function compareIssuance(
  installations: Readonly<Record<Side, Installation>>,
  {
    requests,
    rounds,
    seconds,
    warmupSeconds,
    loads = everyLoad,
  }: IssuanceTerms & { readonly loads?: typeof everyLoad },
): Promise<readonly MeasuredIssuance[]> {
  const pids = sides.map((side) => installations[side].pid);
  const loadsEach = 1 + rounds * loads.length;
  const orders = { large: createOrders(requests, loadsEach), empty: createOrders(requests, loadsEach) };
  const load = async (side: Side, terms: LoadTerms): Promise<IssuanceLoad> => {
    const { url, pid, customer, longestBlockMs } = installations[side];
    await settled(pids);
    // Begins its count.
    await longestBlockMs();
    const nextOrder = orders[side].share();
    const result = await measureLoad({ urls: [url], pids: [pid], customer, nextOrder }, terms);
    if (result.orders === 0) throw new Error(`${side}: a load placed no order: try again with more --requests`);
    return { ...result, blockMs: await longestBlockMs() };
  };
  for (const side of sides) {
    console.log(`issuance, ${side}: warming up …`);
    await load(side, { connections: 32, seconds: warmupSeconds });
  }
  const measured: MeasuredIssuance[] = [];
  for (const { connections, title } of loads) {
    const made: Record<Side, IssuanceLoad>[] = [];
    for (let round = 0; round < rounds; round++) {
      const loadOf = async (side: Side) => {
        const result = await load(side, { connections, seconds });
        console.log(`${textOf(result)}  ${title}, ${side}`);
        return result;
      };
      if (round % 2 === 0) made.push({ large: await loadOf('large'), empty: await loadOf('empty') });
      else made.push({ empty: await loadOf('empty'), large: await loadOf('large') });
    }
    const line = summaryOf({ title, connections, rounds: made });
    console.log(`${textOf(line.large)}  ${title}  (${line.note})`);
    measured.push(line);
  }
  return measured;
}

/** The orders of one installation, none of them twice. Order 0 proved the names. */
function createOrders(requests: number, loads: number) {
  let next = 1;
  let loadsLeft = loads;
  return {
    /** Of the next load: what the earlier ones left is shared by all that follow. */
    share(): () => number | undefined {
      const end = next + Math.floor((requests - next) / loadsLeft--);
      return () => (next < end ? next++ : undefined);
    },
  };
}

const settledWithinMs = 500;
/** Of a core: what a server at rest takes, with what watches it. */
const restingShare = 0.1;

/** The projection of lists follows the orders in a thread of its own, which would take from the next load. */
async function settled(pids: Pids): Promise<void> {
  for (let before = await cpuSeconds(pids); ; ) {
    await new Promise((resolve) => setTimeout(resolve, settledWithinMs));
    const now = await cpuSeconds(pids);
    if (now - before <= (restingShare * settledWithinMs) / 1000) return;
    before = now;
  }
}

function summaryOf({
  title,
  connections,
  rounds,
}: Pick<MeasuredIssuance, 'title' | 'connections' | 'rounds'>): MeasuredIssuance {
  const medians = (of: (round: MeasuredIssuance['rounds'][number], figure: Figure) => number) =>
    Object.fromEntries(
      figures.map((figure) => [
        figure,
        percentile(
          rounds.map((round) => of(round, figure)),
          50,
        ),
      ]),
    ) as Figures;
  const large = medians((round, figure) => round.large[figure]);
  const empty = medians((round, figure) => round.empty[figure]);
  const ratios = medians((round, figure) => round.large[figure] / round.empty[figure]);
  const note = `large to empty: orders/s ${ratios.ordersPerSecond.toFixed(2)}, p99 ${ratios.p99Ms.toFixed(2)}, CPU ${ratios.serverCpuUs.toFixed(2)}`;
  return { title, ms: large.p50Ms, blockMs: large.blockMs, note, connections, large, empty, ratios, rounds };
}

function textOf({ ordersPerSecond, p50Ms, p99Ms, serverCpuUs, blockMs }: Figures): string {
  const cells = [
    `${ordersPerSecond.toFixed(0).padStart(6)} orders/s`,
    `p50 ${p50Ms.toFixed(1).padStart(5)} ms`,
    `p99 ${p99Ms.toFixed(1).padStart(6)} ms`,
    `held ${blockMs.toFixed(0).padStart(4)} ms`,
    `CPU ${serverCpuUs.toFixed(0).padStart(5)} µs`,
  ];
  return cells.join('  ');
}
