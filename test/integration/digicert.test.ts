/** The whole life of orders through the DigiCert front door: real server, real HTTP, real DNS, real mail, all on loopback. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createDigicertClient, type DigicertClient } from '../../src/dialects/digicert/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { decideOnPage, tokenIn } from '../support/mail-fake.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

const run = promisify(execFile);

let world: World;
let operator: NativeClient;
let folder: string;
let mail: MailServer;
before(async () => {
  mail = await startMailServer();
  const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'certs@certs.example' };
  world = await startWorld({ mail: settings });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  folder = await mkdtemp(join(tmpdir(), 'certmux-openssl-'));
});
after(async () => {
  await world.close();
  await mail.close();
  await rm(folder, { recursive: true, force: true });
});

interface Customer {
  readonly key: string;
  readonly client: DigicertClient;
  readonly accountId: string;
}

async function createCustomer(name: string, approval: 'automatic' | 'manual'): Promise<Customer> {
  const { id } = await operator.accounts.create({ name, currency: 'USD', approval });
  await operator.accounts.credit({ account: id, minor: 1_000_000, currency: 'USD', note: 'opening' });
  const { key, client } = await createKey(id, ['administrator']);
  return { key, client, accountId: id };
}

async function createKey(account: string, roles: ('administrator' | 'approver' | 'requester')[]) {
  const { clientSettings } = await operator.credentials.create({ account, dialect: 'digicert', label: 'test', roles });
  const key = clientSettings['X-DC-DEVKEY'] ?? '';
  const options = { baseUrl: world.url, fetch: (request: Request) => fetch(request), key: new Secret(key) };
  return { key, client: createDigicertClient(options) };
}

/** A request as it goes over the wire. */
async function call(key: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${world.url}/services/v2${path}`, {
    method,
    headers: { 'X-DC-DEVKEY': key, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: replies of every shape
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any };
}

async function pollUntil(client: DigicertClient, order: number, status: string) {
  let info = await client.order(order);
  await until(async () => {
    info = await client.order(order);
    return info.status === status;
  }, `the order is ${status}`);
  return info;
}

/** What OpenSSL says of `pem_all`, trusting nothing but the server's roots. */
async function verify(pemAll: string, crlPem?: string): Promise<string> {
  const file = (name: string) => join(folder, name);
  await writeFile(file('roots.pem'), await (await fetch(`${world.url}/pki/root.pem`)).text());
  await writeFile(file('chain.pem'), pemAll);
  if (crlPem !== undefined) await writeFile(file('crl.pem'), crlPem);
  const checks = crlPem === undefined ? [] : ['-crl_check', '-CRLfile', file('crl.pem')];
  const trust = ['-CAfile', file('roots.pem'), '-untrusted', file('chain.pem')];
  const args = ['verify', '-x509_strict', '-purpose', 'sslserver', ...checks, ...trust, file('chain.pem')];
  const { stdout, stderr } = await run('openssl', args).catch((error) => error);
  return `${stdout}${stderr}`.replaceAll(file('chain.pem'), 'chain');
}

async function fetchCrl(pemAll: string): Promise<string> {
  const file = join(folder, 'leaf.pem');
  await writeFile(file, pemAll);
  const { stdout } = await run('openssl', ['x509', '-in', file, '-noout', '-ext', 'crlDistributionPoints']);
  const url = /URI:(http\S+\.crl)/.exec(stdout)?.[1] ?? assert.fail('a CRL address');
  return encodePem('X509 CRL', new Uint8Array(await (await fetch(url)).arrayBuffer()));
}

function isListed(pemAll: string): Promise<void> {
  return until(
    async () => (await verify(pemAll, await fetchCrl(pemAll))).includes('certificate revoked'),
    'it is listed',
  );
}

describe('the life of a DV order that somebody approves', () => {
  let customer: Customer;
  let order: number;
  let pemAll: string;
  before(async () => {
    customer = await createCustomer('by hand', 'manual');
  });

  it('begins with a request; approved, its names are proved by TXT records', async () => {
    const { client } = customer;
    const { csrPem } = await createSubscriber('life.example.com');
    const placed = await client.placeOrder({
      product: 'ssl_dv_geotrust_flex',
      commonName: 'life.example.com',
      names: ['www.life.example.com', '*.life.example.com'],
      csrPem,
      years: 1,
      method: 'dns-txt-token',
    });
    order = placed.id;
    assert.deepEqual(
      placed.requests?.map(({ status }) => status),
      ['pending'],
    );
    assert.equal(placed.certificate_id, undefined);
    assert.equal((await client.order(order)).status, 'needs_approval');
    await client.decide(placed.requests?.[0]?.id ?? 0, 'approved', 'fine');
    const pending = await client.order(order);
    assert.equal(pending.status, 'pending');
    assert.deepEqual(pending.certificate.dns_names, ['life.example.com', 'www.life.example.com', '*.life.example.com']);
    assert.equal(pending.certificate.csr, csrPem);
    const missing = await call(customer.key, 'PUT', `/order/certificate/${order}/check-dcv`);
    assert.deepEqual([missing.status, missing.body.errors[0].code], [400, 'invalid_dns_txt']);
    assert.match(missing.body.errors[0].message, /life\.example\.com/);
    const value = placed.dcv_random_value ?? assert.fail('a random value');
    for (const name of ['life.example.com', 'www.life.example.com']) world.dns.set(name, 'TXT', value);
    const checked = await client.checkDcv(order);
    assert.ok(['issued', 'processing'].includes(checked.order_status), checked.order_status);
  });

  it('ends in a certificate that OpenSSL trusts by the root alone', async () => {
    const { client } = customer;
    const info = await pollUntil(client, order, 'issued');
    const id = info.certificate.id ?? 0;
    pemAll = await client.download(id, 'pem_all');
    assert.equal(pemAll.split('-----BEGIN CERTIFICATE-----').length - 1, 3);
    assert.equal(await verify(pemAll), 'chain: OK\n');
    const leaf = new X509Certificate(pemAll);
    assert.equal(leaf.serialNumber, info.certificate.serial_number);
    assert.equal(leaf.fingerprint.replaceAll(':', ''), info.certificate.thumbprint);
    assert.equal(info.certificate.valid_till, leaf.validToDate.toISOString().slice(0, 10));
    const chain = await client.chain(id);
    assert.deepEqual(chain.map(({ pem }) => pem.replaceAll('\r\n', '\n')).join(''), pemAll);
    assert.equal(chain[0]?.subject_common_name, 'life.example.com');
    const [byThumbprint, bySerial] = [info.certificate.thumbprint ?? '', info.certificate.serial_number ?? ''];
    for (const text of [byThumbprint, bySerial.replace(/^0+/, '')]) {
      assert.equal((await call(customer.key, 'GET', `/order/certificate/${text}`)).body.id, order);
    }
    const p7b = join(folder, 'chain.p7b');
    await writeFile(p7b, await client.download(id, 'p7b'));
    const { stdout } = await run('openssl', ['pkcs7', '-in', p7b, '-print_certs']);
    assert.equal(stdout.split('-----BEGIN CERTIFICATE-----').length - 1, 3);
    const archive = await fetch(`${world.url}/services/v2/certificate/${id}/download/format/default`, {
      headers: { 'X-DC-DEVKEY': customer.key },
    });
    assert.equal(archive.headers.get('content-type'), 'application/zip');
    assert.equal(
      Buffer.from(await archive.arrayBuffer())
        .subarray(0, 2)
        .toString(),
      'PK',
    );
  });

  it('is reissued with another key, and duplicated, each after its approval', async () => {
    const { client } = customer;
    const before = await client.order(order);
    const { csrPem } = await createSubscriber('life.example.com');
    const wish = { commonName: 'life.example.com', names: before.certificate.dns_names, csrPem };
    const reissued = await client.reissue(order, wish);
    assert.equal((await client.order(order)).status, 'reissue_pending');
    assert.equal((await client.order(order)).certificate.id, before.certificate.id);
    await client.decide(reissued.requests?.[0]?.id ?? 0, 'approved', '');
    const info = await pollUntil(client, order, 'issued');
    assert.notEqual(info.certificate.id, before.certificate.id);
    assert.equal(info.certificate.status, 'issued');
    assert.ok(info.last_reissued_date);
    const one = await createSubscriber('life.example.com');
    const joined = one.csrPem.replaceAll('\n', '');
    const duplicated = await client.duplicate(order, { ...wish, csrPem: joined, skipsApproval: true });
    assert.equal(duplicated.sub_id, '001');
    await until(async () => (await client.duplicates(order))[0]?.status === 'issued', 'the duplicate is issued');
    const [listed] = await client.duplicates(order);
    assert.deepEqual([listed?.id, listed?.csr, listed?.sub_id], [duplicated.certificate_id, joined, '001']);
    assert.equal(await verify(await client.download(listed?.id ?? 0, 'pem_all')), 'chain: OK\n');
    assert.equal((await client.reissues(order)).length, 2);
  });

  it('is revoked when that is approved, and the CRL says so', async () => {
    const { client } = customer;
    const info = await client.order(order);
    const id = info.certificate.id ?? 0;
    const newest = await client.download(id, 'pem_all');
    const request = await client.revokeOrder(order, { comments: 'the shop closes', reason: 'cessationOfOperation' });
    assert.equal(typeof request, 'number');
    assert.equal((await client.order(order)).status, 'issued');
    await client.decide(request ?? 0, 'approved', '');
    assert.equal((await client.order(order)).status, 'revoked');
    await isListed(newest);
    await isListed(pemAll);
  });
});

describe('the life of an order that nobody has to approve', () => {
  let customer: Customer;
  let organization: number;
  before(async () => {
    customer = await createCustomer('automatic', 'automatic');
    const added = await call(customer.key, 'POST', '/organization', {
      name: 'Example Inc.',
      address: '1 Main Street',
      city: 'Lehi',
      state: 'Utah',
      zip: '84043',
      country: 'us',
      validations: [{ type: 'ov' }],
    });
    assert.equal(added.status, 201, JSON.stringify(added.body));
    organization = added.body.id;
  });

  it('waits for its organization and its domain; after both, the sample of the vendor is answered with its certificate', async () => {
    const { key, client } = customer;
    const domain = await call(key, 'POST', '/domain', {
      name: 'example.com',
      organization: { id: organization },
      validations: [{ type: 'ov' }],
      dcv_method: 'dns-txt-token',
    });
    assert.equal(domain.status, 201, JSON.stringify(domain.body));
    world.dns.set('example.com', 'TXT', domain.body.dcv_token.token);
    const proved = await call(key, 'PUT', `/domain/${domain.body.id}/dcv/validate-token`);
    assert.deepEqual([proved.status, proved.body.status], [200, 'active']);

    const containers = await call(key, 'GET', '/container');
    const { csrPem } = await createSubscriber('example.com');
    // The seed's own request: only the CSR and the numbers of this account are other ones.
    const sample = {
      certificate: {
        common_name: 'example.com',
        dns_names: ['sub.example.com', 'app.example.com'],
        csr: csrPem,
        signature_hash: 'sha256',
        organization_units: ['Shared Services'],
        server_platform: { id: 2 },
      },
      comments: 'Certificate for app server.',
      container: { id: containers.body.containers[0].id },
      auto_renew: 1,
      custom_renewal_message: 'Keep this renewed.',
      organization: {
        id: organization,
        contacts: [
          { contact_type: 'organization_contact', user_id: (await call(key, 'GET', '/user/me')).body.id },
          {
            contact_type: 'technical_contact',
            first_name: 'Jill',
            last_name: 'Valentine',
            job_title: 'STAR Member',
            telephone: '8017019600',
            email: 'jill.valentine@digicert.com',
          },
        ],
      },
      validity_years: 2,
      payment_method: 'balance',
    };
    const waiting = await call(key, 'POST', '/order/certificate/ssl_securesite_flex', sample);
    assert.equal(waiting.status, 201, JSON.stringify(waiting.body));
    assert.equal(waiting.body.certificate_chain, undefined);
    assert.equal((await client.order(waiting.body.id)).status, 'pending');
    await operator.organizations.verify({
      organization: String(organization),
      level: 'ov',
      note: 'looked up in the register',
    });
    const first = await pollUntil(client, waiting.body.id, 'issued');
    assert.equal(first.technical_contact?.first_name, 'Jill');
    assert.equal(first.auto_renew, 1);
    assert.equal(first.custom_renewal_message, 'Keep this renewed.');
    assert.equal(first.validity_years, 2);
    assert.equal(first.certificate.server_platform.name, 'Apache');

    const placed = await call(key, 'POST', '/order/certificate/ssl_securesite_pro', sample);
    assert.equal(placed.status, 201, JSON.stringify(placed.body));
    const chain: { subject_common_name: string; pem: string }[] = placed.body.certificate_chain;
    assert.equal(chain.length, 3);
    const pemAll = chain.map(({ pem }) => pem.replaceAll('\r\n', '\n')).join('');
    assert.equal(await verify(pemAll), 'chain: OK\n');
    assert.match(new X509Certificate(pemAll).subject, /O=Example Inc\./);

    const requester = await createKey(customer.accountId, ['requester']);
    const refused = await call(requester.key, 'PUT', `/organization/${organization}/deactivate`);
    assert.deepEqual([refused.status, refused.body.errors[0].code], [403, 'access_denied|missing_permission']);

    const revoked = await call(key, 'PUT', `/certificate/${placed.body.certificate_id}/revoke`, {
      skip_approval: true,
    });
    assert.deepEqual([revoked.status, revoked.body], [204, undefined]);
    await isListed(pemAll);
  });
});

describe('a DV order', () => {
  let customer: Customer;
  before(async () => {
    customer = await createCustomer('other proofs', 'automatic');
  });

  const place = async (commonName: string, method?: 'http-token' | 'http-token-dynamic') => {
    const { csrPem } = await createSubscriber(commonName);
    const order = { product: 'ssl_dv_rapidssl', commonName, csrPem, years: 1 };
    return customer.client.placeOrder(method === undefined ? order : { ...order, method });
  };

  for (const method of ['http-token', 'http-token-dynamic'] as const) {
    it(`is proved by a file: ${method}`, async () => {
      const name = `${method}.example.net`;
      const { id, dcv_random_value: value = '', domains = [] } = await place(name, method);
      // The file of the order's own value; that of the dynamic method is where the domain's token says.
      const token = domains[0]?.dcv_token;
      const host = method === 'http-token' ? name : 'example.net';
      const [path, content] =
        method === 'http-token'
          ? ['/.well-known/pki-validation/fileauth.txt', value]
          : [new URL(token?.http_token_url ?? '').pathname, token?.token ?? ''];
      world.dns.set(host, 'A', world.web.address);
      world.web.put(host, path, content);
      if (method === 'http-token') {
        await customer.client.checkDcv(id);
        await pollUntil(customer.client, id, 'issued');
        return;
      }
      // A file proves its own name and none below it (BR §3.2.2.4.18).
      const reply = await call(customer.key, 'PUT', `/domain/${domains[0]?.id}/dcv/validate-token`);
      assert.deepEqual([reply.status, reply.body.status], [200, 'active']);
      assert.equal((await customer.client.order(id)).status, 'pending');
    });
  }

  it('is proved by mail where no method is named', async () => {
    const { id } = await place('mailed.example.org');
    const find = () => mail.received.findLast(({ to }) => to.includes('admin@example.org'));
    await until(() => find() !== undefined, 'the mail arrives');
    const link = `${world.url}/confirm/${tokenIn(find()?.text ?? '')}`;
    assert.equal((await customer.client.order(id)).status, 'pending');
    await decideOnPage(link, 'confirm');
    const info = await pollUntil(customer.client, id, 'issued');
    assert.equal(await verify(await customer.client.download(info.certificate.id ?? 0, 'pem_all')), 'chain: OK\n');
    const certificate = info.certificate.id;
    const reply = await call(customer.key, 'POST', `/certificate/${certificate}/sendemail`, {
      emails: ['li@customer.example'],
    });
    assert.equal(reply.status, 204);
    const sent = () => mail.received.find(({ to }) => to.includes('li@customer.example'));
    await until(() => sent() !== undefined, 'the certificate arrives');
    const pem = (sent()?.text ?? '').slice(sent()?.text.indexOf('-----BEGIN'));
    assert.equal(await verify(pem.replaceAll('\r\n', '\n')), 'chain: OK\n');
  });
});

describe('a wrong key', () => {
  it('is 403 with the code that clients know, and no charset', async () => {
    const reply = await fetch(`${world.url}/services/v2/account`, { headers: { 'X-DC-DEVKEY': 'A'.repeat(68) } });
    assert.equal(reply.status, 403);
    assert.equal(reply.headers.get('content-type'), 'application/json');
    const { errors } = (await reply.json()) as { errors: { code: string }[] };
    assert.equal(errors[0]?.code, 'access_denied|access_denied_invalid_key');
  });
});
