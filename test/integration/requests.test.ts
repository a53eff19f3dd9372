/** What the server makes of requests before any front door handles them, and how much it answers: over real sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { defaultPasswordCost } from '../../src/app/index.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { createCustomer } from '../support/customer.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';
import { assertRefused, place, post } from './harness.ts';

const authcode = 'given by the operator';
let world: World;
let operator: NativeClient;
before(async () => {
  // A quarter of the real cost: enough for sign-ins at once to wait for each other.
  world = await startWorld(
    { dialects: { encryption365: { registration: { authcode, perHourAndNetwork: 2 } } } },
    { passwordCost: { ...defaultPasswordCost, N: defaultPasswordCost.N / 4 } },
  );
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
});
after(() => world.close());

/** A connection, and what came back on it so far. */
async function open(): Promise<{ readonly socket: Socket; said(): string }> {
  const { hostname, port } = new URL(world.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (part) => {
    text += part.toString('utf8');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, said: () => text };
}

const head = (lines: readonly string[]) => `${[...lines, `Host: ${new URL(world.url).host}`].join('\r\n')}\r\n\r\n`;

describe('a request whose credentials stand in its header and are wrong', () => {
  const rows: readonly (readonly [door: string, request: string, key: string, status: number, text: RegExp])[] = [
    ['native', 'POST /api/v1/orders', 'Authorization: Bearer cmx_wrong', 401, /"unauthenticated"/],
    ['DigiCert', 'POST /services/v2/order/certificate/ssl_basic', 'X-DC-DEVKEY: WRONG', 403, /invalid_key/],
    ['httpsok', 'POST /v1/cert/apply', 'OpenApiKey: wrong', 200, /OpenApiKey 错误或已被吊销/],
    ['the nginx agent', 'POST /v1/nginx/preparse', 'httpsok-token: wrong', 200, /OpenApiKey 错误或已被吊销/],
  ];
  for (const [door, request, key, status, text] of rows) {
    it(`is refused at once, without a byte of the body that it announces: ${door}`, async () => {
      const { socket, said } = await open();
      socket.write(head([`${request} HTTP/1.1`, key, 'Content-Type: application/json', 'Content-Length: 1048576']));
      await until(() => text.test(said()), 'the refusal is there');
      assert.match(said(), new RegExp(`^HTTP/1\\.1 ${status} `));
      // Nobody waits for a body that does not come.
      if (!socket.closed) await once(socket, 'close');
    });

    it(`leaves the connection to the next request, when the body comes all the same: ${door}`, async () => {
      const { socket, said } = await open();
      const body = 'x'.repeat(300_000);
      socket.write(head([`${request} HTTP/1.1`, key, `Content-Length: ${body.length}`]) + body);
      socket.write(head(['GET /healthz HTTP/1.1', 'Connection: close']));
      if (!socket.closed) await once(socket, 'close');
      assert.deepEqual(
        [...said().matchAll(/HTTP\/1\.1 (\d+) /g)].map((match) => match[1]),
        [String(status), '200'],
      );
    });
  }

  it('is refused for them, not for the size of its body', async () => {
    const response = await fetch(`${world.url}/api/v1/orders`, { method: 'POST', body: 'x'.repeat(1 << 20) });
    assert.equal(response.status, 401);
  });
});

describe('a body that is too large', () => {
  it('is refused with its limit in the form of each front door', async () => {
    const large = 'x'.repeat(600_000);
    const native = await fetch(`${world.url}/api/v1/orders`, {
      method: 'POST',
      body: large,
      headers: { authorization: `Bearer ${world.operatorToken}` },
    });
    assert.equal(native.status, 413);
    assert.match(await native.text(), /larger than 524288 bytes/);
    assertRefused(await post(world, '/client/create', large), /^请求内容超过 16384 字节$/);
    assertRefused(await post(world, '/cert/create', large), /^请求内容超过 131072 字节$/);
    const racent = await post(world, '/ssl/list', `a[]=1&${'a[]&'.repeat(150_000)}`);
    const msg = '请求内容超过 16384 字节';
    assert.deepEqual(racent.body, { code: -1, msg, errors: { body: [msg] } });
  });
});

it('TRACE and a second Host header are refused before any front door sees them.', async () => {
  for (const lines of [['TRACE / HTTP/1.1'], ['GET /healthz HTTP/1.1', 'Host: other.example']]) {
    const { socket, said } = await open();
    socket.write(head(lines));
    if (!socket.closed) await once(socket, 'close');
    assert.match(said(), /^HTTP\/1\.1 40[05] /);
    assert.match(said(), /certmux: (TRACE is not answered here|a request has one Host header, not 2)/);
  }
});

it('A list of orders is as small as the number of its orders, however many names they have.', async () => {
  const customer = await createCustomer(world.url, operator, { name: 'many-names' });
  const names = Array.from({ length: 200 }, (_, i) => `host-${i}.many-names.example`);
  const { trustocean_id: number } = await place(customer, names);
  const response = await fetch(`${world.url}/api/v1/orders?limit=1`, {
    headers: { authorization: `Bearer ${world.operatorToken}` },
  });
  const text = await response.text();
  assert.ok(text.length < 2000, `${text.length} characters`);
  const [item] = (await operator.orders.list({ limit: 1 })).items;
  assert.deepEqual(
    [item?.number, item?.nameCount, item?.names, item?.turn],
    [number, 200, names.slice(0, 10), 'customer'],
  );
  const whole = await operator.orders.show({ order: String(number) });
  assert.deepEqual(
    whole.names.map(({ name, proofs }) => [name, proofs.length > 0]),
    names.map((name) => [name, true]),
  );
});

it('Lists of users and of keys come in pages.', async () => {
  await createCustomer(world.url, operator, { name: 'paged' });
  for (const noun of ['users', 'credentials'] as const) {
    const first = await operator[noun].list({ limit: 1 });
    assert.equal(first.items.length, 1);
    const second = await operator[noun].list({ limit: 1, cursor: first.nextCursor ?? '' });
    assert.ok((first.items[0]?.number ?? 0) > (second.items[0]?.number ?? 0), 'newest first');
    await assert.rejects(operator[noun].list({ limit: 201 }), { code: 'invalidField' });
  }
});

it('Registrations from one network have a rate, and the refusal says when to come back.', async () => {
  const register = (name: string) =>
    fetch(`${world.url}/account/register`, {
      method: 'POST',
      body: JSON.stringify({ username: `${name}@example.com`, password: 'correct horse', authcode }),
    });
  for (const name of ['one', 'two']) assert.match(await (await register(name)).text(), /"success"/);
  const refused = await register('three');
  assert.match(await refused.text(), /最近一小时内注册的账户过多/);
  assert.ok(Number(refused.headers.get('retry-after')) > 3500);
});

it('More sign-ins at once than there are places are told to come back, in the form of each front door.', async () => {
  const asked = Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0
      ? post(world, '/client/create', { username: `nobody-${i}`, password: 'a guess', servername: 'x' })
      : fetch(`${world.url}/services/v2/user/tempkey`, {
          method: 'POST',
          body: JSON.stringify({ username: `nobody-${i}`, current_password: 'a guess' }),
        }).then(async (response) => ({
          status: response.status,
          retryAfter: response.headers.get('retry-after'),
          body: await response.json(),
        })),
  );
  const answers = await Promise.all(asked);
  assert.ok(answers.some(({ status, body }) => status === 200 && /登录请求过多/.test(JSON.stringify(body))));
  const digicert = answers.find(({ status }) => status === 503);
  assert.match(JSON.stringify(digicert?.body), /"service_unavailable","message":"too many people are signing in/);
  assert.ok(digicert !== undefined && 'retryAfter' in digicert && digicert.retryAfter === '5');
});
