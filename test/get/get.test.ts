import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { listen } from '../support/listen.ts';
import { freePort } from '../support/server-process.ts';
import { startWorld, type World } from '../support/world.ts';
import { forwardTo, type Shell, serveFolder, shellOf } from './harness.ts';

let world: World;
let parent = '';
let shell: Shell;
let names = 0;

before(async () => {
  world = await startWorld();
  parent = await mkdtemp(join(tmpdir(), 'certmux-get-'));
  shell = shellOf(world, parent);
});
after(async () => {
  await world.close();
  await rm(parent, { recursive: true });
});

/** A name of its own for each test, with a web root that it serves. */
async function newSite() {
  const name = `site-${++names}.example`;
  const webroot = join(parent, name);
  await mkdir(webroot);
  serveFolder(world, name, webroot);
  return { name, webroot, folder: join(parent, 'certs', name) };
}

const ordersOf = async (name: string) => (await shell.operator.orders.list({ name, limit: 50 })).items;
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const certificateIn = async (folder: string) => new X509Certificate(await readFile(join(folder, 'cert.pem')));

describe('a certificate by a web root', () => {
  test('is stored with its key, and the files of the proof are gone', async () => {
    const { name, webroot, folder } = await newSite();
    const { exitCode, stdout, stderr } = await shell.certmux(['get', name, '--webroot', webroot]);
    assert.equal(exitCode, 0, stderr);
    const [first = '', second = '', ...rest] = stdout.split('\n');
    assert.match(first, new RegExp(`^New certificate for ${name} until 20\\d\\d-\\d\\d-\\d\\d, in ${folder}$`));
    assert.equal(second, `nginx: ssl_certificate ${folder}/fullchain.pem; ssl_certificate_key ${folder}/key.pem;`);
    assert.deepEqual(rest, ['']);
    assert.equal(await modeOf(folder), 0o700);
    assert.equal(await modeOf(join(folder, 'key.pem')), 0o600);
    const certificate = await certificateIn(folder);
    assert.equal(certificate.subjectAltName, `DNS:${name}`);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(await readFile(join(folder, 'key.pem')))));
    const chain = (await readFile(join(folder, 'fullchain.pem'), 'utf8')).match(/BEGIN CERTIFICATE/g) ?? [];
    assert.equal(chain.length, 2);
    const issuer = new X509Certificate(await readFile(join(folder, 'chain.pem')));
    assert.ok(certificate.verify(issuer.publicKey));
    assert.deepEqual(await readdir(webroot), []);
    assert.deepEqual((await readdir(folder)).toSorted(), [
      'cert.pem',
      'chain.pem',
      'current',
      'fullchain.pem',
      'get.lock',
      'key.pem',
      'versions',
    ]);
    const [order] = await ordersOf(name);
    assert.equal(order?.productCode, 'tls-dv');
  });

  test('is left alone when the command is repeated, and says so', async () => {
    const { name, webroot, folder } = await newSite();
    const line = ['get', name, '--webroot', webroot];
    assert.equal((await shell.certmux(line)).exitCode, 0);
    const before = await readFile(join(folder, 'key.pem'), 'utf8');
    const { exitCode, stdout } = await shell.certmux(line);
    assert.equal(exitCode, 0);
    assert.match(stdout, new RegExp(`^Nothing to do: the certificate for ${name} is good until`));
    assert.equal(await readFile(join(folder, 'key.pem'), 'utf8'), before);
    assert.equal((await ordersOf(name)).length, 1);
    const chinese = await shell.certmux(line, { language: 'zh' });
    assert.match(chinese.stdout, new RegExp(`^无需操作：${name} 的证书有效期至`));
  });

  test('is replaced when it was revoked, is due, or another is wanted; with a new key each time', async () => {
    const { name, webroot, folder } = await newSite();
    const line = ['get', name, '--webroot', webroot];
    const keys = new Set<string>();
    const run = async (more: readonly string[], cause: RegExp, daysOn = 0) => {
      const { exitCode, stderr } = await shell.certmux([...line, ...more], { daysOn });
      assert.equal(exitCode, 0, stderr);
      assert.match(stderr, cause);
      keys.add(await readFile(join(folder, 'key.pem'), 'utf8'));
    };
    await run([], /there is none yet/);
    const [first] = await ordersOf(name);
    await shell.operator.certificates.revoke({ certificate: String(first?.certificate?.number) });
    await run([], /is revoked/);
    await run([], /ends soon/, 340);
    const [renewal, renewed] = await ordersOf(name);
    assert.equal(renewal?.renewalOf, renewed?.id);
    // More days than it has are no reason to order at every run.
    const patient = await shell.certmux([...line, '--renew-within', '9999']);
    assert.match(patient.stdout, /^Nothing to do/);
    await run(['--renew-within', '9999'], /ends soon/, 130);
    await run(['--key-type', 'ec384'], /another kind/);
    assert.equal((await certificateIn(folder)).publicKey.asymmetricKeyDetails?.namedCurve, 'secp384r1');
    await run(['--key-type', 'ec384', '--force'], /asked for it/);
    assert.equal(keys.size, 6);
    // The one before is kept for a server that has not read the new one yet; no other is.
    assert.equal((await readdir(join(folder, 'versions'))).length, 2);
  });

  test('of a server that was set up again is ordered again', async () => {
    const { name, webroot, folder } = await newSite();
    await shell.certmux(['get', name, '--webroot', webroot]);
    const aboutPath = join(folder, 'current', 'about.json');
    const about = JSON.parse(await readFile(aboutPath, 'utf8')) as Record<string, unknown>;
    for (const certificate of [999_999, 1]) {
      await writeFile(aboutPath, JSON.stringify({ ...about, certificate }));
      const { exitCode, stderr } = await shell.certmux(['get', name, '--webroot', webroot]);
      assert.equal(exitCode, 0, stderr);
    }
    assert.equal((await ordersOf(name)).length, 3);
  });
});

describe('a proof that is not found', () => {
  test('ends the order, says why and what to do, and leaves nothing behind', async () => {
    const { name, webroot, folder } = await newSite();
    const other = join(parent, 'not-served');
    await mkdir(other);
    const { exitCode, stderr, stdout } = await shell.certmux(['get', name, '--webroot', other]);
    assert.equal(exitCode, 7);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`error: control of ${name} was not proved: http://${name}/.* 404`));
    assert.match(stderr, /next: {2}is --webroot the folder that is served/);
    assert.match(stderr, /Cancelled order \d+\./);
    assert.deepEqual(await readdir(other), []);
    assert.deepEqual(
      (await ordersOf(name)).map(({ state }) => state),
      ['cancelled'],
    );
    assert.deepEqual((await readdir(folder)).toSorted(), ['get.lock', 'versions']);
    const chinese = await shell.certmux(['get', name, '--webroot', other], { language: 'zh' });
    assert.match(chinese.stderr, new RegExp(`error: ${name} 未通过验证：`));
    assert.equal((await shell.certmux(['get', name, '--webroot', webroot])).exitCode, 0);
  });
});

describe('what cannot work is refused before anything is ordered', () => {
  const refused = async (args: readonly string[], name: string, message: RegExp) => {
    const { exitCode, stderr } = await shell.certmux(['get', ...args]);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, message);
    assert.deepEqual(await ordersOf(name), []);
  };

  test('a wildcard without a hook', () =>
    refused(
      ['*.wild.example', '--standalone'],
      '*.wild.example',
      /\*\.wild\.example is a wildcard.*\nnext: {2}use --dns-hook/,
    ));
  test('an address with one', () => refused(['192.0.2.7', '--dns-hook', 'true'], '192.0.2.7', /is an address/));
  test('no proof, or two', async () => {
    await refused(['a.example'], 'a.example', /how is control of the names proved\?/);
    await refused(['a.example', '--standalone', '--dns-hook', 'x'], 'a.example', /proved in one way/);
  });
  test('a web root that is not there, or a file', async () => {
    await refused(
      ['a.example', '--webroot', 'nowhere'],
      'a.example',
      /no proof can be placed in .*nowhere: no such file/,
    );
    await writeFile(join(parent, 'a-file'), '');
    await refused(['a.example', '--webroot', 'a-file'], 'a.example', /a-file: it is no folder/);
  });
  test('a port that is taken', async () => {
    const server = createServer();
    const port = await listen(server);
    try {
      await refused(['a.example', '--standalone', '--port', String(port)], 'a.example', /port \d+ is taken/);
    } finally {
      server.close();
    }
  });
  test('a folder that is a file', async () => {
    await writeFile(join(parent, 'out-file'), '');
    await refused(['a.example', '--standalone', '--out', 'out-file'], 'a.example', /out-file cannot be used/);
  });
  test('a product that there is not leaves no order and no key', async () => {
    const { name, webroot, folder } = await newSite();
    const { exitCode, stderr } = await shell.certmux(['get', name, '--webroot', webroot, '--product', 'tls-xv']);
    assert.equal(exitCode, 7);
    assert.match(stderr, /tls-xv/);
    assert.deepEqual((await readdir(folder)).toSorted(), ['get.lock', 'versions']);
  });
});

test('a web root whose .well-known leads elsewhere gets no file', async () => {
  const { name, webroot } = await newSite();
  const elsewhere = join(parent, 'elsewhere');
  await mkdir(elsewhere);
  await symlink(elsewhere, join(webroot, '.well-known'));
  const { exitCode, stderr } = await shell.certmux(['get', name, '--webroot', webroot]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /lies outside of the web root/);
  assert.deepEqual(await readdir(elsewhere), []);
  assert.deepEqual(
    (await ordersOf(name)).map(({ state }) => state),
    ['cancelled'],
  );
});

test('a proof is served by the command itself, for two names', async () => {
  const port = await freePort();
  const both = ['standalone.example', 'www.standalone.example'];
  for (const name of both) forwardTo(world, name, port);
  const { exitCode, stderr } = await shell.certmux(['get', ...both, '--standalone', '--port', String(port)]);
  assert.equal(exitCode, 0, stderr);
  const certificate = await certificateIn(join(parent, 'certs', 'standalone.example'));
  assert.equal(certificate.subjectAltName, 'DNS:standalone.example, DNS:www.standalone.example');
});

describe('a hook', () => {
  /** A shell script that keeps what it was called with, and sets the record through a door of the test's DNS. */
  async function hookOf(tail: string) {
    const path = join(parent, `hook-${++names}.sh`);
    const calls = `${path}.calls`;
    await writeFile(
      path,
      `#!/bin/sh\necho "$1 $2 $3 = $CERTMUX_ACTION $CERTMUX_RECORD_NAME $CERTMUX_RECORD_VALUE $CERTMUX_RECORD_TYPE" >> ${calls}\n${tail}\n`,
    );
    await chmod(path, 0o755);
    return { path, calls: async () => (await readFile(calls, 'utf8')).trim().split('\n') };
  }

  async function dnsDoor() {
    const server = createServer((request, response) => {
      const { searchParams, pathname } = new URL(request.url ?? '/', 'http://localhost');
      const [host, value] = [searchParams.get('host') ?? '', searchParams.get('value') ?? ''];
      if (pathname === '/present') world.dns.set(host, 'TXT', value);
      else world.dns.remove(host, 'TXT');
      response.end();
    });
    const port = await listen(server);
    return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
  }

  test('sets the record of a wildcard and removes it again', async () => {
    const door = await dnsDoor();
    const hook = await hookOf(`curl -sf "${door.url}/$1?host=$2&value=$3"`);
    try {
      const { exitCode, stderr } = await shell.certmux(['get', '*.hooked.example', '--dns-hook', hook.path]);
      assert.equal(exitCode, 0, stderr);
    } finally {
      door.close();
    }
    const folder = join(parent, 'certs', '_.hooked.example');
    assert.equal((await certificateIn(folder)).subjectAltName, 'DNS:*.hooked.example');
    const [present = '', cleanup = '', ...more] = await hook.calls();
    const value = '[0-9a-f]{64}\\.[0-9a-z]{26}';
    const record = `_certmux-challenge\\.hooked\\.example (${value})`;
    assert.match(present, new RegExp(`^present ${record} = present _certmux-challenge\\.hooked\\.example \\1 TXT$`));
    assert.match(cleanup, new RegExp(`^cleanup ${record} = cleanup _certmux-challenge\\.hooked\\.example \\1 TXT$`));
    assert.deepEqual(more, []);
  });

  test('that fails ends the run with its own words, and is called to clean up', async () => {
    const hook = await hookOf('[ "$1" = cleanup ] || { echo "no such zone" >&2; exit 3; }');
    const { exitCode, stderr } = await shell.certmux(['get', 'fails.example', '--dns-hook', hook.path]);
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /error: the DNS hook ended with 3 at "present _certmux-challenge\.fails\.example": no such zone\n/,
    );
    assert.deepEqual(
      (await hook.calls()).map((line) => line.split(' ')[0]),
      ['present', 'cleanup'],
    );
    assert.deepEqual(
      (await ordersOf('fails.example')).map(({ state }) => state),
      ['cancelled'],
    );
  });

  test('that hangs is stopped with what it started', async () => {
    const hook = await hookOf('[ "$1" = cleanup ] || sleep 1000');
    const line = ['get', 'hangs.example', '--dns-hook', hook.path, '--command-timeout', '1'];
    const { exitCode, stderr } = await shell.certmux(line);
    assert.equal(exitCode, 1);
    assert.match(stderr, /the DNS hook did not end within 1 seconds at "present _certmux-challenge\.hangs\.example"/);
    assert.deepEqual(
      (await hook.calls()).map((call) => call.split(' ')[0]),
      ['present', 'cleanup'],
    );
  });

  test('may be a command with arguments of its own', async () => {
    const hook = await hookOf('exit 9');
    const { stderr } = await shell.certmux(['get', 'args.example', '--dns-hook', `env ZONE=x ${hook.path}`]);
    assert.match(stderr, /the DNS hook ended with 9/);
    assert.match((await hook.calls())[0] ?? '', /^present _certmux-challenge\.args\.example /);
  });
});

describe('a reload command', () => {
  test('runs after a change, with the folder, and again until it succeeds', async () => {
    const { name, webroot, folder } = await newSite();
    const trace = join(parent, 'reloads');
    const command = `echo "$CERTMUX_CERTIFICATE_FOLDER" >> ${trace}; [ -e ${trace}.ready ]`;
    const line = ['get', name, '--webroot', webroot, '--reload-command', command];
    const failed = await shell.certmux(line);
    assert.equal(failed.exitCode, 1);
    assert.match(failed.stderr, /the certificate is stored, but the command ".*" ended with 1/);
    await writeFile(`${trace}.ready`, '');
    assert.equal((await shell.certmux(line)).exitCode, 0);
    assert.equal((await shell.certmux(line)).exitCode, 0);
    assert.deepEqual((await readFile(trace, 'utf8')).trim().split('\n'), [folder, folder]);
    assert.equal((await ordersOf(name)).length, 1);
  });
});

describe('an order that waits for somebody', () => {
  test('is gone on with by the same command, and given up by another', async () => {
    const account = await shell.operator.accounts.create({ name: 'with approval', approval: 'manual' });
    const { name, webroot } = await newSite();
    const line = ['get', name, '--webroot', webroot, '--account', String(account.number)];
    const waiting = await shell.certmux(line);
    assert.equal(waiting.exitCode, 6);
    assert.match(waiting.stderr, /error: order \d+ waits for somebody else: /);
    const [order] = await ordersOf(name);
    await shell.operator.orders.approve({ order: order?.id ?? '' });
    const { exitCode, stderr } = await shell.certmux(line);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /Going on with order/);
    assert.equal((await ordersOf(name)).length, 1);

    assert.equal((await shell.certmux([...line, '--force'])).exitCode, 6);
    const other = await shell.certmux([...line, '--key-type', 'rsa2048']);
    assert.equal(other.exitCode, 6);
    assert.deepEqual(
      (await ordersOf(name)).map(({ state }) => state),
      ['open', 'cancelled', 'active'],
    );
  });
});

test('an operator with several accounts has to name one', async () => {
  await shell.operator.accounts.create({ name: 'first' });
  await shell.operator.accounts.create({ name: 'second' });
  const { name, webroot } = await newSite();
  const { exitCode, stderr } = await shell.certmux(['get', name, '--webroot', webroot]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /there are several: .*first/);
  assert.deepEqual(await ordersOf(name), []);
});

test('a folder that somebody keeps an own file in is not written over', async () => {
  const account = (await shell.operator.accounts.create({ name: 'own files' })).number;
  const { name, webroot, folder } = await newSite();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'key.pem'), 'mine');
  const { exitCode, stderr } = await shell.certmux(['get', name, '--webroot', webroot, '--account', String(account)]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /cannot be used: .*key\.pem was not made by certmux get/);
  assert.ok((await lstat(join(folder, 'key.pem'))).isFile());
  assert.deepEqual(await ordersOf(name), []);
});
