/** The whole life of certificates through the WoSign front door: real server, real HTTP, real DNS, all on loopback. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { parseExchange } from '../support/exchange.ts';
import { nasty } from '../support/nasty-dns.ts';
import { nastyPages } from '../support/nasty-web.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { countRequestRows, countRows, readTables } from '../support/tables.ts';
import { startWorld, type World } from '../support/world.ts';

const run = promisify(execFile);
const path = '/.well-known/pki-validation/signfile';
const ownHost = 'acmapi.wosign.com';

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
type Reply = Record<string, any>;

interface PlatformKey {
  readonly customer_id: string;
  readonly auth_token: string;
  readonly signfile: string;
  readonly account: string;
}

let world: World;
let operator: NativeClient;
let folder: string;
let key: PlatformKey;
let subscriber: Subscriber;
before(async () => {
  world = await startWorld({ dialects: { wosign: { hosts: [ownHost] } } });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  folder = await mkdtemp(join(tmpdir(), 'certmux-wosign-'));
  key = await createKey({ name: 'platform' });
  subscriber = await createSubscriber('www.example.com');
});
after(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function createKey(options: {
  readonly name: string;
  readonly approval?: 'manual';
  readonly allowedAddresses?: readonly string[];
}): Promise<PlatformKey> {
  const { name, approval = 'automatic', allowedAddresses = null } = options;
  const { id: account } = await operator.accounts.create({ name, currency: 'CNY', approval });
  const { clientSettings } = await operator.credentials.create({
    account,
    dialect: 'wosign',
    allowedAddresses: allowedAddresses === null ? null : [...allowedAddresses],
  });
  const { customer_id = '', auth_token = '', signfile = '', ...rest } = clientSettings;
  assert.deepEqual(rest, {});
  return { customer_id, auth_token, signfile, account };
}

/** As the customer does before the call. */
function serveSignfile(names: readonly string[], signfile = key.signfile): void {
  for (const name of names) {
    world.dns.set(name, 'A', world.web.address);
    world.web.put(name, path, signfile);
  }
}

async function send(body: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(world.url, { method: 'POST', body, ...init });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  return (await response.json()) as Reply;
}

function post(body: Readonly<Record<string, unknown>>, { customer_id, auth_token } = key): Promise<Reply> {
  return send(JSON.stringify({ customer_id, auth_token, ...body }));
}

function apply(names: readonly string[], change: Readonly<Record<string, unknown>> = {}, by = key): Promise<Reply> {
  return post({ req_type: 'cert_apply', domain_name: names, csr: subscriber.csrPem, ...change }, by);
}

const leafOf = (reply: Reply) => new X509Certificate(String(reply.certificate));

/** What OpenSSL says of the certificate with the chain that came with it, trusting nothing but the server's roots. */
async function verify(reply: Reply, crlPem?: string): Promise<string> {
  const write = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const roots = await write('roots.pem', await (await fetch(`${world.url}/pki/root.pem`)).text());
  const full = await write('fullchain.pem', String(reply.certificate));
  const checks = crlPem === undefined ? [] : ['-crl_check', '-CRLfile', await write('crl.pem', crlPem)];
  const args = [
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    ...checks,
    '-CAfile',
    roots,
    '-untrusted',
    full,
    full,
  ];
  const { stdout, stderr } = await run('openssl', args).catch((error) => error);
  return `${stdout}${stderr}`.replaceAll(full, 'leaf');
}

/** The CRL at the address that the certificate itself carries. */
async function fetchCrl(reply: Reply): Promise<string> {
  const file = join(folder, 'dump.pem');
  await writeFile(file, leafOf(reply).toString());
  const { stdout } = await run('openssl', ['x509', '-in', file, '-noout', '-text']);
  const url = /URI:(http\S+\.crl)/.exec(stdout)?.[1] ?? assert.fail('a CRL address');
  return encodePem('X509 CRL', new Uint8Array(await (await fetch(url)).arrayBuffer()));
}

async function newestOrder(): Promise<{ readonly number: number; readonly state: string }> {
  const { items } = await operator.orders.list({ limit: 1 });
  return items[0] ?? assert.fail('an order');
}

describe('the life of a certificate', () => {
  const names = ['life.example.com', 'www.life.example.com'];
  let issued: Reply;

  it('begins with a key, whose signfile the customer places, and is one call', async () => {
    assert.match(key.signfile, /^[0-9a-f]{64}$/);
    serveSignfile(names);
    issued = await apply(names);
    assert.deepEqual(Object.keys(issued), ['result', 'status', 'handle_id', 'certificate']);
    assert.deepEqual([issued.result, issued.status], ['success', '0']);
    assert.match(issued.handle_id, /^handle_[0-9a-z]{26}$/);
  });

  it('is trusted by the root alone, with the chain that came with it', async () => {
    assert.equal(await verify(issued), 'leaf: OK\n');
    assert.equal(issued.certificate.match(/-----BEGIN CERTIFICATE-----/g)?.length, 2);
    assert.equal(leafOf(issued).subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
    const days = (leafOf(issued).validToDate.getTime() - Date.now()) / 86_400_000;
    assert.ok(days > 364 && days <= 366, String(days));
  });

  it('was proved by the file at every name, and the operator sees how', async () => {
    const { number } = await newestOrder();
    const order = await operator.orders.show({ order: String(number) });
    assert.equal(order.state, 'active');
    for (const { provedBy, proofs } of order.names) {
      assert.ok(provedBy === 'httpFile' || provedBy === 'httpsFile');
      const check = proofs.find(({ method }) => method === provedBy)?.lastCheck;
      assert.match(
        check?.asked ?? '',
        /^https?:\/\/(www\.)?life\.example\.com\/\.well-known\/pki-validation\/signfile$/,
      );
      assert.match(check?.answer ?? '', /^HTTP 200, 64 bytes/);
    }
  });

  it('is answered again to the same request, and by its handle', async () => {
    assert.deepEqual(await apply(names.toReversed()), issued);
    assert.deepEqual(await post({ handle_id: issued.handle_id }), issued);
  });

  it('is followed by another that needs no new proof', async () => {
    for (const name of names) world.web.remove(name, path);
    const { requests } = world.web;
    const before = requests.length;
    const next = await apply(names, { csr: (await createSubscriber('next.example.com')).csrPem });
    assert.equal(next.result, 'success');
    assert.notEqual(leafOf(next).serialNumber, leafOf(issued).serialNumber);
    assert.equal(requests.length, before);
  });

  it('ends with its revocation, in the CRL at once', async () => {
    assert.equal(await verify(issued, await fetchCrl(issued)), 'leaf: OK\n');
    const { items } = await operator.certificates.list({ serial: leafOf(issued).serialNumber.toLowerCase() });
    await operator.certificates.revoke({ certificate: items[0]?.id ?? '', reason: 'superseded' });
    await until(
      async () => /certificate revoked/.test(await verify(issued, await fetchCrl(issued))),
      'the certificate is in the CRL',
    );
    assert.deepEqual(await post({ handle_id: issued.handle_id }), { result: 'error', status: '109' });
  });
});

describe('the sample of the document', () => {
  it('works as printed, but for key and CSR', async () => {
    const file = join(import.meta.dirname, '..', 'dialects', 'wosign', 'exchanges', 'cert.apply.http');
    const printed = parseExchange('cert.apply', readFileSync(file, 'utf8')).request.body;
    assert.match(printed, /"customer_id ":" customer_XXXXX01 "/);
    assert.match(printed, /"req_type":" cert_apply"\n/); // no comma
    const names = ['www.test.ims.com', 'test.ims.com', 'www.example.com', 'example.com'];
    serveSignfile(names);
    const body = printed
      .replace('customer_XXXXX01', key.customer_id)
      .replace('authority_XXXXXX01', key.auth_token)
      .replace('<<csr>>', subscriber.csrPem.replaceAll('\n', ''));
    const reply = await send(body);
    assert.equal(reply.result, 'success');
    assert.equal(leafOf(reply).subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
    assert.equal(await verify(reply), 'leaf: OK\n');
  });

  it('is answered on the shared listener at / and /acmapi only, and on its own host at every path', async () => {
    const body = JSON.stringify({ customer_id: 'nobody' });
    const error = { status: 200, text: '{"result":"error","status":"101"}' };
    const nothing = (method: string, at: string) => ({
      status: 404,
      text: `certmux: nothing answers ${method} ${at}\n`,
    });
    assert.deepEqual(await ask('POST', '/', undefined, body), error);
    assert.deepEqual(await ask('POST', '/acmapi', undefined, body), error);
    assert.deepEqual(await ask('POST', '/any', undefined, body), nothing('POST', '/any'));
    const page = await ask('GET', '/');
    assert.equal(page.status, 200);
    assert.match(page.text, /^<!doctype html>/);
    assert.deepEqual(await ask('HEAD', '/'), { status: 200, text: '' });
    assert.deepEqual(await ask('POST', '/any', ownHost, body), error);
    assert.deepEqual(await ask('POST', '/', ownHost, body), error);
  });
});

function ask(
  method: string,
  at: string,
  host?: string,
  body?: string,
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    httpRequest(world.url + at, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end(body);
  });
}

describe('a name that is not proved', () => {
  /** Told as the first that failed, in an order that is over. */
  async function fails(name: string): Promise<void> {
    const fine = `fine.${name}`;
    serveSignfile([fine]);
    assert.deepEqual(await apply([fine, name]), { result: 'error', status: '107', other_msg: name });
  }

  it('serves nothing, the file of another customer, or something else', async () => {
    const stranger = await createKey({ name: 'stranger' });
    assert.notEqual(stranger.signfile, key.signfile);
    serveSignfile(['theirs.example.net'], stranger.signfile);
    serveSignfile(['wrong.example.net'], 'signfile');
    serveSignfile(['large.example.net'], key.signfile.repeat(2000));
    serveSignfile(['missing.example.net']);
    world.web.remove('missing.example.net', path);
    for (const name of ['theirs', 'wrong', 'large', 'missing', 'unknown']) await fails(`${name}.example.net`);
  });

  it('leads to places that are not connected to', async () => {
    const targets = {
      private: 'http://10.0.0.1/',
      port: 'http://port.example.net:8443/',
      loop: `http://loop.example.net${path}`,
    };
    for (const [host, target] of Object.entries(targets)) {
      const name = `${host}.example.net`;
      world.dns.set(name, 'A', world.web.address);
      world.web.redirect(name, path, target);
      await fails(name);
    }
    world.dns.set('inside.example.net', 'A', '192.168.1.1');
    await fails('inside.example.net');
  });

  it('has servers that misbehave', async () => {
    const pages = ['hang', 'hugeBody', 'reset', 'notHttp', 'cutBody'] as const;
    const resolvers = ['serverFailure', 'garbage', 'silent', 'cnameLoop'] as const;
    for (const page of pages) world.serveNasty(`${page.toLowerCase()}.example.org`, nastyPages[page]);
    for (const one of resolvers) world.misbehave(`dns-${one.toLowerCase()}.example.org`, nasty[one]);
    const names = [...pages.map((page) => page.toLowerCase()), ...resolvers.map((one) => `dns-${one.toLowerCase()}`)];
    await Promise.all(
      names.map(async (name) => {
        const reply = await apply([`${name}.example.org`]);
        assert.deepEqual(reply, { result: 'error', status: '107', other_msg: `${name}.example.org` });
      }),
    );
  });

  it('is served at the next call, once it is mended', async () => {
    serveSignfile(['wrong.example.net', 'fine.wrong.example.net']);
    assert.equal((await apply(['fine.wrong.example.net', 'wrong.example.net'])).result, 'success');
  });

  it('leaves no order that waits and no work', async () => {
    const { items } = await operator.orders.list({ state: 'open', limit: 100 });
    assert.deepEqual(items, []);
    await until(() => countJobs('validate') === 0, 'no name is looked for any more');
  });
});

function countJobs(kind: string): number {
  return (readTables(world.databasePath).jobs ?? []).filter((job) => job.kind === kind).length;
}

describe('a request that is refused', () => {
  async function opensslCsr(...args: readonly string[]): Promise<string> {
    const common = ['req', '-new', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=example.com'];
    return (await run('openssl', [...common, ...args])).stdout;
  }

  /** And every table has as many rows as before. */
  async function refused(status: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const before = countRequestRows(world.databasePath);
    assert.deepEqual(await apply(['refused.example.com'], body), { result: 'error', status });
    assert.deepEqual(countRequestRows(world.databasePath), before, 'nothing is left behind');
  }

  it('for its CSR leaves nothing', async () => {
    const forged = Buffer.from(subscriber.csrDer);
    forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1);
    await refused('104', { csr: encodePem('CERTIFICATE REQUEST', forged) });
    await refused('104', { csr: encodePem('CERTIFICATE REQUEST', subscriber.csrDer.subarray(0, 100)) });
    await refused('104', { csr: await opensslCsr('-newkey', 'rsa:1024') });
    await refused('104', { csr: await opensslCsr('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1') });
    await refused('104', { csr: await opensslCsr('-newkey', 'rsa:2048', '-sha1') });
  });

  it('for its names leaves nothing', async () => {
    await refused('105', { domain_name: ['*.example.com'] });
    await refused('105', { domain_name: ['192.0.2.1'] });
    await refused('105', { domain_name: [] });
    await refused('106', { domain_name: ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => `${label}.example.com`) });
    await refused('109', { domain_name: ['com.cn'] });
  });

  it('for its key leaves nothing, and a revoked key is one of nobody', async () => {
    await refused('101', { customer_id: 'customer_0' });
    await refused('102', { auth_token: key.auth_token.toUpperCase() });
    const revoked = await createKey({ name: 'revoked' });
    const { items } = await operator.credentials.list({});
    const { id = '' } = items.find(({ publicId }) => publicId === revoked.customer_id) ?? {};
    await operator.credentials.revoke({ credential: id });
    await refused('101', { customer_id: revoked.customer_id, auth_token: revoked.auth_token });
  });

  it('for its address is told apart from one for its key', async () => {
    const elsewhere = await createKey({ name: 'elsewhere', allowedAddresses: ['203.0.113.0/24'] });
    const { customer_id, auth_token } = elsewhere;
    await refused('110', { customer_id, auth_token });
    await refused('102', { customer_id, auth_token: 'wrong' });
    const here = await createKey({ name: 'here', allowedAddresses: ['127.0.0.1'] });
    serveSignfile(['here.example.com'], here.signfile);
    assert.equal((await apply(['here.example.com'], {}, here)).result, 'success');
  });

  it('for a handle of another customer says that there is none', async () => {
    serveSignfile(['mine.example.com']);
    const { handle_id } = await apply(['mine.example.com']);
    const stranger = await createKey({ name: 'second stranger' });
    assert.deepEqual(await post({ handle_id }, stranger), { result: 'error', status: '108' });
  });

  it('says in a header what is wrong, for people', async () => {
    const response = await fetch(world.url, { method: 'POST', body: '{"customer_id":"nobody","auth_token":"x"}' });
    assert.equal(response.headers.get('x-certmux-reason'), 'customer_id is wrong or was revoked');
  });
});

describe('an account whose orders a person approves', () => {
  const names = ['approved.example.com'];
  let careful: PlatformKey;
  let pending: Reply;
  before(async () => {
    careful = await createKey({ name: 'careful', approval: 'manual' });
  });

  it('gets a handle at once, and fetches with it in vain until then', async () => {
    pending = await apply(names, {}, careful);
    assert.deepEqual(Object.keys(pending), ['result', 'status', 'handle_id']);
    assert.deepEqual([pending.result, pending.status], ['pending', '1']);
    assert.deepEqual(await post({ handle_id: pending.handle_id }, careful), pending);
    assert.deepEqual(await apply(names, {}, careful), pending);
  });

  it('is told which name is not proved when it is approved before the file is there', async () => {
    await operator.orders.approve({ order: String((await newestOrder()).number) });
    const failed = { result: 'error', status: '107', other_msg: 'approved.example.com' };
    assert.deepEqual(await post({ handle_id: pending.handle_id }, careful), failed);
    assert.equal((await newestOrder()).state, 'open');
  });

  it('fetches its certificate once the file is there', async () => {
    serveSignfile(names, careful.signfile);
    let fetched: Reply = {};
    await until(async () => {
      fetched = await post({ handle_id: pending.handle_id }, careful);
      return fetched.result === 'success';
    }, 'the certificate is there');
    assert.equal(fetched.handle_id, pending.handle_id);
    assert.equal(await verify(fetched), 'leaf: OK\n');
    await operator.orders.revoke({ order: String((await newestOrder()).number), reason: 'superseded' });
    assert.deepEqual(await post({ handle_id: pending.handle_id }, careful), { result: 'error', status: '109' });
    await until(
      async () => /certificate revoked/.test(await verify(fetched, await fetchCrl(fetched))),
      'the certificate is in the CRL',
    );
  });

  it('is refused what the person rejects', async () => {
    const rejected = await apply(['rejected.example.com'], {}, careful);
    await operator.orders.reject({ order: String((await newestOrder()).number), note: 'not ours' });
    const refusal = { result: 'error', status: '109', other_msg: '申请已被审批人拒绝：not ours' };
    assert.deepEqual(await post({ handle_id: rejected.handle_id }, careful), refusal);
  });
});

describe('the same request twice at once', () => {
  it('is one order, one certificate and one answer', async () => {
    serveSignfile(['twice.example.com']);
    const orders = () => countRows(world.databasePath).orders ?? 0;
    const before = orders();
    const replies = await Promise.all(Array.from({ length: 5 }, () => apply(['twice.example.com'])));
    assert.equal(replies[0]?.result, 'success');
    for (const reply of replies) assert.deepEqual(reply, replies[0]);
    assert.equal(orders(), before + 1);
  });

  it('is one failure told twice', async () => {
    const replies = await Promise.all(Array.from({ length: 3 }, () => apply(['never.example.com'])));
    for (const reply of replies) {
      assert.deepEqual(reply, { result: 'error', status: '107', other_msg: 'never.example.com' });
    }
  });
});
