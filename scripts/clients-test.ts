/**
 * `npm run test:clients`: public clients from package registries against a real server on loopback. Each is brought by its own package
 * manager into a temporary folder, runs through the life of a certificate, and is gone afterwards. Needs the network, npm, python3
 * and go, and takes minutes, so that `npm test` leaves it out. Some of them: `npm run test:clients -- --only certmesh,lemur`; the slow ones
 * besides the others: `--all`. Then certmux itself is the client: of Pebble in several manners, of step-ca, and of a second certmux
 * (`--only pebble`).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buy } from '../test/clients/buying.ts';
import { type Client, clients } from '../test/clients/list.ts';
import type { Command } from '../test/clients/packages.ts';
import { type Stage, startStage } from '../test/clients/stage.ts';
import { type UpstreamCa, upstreamCas } from '../test/clients/upstreams.ts';

const programLimitMs = 5 * 60_000;

const { values } = parseArgs({ options: { only: { type: 'string' }, all: { type: 'boolean', default: false } } });
const wanted = values.only?.split(',');
const known = [...clients, ...upstreamCas].map(({ name }) => name);
const unknown = wanted?.filter((name) => !known.includes(name)) ?? [];
if (unknown.length > 0) {
  console.error(`there is no client or CA ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(1);
}

let [good, bad] = [0, 0];
const chosen = clients.filter(({ name, isSlow }) => wanted?.includes(name) ?? (values.all || isSlow !== true));
for (const client of chosen) await test(client);
for (const ca of upstreamCas.filter(({ name }) => wanted?.includes(name) ?? true)) await testAsClientOf(ca);
const left = wanted === undefined ? clients.filter((client) => !chosen.includes(client)) : [];
for (const { name } of left) console.log(`\n${name} takes minutes to build: --only ${name}, or --all`);
console.log(`\n${good} passed, ${bad} failed`);
process.exitCode = bad === 0 ? 0 : 1;

async function test(client: Client): Promise<void> {
  const title = `${client.name} ${client.version} (${client.registry})`;
  const folder = mkdtempSync(join(tmpdir(), 'certmux-client-'));
  try {
    const command = await bring(client, folder);
    for (const dialect of client.dialects) {
      const isGood = await withStage(async (stage) => {
        const isDone = await runProgram(`${title}, ${dialect}`, command, { folder, dialect, stage });
        const complaints = stage.complaintsOf(dialect);
        for (const complaint of complaints) console.error(complaint);
        return isDone && complaints.length === 0;
      });
      if (isGood) good++;
      else bad++;
    }
  } catch (thrown) {
    bad++;
    console.error(`${title} could not be fetched: ${thrown instanceof Error ? thrown.message : thrown}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** certmux is the client here. */
async function testAsClientOf({ name, version, manners }: UpstreamCa): Promise<void> {
  console.log(`\ncertmux at ${name} ${version}`);
  for (const manner of manners) {
    const begunMs = performance.now();
    const failure: unknown = await buy(manner).then(
      () => undefined,
      (thrown) => thrown ?? 'nothing was said',
    );
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(1);
    console.log(`  ${manner.title}, ${manner.mode}: ${failure === undefined ? 'passed' : 'FAILED'} in ${seconds} s`);
    if (failure === undefined) good++;
    else bad++;
    if (failure !== undefined) console.error(failure);
  }
}

function bring(client: Client, folder: string): Promise<Command> {
  return client.bring({
    folder,
    documentOf: (dialect) =>
      withStage(async ({ environment }) => {
        const response = await fetch(`${environment.CERTMUX_URL}/api/docs/${dialect}.json?lang=en`);
        if (!response.ok) throw new Error(`the document of ${dialect} answered ${response.status}`);
        return response.text();
      }),
  });
}

/** Each run has a server of its own: names are proved in one and not in the next. */
async function withStage<T>(use: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await startStage();
  try {
    return await use(stage);
  } finally {
    await stage.close();
  }
}

function runProgram(
  title: string,
  { file, args, environment = {} }: Command,
  { folder, dialect, stage }: { readonly folder: string; readonly dialect: string; readonly stage: Stage },
): Promise<boolean> {
  console.log(`\n${title}`);
  const env = { ...process.env, ...environment, ...stage.environment, NO_PROXY: '127.0.0.1' };
  const child = spawn(file, [...args, dialect], { cwd: folder, env, timeout: programLimitMs });
  child.stdout.on('data', (text: Buffer) => process.stdout.write(text));
  const complaints: Buffer[] = [];
  child.stderr.on('data', (text: Buffer) => complaints.push(text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) console.error(`${Buffer.concat(complaints).toString('utf8').trim()}\n${title}: failed`);
      resolve(code === 0);
    });
  });
}
