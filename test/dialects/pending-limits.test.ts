/** What an account may leave waiting, at every front door: refused in the vendor's own form, and nothing is changed. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import type { PendingLimits } from '../../src/domain/pending-limits.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { createAccount } from '../support/app.ts';
import { startFrontDoors } from '../support/front-doors.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { readRequestTables } from '../support/tables.ts';

type Doors = Awaited<ReturnType<typeof startFrontDoors>>;

let doors: Doors;
afterEach(() => doors.app.close());

const names = ['one.example.com', 'two.example.com'];
const { csrPem } = await createSubscriber('one.example.com');

interface Limit {
  readonly limits: PendingLimits;
  readonly what: string;
  readonly refusal: string;
  /** Doors at which nothing is an order before its names are proved. */
  readonly notAt?: readonly string[];
}

const limited: readonly Limit[] = [
  {
    what: 'names',
    limits: { pendingOrders: 9, unprovedNames: 1 },
    refusal:
      '0 names of this account wait for proofs, and at most 1 may; this request has 2 more: prove or cancel some first, or ask the operator to raise limits.unprovedNames',
  },
  {
    what: 'orders',
    limits: { pendingOrders: 0, unprovedNames: 9 },
    refusal:
      '0 orders of this account wait for proofs of their names, and at most 0 may; prove or cancel some first, or ask the operator to raise limits.pendingOrders',
    notAt: ['acme'],
  },
];

const person = { firstName: 'San', lastName: 'Zhang', email: 'admin@example.com', mobile: '13800000000' };
const place = { organization: 'Acme', job: 'CTO', address: 'Road 1', city: 'Xian', state: 'Shaanxi' };

interface Door {
  readonly path: string;
  readonly headers?: (key: KeySettings) => Readonly<Record<string, string>>;
  readonly body: (key: KeySettings) => object;
  readonly currency?: string;
  readonly status: number;
  /** What the reply says of the refusal. */
  readonly says: (reply: Readonly<Record<string, unknown>>) => unknown;
  readonly said: (refusal: string) => unknown;
}

const wholeReply: Door['says'] = (reply) => reply;

const table: Readonly<Record<string, Door>> = {
  encryption365: {
    path: '/cert/create',
    body: (key) => ({ ...key, pid: '100', period: 'Annually', csr_code: csrPem, domains: names.join(',') }),
    status: 200,
    says: wholeReply,
    said: (message) => ({ result: 'error', status: 'error', message: message }),
  },
  wosign: {
    path: '/',
    body: ({ customer_id, auth_token }) => ({
      ...{ customer_id, auth_token, req_type: 'cert_apply', handle_id: '' },
      ...{ domain_name: names, csr: csrPem },
    }),
    status: 200,
    // It has no place for a message: 109 is "refused".
    says: ({ result, status }) => ({ result, status }),
    said: () => ({ result: 'error', status: '109' }),
  },
  httpsok: {
    path: '/v1/cert/apply',
    headers: ({ OpenApiKey = '' }) => ({ OpenApiKey }),
    body: () => ({ domainList: names }),
    status: 200,
    says: ({ code, msg }) => ({ code, msg }),
    said: (message) => ({ code: 429, msg: message }),
  },
  digicert: {
    path: '/services/v2/order/certificate/ssl_dv_geotrust_flex',
    headers: (key) => ({ 'X-DC-DEVKEY': Object.values(key)[0] ?? '' }),
    body: () => ({
      certificate: { common_name: names[0], dns_names: names, csr: csrPem },
      order_validity: { years: 1 },
    }),
    currency: 'USD',
    status: 429,
    says: wholeReply,
    said: (message) => ({ errors: [{ code: 'request_limit_exceeded', message: message }] }),
  },
  racent: {
    path: '/ssl/place',
    body: ({ api_token }) => ({
      ...{ api_token, productCode: 'comodo-positive-multi-domain', years: 1, csr: csrPem },
      domainInfo: names.map((domainName) => ({ domainName, dcvMethod: 'CNAME_CSR_HASH' })),
      Administrator: { ...person, ...place, country: 'CN', postCode: '710000' },
    }),
    status: 200,
    says: ({ code, msg, errors }) => ({ code, msg, errors }),
    said: (message) => ({ code: -6, msg: message, errors: { domainInfo: [message] } }),
  },
  native: {
    path: '/api/v1/orders',
    headers: ({ token = '' }) => ({ authorization: `Bearer ${token}` }),
    body: () => ({ productCode: 'encryption365:paid', csr: csrPem, names }),
    status: 429,
    says: ({ code, detail, errors }) => ({ code, detail, errors }),
    said: (message) => ({ code: 'rateLimited', detail: message, errors: [{ field: 'names', detail: message }] }),
  },
  acme: {
    path: '/acme/default/new-order',
    body: () => ({ identifiers: names.map((value) => ({ type: 'dns', value })) }),
    status: 429,
    says: wholeReply,
    said: (message) => ({ type: 'urn:ietf:params:acme:error:rateLimited', detail: message, status: 429 }),
  },
};

for (const { what, limits, refusal, notAt = [] } of limited) {
  describe(`${what} beyond what an account may leave waiting`, () => {
    for (const { name: dialect } of dialects) {
      if (notAt.includes(dialect)) continue;
      it(`are refused by ${dialect} in its own form, and nothing is changed`, async () => {
        const door = table[dialect] ?? assert.fail(`no row for ${dialect}`);
        doors = await startFrontDoors({ pendingLimits: limits });
        const { app } = doors;
        // httpsok asks DNS before it takes an application.
        app.checks.placeEverywhere('dnsCname');
        const { currency = 'CNY' } = door;
        const account = await createAccount(app, { currency, balanceMinor: 10_000_00 });
        const key =
          dialect === 'acme'
            ? await doors.acme.register(account.id)
            : await doors.keyTo(dialect, account.id, ['requester']);
        await app.idle();
        const request = async () =>
          dialect === 'acme'
            ? await doors.acme.signed(door.path, { ...door.body(key) }, key)
            : new Request(`https://certs.example${door.path}`, {
                method: 'POST',
                headers: { 'content-type': 'application/json', ...door.headers?.(key) },
                body: JSON.stringify(door.body(key)),
              });
        const before = readRequestTables(app.databasePath);
        const response = await doors.fetch(dialect, await request());
        const reply = (await response.json()) as Record<string, unknown>;
        assert.deepEqual(door.says(reply), door.said(refusal), JSON.stringify(reply));
        assert.equal(response.status, door.status);
        assert.equal(response.headers.get('retry-after'), '60');
        const { credentials: _, expiring_values: nonces, ...rest } = readRequestTables(app.databasePath);
        const { credentials: __, expiring_values: ___, ...restBefore } = before;
        assert.ok(nonces !== undefined);
        assert.deepEqual(rest, restBefore);

        // Whoever goes on all the same is refused without a look at what they ask for.
        let again = response;
        for (let n = 0; n < 60 && again.headers.get('retry-after') === '60'; n++)
          again = await doors.fetch(dialect, await request());
        assert.equal(again.headers.get('retry-after'), '1');
        assert.equal(again.status, door.status);
        const text = await again.text();
        // WoSign's replies have no place for a message.
        const said = dialect === 'wosign' ? /"109"/ : /too many requests were refused|过多请求因超出限制而被拒绝/;
        assert.match(text, said);
      });
    }
  });
}
