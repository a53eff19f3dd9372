/** The results as a table for people. */
import type { LoadResult } from './load.ts';

import type { Unavoidable } from './unavoidable.ts';

export interface Results {
  readonly coldStartMs: number;
  readonly unavoidable: Unavoidable;
  readonly loads: Readonly<Record<string, LoadResult & { readonly serverCpuUs: number }>>;
}

export function renderTable({ unavoidable, loads, coldStartMs }: Results): string {
  const { csrVerifyUs, signUs, fsyncUs } = unavoidable;
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(14))).join('');
  const lines = Object.entries(loads).map(([name, load]) => {
    // Without any sharing of the flush, one connection pays for it alone; 32 share it among those under way.
    const sharers = name === 'one connection' ? 1 : 32;
    const floorUs = csrVerifyUs + signUs + fsyncUs / sharers;
    const perOrderUs = 1e6 / load.ordersPerSecond;
    return row([
      name,
      load.ordersPerSecond.toFixed(0),
      load.p50Ms.toFixed(2),
      load.p99Ms.toFixed(2),
      perOrderUs.toFixed(0),
      load.serverCpuUs.toFixed(0),
      load.clientCpuUs.toFixed(0),
      floorUs.toFixed(0),
      `${(perOrderUs / floorUs).toFixed(1)}×`,
    ]);
  });
  return [
    '',
    'Encryption365 /cert/create + /cert/details, names authorized, P-256, durable, client on the same machine',
    '',
    row(['load', 'orders/s', 'p50 ms', 'p99 ms', 'µs/order', 'server CPU µs', 'client CPU µs', 'floor µs', 'ratio']),
    ...lines,
    '',
    `floor = CSR verify ${csrVerifyUs.toFixed(0)} µs + sign ${signUs.toFixed(0)} µs + share of one fsync (${fsyncUs.toFixed(0)} µs), measured in this run, one core`,
    `first start (makes the CA): ready after ${coldStartMs.toFixed(0)} ms`,
    '',
  ].join('\n');
}
