/** The client half: against our own server half without a socket, and against what others may answer. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDigicertClient, type DigicertClient } from '../../../src/dialects/digicert/client.ts';
import { Secret } from '../../../src/dialects/kit/secret.ts';
import type { ErrorCode } from '../../../src/domain/error-codes.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { baseUrl, createSession, type SessionOptions } from './harness.ts';
import { csrPem } from './order-states.ts';

async function connected(options: SessionOptions = {}) {
  const session = await createSession(options);
  const client = createDigicertClient({ baseUrl, fetch: session.fetch, key: new Secret(session.apiKey) });
  return { session, client };
}

/** A client whose server answers everything with this. */
function answeredWith(body: string, init: ResponseInit = {}): DigicertClient {
  return createDigicertClient({ baseUrl, fetch: async () => new Response(body, init), key: new Secret('k') });
}

const isCode = (code: ErrorCode, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof CertError, String(error));
  assert.equal(error.code, code);
  if (message !== undefined) assert.match(error.message, message);
  return true;
};

const wish = { commonName: 'example.com', csrPem };
const order = { ...wish, product: 'ssl_dv_geotrust_flex', years: 1 };

describe('our client at our server', () => {
  test('orders, approves, proves, polls, downloads, reissues, duplicates, lists and revokes', async () => {
    const { session, client } = await connected({ account: { approval: 'manual' } });
    const placed = await client.placeOrder({ ...order, method: 'dns-txt-token', alternativeId: 'a1', comments: 'x' });
    const request = placed.requests?.[0]?.id ?? 0;
    assert.equal((await client.request(request)).status, 'pending');
    await client.decide(request, 'approved', 'fine');
    assert.ok(placed.dcv_random_value);
    assert.match((await client.chooseMethod(placed.id, 'dns-cname-token')) ?? '', /^_/);
    await assert.rejects(client.checkDcv(placed.id), isCode('validationFailed', /could not find a valid CNAME record/));
    session.app.checks.place('example.com', 'dnsCname');
    assert.equal((await client.checkDcv(placed.id)).order_status, 'issued');
    const info = await client.order(placed.id);
    assert.equal(info.alternative_order_id, 'a1');
    const id = info.certificate.id ?? 0;
    assert.equal((await client.download(id, 'pem_all')).split('BEGIN').length - 1, 3);
    assert.equal((await client.chain(id)).length, 3);
    const reissued = await client.reissue(placed.id, { ...wish, skipsApproval: true });
    assert.equal((await client.order(placed.id)).certificate.id, reissued.certificate_id);
    assert.equal((await client.duplicate(placed.id, { ...wish, skipsApproval: true })).sub_id, '001');
    assert.equal((await client.duplicates(placed.id)).length, 1);
    assert.equal((await client.reissues(placed.id)).length, 2);
    const { orders, total } = await client.orders({ limit: 10, offset: 0, status: 'issued' });
    assert.deepEqual([orders[0]?.id, total], [placed.id, 1]);
    assert.deepEqual(
      (await client.changes(5)).map(({ order_id }) => order_id),
      [placed.id],
    );
    assert.equal(typeof (await client.revokeCertificate(id, { comments: 'x' })), 'number');
    assert.equal(await client.revokeOrder(placed.id, { skipsApproval: true, reason: 'superseded' }), undefined);
    assert.equal((await client.order(placed.id)).status, 'revoked');
    const other = await client.placeOrder({ ...order, commonName: 'other.example.net' });
    await client.cancel(other.id, 'not needed');
    assert.equal((await client.order(other.id)).status, 'canceled');
  });

  const refusals: readonly [ErrorCode, (client: DigicertClient) => Promise<unknown>][] = [
    ['notFound', (client) => client.order(7)],
    ['unknownProduct', (client) => client.placeOrder({ ...order, product: 'gold' })],
    ['unsupported', (client) => client.placeOrder({ ...order, product: 'code_signing' })],
    ['badCsr', (client) => client.placeOrder({ ...order, csrPem: 'nonsense!' })],
    ['badName', (client) => client.placeOrder({ ...order, commonName: 'a_b.com' })],
    ['refusedName', (client) => client.placeOrder({ ...order, commonName: 'co.uk' })],
    ['invalidField', (client) => client.placeOrder({ ...order, years: 4 })],
    ['insufficientBalance', (client) => client.placeOrder(order)],
  ];
  for (const [code, ask] of refusals) {
    test(`reads a refusal back as ${code}`, async () => {
      const { client } = await connected({ balanceMinor: 0 });
      await assert.rejects(ask(client), isCode(code, /^www\.digicert\.com answered: /));
    });
  }
});

describe('our client at others', () => {
  const answers: readonly [what: string, body: string, init: ResponseInit, ErrorCode, RegExp][] = [
    [
      'a wrong key',
      '{"errors":[{"code":"access_denied|access_denied_invalid_key","message":"no"}]}',
      { status: 403 },
      'unauthenticated',
      /no$/,
    ],
    [
      'a role too low',
      '{"errors":[{"code":"access_denied|missing_permission","message":"no"}]}',
      { status: 403 },
      'forbidden',
      /no$/,
    ],
    [
      'an error of the XML days',
      '{"errors":{"code":"not_found|order","message":"gone"}}',
      { status: 404 },
      'notFound',
      /gone$/,
    ],
    [
      'an unknown code',
      '{"errors":[{"code":"something_new","message":"?"}]}',
      { status: 400 },
      'malformedRequest',
      /\?$/,
    ],
    [
      'a limit',
      '{"errors":[{"code":"request_limit_exceeded","message":"slow"}]}',
      { status: 429 },
      'rateLimited',
      /slow$/,
    ],
    ['a page of a proxy', '<html>', { status: 502 }, 'unavailable', /HTTP status 502$/],
    ['no JSON', '<html>', {}, 'unavailable', /a reply that is not JSON$/],
    ['another shape', '{"id":"x"}', {}, 'unavailable', /a reply to order\.info whose .* cannot be read$/],
  ];
  for (const [what, body, init, code, message] of answers) {
    test(`takes ${what} for ${code}`, () => assert.rejects(answeredWith(body, init).order(1), isCode(code, message)));
  }

  test('takes a server that cannot be reached for unavailable', async () => {
    const fetch = async () => Promise.reject(new Error('refused'));
    const client = createDigicertClient({ baseUrl, fetch, key: new Secret('k') });
    await assert.rejects(client.order(1), isCode('unavailable', /it cannot be reached$/));
  });
});
