/** The results as tables for people. */
import type { CustomerScript } from './customers/customer.ts';
import type { LoadResult } from './load.ts';
import type { Unavoidable } from './unavoidable.ts';

export interface Results {
  readonly api: string;
  readonly title: string;
  readonly brings: CustomerScript['brings'];
  readonly coldStartMs: number;
  readonly unavoidable: Unavoidable;
  readonly loads: Readonly<Record<LoadName, MeasuredLoad>>;
}

export type LoadName = 'one connection' | '32 connections' | 'half load';

export type MeasuredLoad = LoadResult & { readonly serverCpuUs: number };

/** One API under every load. */
export function renderTable(results: Results): string {
  const { api, title, unavoidable, brings, coldStartMs } = results;
  const loads = Object.keys(results.loads) as LoadName[];
  const { csrVerifyUs, newKeyUs, signUs, fsyncUs } = unavoidable;
  const input = brings === 'csr' ? `CSR verify ${csrVerifyUs.toFixed(0)} µs` : `new key ${newKeyUs.toFixed(0)} µs`;
  return [
    '',
    `${api}: ${title}`,
    'names authorized, P-256, durable, client on the same machine',
    '',
    heading('load'),
    ...loads.map((load) => line(load, results, load)),
    '',
    `floor = ${input} + sign ${signUs.toFixed(0)} µs + share of one fsync (${fsyncUs.toFixed(0)} µs), measured in this run, one core`,
    `first start (makes the CA): ready after ${coldStartMs.toFixed(0)} ms`,
    '',
  ].join('\n');
}

/** Every API under one load. */
export function renderComparison(all: readonly Results[], load: LoadName): string {
  return ['', load, '', heading('API'), ...all.map((results) => line(results.api, results, load)), ''].join('\n');
}

const columns = ['orders/s', 'p50 ms', 'p99 ms', 'µs/order', 'server CPU µs', 'client CPU µs', 'floor µs', 'ratio'];

function heading(first: string): string {
  return row([first, ...columns]);
}

function line(first: string, { unavoidable, brings, loads }: Results, name: LoadName): string {
  const { csrVerifyUs, newKeyUs, signUs, fsyncUs } = unavoidable;
  const load = loads[name];
  // Without any sharing of the flush, one connection pays for all of it; 32 share it among those under way.
  const sharers = name === 'one connection' ? 1 : 32;
  const floorUs = (brings === 'csr' ? csrVerifyUs : newKeyUs) + signUs + fsyncUs / sharers;
  const perOrderUs = 1e6 / load.ordersPerSecond;
  return row([
    first,
    load.ordersPerSecond.toFixed(0),
    load.p50Ms.toFixed(2),
    load.p99Ms.toFixed(2),
    perOrderUs.toFixed(0),
    load.serverCpuUs.toFixed(0),
    load.clientCpuUs.toFixed(0),
    floorUs.toFixed(0),
    `${(perOrderUs / floorUs).toFixed(1)}×`,
  ]);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(14))).join('');
}
