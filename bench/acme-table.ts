/** The comparison as a table for people. */
import type { MeasuredLoad } from './measured-load.ts';

export interface PeerResults {
  readonly name: string;
  readonly version: string;
  readonly storage: string;
  readonly loads: readonly AcmeLoad[];
}

export type AcmeLoad = MeasuredLoad & {
  /** The part of the client's time that are its signatures, for each order. */
  readonly signedUs: number;
};

const columns = [
  'connections',
  'orders/s',
  'p50 ms',
  'p99 ms',
  'server CPU ms',
  'client CPU ms',
  '(signing)',
  'more calls',
  'unanswered',
  'memory MB',
  'others, cores',
];

export function renderPeers(all: readonly PeerResults[]): string {
  const lines = all.flatMap(({ name, version, loads }) => loads.map((load) => line(`${name} ${version}`, load)));
  const storage = all.map(({ name, storage: kept }) => `${name}: ${kept}`).join('; ');
  return ['', row(['', ...columns]), ...lines, '', `CPU is for each order. Storage: ${storage}.`, ''].join('\n');
}

function line(first: string, load: AcmeLoad): string {
  return row([
    first,
    String(load.connections),
    rounded(load.ordersPerSecond, 0),
    rounded(load.p50Ms, 1),
    rounded(load.p99Ms, 1),
    rounded(load.serverCpuUs / 1000, 2),
    rounded(load.clientCpuUs / 1000, 2),
    rounded(load.signedUs / 1000, 2),
    rounded(load.extraPolls / load.orders, 2),
    String(load.unanswered),
    rounded(load.serverMegabytes, 0),
    rounded(load.otherCores, 2),
  ]);
}

/** A load in which no order was answered has no figure of one. */
function rounded(figure: number, digits: number): string {
  return Number.isFinite(figure) ? figure.toFixed(digits) : 'none';
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(14))).join('');
}
