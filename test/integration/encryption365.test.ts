/** The whole life of orders through the Encryption365 front door: real server, real HTTP, real DNS, all on loopback. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { OrderDetails } from '../../src/dialects/encryption365/schema.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { type Customer, createCustomer, placeHttpProofs } from '../support/customer.ts';
import { listen } from '../support/listen.ts';
import { selfSigned } from '../support/self-signed.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';
import { credentialsOf, place, pollUntil, pollUntilIssued, post } from './harness.ts';

const run = promisify(execFile);

let world: World;
let customer: Customer;
let operator: NativeClient;
let folder: string;
before(async () => {
  world = await startWorld();
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  customer = await createCustomer(world.url, world.operatorToken, { creditMinor: 100_000_00 });
  folder = await mkdtemp(join(tmpdir(), 'certmux-openssl-'));
});
after(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function issue(names: readonly string[], change: Parameters<typeof place>[2] = {}): Promise<OrderDetails> {
  const placed = await place(customer, names, change);
  placeHttpProofs(world, placed.dcv_info);
  return pollUntilIssued(customer, placed.trustocean_id);
}

const leafOf = (details: OrderDetails) => new X509Certificate(details.cert_code ?? '');

/** What OpenSSL says of the certificate, trusting nothing but the server's roots; with a CRL it checks that too. */
async function verify(details: OrderDetails, crlPem?: string): Promise<string> {
  const roots = join(folder, 'roots.pem');
  const chain = join(folder, 'chain.pem');
  const leaf = join(folder, 'leaf.pem');
  await writeFile(roots, await (await fetch(`${world.url}/pki/root.pem`)).text());
  await writeFile(chain, details.ca_code ?? '');
  await writeFile(leaf, details.cert_code ?? '');
  const crl = join(folder, 'crl.pem');
  if (crlPem !== undefined) await writeFile(crl, crlPem);
  const checks = crlPem === undefined ? [] : ['-crl_check', '-CRLfile', crl];
  const args = [
    'verify',
    '-x509_strict',
    '-purpose',
    'sslserver',
    ...checks,
    '-CAfile',
    roots,
    '-untrusted',
    chain,
    leaf,
  ];
  const { stdout, stderr } = await run('openssl', args).catch((error) => error);
  return `${stdout}${stderr}`.replaceAll(leaf, 'leaf');
}

async function dump(details: OrderDetails): Promise<string> {
  const leaf = join(folder, 'dump.pem');
  await writeFile(leaf, details.cert_code ?? '');
  return (await run('openssl', ['x509', '-in', leaf, '-noout', '-text', '-nameopt', 'RFC2253,sep_comma_plus_space']))
    .stdout;
}

/** The CRL at the address that the certificate itself carries. */
async function fetchCrl(leaf: X509Certificate): Promise<string> {
  const url = /URI:(http\S+\.crl)/.exec(await dumpText(leaf))?.[1] ?? assert.fail('a CRL address');
  const response = await fetch(url);
  assert.equal(response.headers.get('content-type'), 'application/pkix-crl');
  return encodePem('X509 CRL', new Uint8Array(await response.arrayBuffer()));
}

const dumpText = async (leaf: X509Certificate) => dump({ cert_code: leaf.toString() } as OrderDetails);

describe('the life of an order', () => {
  const names = ['life.example.com', 'www.life.example.com', '*.life.example.com'];
  let first: OrderDetails;
  let subscriber: Subscriber;

  it('begins with a request for proofs, and a poll tells what is missing', async () => {
    subscriber = await createSubscriber('life.example.com');
    const placed = await place(customer, names, { pid: '108', csrPem: subscriber.csrPem });
    assert.equal(placed.cert_status, 'enroll_caprocessing');
    assert.deepEqual(placed.domains, names);
    assert.equal(placed.total_fees, 256 + 256 + 750);
    const details = await pollUntil(
      customer,
      placed.trustocean_id,
      ({ message }) => message !== null,
      'it was looked at',
    );
    assert.equal(details.cert_status, 'enroll_caprocessing');
    assert.equal(details.message, 'life.example.com 在 DNS 中不存在（NXDOMAIN）');
    assert.deepEqual(
      Object.values(details.dcv_info).map(({ status }) => status),
      names.map(() => 'needverification'),
    );
    placeHttpProofs(world, placed.dcv_info);
    first = await pollUntilIssued(customer, placed.trustocean_id);
  });

  it('gives a certificate that OpenSSL trusts by the root alone', async () => {
    assert.equal(await verify(first), 'leaf: OK\n');
    const leaf = leafOf(first);
    assert.equal(leaf.subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
    assert.ok(leaf.checkHost('life.example.com') && leaf.checkHost('any.life.example.com'));
    assert.ok(leaf.publicKey.export({ type: 'spki', format: 'der' }).equals(publicKeyOf(subscriber)));
    assert.match(String(first.cert_code), /-----END CERTIFICATE-----\n$/);
    assert.deepEqual(
      Object.values(first.dcv_info).map(({ status }) => status),
      names.map(() => 'verified'),
    );
    assert.equal(first.message, null);
  });

  it('goes on with a reissue: another key, another name, the same number', async () => {
    const rekeyed = await createSubscriber('life.example.com');
    const wanted = [...names, 'added.example.com'];
    const request = { csrPem: rekeyed.csrPem, names: wanted };
    const placed = await customer.client.reissue(first.trustocean_id, request);
    assert.equal(placed.trustocean_id, first.trustocean_id);
    assert.equal(placed.cert_status, 'enroll_caprocessing');
    assert.notEqual(placed.unique_id, first.unique_id);
    assert.equal(placed.total_fees, 256);
    const under = await customer.client.order(first.trustocean_id);
    assert.deepEqual([under.cert_status, under.cert_code], ['enroll_caprocessing', null]);
    placeHttpProofs(world, placed.dcv_info);
    const second = await pollUntilIssued(customer, first.trustocean_id);
    assert.equal(await verify(second), 'leaf: OK\n');
    assert.notEqual(leafOf(second).serialNumber, leafOf(first).serialNumber);
    assert.ok(leafOf(second).publicKey.export({ type: 'spki', format: 'der' }).equals(publicKeyOf(rekeyed)));
    assert.ok(leafOf(second).checkHost('added.example.com'));
  });

  it('is renewed by another order, which needs no new proof', async () => {
    const queries = world.dns.queries.length;
    const requests = world.web.requests.length;
    const renewed = await place(customer, names, { pid: '108', renewalOf: first.trustocean_id });
    assert.notEqual(renewed.trustocean_id, first.trustocean_id);
    assert.equal(renewed.cert_status, 'enroll_caprocessing', 'clients poll only orders that begin so');
    const details = await customer.client.order(renewed.trustocean_id);
    assert.equal(details.cert_status, 'issued_active', 'the very next poll has it');
    assert.equal(await verify(details), 'leaf: OK\n');
    assert.deepEqual([world.dns.queries.length, world.web.requests.length], [queries, requests]);
    assert.equal((await customer.client.order(first.trustocean_id)).cert_status, 'issued_active', 'the old one stays');
  });

  it('ends by revocation, and the CRL that the certificate names says so', async () => {
    const before = await customer.client.order(first.trustocean_id);
    const leaf = leafOf(before);
    assert.equal(await verify(before, await fetchCrl(leaf)), 'leaf: OK\n');
    await customer.client.revoke(first.trustocean_id, 'keyCompromise');
    const details = await customer.client.order(first.trustocean_id);
    assert.equal(details.cert_status, 'revoked');
    await until(
      async () => (await verify(before, await fetchCrl(leaf))).includes('certificate revoked'),
      'it is listed',
    );
    assert.match(
      await verify(first, await fetchCrl(leaf)),
      /certificate revoked/,
      'the certificate before the reissue too',
    );
    const again = await post(world, '/cert/revoke', { ...credentialsOf(customer), trustocean_id: first.trustocean_id });
    assert.equal(again.body.result, 'error');
    assert.match(String(again.body.message), new RegExp(`订单 ${first.trustocean_id} 当前状态为“已吊销”`));
  });
});

describe('control is proved', () => {
  it('by a file over HTTPS alone, whatever certificate is there', async () => {
    const placed = await place(customer, ['https.example.com']);
    const [proof] = Object.values(placed.dcv_info);
    assert.ok(proof && world.web.httpsPort);
    const path = new URL(proof.https_verifylink).pathname;
    const site = createServer(await selfSigned('other.example'), (request, response) => {
      response.statusCode = request.url === path && request.headers.host === 'https.example.com' ? 200 : 404;
      response.end(proof.https_filecontent);
    });
    // Nothing answers over HTTP at this address.
    const elsewhere = { address: '127.0.0.3', port: world.web.httpsPort };
    await listen(site, elsewhere);
    world.dns.set('https.example.com', 'A', elsewhere.address);
    const details = await pollUntilIssued(customer, placed.trustocean_id);
    assert.equal(leafOf(details).subjectAltName, 'DNS:https.example.com');
    site.close();
    site.closeAllConnections();
  });

  const cnames = [
    ['cname.example.com', 'at the name itself', ({ dns_host, topdomain }: Proof) => `${dns_host}.${topdomain}`],
    [
      '*.wild.example.net',
      'of a wildcard, at its base name',
      ({ dns_host, topdomain }: Proof) => `${dns_host}.${topdomain}`,
    ],
    [
      'a.b.parent.example.org',
      'at the registrable domain',
      ({ dns_host, topdomain }: Proof) => `${dns_host.split('.')[0]}.${topdomain}`,
    ],
  ] as const;
  interface Proof {
    readonly dns_host: string;
    readonly topdomain: string;
    readonly dns_value: string;
  }
  for (const [name, where, hostOf] of cnames) {
    it(`by a CNAME ${where}`, async () => {
      const placed = await place(customer, [name]);
      const proof = placed.dcv_info[name];
      assert.ok(proof);
      world.dns.set(hostOf(proof), 'CNAME', proof.dns_value);
      const details = await pollUntilIssued(customer, placed.trustocean_id);
      assert.equal(leafOf(details).subjectAltName, `DNS:${name}`);
    });
  }

  it('of an IPv4 address, by file', async () => {
    const placed = await place(customer, ['127.0.0.1']);
    const proof = placed.dcv_info['127.0.0.1'];
    assert.ok(proof);
    assert.deepEqual([proof.isip, proof.emails, proof.topdomain], [true, [], '127.0.0.1']);
    world.web.put('127.0.0.1', new URL(proof.http_verifylink).pathname, proof.http_filecontent);
    const details = await pollUntilIssued(customer, placed.trustocean_id);
    assert.equal(leafOf(details).subjectAltName, 'IP Address:127.0.0.1');
    assert.equal(await verify(details), 'leaf: OK\n');
  });

  it('of a Unicode name, which is converted and not refused', async () => {
    const details = await issue(['bücher.example.com', '例子.example.com']);
    assert.deepEqual(details.domains, ['xn--bcher-kva.example.com', 'xn--fsqu00a.example.com']);
    assert.equal(leafOf(details).subjectAltName, 'DNS:xn--bcher-kva.example.com, DNS:xn--fsqu00a.example.com');
  });
});

describe('keys', () => {
  const keys = [
    ['RSA-2048', { type: 'rsa', bits: 2048 }, 'rsa', 'sha256WithRSAEncryption'],
    ['P-384', { type: 'ec', curve: 'P-384' }, 'ec', 'ecdsa-with-SHA256'],
  ] as const;
  for (const [what, algorithm, type, signature] of keys) {
    it(`of ${what} get a certificate signed with ${signature}`, async () => {
      const { csrPem } = await createSubscriber('key.example.com', algorithm);
      const details = await issue([`${type}.key.example.com`], { csrPem });
      assert.equal(leafOf(details).publicKey.asymmetricKeyType, type);
      assert.match(await dump(details), new RegExp(`Signature Algorithm: ${signature}`));
      assert.equal(await verify(details), 'leaf: OK\n');
    });
  }
});

describe('organizations', () => {
  const organization = {
    organization_name: '上海示例有限公司',
    country: 'cn',
    state: 'Shanghai',
    city: 'Shanghai',
    registered_address_line1: '1 Example Road',
    postal_code: '200000',
    registered_no: '91310000MA1K00000X',
    contact_email: 'pki@example.com',
  };

  /** Whoever orders, the operator verifies the organization; then what waits for it goes on by itself. */
  async function issueVerified(name: string, pid: string, level: 'ov' | 'ev'): Promise<OrderDetails> {
    const placed = await place(customer, [name], { pid, organization });
    placeHttpProofs(world, placed.dcv_info);
    const waits = (details: OrderDetails) => details.message === '订单正在等待管理员审核组织信息';
    const waiting = await pollUntil(customer, placed.trustocean_id, waits, 'only the organization is waited for');
    assert.equal(waiting.cert_status, 'enroll_caprocessing');
    const [asked] = (await operator.organizations.list({ waiting: 'true' })).items;
    assert.equal(asked?.details.name, organization.organization_name);
    await operator.organizations.verify({ organization: asked.id, level, note: 'trade register' });
    return pollUntilIssued(customer, placed.trustocean_id);
  }

  it('stand in the subject of an OV certificate', async () => {
    const details = await issueVerified('ov.example.com', '118', 'ov');
    const { subject } = leafOf(details).toLegacyObject();
    assert.equal(subject.O, organization.organization_name);
    assert.deepEqual([subject.C, subject.ST, subject.L], ['CN', 'Shanghai', 'Shanghai']);
    assert.ok(!('serialNumber' in subject));
    assert.equal(details.class, 'OV');
    assert.equal(details.contact_email, 'pki@example.com');
    assert.equal(await verify(details), 'leaf: OK\n');
  });

  it('stand in the subject of an EV certificate, with what they are and where they are registered', async () => {
    const details = await issueVerified('ev.example.com', '128', 'ev');
    const text = await dump(details);
    for (const part of [
      /jurisdictionC=CN|1\.3\.6\.1\.4\.1\.311\.60\.2\.1\.3/,
      /businessCategory|2\.5\.4\.15/,
      /91310000MA1K00000X|3931333130303030/,
    ]) {
      assert.match(text, part);
    }
    const { subject } = leafOf(details).toLegacyObject() as { subject: Record<string, string> };
    assert.deepEqual(
      [subject.jurisdictionC, subject.businessCategory, subject.serialNumber],
      ['CN', 'Private Organization', '91310000MA1K00000X'],
    );
    assert.equal(await verify(details), 'leaf: OK\n');
  });
});

function publicKeyOf({ csrDer }: Subscriber): Buffer {
  // The SubjectPublicKeyInfo of a P-256 key is the same 91 bytes everywhere; it lies in the CSR as it is.
  const start = csrDer.indexOf(Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'));
  assert.ok(start > 0);
  return csrDer.subarray(start, start + 91);
}
