import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { baseUrl, createSession, seedCsr } from './session.ts';

/** What the client throws when the server answers so. */
async function thrownFor(answer: Response | Error): Promise<CertError> {
  const fetch = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  try {
    await createNativeClient({ baseUrl, token: 'cmx', fetch }).me.show({});
  } catch (thrown) {
    assert.ok(thrown instanceof CertError);
    return thrown;
  }
  return assert.fail('nothing was thrown');
}

describe('what goes out', () => {
  test('path parameters, query and body go where the endpoint has them', async () => {
    const sent: string[] = [];
    const fetch = async (request: Request) => {
      sent.push(`${request.method} ${request.url} ${await request.text()}`);
      return Response.json({}, { status: 500 });
    };
    const client = createNativeClient({ baseUrl: `${baseUrl}/`, token: 'cmx', fetch });
    await assert.rejects(client.orders.list({ limit: 5, name: 'a b.example', cursor: undefined }));
    await assert.rejects(client.orders.approve({ order: '../1', note: 'yes' }));
    await assert.rejects(client.products.change({ dialect: 'encryption365', code: '100', isForSale: true }));
    assert.deepEqual(sent, [
      `GET ${baseUrl}/api/v1/orders?limit=5&name=a+b.example `,
      `POST ${baseUrl}/api/v1/orders/..%2F1/approve {"note":"yes"}`,
      `PATCH ${baseUrl}/api/v1/products/encryption365/100 {"isForSale":true}`,
    ]);
  });

  test('token, language and idempotency key are headers', async () => {
    let headers = new Headers();
    const fetch = async (request: Request) => {
      headers = request.headers;
      return Response.json({}, { status: 500 });
    };
    const client = createNativeClient({ baseUrl, token: 'cmx_a_b', language: 'zh', fetch });
    await assert.rejects(client.orders.place({ productCode: 'a:b', csr: 'c' }, { idempotencyKey: 'k1' }));
    assert.equal(headers.get('authorization'), 'Bearer cmx_a_b');
    assert.equal(headers.get('accept-language'), 'zh');
    assert.equal(headers.get('idempotency-key'), 'k1');
  });
});

describe('what is no answer of certmux', () => {
  const refused = new TypeError('fetch failed', {
    cause: Object.assign(new AggregateError([new Error('connect ECONNREFUSED 127.0.0.1:1')]), { code: 'ECONNREFUSED' }),
  });
  const page = (status: number, headers = {}) => new Response('<h1>nginx</h1>', { status, headers });
  const rows: readonly (readonly [title: string, answer: Response | Error, key: string, message: RegExp])[] = [
    ['nobody listens', refused, 'serverUnreachable', /certs\.example\.com cannot be reached: connect ECONNREFUSED/],
    ['time is up', new DOMException('x', 'TimeoutError'), 'serverUnreachable', /no answer in time/],
    ['a proxy without a back end', page(502), 'serverUnreachable', /HTTP status 502/],
    ['a page', page(200), 'replyUnreadable', /no JSON/],
    ['another program', page(404), 'replyUnreadable', /has no certmux API/],
    [
      'a redirect',
      page(301, { location: 'https://b.example/' }),
      'replyUnreadable',
      /redirects to https:\/\/b\.example/,
    ],
    ['JSON of something else', Response.json({ hello: 1 }), 'replyUnreadable', /actor/],
    ['a proxy that wants a password', page(401), 'upstreamUnauthenticated', /HTTP status 401/],
  ];
  for (const [title, answer, key, message] of rows) {
    test(title, async () => {
      const error = await thrownFor(answer);
      assert.equal(error.reason.key, key);
      assert.match(error.message, message);
    });
  }
});

test('a problem of a newer server, with a code nobody knows, goes by its status', async () => {
  const problem = { type: 'x', title: 'x', status: 409, detail: 'new', instance: 'r', code: 'brandNew', errors: [] };
  assert.equal((await thrownFor(Response.json(problem, { status: 409 }))).code, 'conflict');
});

test('a reply of a newer server may say more', async () => {
  const { client } = await createSession();
  const me = await client.me.show({});
  const fetch = async () => Response.json({ ...me, mood: 'good' });
  assert.deepEqual(await createNativeClient({ baseUrl, fetch }).me.show({}), me);
});

test('against our own server it places an order once, however often it is repeated with one key', async () => {
  const { client, orders } = await createSession();
  const order = { productCode: 'encryption365:100', csr: seedCsr, names: ['trustocean.com'] };
  const first = await client.orders.place(order, { idempotencyKey: 'k' });
  const again = await client.orders.place(order, { idempotencyKey: 'k' });
  assert.equal(again.id, first.id);
  assert.equal((await orders()).length, 1);
  const other = client.orders.place({ ...order, names: ['www.trustocean.com'] }, { idempotencyKey: 'k' });
  await assert.rejects(other, (error) => error instanceof CertError && error.code === 'conflict');
});
