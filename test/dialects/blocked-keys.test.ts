/** A key that must not be certified, at every front door that takes a CSR: refused in the vendor's own form. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { createEncryption365Client } from '../../src/dialects/encryption365/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { createRacentClient } from '../../src/dialects/racent/client.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { createWosignClient } from '../../src/dialects/wosign/client.ts';
import { compromiseReport } from '../../src/pki/compromise-report.ts';
import { keyHashOf } from '../../src/pki/csr.ts';
import { createCustomer, createKey, origin, startTestApp, type TestApp } from '../support/app.ts';
import { keySettingsOf } from '../support/dialect-harness.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createSubscriber, type Subscriber } from '../support/subscriber.ts';

let app: TestApp;
let key: Subscriber;
beforeEach(async () => {
  app = await startTestApp();
  key = await createSubscriber('www.example.com');
  app.checks.place('www.example.com');
  await app.ports.keyRegister.reportCompromise(await compromiseReport(key.privateKeyPkcs8), origin);
});
afterEach(() => app.close());

const baseUrl = 'https://certs.example';
type Fetch = (request: Request) => Promise<Response>;
type Settings = Readonly<Record<string, string>>;
const names = ['www.example.com'];

const administrator = {
  firstName: 'San',
  lastName: 'Zhang',
  email: 'admin@example.com',
  mobile: '13800000000',
  organization: 'Acme',
  job: 'CTO',
  address: 'Example Road 1',
  city: 'Xian',
  state: 'Shaanxi',
  country: 'CN',
  postCode: '710000',
};

interface Door {
  /** Orders with the key through the vendor's own client. */
  readonly order: (fetch: Fetch, settings: Settings) => Promise<unknown>;
  /** What goes over the wire. */
  readonly status: number;
  /** Of its products; CNY unless told. */
  readonly currency?: string;
  readonly says: (hash: string) => unknown;
}

const zh = (hash: string) =>
  `不能为 SHA-256 以 ${hash} 开头的密钥签发证书：该密钥已被报告泄露；请生成新密钥并提交新的 CSR`;
const en = (hash: string) =>
  `the key whose SHA-256 begins with ${hash} must not be certified: it is reported as compromised; make a new key and send a CSR for it`;

const doors: Readonly<Record<string, Door>> = {
  encryption365: {
    order: (fetch, { client_id: clientId = '', access_token = '' }) =>
      createEncryption365Client({
        baseUrl,
        fetch,
        credentials: { clientId, accessToken: new Secret(access_token) },
      }).placeOrder({ pid: '100', csrPem: key.csrPem, names }),
    status: 200,
    says: (hash) => ({ result: 'error', status: 'error', message: zh(hash) }),
  },
  wosign: {
    order: (fetch, { customer_id: customerId = '', auth_token = '' }) =>
      createWosignClient({ baseUrl, fetch, credentials: { customerId, authToken: new Secret(auth_token) } }).apply({
        names,
        csrPem: key.csrPem,
      }),
    status: 200,
    // It has no place for a message: 104 is "the CSR is not accepted".
    says: () => ({ result: 'error', status: '104' }),
  },
  racent: {
    order: (fetch, { api_token = '' }) =>
      createRacentClient({ baseUrl, fetch, token: new Secret(api_token) }).placeOrder({
        productCode: 'comodo-ssl',
        years: 1,
        csrPem: key.csrPem,
        names: names.map((name) => ({ name, method: 'CNAME_CSR_HASH' })),
        contacts: { Administrator: administrator },
      }),
    status: 200,
    says: (hash) => ({ code: -1, msg: zh(hash), errors: { csr: [zh(hash)] } }),
  },
  digicert: {
    order: (fetch, settings) =>
      createDigicertClient({ baseUrl, fetch, key: new Secret(Object.values(settings)[0] ?? '') }).placeOrder({
        product: 'ssl_dv_geotrust_flex',
        years: 1,
        commonName: 'www.example.com',
        csrPem: key.csrPem,
      }),
    status: 400,
    currency: 'USD',
    says: (hash) => ({ errors: [{ code: 'csr_invalid_key', message: en(hash) }] }),
  },
  native: {
    order: (fetch, { token = '' }) =>
      createNativeClient({ baseUrl, fetch, token }).orders.place({
        productCode: 'encryption365:100',
        csr: key.csrPem,
        names,
      }),
    status: 422,
    says: (hash) => ({
      type: 'urn:certmux:error:badKey',
      title: 'Key not accepted',
      status: 422,
      detail: en(hash),
      instance: 'req-1',
      code: 'badKey',
      errors: [{ field: 'csr', detail: en(hash) }],
    }),
  },
};

/** They take no CSR: the server makes every key. */
const withoutCsr = ['httpsok'];

/** Their orders are proved before there is a CSR, which has tests of its own: `acme/revocation.test.ts`. */
const afterProofs = ['acme'];

describe('an order with a key that is reported as compromised', () => {
  for (const dialect of dialects) {
    if (afterProofs.includes(dialect.name)) continue;
    const door = doors[dialect.name];
    if (door === undefined) {
      it(`cannot be placed through ${dialect.name}`, () => assert.ok(withoutCsr.includes(dialect.name)));
      continue;
    }
    it(`is refused by ${dialect.name} in its own form, and leaves nothing behind`, async () => {
      const server = openFrontDoor(app, dialect, { publicUrl: baseUrl, config: {} });
      const { currency = 'CNY' } = door;
      const customer = await createCustomer(app, { currency, balanceMinor: 10_000_00 });
      const { credential, secret } = await createKey(app, customer.account, { dialect: dialect.name });
      const settings = keySettingsOf(dialect.name, { publicId: credential.publicId, secret });
      const replies: Response[] = [];
      const fetch: Fetch = async (request) => {
        const reply = await server.fetch(request, { address: '192.0.2.10', requestId: 'req-1' });
        replies.push(reply.clone());
        return reply;
      };
      const count = async () => (await app.ports.orders.list(customer.caller, { limit: 9 })).items.length;
      const before = [await count(), (await app.ports.accounts.get(customer.caller)).balanceMinor];
      await assert.rejects(door.order(fetch, settings));
      const reply = replies.at(-1) ?? assert.fail('nothing was asked');
      assert.equal(reply.status, door.status);
      assert.deepEqual(await reply.json(), door.says(keyHashOf(key.csrDer).slice(0, 16)));
      assert.deepEqual([await count(), (await app.ports.accounts.get(customer.caller)).balanceMinor], before);
    });
  }
});
