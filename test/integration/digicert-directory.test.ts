/**
 * A domain and its organization through the DigiCert front door: real server, real HTTP, DNS, mail and webhook, all on
 * loopback. What is proved before the order makes the certificate come with the answer to it.
 */
import assert from 'node:assert/strict';
import { createHmac, X509Certificate } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { listen } from '../support/listen.ts';
import { decideOnPage, tokenIn } from '../support/mail-fake.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

let mail: MailServer;
let world: World;
let operator: NativeClient;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let accountId: string;
let key: string;

const secret = 'a secret of at least 32 characters'.replaceAll(' ', '-');

before(async () => {
  mail = await startMailServer();
  world = await startWorld({
    mail: { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'certs@certs.example' },
    dialects: { digicert: { plainWebhooks: true } },
  });
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  ({ id: accountId } = await operator.accounts.create({ name: 'customer', currency: 'USD' }));
  await operator.accounts.credit({ account: accountId, minor: 10_000_00, currency: 'USD', note: 'opening' });
  const { clientSettings } = await operator.credentials.create({
    account: accountId,
    dialect: 'digicert',
    label: 'test',
    roles: ['administrator'],
  });
  key = clientSettings['X-DC-DEVKEY'] ?? '';
  receiver = await startReceiver();
});
after(async () => {
  await receiver.close();
  await world.close();
  await mail.close();
});

// biome-ignore lint/suspicious/noExplicitAny: replies of every shape
type Body = any;

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${world.url}/services/v2${path}`, {
    method,
    headers: { 'X-DC-DEVKEY': key, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (text !== '') assert.equal(response.headers.get('content-type'), 'application/json');
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** A customer's server that is told things. */
async function startReceiver() {
  const told: { readonly headers: IncomingHttpHeaders; readonly text: string; readonly body: Body }[] = [];
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      told.push({ headers: request.headers, text, body: JSON.parse(text) });
      response.writeHead(200).end();
    });
  });
  // The port that stands for 80 is the same for all; the address tells the servers apart.
  const place = { address: '127.0.0.5', port: world.web.httpPort };
  await listen(server, place);
  world.dns.set('hooks.example.org', 'A', place.address);
  return {
    told,
    of: (event: string) => told.filter(({ body }) => body.event === event),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const organizationBody = {
  name: 'Example Organization Inc.',
  address: '123 Fake Street',
  city: 'Lehi',
  state: 'Utah',
  zip: '84043',
  country: 'us',
  telephone: '801-701-9600',
};

describe('the life of a domain', () => {
  let webhook: number;
  let organization: number;
  let domain: number;

  it('begins with a webhook that proves itself', async () => {
    const endpoint = 'http://hooks.example.org/digicert';
    assert.equal((await call('POST', '/webhook/test-endpoint', { endpoint, secret })).status, 200);
    assert.deepEqual(receiver.told[0]?.body, { event: 'test_webhook_endpoint' });
    const settings = { webhook_send_certificate_chain: '1' };
    const added = await call('POST', '/webhook', { endpoint, secret, webhook_settings: settings });
    assert.equal(added.status, 201);
    webhook = added.body.webhook_id;
    assert.equal((await call('PUT', `/webhook/${webhook}/activate`)).status, 400);
    assert.equal((await call('PUT', `/webhook/${webhook}/send-challenge`)).status, 204);
    const [challenge] = receiver.of('challenge_webhook_endpoint');
    assert.equal(challenge?.headers['x-webhook-key'], secret);
    assert.equal(challenge?.body.data.webhook_id, webhook);
    const { token } = challenge?.body.data ?? {};
    assert.equal((await call('PUT', `/webhook/${webhook}/check-challenge`, { token })).status, 204);
    assert.equal((await call('PUT', `/webhook/${webhook}/activate`)).status, 204);
    assert.equal((await call('GET', '/webhook')).body.webhooks[0].status, 'active');
  });

  it('goes on with an organization that the operator verifies', async () => {
    const added = await call('POST', '/organization', { ...organizationBody, validations: [{ type: 'ov' }] });
    assert.equal(added.status, 201);
    organization = added.body.id;
    const validation = async () => (await call('GET', `/organization/${organization}/validation`)).body.validations[0];
    assert.equal((await validation()).status, 'pending');
    await operator.organizations.verify({ organization: String(organization), level: 'ov', note: 'in the register' });
    assert.equal((await validation()).status, 'active');
    await until(() => receiver.of('organization_validated').length === 1, 'the webhook is told of the organization');
  });

  it('is proved by a TXT record', async () => {
    const added = await call('POST', '/domain', {
      name: 'example.com',
      organization: { id: organization },
      validations: [{ type: 'ov' }],
      dcv_method: 'dns-txt-token',
    });
    assert.equal(added.status, 201);
    domain = added.body.id;
    const { token } = added.body.dcv_token;
    const check = () => call('PUT', `/domain/${domain}/dcv/validate-token`);
    const missing = await check();
    assert.deepEqual([missing.status, missing.body.errors[0].code], [400, 'invalid_dns_txt']);
    world.dns.set('_dnsauth.example.com', 'TXT', [token, 'v=spf1 -all']);
    assert.deepEqual(await check(), { status: 200, body: { token, status: 'active' } });
    const shown = (await call('GET', `/domain/${domain}?include_dcv=true&include_validation=true`)).body;
    assert.deepEqual(
      [shown.status, shown.is_pending_validation, shown.organization.is_active],
      ['approved', false, '1'],
    );
    assert.deepEqual([shown.validations[0].status, shown.validations[0].dcv_status], ['active', 'complete']);
    await until(() => receiver.of('domain_validated').length === 1, 'the webhook is told of the domain');
    assert.deepEqual(receiver.of('domain_validated')[0]?.body.data, { domain_id: domain, domain_name: 'example.com' });
  });

  it('serves an order for a name below it: the certificate is in the answer, and the webhook is told', async () => {
    const { csrPem } = await createSubscriber('www.example.com');
    const placed = await call('POST', '/order/certificate/ssl_plus', {
      certificate: {
        common_name: 'www.example.com',
        dns_names: ['example.com'],
        csr: csrPem,
        signature_hash: 'sha256',
      },
      organization: { id: organization },
      order_validity: { years: 1 },
      dcv_method: 'dns-txt-token',
    });
    assert.equal(placed.status, 201, JSON.stringify(placed.body));
    const { id, certificate_id, certificate_chain } = placed.body;
    assert.equal(certificate_chain.length, 3);
    const leaf = new X509Certificate(certificate_chain[0].pem);
    assert.match(leaf.subject, /O=Example Organization Inc\./);
    assert.equal(leaf.subjectAltName, 'DNS:www.example.com, DNS:example.com');
    const info = (await call('GET', `/order/certificate/${id}`)).body;
    assert.deepEqual([info.status, info.organization.id], ['issued', organization]);

    await until(() => receiver.of('certificate_issued').length === 1, 'the webhook is told of the certificate');
    const [told] = receiver.of('certificate_issued');
    assert.deepEqual(told?.body.data, { order_id: id, certificate_id, certificate_chain });
    assert.equal(told?.headers['x-webhook-key'], secret);
    const { secret: signing } = await operator.accounts.webhookSecret({ account: accountId });
    const signature = createHmac('sha256', signing)
      .update(told?.text ?? '')
      .digest('hex');
    assert.equal(told?.headers['x-certmux-signature'], `sha256=${signature}`);
  });

  it('is left out once it is removed, with what it proved', async () => {
    assert.equal((await call('DELETE', `/domain/${domain}`)).status, 204);
    assert.equal((await call('GET', `/domain/${domain}`)).status, 404);
    const used = await call('DELETE', `/organization/${organization}`);
    assert.deepEqual([used.status, used.body.errors[0].code], [400, 'invalid_status']); // of an order
    world.dns.remove('_dnsauth.example.com');
    const { csrPem } = await createSubscriber('later.example.com');
    const placed = await call('POST', '/order/certificate/ssl_plus', {
      certificate: { common_name: 'later.example.com', csr: csrPem, signature_hash: 'sha256' },
      organization: { id: organization },
      order_validity: { years: 1 },
      dcv_method: 'dns-txt-token',
    });
    assert.equal(placed.status, 201);
    assert.equal(placed.body.certificate_chain, undefined);
    assert.equal((await call('GET', `/order/certificate/${placed.body.id}`)).body.status, 'pending');
  });
});

describe('a domain that is proved by mail', () => {
  it('is sent one mail, whose link or secret confirms it', async () => {
    const added = await call('POST', '/domain', {
      name: 'example.net',
      dcv: { method: 'email' },
      email_array: ['webmaster@example.net'],
    });
    assert.equal(added.status, 201);
    assert.equal(added.body.validation_emails.base_emails.length, 5);
    const find = () => mail.received.find(({ to }) => to.includes('webmaster@example.net'));
    await until(() => find() !== undefined, 'the mail arrives');
    const message = find() ?? assert.fail();
    assert.ok(message.text.includes('example.net'));
    const path = `/domain/${added.body.id}`;
    assert.equal((await call('GET', path)).body.status, 'pending');
    const link = `${world.url}/confirm/${tokenIn(message.text)}`;
    assert.equal((await fetch(link)).status, 200);
    assert.equal((await call('GET', path)).body.status, 'pending', 'looking does nothing');
    assert.equal((await decideOnPage(link, 'confirm')).status, 200);
    const shown = (await call('GET', path)).body;
    assert.deepEqual([shown.status, shown.dcv_method], ['approved', 'email']);
    await until(() => receiver.of('domain_validated').length === 2, 'the webhook is told');
  });
});
