import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { quickstartApis, runQuickstart } from '../../src/quickstart/index.ts';
import { cheapSecrets } from '../support/cheap-secrets.ts';
import { type Collector, createCollector } from './collector.ts';

const run = promisify(execFile);
const playOnce = join(import.meta.dirname, 'play-once.ts');
const api = 'encryption365';

let parent = '';
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'certmux-test-quickstart-'));
});
after(() => rm(parent, { recursive: true }));

/** Those of the plays in this process; the others show the real ones. */
const secrets = cheapSecrets();

const newDirectory = () => mkdtemp(join(parent, 'run-'));

describe('the whole quickstart, into a pipe', () => {
  let directory = '';
  let lines: readonly string[] = [];

  before(async () => {
    directory = await newDirectory();
    // The process ends by itself, so nothing is left running; execFile rejects any exit code but 0.
    const { stdout, stderr } = await run(process.execPath, [playOnce, directory], { timeout: 120_000 });
    assert.equal(stderr, '');
    lines = stdout.split('\n');
  });

  test('every step has its tick, in order', () => {
    const ticked = lines.flatMap((line) => / {2}✓ (.{22}) +\d+(?:\.\d\d)? m?s {2}\S/.exec(line)?.[1]?.trim() ?? []);
    assert.deepEqual(ticked, [
      "Customer's servers",
      'certmux and its CA',
      'Account and user',
      'POST /client/create',
      'POST /account/products',
      'Key and CSR',
      'POST /cert/create',
      'Proofs placed',
      'POST /cert/details',
      'Chain verified',
      'HTTPS connection',
    ]);
  });

  test('lines are plain: no colours, nothing rewritten', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    assert.doesNotMatch(lines.join('\n'), /[\x00-\x09\x0b-\x1f\x7f]/);
  });

  test('the proofs to place are a table', () => {
    const from = lines.findIndex((line) => /^ {2}NAME +PROOF +WHERE +WHAT$/.test(line));
    const file = String.raw`file +/\.well-known/pki-validation/[0-9A-F]{4}…[0-9A-F]{4}\.txt +[0-9a-f]{4}…[0-9a-f]{4} / comodoca\.com / \w+`;
    const cname = String.raw`CNAME +_[0-9a-f]{4}…[0-9a-f]{4}\.apps\.quickstart\.example +[0-9a-f]{4}…[0-9a-f]{4}\.[0-9a-f]{4}…[0-9a-f]{4}\.\w+\.comodoca\.com`;
    assert.match(lines[from + 1] ?? '', new RegExp(String.raw`^  quickstart\.example +${file}$`));
    assert.match(lines[from + 2] ?? '', new RegExp(String.raw`^  www\.quickstart\.example +${file}$`));
    assert.match(lines[from + 3] ?? '', new RegExp(String.raw`^  \*\.apps\.quickstart\.example +${cname}$`));
  });

  test('every name was proved in its own way, by the servers of the customer', () => {
    const [, dns = '', web = ''] = /DNS (127\.0\.0\.1:\d+), web (127\.0\.0\.1:\d+)$/m.exec(lines.join('\n')) ?? [];
    const from = lines.findIndex((line) => /^ {2}NAME +PROVED BY +ANSWERED BY$/.test(line));
    assert.deepEqual(
      lines.slice(from + 1, from + 4).map((line) => line.trim().split(/ {2,}/)),
      [
        ['quickstart.example', 'HTTP file', web],
        ['www.quickstart.example', 'HTTP file', web],
        ['*.apps.quickstart.example', 'DNS CNAME', dns],
      ],
    );
  });

  test('it ends with the certificate, the files, and what to do next', () => {
    const text = lines.join('\n');
    assert.match(text, /^The certificate\n {2}Subject +CN=quickstart\.example$/m);
    assert.ok(text.includes(`\nFiles in ${directory}\n  root.pem `));
    assert.match(text, /^Next\n {2}npm start .*\n {2}\.\/bin\/certmux --help .*\n.*docs\/encryption365\.md/m);
    assert.match(text, /\nDone in \d+\.\d\d s\.\n$/);
  });

  test('only the certificate, its key, the root and the log are left', async () => {
    assert.deepEqual((await readdir(directory)).toSorted(), [
      'certmux.log',
      'fullchain.pem',
      'privkey.pem',
      'root.pem',
    ]);
    assert.equal((await stat(join(directory, 'privkey.pem'))).mode & 0o777, 0o600);
    const log = await readFile(join(directory, 'certmux.log'), 'utf8');
    assert.match(log, /certmux has stopped/);
    assert.doesNotMatch(log, /"level":"(warn|error)"/);
  });

  test('OpenSSL verifies the chain strictly', async () => {
    const arguments_ = ['-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'fullchain.pem', 'fullchain.pem'];
    const { stdout } = await run('openssl', ['verify', ...arguments_], { cwd: directory });
    assert.equal(stdout, 'fullchain.pem: OK\n');
  });

  test('the certificate is for the three names and the key', async () => {
    const leaf = new X509Certificate(await readFile(join(directory, 'fullchain.pem')));
    assert.equal(
      leaf.subjectAltName,
      'DNS:quickstart.example, DNS:www.quickstart.example, DNS:*.apps.quickstart.example',
    );
    const { stdout } = await run('openssl', ['pkey', '-in', 'privkey.pem', '-pubout'], { cwd: directory });
    assert.equal(leaf.publicKey.export({ type: 'spki', format: 'pem' }), stdout);
  });
});

describe('the API of another vendor', () => {
  test('is played with a key instead of a person, its proofs placed before the one call, and no wildcard', async () => {
    const directory = await newDirectory();
    const terminal = createCollector();
    assert.equal(await runQuickstart({ secrets, keep: false, api: 'wosign', directory }, terminal), 0);
    const text = terminal.text();
    const ticked = text.split('\n').flatMap((line) => /^ {2}✓ (.{22}) /.exec(line)?.[1]?.trim() ?? []);
    assert.deepEqual(ticked, [
      "Customer's servers",
      'certmux and its CA',
      'Account and key',
      'Key and CSR',
      'Proofs placed',
      'POST /',
      'POST / by handle_id',
      'Chain verified',
      'HTTPS connection',
    ]);
    assert.match(text, /file +\/\.well-known\/pki-validation\/signfile +[0-9a-f]{4}…[0-9a-f]{4}$/m);
    assert.match(text, /issued in one call: 2 names, handle_[0-9a-z]{26}$/m);
    assert.match(text, /less docs\/wosign\.md/);
    const arguments_ = ['-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'fullchain.pem', 'fullchain.pem'];
    assert.equal((await run('openssl', ['verify', ...arguments_], { cwd: directory })).stdout, 'fullchain.pem: OK\n');
    const leaf = new X509Certificate(await readFile(join(directory, 'fullchain.pem')));
    assert.equal(leaf.subjectAltName, 'DNS:quickstart.example, DNS:www.quickstart.example');
  });

  test('is kept with its key shown', async () => {
    const interruption = new AbortController();
    const terminal = createCollector();
    const options = {
      secrets,
      keep: true,
      api: 'wosign',
      directory: await newDirectory(),
      interrupted: interruption.signal,
    };
    const running = runQuickstart(options, terminal);
    await until(terminal, /Press Ctrl-C/);
    const text = terminal.text();
    const [, url = ''] = /Still running\n {2}(http:\S+) /.exec(text) ?? [];
    const [customer_id, auth_token] = ['customer_id', 'auth_token'].map(
      (name) => new RegExp(`^ {2}(\\S+) +${name} of the customer$`, 'm').exec(text)?.[1],
    );
    const body = JSON.stringify({ customer_id, auth_token, handle_id: 'handle_XXXXXX01' });
    const reply = await fetch(url, { method: 'POST', body });
    assert.equal(await reply.text(), '{"result":"error","status":"108"}');
    interruption.abort();
    assert.equal(await running, 0);
  });
});

describe('every API', () => {
  test('is played with a key of ACME clients, and says when the proofs are placed', async () => {
    const terminal = createCollector();
    const options = { secrets, keep: false, api: 'acme', directory: await newDirectory() };
    assert.equal(await runQuickstart(options, terminal), 0);
    const text = terminal.text();
    const ticked = text.split('\n').flatMap((line) => /^ {2}✓ (.{22}) /.exec(line)?.[1]?.trim() ?? []);
    assert.deepEqual(ticked.slice(2), [
      'Account and key',
      'POST new-account',
      'Key and CSR',
      'POST new-order',
      'Proofs placed',
      'POST challenge',
      'POST order, finalize',
      'Chain verified',
      'HTTPS connection',
    ]);
    assert.match(text, /TXT +_acme-challenge\.apps\.quickstart\.example +[A-Za-z0-9_-]{43}$/m);
    assert.match(text, /asked for the check of http-01, http-01, dns-01$/m);
  });

  test('is played one after the other, each in its own directory', async () => {
    const directory = await newDirectory();
    const terminal = createCollector();
    assert.equal(await runQuickstart({ secrets, keep: false, api: 'all', directory }, terminal), 0);
    assert.deepEqual((await readdir(directory)).toSorted(), [...quickstartApis].toSorted());
    const text = terminal.text();
    assert.equal(text.match(/^certmux quickstart$/gm)?.length, quickstartApis.length);
    assert.equal(text.match(/^Done in /gm)?.length, quickstartApis.length);
    assert.equal(text.match(/^Next$/gm)?.length, 1);
  });

  test('ends with the first that fails', async () => {
    const terminal = createCollector({
      fetch: async (request) =>
        request.url.endsWith('/cert/create') ? new Response('', { status: 503 }) : fetch(request),
    });
    assert.equal(
      await runQuickstart({ secrets, keep: false, api: 'all', directory: await newDirectory() }, terminal),
      1,
    );
    assert.equal(terminal.text().match(/^certmux quickstart$/gm)?.length, 1);
  });

  test('cannot be kept running', async () => {
    await assert.rejects(runQuickstart({ secrets, keep: true, api: 'all' }, createCollector()), /name its API$/);
  });
});

describe('--keep', () => {
  test('leaves the service running until it is interrupted, then stops it and exits with 0', async () => {
    const directory = await newDirectory();
    const interruption = new AbortController();
    const terminal = createCollector();
    const running = runQuickstart({ secrets, keep: true, api, directory, interrupted: interruption.signal }, terminal);
    await until(terminal, /Press Ctrl-C/);
    const text = terminal.text();
    const [, url = ''] = /Still running\n {2}(http:\S+) /.exec(text) ?? [];
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const [, command = ''] = /^ {2}(curl .*)$/m.exec(text) ?? [];
    const { stdout } = await run('sh', ['-c', `${command} -sS`]);
    assert.match(stdout, /^Hello from www\.quickstart\.example:\d+\n$/);
    const [, password = ''] = /^ {2}quickstart \/ (\S+)/m.exec(text) ?? [];
    const login = { username: 'quickstart', password, servername: 'another' };
    const reply = await fetch(`${url}/client/create`, { method: 'POST', body: JSON.stringify(login) });
    assert.match(await reply.text(), /"result":"success"/);
    const [, data = ''] = /order list --data (\S+)$/m.exec(text) ?? [];
    assert.equal(JSON.parse(await readFile(join(data, 'operator.json'), 'utf8')).url, url);

    interruption.abort();
    assert.equal(await running, 0);
    await assert.rejects(fetch(`${url}/readyz`));
    await assert.rejects(readdir(data));
    assert.match(terminal.text(), /\nStopped\. The throw-away data is removed\.\n$/);
  });

  test('Ctrl-C stops it', async () => {
    const child = spawn(process.execPath, [playOnce, await newDirectory(), '--keep'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
    let text = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      text += chunk;
      // A second one would end the process at once.
      if (text.includes('Press Ctrl-C') && !child.killed) child.kill('SIGINT');
    }
    assert.equal(await ended, 0);
    assert.match(text, /\nStopped\. The throw-away data is removed\.\n$/);
  });
});

describe('when something goes wrong', () => {
  test('a step that fails says why, names the log, and everything is closed', async () => {
    const directory = await newDirectory();
    const urls: string[] = [];
    const terminal = createCollector({
      fetch: async (request) => {
        urls.push(request.url);
        return request.url.endsWith('/cert/create') ? new Response('', { status: 503 }) : fetch(request);
      },
    });
    assert.equal(await runQuickstart({ secrets, keep: false, api, directory }, terminal), 1);
    const text = terminal.text();
    assert.match(text, /^ {2}✗ POST \/cert\/create +\d+ ms {2}.*HTTP status 503/m);
    assert.match(text, /^The quickstart failed at the step marked ✗\.$/m);
    assert.ok(text.includes(join(directory, 'certmux.log')));
    assert.doesNotMatch(text, /Proofs placed|Done/);
    assert.deepEqual((await readdir(directory)).length, 2, 'the log and the data are left to look at');
    await assert.rejects(fetch(new URL('/readyz', urls[0])));
  });

  test('an interruption in the middle closes everything and exits with 130', async () => {
    const directory = await newDirectory();
    const interruption = new AbortController();
    const urls: string[] = [];
    const terminal = createCollector({
      fetch: async (request) => {
        urls.push(request.url);
        if (request.url.endsWith('/cert/create')) interruption.abort(new Error('interrupted'));
        return fetch(request);
      },
    });
    const options = { secrets, keep: false, api, directory, interrupted: interruption.signal };
    assert.equal(await runQuickstart(options, terminal), 130);
    assert.match(terminal.text(), /^ {2}✗ POST \/cert\/create +\d+ ms {2}interrupted$/m);
    assert.match(terminal.text(), /\nStopped\. The throw-away data is removed\.\n$/);
    assert.deepEqual(await readdir(directory), ['certmux.log']);
    await assert.rejects(fetch(new URL('/readyz', urls[0])));
  });

  test('an API that there is no customer for is refused, and the known ones are named', async () => {
    assert.deepEqual(quickstartApis, ['encryption365', 'wosign', 'httpsok', 'racent', 'digicert', 'acme']);
    const terminal = createCollector();
    await assert.rejects(
      runQuickstart({ secrets, keep: false, api: 'globalsign' }, terminal),
      /^Error: the quickstart has no API "globalsign"; it knows encryption365, wosign, httpsok, racent, digicert, acme and all$/,
    );
    assert.equal(terminal.text(), '');
  });
});

async function until(terminal: Collector, pattern: RegExp): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while (!pattern.test(terminal.text())) {
    deadline.throwIfAborted();
    await terminal.clock.sleep(20);
  }
}
