/**
 * `npm run test:package`: builds the package, installs it into an empty folder as its user would, and runs it there: the quickstart, a server
 * with front doors in a thread of their own, a certificate ordered by its command line, each of its threads, a stack trace.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { csrOf } from '../../test/support/key-csr.ts';
import { freePort } from '../../test/support/server-process.ts';
import { buildPackage } from './build.ts';
import { objectionToPlay, playDockerfile } from './play-dockerfile.ts';
import { playProduction } from './play-production.ts';
import { findWorkers } from './workers.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** Enough for a machine that is busy with other tests. */
const limitMs = 120_000;

const cleanup = new AsyncDisposableStack();
try {
  await testPackage();
} finally {
  await cleanup.disposeAsync();
}

async function testPackage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-package-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const again = (await buildPackage()).integrity;
  const built = await buildPackage();
  assert.equal(built.integrity, again, 'built twice it is the same, byte for byte');
  step(`built ${built.version}: ${built.packedBytes} bytes packed, ${built.unpackedBytes} installed, the same twice`);

  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--prefer-offline', '--no-audit', built.file], { cwd: folder });
  const installed = join(folder, 'node_modules', 'certmux');
  checkFiles(folder, installed);
  step('installed into an empty folder: nothing but certmux and its Node');

  const program = join(folder, 'node_modules', '.bin', 'certmux');
  const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
  const certmux = async (...args: readonly string[]) =>
    (await run(program, [...args], { cwd: folder, env: environment, timeout: limitMs })).stdout;
  assert.equal(await certmux('--version'), `${built.version}\n`);
  await checkStackTrace(installed);
  step('its version names the commit, and a stack trace the line of the source');

  assert.match(await certmux('quickstart'), /HTTPS connection/);
  step('the quickstart plays from the key to the HTTPS connection');

  await orderCertificate({ folder, program, environment, certmux });
  step('a server with --threads 2 showed its console, and issued a certificate to its command line');
  await startEveryThread(installed, join(folder, 'data', 'certmux.db'));
  step('each of its threads starts and answers');

  const objection = objectionToPlay();
  if (objection !== undefined) {
    console.log(`- left out: docs/production.md and the Dockerfile: ${objection}`);
    return;
  }
  await playPage(built.file, join(folder, 'machine'), await certmux('--help'));
  await playDockerfile(root, join(folder, 'image'));
  step("the Dockerfile's steps work, each as its user, and its health check finds the server");
}

async function playPage(file: string, folder: string, help: string): Promise<void> {
  const page = await readFile(join(root, 'docs', 'production.md'), 'utf8');
  // Until there is that command.
  const isComplete = /^ +backup /m.test(help);
  if (!isComplete) console.log('- left out: the backup of docs/production.md: certmux has no command backup yet');
  const played = isComplete ? page : page.replace(/^.*certmux-backup.*\n/gm, '');
  assert.match(await playProduction(played, file, folder), /is ready/);
  step('docs/production.md leads from a fresh machine to a service behind TLS with metrics');
}

function step(what: string): void {
  console.log(`✓ ${what}`);
}

/** What was installed is what is meant to be, and nothing that Node would have to strip of types. */
function checkFiles(folder: string, installed: string): void {
  const packages = globSync(['node_modules/*/package.json', 'node_modules/@*/*/package.json'], { cwd: folder });
  assert.deepEqual(packages.map((path) => path.split('/')[1]?.replace(/^node-.*/, 'node')).toSorted(), [
    'certmux',
    'node',
  ]);
  const files = globSync('**', { cwd: installed, withFileTypes: true }).filter((entry) => entry.isFile());
  const places = new Set(files.map(({ parentPath }) => parentPath.slice(installed.length + 1)));
  assert.deepEqual([...places].toSorted(), [
    '',
    'bin',
    'config',
    'deploy',
    'dist',
    'dist/console',
    'dist/console/assets',
  ]);
  assert.deepEqual(
    files.map(({ name }) => name).filter((name) => /\.ts$|\.test\.|\.http$/.test(name)),
    [],
  );
}

async function checkStackTrace(installed: string): Promise<void> {
  const [main = ''] = globSync('dist/main-*.js', { cwd: installed }).filter((path) => !path.endsWith('.map'));
  // Its options are none at all, which fails in the middle of its start.
  const script = `
    import '${join(installed, 'dist', 'stack-lines.js')}';
    const parts = await import('${join(installed, main)}');
    const start = Object.values(parts).find(({ name }) => name === 'startCertmux');
    await start({}).catch(({ stack }) => console.log(stack));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  const [, line = ''] = /^ +at .*\(src\/main\.ts:(\d+):\d+\)$/m.exec(stdout) ?? [];
  const source = (await readFile(join(root, 'src', 'main.ts'), 'utf8')).split('\n')[Number(line) - 1];
  assert.match(source ?? '', /config\.dataDirectory/, stdout);
}

interface Installed {
  readonly folder: string;
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
  certmux(...args: readonly string[]): Promise<string>;
}

async function orderCertificate({ folder, program, environment, certmux }: Installed): Promise<void> {
  const dns = await startLoopbackDns();
  cleanup.defer(() => dns.close());
  const url = `http://127.0.0.1:${await freePort()}`;
  const config = {
    listen: [url],
    dns: { resolvers: [`${dns.address}:${dns.port}`] },
    authority: { allowLocalPkiUrl: true },
    threads: 2,
  };
  await writeFile(join(folder, 'certmux.yaml'), JSON.stringify(config));
  const startedMs = performance.now();
  const server = spawn(program, ['serve'], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const complaint = text(server.stderr);
  cleanup.defer(async () => {
    if (server.exitCode !== null) return;
    server.kill('SIGTERM');
    const [code] = await once(server, 'exit');
    assert.equal(code, 0, 'the server stops cleanly');
  });
  const ready = await lineOf(server.stdout, 'certmux is ready');
  assert.equal(ready?.threads, 2, ready === undefined ? await complaint : 'front doors have a thread of their own');
  console.log(`  ready ${Math.round(performance.now() - startedMs)} ms after its first start began`);

  await checkConsole(url);
  const json = async (...args: readonly string[]) => JSON.parse(await certmux(...args, '--json'));
  const account = await json('account', 'create', 'packaged');
  await json('account', 'credit', String(account.number), '1000.00');
  const { file, publicKey } = await makeCsr(folder, 'www.customer.example');
  const product = 'encryption365:100';
  const of = ['--account', String(account.number)];
  const placed = await json('order', 'place', product, '--csr', file, '--method', 'dnsTxt', ...of);
  const [{ proofs }] = placed.names;
  for (const { method, host, value } of proofs) if (method === 'dnsTxt') dns.set(host, 'TXT', value);
  // It looks by itself, at once and again after 2, 5 and 10 s.
  let order = placed;
  while (order.certificate === null) order = await json('order', 'show', String(placed.number), ...of);
  const pem = await certmux('certificate', 'download', String(order.certificate.number), '--format', 'pem');
  const certificate = new X509Certificate(pem);
  assert.equal(certificate.subjectAltName, 'DNS:www.customer.example');
  assert.equal(certificate.publicKey.equals(publicKey), true);
}

/** It came with the package: nothing is built. */
async function checkConsole(url: string): Promise<void> {
  const page = await fetch(`${url}/console/`);
  assert.equal(page.status, 200, 'the console is there at once');
  const html = await page.text();
  const paths = [...html.matchAll(/(?:src|href)="(\/console\/[^"]+)" integrity/g)].map(([, path = '']) => path);
  assert.ok(paths.length > 2, html);
  for (const path of paths) assert.equal((await fetch(`${url}${path}`)).status, 200, path);
}

/** The line of the log with this message; undefined where the log ends without. What follows is read by nobody. */
async function lineOf(log: Readable, message: string): Promise<{ readonly threads?: number } | undefined> {
  for await (const line of createInterface(log)) {
    const read = JSON.parse(line);
    if (read.msg !== message) continue;
    log.resume();
    return read;
  }
  return undefined;
}

async function makeCsr(
  folder: string,
  name: string,
): Promise<{ readonly file: string; readonly publicKey: KeyObject }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const csr = await csrOf(privateKey.export({ format: 'der', type: 'pkcs8' }), name);
  const file = join(folder, 'www.csr');
  await writeFile(file, csr.toString('base64'));
  return { file, publicKey };
}

/** Starts the programs of the other threads with what their starters send them, and reads the answer. */
async function startEveryThread(installed: string, database: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const data = Buffer.from('data');
  const bytes = Buffer.concat([spki, data, sign(null, data, privateKey)]);
  const check = { digest: null, hasPlainNumbers: false, bytes, spkiSize: spki.length, dataSize: data.length };
  const talks: Readonly<Record<string, readonly [message: unknown, answer: unknown]>> = {
    'signature-worker': [[check], [true]],
    'checkpoint-worker': ['move', { error: undefined }],
    'search-worker': [
      { id: 1, sql: 'SELECT count(*) AS orders FROM orders', parameters: [] },
      { id: 1, columns: ['orders'], rows: [[1]] },
    ],
  };
  // The server above has shown this one.
  const others = [...findWorkers(root).keys()].filter((name) => name !== 'front-thread');
  assert.deepEqual(others.toSorted(), Object.keys(talks).toSorted());
  for (const name of others) {
    const [message, expected] = talks[name] ?? [];
    const worker = new Worker(join(installed, 'dist', `${name}.js`), { workerData: database });
    worker.postMessage(message);
    const [answer] = await once(worker, 'message');
    assert.deepEqual(answer, expected, name);
    await worker.terminate();
  }
}
