/** The CSR at every front door that takes one: in any form that people and programs send, and never with its private key. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { privateKeyPem } from '../../src/pki/key.ts';
import { type Customer, createCustomer, createKey, startTestApp, type TestApp } from '../support/app.ts';
import { keySettingsOf } from '../support/dialect-harness.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';

let app: TestApp;
let key: Subscriber;
beforeEach(async () => {
  app = await startTestApp();
  app.checks.place(name);
  key = await subscriberWithPlus();
});
afterEach(() => app.close());

/** About one CSR in a hundred has no + that a form could lose. */
async function subscriberWithPlus(): Promise<Subscriber> {
  for (;;) {
    const made = await createSubscriber('www.example.com');
    if (made.csrPem.includes('+')) return made;
  }
}

const baseUrl = 'https://certs.example';
const name = 'www.example.com';
const jsonHeaders = { 'content-type': 'application/json' };
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };

interface Door {
  readonly currency: string;
  /** An order in the encoding that keeps every character. */
  readonly request: (csr: string, key: KeySettings) => Request;
  /** The same from a program that puts texts into a form without encoding them: + arrives as a blank. */
  readonly careless?: (csr: string, key: KeySettings) => Request;
  readonly file?: (csr: Uint8Array, key: KeySettings) => Request;
}

const post = (path: string, headers: Record<string, string>, body: string | FormData) =>
  new Request(`${baseUrl}${path}`, { method: 'POST', headers, body: body as string });
const json = (path: string, body: object, headers = {}) =>
  post(path, { ...jsonHeaders, ...headers }, JSON.stringify(body));
const formOf = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields)
    .map(([field, value]) => `${field}=${value.replaceAll('%', '%25').replaceAll('&', '%26')}`)
    .join('&');
const multipart = (path: string, fields: Readonly<Record<string, string>>, csr: Uint8Array) => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('csr', new Blob([Buffer.from(csr)]), 'www.csr');
  return post(path, {}, form);
};

const racentParams = (csr: string | undefined) => ({
  ...(csr === undefined ? {} : { csr }),
  server: 'other',
  domainInfo: [{ domainName: name, dcvMethod: 'CNAME_CSR_HASH' }],
  Administrator: { firstName: 'San', lastName: 'Zhang', email: 'admin@example.com', mobile: '138', country: 'CN' },
});
const racentFields = ({ api_token = '' }: KeySettings) => ({ api_token, productCode: 'comodo-ssl', years: '1' });
const wosignFields = (settings: KeySettings) => ({ ...settings, req_type: 'cert_apply' });

const doors: Readonly<Record<string, Door>> = {
  encryption365: {
    currency: 'CNY',
    request: (csr_code, settings) =>
      json('/cert/create', { ...settings, pid: '100', period: 'quarterly', csr_code, domains: name, renew: false }),
  },
  wosign: {
    currency: 'CNY',
    request: (csr, settings) => json('/acmapi', { ...wosignFields(settings), domain_name: [name], csr }),
    careless: (csr, settings) =>
      post('/acmapi', formHeaders, formOf({ ...wosignFields(settings), domain_name: name, csr })),
    file: (csr, settings) => multipart('/acmapi', { ...wosignFields(settings), domain_name: name }, csr),
  },
  racent: {
    currency: 'CNY',
    request: (csr, settings) => json('/ssl/place', { ...racentFields(settings), params: racentParams(csr) }),
    careless: (csr, settings) =>
      post('/ssl/place', formHeaders, formOf({ ...racentFields(settings), params: JSON.stringify(racentParams(csr)) })),
    file: (csr, settings) =>
      multipart('/ssl/place', { ...racentFields(settings), params: JSON.stringify(racentParams(undefined)) }, csr),
  },
  digicert: {
    currency: 'USD',
    request: (csr, settings) =>
      json(
        '/services/v2/order/certificate/ssl_dv_geotrust_flex',
        { certificate: { common_name: name, csr }, order_validity: { years: 1 } },
        { 'x-dc-devkey': Object.values(settings)[0] ?? '' },
      ),
  },
  native: {
    currency: 'CNY',
    request: (csr, { token = '' }) =>
      json(
        '/api/v1/orders',
        { productCode: 'encryption365:100', csr, names: [name] },
        { authorization: `Bearer ${token}` },
      ),
  },
};

interface Opened {
  readonly customer: Customer;
  readonly settings: KeySettings;
  send(request: Request): Promise<Response>;
  /** Of the newest order. */
  storedCsr(): Promise<string | undefined>;
}

async function open(dialectName: string): Promise<Opened> {
  const dialect = dialects.find((one) => one.name === dialectName) ?? assert.fail(dialectName);
  const config = dialectName === 'digicert' ? { requestLimits: 'off', answerWithinMs: 0 } : {};
  const server = openFrontDoor(app, dialect, { publicUrl: baseUrl, config });
  const currency = doors[dialectName]?.currency ?? 'CNY';
  const customer = await createCustomer(app, { currency, balanceMinor: 10_000_00 });
  const { credential, secret } = await createKey(app, customer.account, { dialect: dialectName });
  return {
    customer,
    settings: keySettingsOf(dialectName, { publicId: credential.publicId, secret }),
    send: async (request) => server.fetch(request, { address: '192.0.2.10', requestId: 'req-1' }),
    async storedCsr() {
      const [newest] = (await app.ports.orders.list(app.operator, { limit: 1 })).items;
      if (newest === undefined) return undefined;
      const { issuance } = await app.ports.orders.get(app.operator, { id: newest.order.id });
      return Buffer.from(issuance.csr ?? []).toString('hex');
    },
  };
}

const forms: readonly (readonly [form: string, write: (pem: string, der: Buffer) => string])[] = [
  ['text around it', (pem) => `Certificate Request:\n    Data:\n${pem}Regards`],
  ['typographic dashes and indentation', (pem) => pem.replaceAll('-----', '—–—').replaceAll('\n', '\n   ')],
  ['base64url', (_, der) => der.toString('base64url')],
  ['the zeros of UTF-16', (pem) => Buffer.from(`\ufeff${pem}`, 'utf16le').toString('utf8')],
  ['JSON in JSON', (pem) => JSON.stringify(pem)],
  ['percent-encoding', (pem) => encodeURIComponent(pem)],
  ['a label of another kind', (pem) => pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE SIGNING REQUEST')],
];

for (const [dialect, door] of Object.entries(doors)) {
  describe(`a CSR through ${dialect}`, () => {
    for (const [form, write] of forms) {
      it(`is read with ${form}`, async () => {
        const opened = await open(dialect);
        const reply = await opened.send(door.request(write(key.csrPem, key.csrDer), opened.settings));
        assert.equal(await opened.storedCsr(), key.csrDer.toString('hex'), await reply.text());
      });
    }

    if (door.careless !== undefined) {
      const { careless } = door;
      it('is read from a form that lost every +', async () => {
        const opened = await open(dialect);
        const reply = await opened.send(careless(key.csrPem, opened.settings));
        assert.equal(await opened.storedCsr(), key.csrDer.toString('hex'), await reply.text());
      });
    }

    if (door.file !== undefined) {
      const { file } = door;
      const files = [
        ['DER', (one: Subscriber) => one.csrDer],
        ['UTF-16', (one: Subscriber) => Buffer.from(`\ufeff${one.csrPem}`, 'utf16le')],
      ] as const;
      for (const [form, write] of files) {
        it(`is read from a file of ${form}`, async () => {
          const opened = await open(dialect);
          const reply = await opened.send(file(write(key), opened.settings));
          assert.equal(await opened.storedCsr(), key.csrDer.toString('hex'), await reply.text());
        });
      }
    }

    it('is refused beside its private key, of which nothing is kept, logged or answered', async () => {
      const opened = await open(dialect);
      const keyPem = privateKeyPem(key.privateKeyPkcs8, 'pkcs8');
      const reply = await opened.send(door.request(key.csrPem + keyPem, opened.settings));
      const said = (await reply.text()) + (reply.headers.get('x-certmux-reason') ?? '');
      assert.match(said, /holds a private key|含有私钥/);
      assert.equal(await opened.storedCsr(), undefined);
      const secret = keyPem.split('\n')[1]?.slice(30, 50) ?? '';
      assert.ok(!said.includes(secret));
      assert.ok(!JSON.stringify(app.log.lines).includes(secret));
      assert.equal((await app.ports.accounts.get(opened.customer.caller)).balanceMinor, 10_000_00);
    });
  });
}

it('DigiCert answers what was sent beside a CSR no more than it keeps it: PEM', async () => {
  const opened = await open('digicert');
  const headers = { 'x-dc-devkey': Object.values(opened.settings)[0] ?? '' };
  const door = doors.digicert ?? assert.fail();
  const placed = await opened.send(door.request(`the password is hunter2\n${key.csrPem}`, opened.settings));
  const { id } = (await placed.json()) as { id: number };
  const shown = await opened.send(new Request(`${baseUrl}/services/v2/order/certificate/${id}`, { headers }));
  const { certificate } = (await shown.json()) as { certificate: { csr: string } };
  assert.equal(certificate.csr, key.csrPem);
});

it('The same CSR in another form under the same idempotency key is the same order.', async () => {
  const opened = await open('native');
  const client = createNativeClient({ baseUrl, token: opened.settings.token ?? '', fetch: opened.send });
  const place = (csr: string) =>
    client.orders.place({ productCode: 'encryption365:100', csr, names: [name] }, { idempotencyKey: 'one' });
  const first = await place(key.csrPem);
  assert.equal((await place(key.csrPem.replaceAll('\n', '\r\n'))).id, first.id);
  assert.equal((await place(key.csrDer.toString('base64'))).id, first.id);
});
