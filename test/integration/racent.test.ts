/** The whole life of a certificate through the Racent front door: real server, HTTP, DNS and SMTP, all on loopback. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { createRacentClient } from '../../src/dialects/racent/client.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { decideOnPage, tokenIn } from '../support/mail-fake.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { readTables } from '../support/tables.ts';
import { startWorld, type World } from '../support/world.ts';

const run = promisify(execFile);

let mail: MailServer;
let world: World;
let operator: NativeClient;
let folder: string;
let token: string;
before(async () => {
  mail = await startMailServer();
  const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'certs@certs.example' };
  world = await startWorld({ mail: settings });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  folder = await mkdtemp(join(tmpdir(), 'certmux-openssl-'));
  const { id: account } = await operator.accounts.create({ name: 'reseller', currency: 'CNY' });
  await operator.accounts.credit({ account, minor: 1_000_000, currency: 'CNY', note: 'test' });
  const { clientSettings } = await operator.credentials.create({ account, dialect: 'racent', label: 'shop' });
  token = clientSettings.api_token ?? '';
});
after(async () => {
  await world.close();
  await mail.close();
  await rm(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: replies of every shape
type Reply = { readonly code: number; readonly errors?: Record<string, string[]>; readonly [key: string]: any };

async function send(path: string, body: FormData | string, headers: Readonly<Record<string, string>>): Promise<Reply> {
  const response = await fetch(world.url + path, { method: 'POST', headers, body });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  return (await response.json()) as Reply;
}

/** As the documents want it. */
function multipart(path: string, fields: Readonly<Record<string, string>>): Promise<Reply> {
  const form = new FormData();
  for (const [key, value] of Object.entries({ api_token: token, ...fields })) form.set(key, value);
  return send(path, form, {});
}

/** As shop modules send it. */
function form(path: string, fields: Readonly<Record<string, string>>): Promise<Reply> {
  const body = new URLSearchParams({ api_token: token, ...fields }).toString();
  return send(path, body, { 'content-type': 'application/x-www-form-urlencoded' });
}

const administrator = { firstName: 'nick', lastName: 'zhang', email: 'nick@example.com', organation: 'Example' };

async function pollUntil(certId: string, status: string): Promise<Reply['data']> {
  let reply: Reply | undefined;
  await until(async () => {
    reply = await form('/ssl/collect', { certId });
    assert.equal(reply.code, 1, JSON.stringify(reply));
    return reply.status === status;
  }, `${certId} is ${status}`);
  return reply?.data;
}

function partOf(data: Reply['data'], keys: readonly string[]): Reply['data'] {
  return Object.fromEntries(keys.map((key) => [key, data[key]]));
}

interface Pems {
  readonly certificate: string;
  readonly caCertificate: string;
}

/** What OpenSSL says of the delivered files, trusting nothing but the server's roots. */
async function verify({ certificate, caCertificate }: Pems, crlPem?: string): Promise<string> {
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const roots = await file('roots.pem', await (await fetch(`${world.url}/pki/root.pem`)).text());
  const [leaf, chain] = [await file('leaf.pem', certificate), await file('chain.pem', caCertificate)];
  const checks = crlPem === undefined ? [] : ['-crl_check', '-CRLfile', await file('crl.pem', crlPem)];
  const args = ['verify', '-x509_strict', '-purpose', 'sslserver', ...checks, '-CAfile', roots, '-untrusted', chain];
  const { stdout, stderr } = await run('openssl', [...args, leaf]).catch((error) => error);
  return `${stdout}${stderr}`.replaceAll(leaf, 'leaf');
}

async function fetchCrl({ certificate }: Pems): Promise<string> {
  const leaf = join(folder, 'of-crl.pem');
  await writeFile(leaf, certificate);
  const { stdout } = await run('openssl', ['x509', '-in', leaf, '-noout', '-ext', 'crlDistributionPoints']);
  const url = /URI:(http\S+\.crl)/.exec(stdout)?.[1] ?? assert.fail('a CRL address');
  return encodePem('X509 CRL', new Uint8Array(await (await fetch(url)).arrayBuffer()));
}

describe('the life of an order of two names', () => {
  const names = ['www.life.example.com', 'file.life.example.org'];
  let certId: string;
  let replacedId: string;
  let first: Reply['data'];
  let second: Reply['data'];

  it('is checked, then placed once, however often it is sent', async () => {
    const { csrPem } = await createSubscriber(names[0] ?? '');
    const params = JSON.stringify({
      csr: csrPem,
      server: 'nginx',
      uniqueValue: 'Reseller7',
      domainInfo: [
        { dcvEmail: '', dcvMethod: 'CNAME_CSR_HASH', domainName: names[0] },
        { dcvEmail: '', dcvMethod: 'HTTP_CSR_HASH', domainName: names[1] },
      ],
      Administrator: administrator,
    });
    const fields = { productCode: 'comodo-positive-multi-domain', years: '2', refId: 'shop-1', params };
    const checked = await multipart('/ssl/validate', fields);
    assert.equal(checked.code, 1, JSON.stringify(checked));
    const placed = await multipart('/ssl/place', fields);
    assert.equal(placed.code, 1, JSON.stringify(placed));
    ({ certId } = placed.data);
    const again = await form('/ssl/place', fields);
    assert.equal(again.data.certId, certId);
    const found = await form('/ssl/getCertByRefId', { refId: 'shop-1' });
    assert.equal(found.data.certId, certId);

    const { DCVdnsHost, DCVdnsValue, DCVdnsType } = placed.data;
    assert.deepEqual(checked.data, partOf(placed.data, Object.keys(checked.data)), 'what the check told beforehand');
    assert.equal(DCVdnsType, 'CNAME');
    assert.match(DCVdnsValue, /^[0-9a-f]{32}\.[0-9a-f]{32}\.reseller7\.sectigo\.com$/);
    const pending = await pollUntil(certId, 'PENDING');
    assert.deepEqual([pending.application, pending.dcv], [{ status: 'done' }, { status: 'notdone' }]);
    // At the parent of the name, as panels that only know the registered domain place it.
    world.dns.set(`${DCVdnsHost}.life.example.com`, 'CNAME', DCVdnsValue);
    const file = placed.data.dcvInfo[names[1] ?? ''];
    world.dns.set(names[1] ?? '', 'A', world.web.address);
    world.web.put(names[1] ?? '', new URL(file.DCVfilePath).pathname, 'wrong');
    assert.deepEqual(await form('/ssl/batchUpdateDCV', { certId }), { code: 1 });
    await until(
      async () => (await pollUntil(certId, 'PENDING')).dcvList[0].is_verify === 'verified',
      'the first name is proved',
    );
    assert.equal((await pollUntil(certId, 'PENDING')).dcvList[1].is_verify, '');
    world.web.put(names[1] ?? '', new URL(file.DCVfilePath).pathname, file.DCVfileContent);
    await form('/ssl/validatefile', { orderId: certId, domain: names[1] ?? '' });
  });

  it('gives a certificate that OpenSSL trusts by the root alone', async () => {
    first = await pollUntil(certId, 'COMPLETE');
    assert.equal(await verify(first), 'leaf: OK\n');
    const leaf = new X509Certificate(first.certificate);
    assert.equal(leaf.subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
    const days = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / 86_400_000;
    assert.ok(days > 198 && days <= 199, `${days} days`);
    const china = (text: string) => Date.parse(`${text.replace(' ', 'T')}+08:00`);
    assert.equal(china(first.endDate), leaf.validToDate.getTime());
    assert.ok(china(first.dueDate) - Date.now() > 729 * 86_400_000, 'two years are covered');
    assert.match(first.vendorCertId, /^\d+$/);
    assert.equal(first.applyParams.Administrator.organization, 'Example');
  });

  it('is replaced for another key, once that has proofs of its own: the first were of the client’s making', async () => {
    const { csrPem, privateKeyPkcs8 } = await createSubscriber(names[0] ?? '');
    const domainInfo = names.map((domainName) => ({ domainName, dcvMethod: 'CNAME_CSR_HASH', dcvEmail: '' }));
    const replaced = await form('/ssl/replace', { certId, params: JSON.stringify({ csr: csrPem, domainInfo }) });
    assert.equal(replaced.code, 1, JSON.stringify(replaced));
    replacedId = replaced.data.certId;
    assert.equal((await pollUntil(replacedId, 'PENDING')).dcv.status, 'notdone');
    const { DCVdnsHost, DCVdnsValue } = replaced.data;
    for (const name of names) world.dns.set(`${DCVdnsHost}.${name}`, 'CNAME', DCVdnsValue);
    await form('/ssl/batchUpdateDCV', { certId: replacedId });
    second = await pollUntil(replacedId, 'COMPLETE');
    assert.equal(await verify(second), 'leaf: OK\n');
    const key = createPrivateKey({ key: privateKeyPkcs8, format: 'der', type: 'pkcs8' });
    assert.ok(new X509Certificate(second.certificate).checkPrivateKey(key));
    assert.equal((await form('/ssl/collect', { certId })).status, 'REISSUED');
    const { data } = await form('/ssl/list', {});
    assert.deepEqual(
      data.map((row: Reply) => [row.certId, row.status, row.period]),
      [
        [replacedId, 'COMPLETE', '2years'],
        [certId, 'REISSUED', '2years'],
      ],
    );
  });

  it('is reissued for the same request', async () => {
    const reissued = await form('/ssl/reissue', { certId: replacedId, reason: 'test' });
    assert.equal(reissued.code, 1, JSON.stringify(reissued));
    const third = await pollUntil(reissued.data.certId, 'COMPLETE');
    const spki = ({ certificate }: Pems) =>
      new X509Certificate(certificate).publicKey.export({ format: 'pem', type: 'spki' });
    assert.equal(spki(third), spki(second));
    assert.notEqual(third.certificate, second.certificate);
    replacedId = reissued.data.certId;
    second = third;
  });

  it('is revoked, and the CRL that each certificate names says so', async () => {
    assert.deepEqual(await form('/ssl/revoke', { certId, reason: 'superseded' }), { code: 1 });
    await until(
      async () => (await verify(first, await fetchCrl(first))).includes('certificate revoked'),
      'it is listed',
    );
    assert.equal(await verify(second, await fetchCrl(second)), 'leaf: OK\n', 'the one that took its place is good');
    assert.deepEqual(await form('/ssl/revoke', { certId: replacedId, reason: 'key compromise' }), { code: 1 });
    await until(async () => (await verify(second, await fetchCrl(second))).includes('certificate revoked'), 'that too');
    assert.equal((await form('/ssl/collect', { certId: replacedId })).status, 'CANCELLED');
  });
});

describe('an order whose key certmux makes, proved by mail', () => {
  it('is mailed about when it is placed, confirmed on the page, and delivered with key and key stores', async () => {
    const params = JSON.stringify({
      csr: null,
      domainInfo: [{ domainName: '*.mailed.example.net', dcvMethod: 'EMAIL', dcvEmail: 'admin@example.net' }],
      Administrator: administrator,
    });
    const placed = await multipart('/ssl/place', { productCode: 'comodo-positivessl-wildcard', years: '1', params });
    assert.equal(placed.code, 1, JSON.stringify(placed));
    const { certId } = placed.data;
    const find = () => mail.received.find(({ to }) => to.includes('admin@example.net'));
    await until(() => find() !== undefined, 'the mail arrives');
    const link = `${world.url}/confirm/${tokenIn(find()?.text ?? '')}`;
    assert.equal((await fetch(link)).status, 200);
    assert.equal((await form('/ssl/collect', { certId })).status, 'PENDING', 'looking does nothing');
    const decided = await decideOnPage(link, 'confirm');
    assert.equal(decided.status, 200);
    const issued = await pollUntil(certId, 'COMPLETE');
    assert.equal(await verify(issued), 'leaf: OK\n');
    assert.deepEqual(
      issued.dcvList.map((entry: Reply) => Object.values(entry)),
      [['*.mailed.example.net', 'EMAIL', 'admin@example.net', 'verified']],
    );
    const leaf = new X509Certificate(issued.certificate);
    assert.ok(leaf.checkPrivateKey(createPrivateKey(issued.privateKey)));
    assert.match(issued.rsaPrivateKey, /^-----BEGIN RSA PRIVATE KEY-----/);

    const p12 = join(folder, 'a.p12');
    await writeFile(p12, Buffer.from(issued.pkcs12, 'base64'));
    const { stdout } = await run('openssl', ['pkcs12', '-in', p12, '-nodes', '-passin', `pass:${issued.pkcsPass}`]);
    assert.equal(stdout.match(/BEGIN CERTIFICATE/g)?.length, 3);

    const secret = createPrivateKey(issued.privateKey).export({ format: 'jwk' }).d ?? '';
    for (const [table, rows] of Object.entries(readTables(world.databasePath))) {
      for (const value of rows.flatMap((row) => Object.values(row))) {
        const isThere =
          value instanceof Uint8Array
            ? Buffer.from(value).includes(Buffer.from(secret, 'base64url'))
            : String(value).includes(secret);
        assert.ok(!isThere, table);
      }
    }
  });
});

describe('an order that is given up', () => {
  it('is refunded, before it is issued', async () => {
    const client = createRacentClient({
      baseUrl: world.url,
      fetch: (request) => fetch(request),
      token: new Secret(token),
    });
    const { csrPem } = await createSubscriber('gone.example.com');
    const placed = await client.placeOrder({
      productCode: 'comodo-ssl',
      years: 1,
      csrPem,
      names: [{ name: 'gone.example.com', method: 'HTTP_CSR_HASH' }],
      contacts: { Administrator: administrator },
    });
    await client.cancel(placed.certId, 'not needed');
    assert.equal((await client.collect(placed.certId)).status, 'CANCELLED');
    await assert.rejects(client.cancel(placed.certId, 'again'), { code: 'wrongState' });
    await assert.rejects(client.collect('260101aaaaaaaaaa'), { code: 'notFound' });
  });
});

describe('CAA', () => {
  it('is looked up in the real DNS, at the name or the parent that has records', async () => {
    world.dns.set('caa.example.com', 'CAA', ['0 issue "sectigo.com"', '128 issuewild ";"']);
    world.dns.set('www.caa.example.com', 'A', world.web.address);
    const { code, data } = await form('/ssl/caaCheck', { domain: 'www.caa.example.com' });
    assert.equal(code, 1);
    assert.deepEqual(data, [
      { domain: 'caa.example.com', flags: 0, tag: 'issue', value: 'sectigo.com' },
      { domain: 'caa.example.com', flags: 128, tag: 'issuewild', value: ';' },
    ]);
    assert.deepEqual((await form('/ssl/caaCheck', { domainName: 'none.example.edu' })).data, []);
  });
});
