/**
 * `npm run bench:fairness`: what an honest tenant notices of others who order for names whose zone never answers, and what they cost the
 * server. Each case has a server and a database of its own.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../../test/support/customer.ts';
import { startMailServer } from '../../test/support/mail-server.ts';
import { freePort, operatorToken, startServerProcess } from '../../test/support/server-process.ts';
import { createSubscriber } from '../../test/support/subscriber.ts';
import { fetchRequest } from '../customers/customer.ts';
import { percentile } from '../percentile.ts';
import { type AttackResult, isDead } from './attack.ts';
import { attackAside } from './attack-thread.ts';
import { createGauge, databaseMiB, type Use } from './gauge.ts';
import { createHonestTenant, type HonestTenant } from './honest.ts';

const { values: flags } = parseArgs({
  options: {
    /** Orders that each hostile tenant sends. */
    orders: { type: 'string', default: '1500' },
    /** How many hostile tenants the last case has. */
    tenants: { type: 'string', default: '10' },
    names: { type: 'string', default: '40' },
    /** How long they send at most. */
    sending: { type: 'string', default: '500' },
    /** How long the honest tenant is watched in each case, the sending of the orders included. */
    seconds: { type: 'string', default: '60' },
    /** Threads of the server. */
    threads: { type: 'string', default: '1' },
    /** Only this case. */
    case: { type: 'string' },
    /** Writes a CPU profile of each case's server into this folder. */
    profile: { type: 'string' },
    /** Leaves the results file as it is. */
    dry: { type: 'boolean', default: false },
  },
});

interface Case {
  readonly name: string;
  readonly tenants: number;
  /** False: the limits of pending orders are raised so far that all are admitted. */
  readonly hasLimits: boolean;
}

interface Measured extends Case {
  readonly attack: AttackResult;
  readonly idle: Use;
  readonly peak: Use;
  /** A while after the last order. */
  readonly after: Use;
  readonly databaseMiB: number;
  readonly proofMs: Delays;
  readonly requestMs: Readonly<Record<'place' | 'check' | 'show', Delays>>;
  readonly mailMs: Delays;
}

interface Delays {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const tenants = Number(flags.tenants);
const cases: readonly Case[] = [
  { name: 'quiet', tenants: 0, hasLimits: true },
  { name: 'raised', tenants: 1, hasLimits: false },
  { name: 'defaults', tenants: 1, hasLimits: true },
  { name: 'defaults-many', tenants, hasLimits: true },
  { name: 'raised-many', tenants, hasLimits: false },
];

const anyNumber = 1_000_000;
const resultsFile = fileURLToPath(new URL('../results/fairness.json', import.meta.url));

async function main(): Promise<void> {
  const measured: Measured[] = [];
  for (const one of cases) {
    if (flags.case !== undefined && flags.case !== one.name) continue;
    console.log(`${one.name}: ${one.tenants} tenants of ${flags.orders} orders of ${flags.names} names …`);
    const result = await measure(one);
    console.log(rendered(result));
    measured.push(result);
    // After each case: the last one takes long.
    if (!flags.dry && flags.case === undefined) await writeResults(measured);
  }
  if (measured.length === 0) throw new Error(`there is no case ${flags.case}: ${cases.map(({ name }) => name).join()}`);
}

async function writeResults(measured: readonly Measured[]): Promise<void> {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  await mkdir(fileURLToPath(new URL('../results/', import.meta.url)), { recursive: true });
  const results = { measuredAt: new Date().toISOString(), machine, flags, cases: measured };
  await writeFile(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
}

async function measure(one: Case): Promise<Measured> {
  // Beside the project rather than in the system's temporary folder, which may be memory and never flush.
  const directory = await mkdtemp(fileURLToPath(new URL('../../.bench-', import.meta.url)));
  const dns = await startLoopbackDns({ isSilent: isDead });
  const web = await startLoopbackWeb();
  const mailServer = await startMailServer();
  const limits = { pendingOrders: anyNumber, unprovedNames: anyNumber };
  const server = await startServerProcess({
    directory,
    port: await freePort(),
    config: {
      ...loopbackValidation({ dns, web }),
      mail: { host: '127.0.0.1', port: mailServer.port, tls: 'none', from: 'certs@certs.example' },
      ...(one.hasLimits ? {} : { limits }),
      threads: Number(flags.threads),
    },
    ...(flags.profile === undefined ? {} : { nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`] }),
  });
  const { pid } = server.child;
  if (pid === undefined) throw new Error('the server has no process');
  const gauge = createGauge(pid);
  try {
    const { url } = server;
    const operator = createNativeClient({ baseUrl: url, token: await operatorToken(directory), fetch: fetchRequest });
    const tokens = await Promise.all(Array.from({ length: one.tenants }, (_, i) => tokenOf(operator, `hostile ${i}`)));
    const { csrPem } = await createSubscriber('subscriber.example');
    const token = await tokenOf(operator, 'honest');
    const client = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
    const patienceMs = 1000 * Number(flags.seconds) + 90_000;
    const honest = createHonestTenant({ client, csrPem, dns, mailServer, patienceMs });
    // What is made once for all is no part of the comparison.
    for (let i = 0; i < 20; i++) await honest.proof();
    await honest.mail();
    honest.takeRequests();
    const idle = await gauge.now();
    gauge.reset();
    const attackers = {
      url,
      tokens,
      csrPem,
      orders: Number(flags.orders),
      namesPerOrder: Number(flags.names),
      seconds: Number(flags.sending),
    };
    const sent = attackAside(attackers);
    const [proofMs, mailMs, result] = await Promise.all([
      repeated(honest.proof, sent),
      repeated(honest.mail, sent),
      sent,
    ]);
    const after = await gauge.now();
    const { place, check, show } = honest.takeRequests();
    return {
      ...one,
      attack: result,
      idle,
      peak: gauge.peak,
      after,
      databaseMiB: await databaseMiB(directory),
      proofMs: delaysOf(proofMs),
      requestMs: { place: delaysOf(place), check: delaysOf(check), show: delaysOf(show) },
      mailMs: delaysOf(mailMs),
    };
  } finally {
    gauge.stop();
    await server.stop();
    await Promise.all([dns.close(), web.close(), mailServer.close()]);
    await rm(directory, { recursive: true, force: true });
  }
}

async function tokenOf(operator: NativeClient, name: string): Promise<string> {
  const account = await operator.accounts.create({ name, currency: 'CNY' });
  const key = { account: account.id, dialect: 'native', label: 'bench', roles: ['requester' as const] };
  return (await operator.credentials.create(key)).clientSettings.token ?? '';
}

const pauseMs = 150;

/** One after the other, while the orders come in and until the time is over. */
async function repeated(once: HonestTenant['proof' | 'mail'], sent: Promise<unknown>): Promise<readonly number[]> {
  const endMs = performance.now() + 1000 * Number(flags.seconds);
  let isSent = false;
  void sent.then(() => {
    isSent = true;
  });
  const delays: number[] = [];
  while (!isSent || performance.now() < endMs) {
    delays.push(await once());
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return delays;
}

function delaysOf(values: readonly number[]): Delays {
  return {
    count: values.length,
    p50: percentile(values, 50),
    p99: percentile(values, 99),
    max: Math.max(...values),
  };
}

function rendered({
  attack: sent,
  idle,
  peak,
  after,
  databaseMiB: size,
  proofMs,
  requestMs,
  mailMs,
}: Measured): string {
  const delays = ({ count, p50, p99, max }: Delays) =>
    `p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${max.toFixed(0)} ms of ${count}`;
  const use = ({ memoryMiB, descriptors }: Use) => `${memoryMiB.toFixed(0)} MiB, ${descriptors} descriptors`;
  return [
    `  admitted ${sent.admitted}, refused ${sent.refused}, sent in ${sent.seconds.toFixed(1)} s`,
    ...(sent.refusal === undefined ? [] : [`  first refusal: ${sent.refusal}`]),
    `  honest proof: ${delays(proofMs)}`,
    ...Object.entries(requestMs).map(([what, ms]) => `    its requests, ${what}: ${delays(ms)}`),
    `  confirmation mail: ${delays(mailMs)}`,
    `  idle ${use(idle)}; peak ${use(peak)} (${(peak.memoryMiB / idle.memoryMiB).toFixed(1)} × idle); after ${use(after)}`,
    `  database ${size.toFixed(0)} MiB`,
  ].join('\n');
}

await main();
