/** The comparison as tables for people. */
import type { MeasuredLoad } from '../measured-load.ts';
import type { Counted } from '../peers/peer.ts';
import type { Unavoidable } from '../unavoidable.ts';
import type { CheckedCertificate } from './check.ts';

export interface PeerResults {
  readonly name: string;
  readonly version: string;
  readonly storage: string;
  readonly loads: { readonly one: MeasuredLoad; readonly full: MeasuredLoad; readonly half: MeasuredLoad };
  /** One of each node. */
  readonly certificates: readonly CheckedCertificate[];
  /** Certificates that clients got in all loads. */
  readonly answered: number;
  readonly stored: Counted;
  /** From the start of the process until it is ready, the first time. */
  readonly firstReadyMs: number;
  /** The same with all that is stored. */
  readonly readyMs: number;
}

export interface LeftOut {
  readonly name: string;
  readonly version: string;
  readonly reason: string;
}

export interface Comparison {
  readonly measured: readonly PeerResults[];
  readonly leftOut: readonly LeftOut[];
  readonly unavoidable: Unavoidable;
  readonly warmupSeconds: number;
  /** Whether connections were without TLS, but for those to step-ca. */
  readonly isPlain: boolean;
}

export function renderPeers({ measured, leftOut, unavoidable, warmupSeconds, isPlain }: Comparison): string {
  const { csrVerifyUs, signUs, fsyncUs } = unavoidable;
  return [
    '',
    `One request in, one certificate out, ${isPlain ? 'step-ca over TLS, the others without' : 'over TLS'}, P-256; ${warmupSeconds} s of warming up at 32 connections before anything is measured.`,
    '',
    ...renderLoad('32 connections', measured, 'full'),
    ...renderLoad('1 connection', measured, 'one'),
    ...renderLoad('32 connections, half of the load', measured, 'half'),
    ...renderServers(measured),
    ...leftOut.map(({ name, version, reason }) => `${name} ${version} is left out: ${reason}`),
    '',
    `What none can leave out: CSR verify ${csrVerifyUs.toFixed(0)} µs, sign ${signUs.toFixed(0)} µs, a share of one fsync (${fsyncUs.toFixed(0)} µs).`,
    'CPU is for each certificate, memory without pages of files; both with the processes of PostgreSQL.',
    'Pebble speaks ACME only: npm run bench:acme has it.',
    '',
  ].join('\n');
}

/** Those whose multiples are shown. */
const bars = ['step-ca', 'OpenBao'] as const;

const columns = [
  'certs/s',
  ...bars.map((bar) => `× ${bar}`),
  'p50 ms',
  'p99 ms',
  'max ms',
  'server CPU µs',
  'client CPU µs',
  'memory MB',
  'others, cores',
];

function renderLoad(title: string, all: readonly PeerResults[], which: keyof PeerResults['loads']): readonly string[] {
  const rates = bars.map((bar) => all.find(({ name }) => name === bar)?.loads[which].ordersPerSecond);
  const lines = all.map(({ name, loads }) => {
    const load = loads[which];
    return row([
      name,
      load.ordersPerSecond.toFixed(0),
      ...rates.map((rate) => (rate === undefined ? '' : (load.ordersPerSecond / rate).toFixed(2))),
      load.p50Ms.toFixed(1),
      load.p99Ms.toFixed(1),
      load.maxMs.toFixed(0),
      load.serverCpuUs.toFixed(0),
      load.clientCpuUs.toFixed(0),
      load.serverMegabytes.toFixed(0),
      load.otherCores.toFixed(2),
    ]);
  });
  return [row([title, ...columns]), ...lines, ''];
}

function renderServers(all: readonly PeerResults[]): readonly string[] {
  const lines = all.map(({ name, version, storage, certificates, answered, stored, firstReadyMs, readyMs }) =>
    row([
      name,
      version,
      firstReadyMs.toFixed(0),
      readyMs.toFixed(0),
      String(answered),
      ...(stored === 'nothing' ? ['0', '0'] : [String(stored.certificates), rowsEach(stored)]),
      certificates.map(({ sizeBytes }) => sizeBytes).join(' '),
      `  ${storage}`,
    ]),
  );
  const titles = ['version', 'ready ms', 'again ms', 'answered', 'stored', 'rows each', 'bytes', '  storage'];
  return [
    row(['', ...titles]),
    ...lines,
    '',
    'ready: from the start of the process, the first time, and again with all that is stored. bytes: of a certificate of each node, whose key, name, days and chain were checked.',
  ];
}

function rowsEach({ certificates, rows }: Exclude<Counted, 'nothing'>): string {
  return rows === undefined ? 'not counted' : (rows / certificates).toFixed(1);
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(34) : cell.padStart(14))).join('');
}
