/** A load, and what the server and the machine spent on it. */

import type { Pids } from '../scripts/process-tree.ts';
import type { Customer } from './customers/customer.ts';
import { type LoadOptions, type LoadResult, runLoad } from './load.ts';
import { anonymousMegabytes, cpuSeconds, machineCpuSeconds } from './process-usage.ts';

export type MeasuredLoad = LoadResult & {
  readonly connections: number;
  readonly serverCpuUs: number;
  /** Of the server when the load was over. */
  readonly serverMegabytes: number;
  /** How many cores had other work at the same time. */
  readonly otherCores: number;
};

export interface MeasuredServer {
  readonly urls: readonly string[];
  readonly roots?: string;
  readonly pids: Pids;
  readonly customer: Customer;
  readonly nextOrder: () => number | undefined;
}

export interface LoadTerms extends Pick<LoadOptions, 'connections' | 'ordersPerSecond' | 'patienceMs'> {
  readonly seconds: number;
}

export async function measureLoad({ pids, ...server }: MeasuredServer, terms: LoadTerms): Promise<MeasuredLoad> {
  const { seconds, ...how } = terms;
  const before = await cpuSeconds(pids);
  const machine = await machineCpuSeconds();
  const own = process.cpuUsage();
  const result = await runLoad({ ...server, ...how, durationMs: seconds * 1000 });
  const { user, system } = process.cpuUsage(own);
  const serverSeconds = (await cpuSeconds(pids)) - before;
  const others = (await machineCpuSeconds()) - machine - serverSeconds - (user + system) / 1e6;
  return {
    ...result,
    connections: terms.connections,
    serverCpuUs: (serverSeconds * 1e6) / result.orders,
    serverMegabytes: await anonymousMegabytes(pids),
    otherCores: Math.max(0, others / result.seconds),
  };
}
