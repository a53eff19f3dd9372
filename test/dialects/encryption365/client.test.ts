/** The client half: against our own server half without a socket, and against what the exchanges show. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEncryption365Client, type Encryption365Client } from '../../../src/dialects/encryption365/client.ts';
import { Secret } from '../../../src/dialects/kit/secret.ts';
import type { ErrorCode } from '../../../src/domain/error-codes.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { readExchanges, sampleResponse } from '../../support/exchange.ts';
import { baseUrl, createSession, credentials, firstNumber } from './harness.ts';
import { ecCsr, seedCsr, seedReply } from './seed.ts';

const clientCredentials = { clientId: credentials.client_id, accessToken: new Secret(credentials.access_token) };

async function connected() {
  const session = await createSession();
  const client = createEncryption365Client({ baseUrl, fetch: session.fetch, credentials: clientCredentials });
  return { session, client };
}

/** A client whose server answers everything with this. */
function answeredWith(body: string, init: ResponseInit = {}): Encryption365Client {
  const fetch = async () => new Response(body, init);
  return createEncryption365Client({ baseUrl, fetch, credentials: clientCredentials });
}

const isCode = (code: ErrorCode, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof CertError, String(error));
  assert.equal(error.code, code);
  if (message !== undefined) assert.match(error.message, message);
  return true;
};

describe('our client at our server', () => {
  test('signs in, lists products, orders, polls, reissues and revokes', async () => {
    const session = await createSession();
    const stranger = createEncryption365Client({ baseUrl, fetch: session.fetch });
    const login = { username: 'account@exmaple.com', password: new Secret('your-password'), serverName: 'web1' };
    const device = await stranger.signIn(login);
    const client = createEncryption365Client({
      baseUrl,
      fetch: session.fetch,
      credentials: { clientId: device.client_id, accessToken: new Secret(device.access_token) },
    });
    assert.deepEqual(Object.keys(await client.products()), ['100', '108', '118', '128']);

    const order = { pid: '108', csrPem: seedCsr, names: ['trustocean.com', '*.trustocean.com'] };
    const placed = await client.placeOrder(order);
    assert.equal(placed.total_fees, 1006);
    assert.equal(await client.balance(), 10_000 - 1006);
    await client.changeMethod(placed.trustocean_id, 'trustocean.com', 'dns');
    await client.recheck(placed.trustocean_id);
    await session.prove();

    const issued = await client.order(placed.trustocean_id);
    assert.equal(issued.cert_status, 'issued_active');
    assert.equal(issued.dcv_info['trustocean.com']?.method, 'dns');
    const reissued = await client.reissue(placed.trustocean_id, { csrPem: ecCsr, names: ['trustocean.com'] });
    assert.equal(reissued.trustocean_id, placed.trustocean_id);
    await session.prove();
    const renewed = await client.placeOrder({ ...order, renewalOf: placed.trustocean_id });
    const { order: renewal } = await session.order(1);
    assert.equal(renewal.number, renewed.trustocean_id);
    assert.notEqual(renewal.renewalOf, null);
    await client.revoke(placed.trustocean_id, 'keyCompromise');
    assert.equal((await client.order(placed.trustocean_id)).cert_status, 'revoked');
  });

  const refusals: readonly [ErrorCode, (client: Encryption365Client) => Promise<unknown>][] = [
    ['notFound', (client) => client.order(7)],
    ['unknownProduct', (client) => client.placeOrder({ pid: '99', csrPem: seedCsr, names: ['a.com'] })],
    ['badName', (client) => client.placeOrder({ pid: '100', csrPem: seedCsr, names: ['a_b.com'] })],
    ['refusedName', (client) => client.placeOrder({ pid: '100', csrPem: seedCsr, names: ['2001:db8::1'] })],
    ['badCsr', (client) => client.placeOrder({ pid: '100', csrPem: 'nonsense!', names: ['a.com'] })],
    ['invalidField', (client) => client.placeOrder({ pid: '118', csrPem: seedCsr, names: ['a.com'] })],
    ['wrongState', (client) => client.recheck(firstNumber)],
  ];
  for (const [code, ask] of refusals) {
    test(`reads the sentence of a refusal back as ${code}`, async () => {
      const { session, client } = await connected();
      await client.placeOrder({ pid: '100', csrPem: ecCsr, names: ['issued.com'] });
      await session.prove();
      await assert.rejects(ask(client), isCode(code, /^encrypt365\.trustocean\.com answered: /));
    });
  }

  test('reads wrong credentials back as unauthenticated', async () => {
    const { fetch } = await createSession();
    const wrong = { clientId: 'nobody', accessToken: new Secret('x') };
    const client = createEncryption365Client({ baseUrl, fetch, credentials: wrong });
    await assert.rejects(client.products(), isCode('unauthenticated'));
    const login = { username: 'nobody@example.com', password: new Secret('x'), serverName: 'x' };
    await assert.rejects(client.signIn(login), isCode('unauthenticated'));
  });
});

describe('our client at the vendor', () => {
  for (const exchange of readExchanges('encryption365')) {
    test(`reads the answer of exchange ${exchange.name}`, async () => {
      const fetch = async () => sampleResponse(exchange);
      const client = createEncryption365Client({ baseUrl, fetch, credentials: clientCredentials });
      const reading = calls[exchange.name.split('.').slice(0, 2).join('.')]?.(client);
      if (reading === undefined) return; // what our client never calls: registration, payment, ping
      if (/"error"/.test(exchange.response.body)) await assert.rejects(reading, CertError);
      else await reading;
    });
  }

  test('reads the sample of the document to the last value', async () => {
    const client = answeredWith(JSON.stringify(seedReply));
    assert.deepEqual(await client.placeOrder({ pid: '100', csrPem: seedCsr, names: ['a.com'] }), seedReply);
  });

  const errors: readonly [string, ErrorCode][] = [
    ['{"result":"error","message":"账户或密码错误"}', 'unauthenticated'], // the document's sample
    ['{"status":"error","message":"账户或密码错误"}', 'unauthenticated'], // its prose
    [
      '{"result":"error","message":"Cannot reissue this order now, your order not in Issued_Active status"}',
      'wrongState',
    ],
    [
      '{"result":"error","message":"This order cnanot be revoked, because this order is not in Issued_Active status."}',
      'wrongState',
    ],
    ['{"result":"error","message":"无法删除 a.com 每个证书至少保留1条域名."}', 'badName'],
    ['{"result":"error","message":"something nobody has seen"}', 'issuerRefused'],
    ['{"result":"error"}', 'issuerRefused'],
    ['<html>502 Bad Gateway</html>', 'unavailable'],
    ['null', 'unavailable'],
    ['{"result":"success"}', 'unavailable'], // none of the fields
  ];
  for (const [body, code] of errors) {
    test(`takes ${body.slice(0, 70)} for ${code}`, async () => {
      await assert.rejects(answeredWith(body).order(1), isCode(code));
    });
  }

  test('takes another HTTP status, or no answer, for unavailable', async () => {
    await assert.rejects(answeredWith('{}', { status: 502 }).order(1), isCode('unavailable', /HTTP status 502/));
    const fetch = async () => {
      throw new TypeError('fetch failed');
    };
    const client = createEncryption365Client({ baseUrl, fetch, credentials: clientCredentials });
    await assert.rejects(client.order(1), isCode('unavailable', /cannot be reached/));
  });

  test('stops reading an answer without end', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1 << 20).fill(32));
      },
    });
    const client = createEncryption365Client({ baseUrl, fetch: async () => new Response(endless) });
    await assert.rejects(client.order(1), isCode('unavailable'));
    assert.ok(pulled < 10, String(pulled));
  });

  test('reads details that lack the fields which only we send', async () => {
    const details = {
      result: 'success',
      cert_status: 'enroll_caprocessing',
      trustocean_id: 7,
      product_name: null,
      domain_count: null,
      cert_code: null,
      ca_code: null,
      created_at: '2021-11-02 16:25:09',
      expire_at: null,
      domains: ['a.com'],
      dcv_info: {},
      unknown: 1,
    };
    assert.equal((await answeredWith(JSON.stringify(details)).order(7)).class, null);
  });
});

const calls: Readonly<Record<string, (client: Encryption365Client) => Promise<unknown>>> = {
  'client.create': (client) => client.signIn({ username: 'a', password: new Secret('b'), serverName: 'c' }),
  'client.version': (client) => client.latestVersion(),
  'account.products': (client) => client.products(),
  'account.details': (client) => client.balance(),
  'cert.create': (client) => client.placeOrder({ pid: '100', csrPem: seedCsr, names: ['a.com'] }),
  'cert.details': (client) => client.order(1),
  'cert.challenge': (client) => client.recheck(1),
  'cert.reissue': (client) => client.reissue(1, { csrPem: seedCsr, names: ['a.com'] }),
  'cert.revoke': (client) => client.revoke(1, 'unspecified'),
  'cert.change_dcv': (client) => client.changeMethod(1, 'a.com', 'http'),
};
