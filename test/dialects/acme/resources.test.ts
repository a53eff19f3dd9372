/** Paths, methods and headers: what is the same for all resources (RFC 8555 §6.3, §6.5, §7.1; CORS). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acme } from '../../../src/dialects/acme/index.ts';
import { refuse } from '../../../src/domain/errors.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { openFrontDoor } from '../../support/front-door.ts';
import { baseUrl, createSession, directoryUrl } from './harness.ts';

const base = `${baseUrl}/acme/default`;
const malformed = 'urn:ietf:params:acme:error:malformed';
const id = 'a'.repeat(26);

/** Every resource, with what may be done to it. */
const resources = [
  ['', 'GET, HEAD, POST'],
  ['/directory', 'GET, HEAD, POST'],
  ['/new-nonce', 'GET, HEAD, POST'],
  ['/new-account', 'POST'],
  [`/account/${id}`, 'POST'],
  [`/account/${id}/orders`, 'POST'],
  ['/key-change', 'POST'],
  ['/new-authz', 'POST'],
  ['/new-order', 'POST'],
  [`/order/${id}`, 'POST'],
  [`/order/${id}/finalize`, 'POST'],
  [`/authz/${id}`, 'POST'],
  [`/challenge/${id}/http-01`, 'POST'],
  [`/cert/${id}`, 'POST'],
  ['/revoke-cert', 'POST'],
  ['/renewal-info/AQIDBA.AQIDBA', 'GET, HEAD'],
  ['/about', 'GET, HEAD'],
] as const;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

function assertNonce({ headers }: AcmeReply): void {
  assert.match(headers.get('replay-nonce') ?? '', /^[A-Za-z0-9_-]{22,}$/);
}

function assertLinks({ headers }: AcmeReply, path: string): void {
  const isDirectory = path === '/directory';
  assert.equal(headers.get('link'), isDirectory ? null : `<${directoryUrl}>;rel="index"`, path);
}

describe('every resource', () => {
  it('is refused by other methods than its own, with those that it has', async () => {
    const { client } = await createSession();
    for (const [path, allowed] of resources) {
      for (const method of methods.filter((one) => !allowed.split(', ').includes(one))) {
        const reply = await client.get(base + path, method);
        assert.equal(reply.status, 405, `${method} ${path}`);
        assert.equal(reply.headers.get('allow'), allowed);
        assertLinks(reply, path);
        if (method === 'POST') assertNonce(reply);
        if (method === 'HEAD') continue;
        assert.equal(reply.headers.get('content-type'), 'application/problem+json');
        assert.deepEqual(reply.body, {
          type: malformed,
          detail: `there is no ${method} /acme/default${path}; it takes ${allowed}`,
          status: 405,
        });
      }
    }
  });

  it('that needs no account may be read by one (§6.3)', async () => {
    const { client } = await createSession();
    for (const path of ['', '/directory']) {
      const reply = await client.post(base + path);
      assert.deepEqual([reply.status, reply.body], [200, client.directory], path);
      assertNonce(reply);
    }
    const nonce = await client.post(`${base}/new-nonce`);
    assert.deepEqual([nonce.status, nonce.text], [204, '']);
    assertNonce(nonce);
    const nobody = await client.post(`${base}/directory`, undefined, { header: { kid: `${base}/account/${id}` } });
    assert.equal(nobody.body.type, 'urn:ietf:params:acme:error:accountDoesNotExist');
  });

  it('may be asked for from pages of other sites', async () => {
    const { client } = await createSession();
    for (const [path, allowed] of resources) {
      const reply = await client.get(base + path, 'OPTIONS');
      assert.equal(reply.status, 200);
      assert.equal(reply.text, '');
      assert.equal(reply.headers.get('allow'), `${allowed}, OPTIONS`);
      assert.equal(reply.headers.get('access-control-allow-methods'), `${allowed}, OPTIONS`);
      assert.equal(reply.headers.get('access-control-allow-headers'), 'Content-Type');
      assert.equal(reply.headers.get('access-control-max-age'), '86400');
      assert.equal(reply.headers.get('access-control-allow-origin'), '*');
      assertLinks(reply, path);
    }
    const answers = [
      await client.get(directoryUrl),
      await client.post(client.account ?? ''),
      await client.post(`${base}/order/${id}`),
    ];
    for (const { headers } of answers) {
      assert.equal(headers.get('access-control-allow-origin'), '*');
      assert.equal(headers.get('access-control-expose-headers'), 'Link, Replay-Nonce, Location, Retry-After');
    }
  });

  it('is found with a slash at its end', async () => {
    const { client } = await createSession();
    for (const path of ['/', '/directory/']) {
      const reply = await client.get(base + path);
      assert.equal(reply.status, 200);
      assert.deepEqual(reply.body, client.directory);
    }
    assert.equal((await client.post(`${client.account}/`)).status, 200);
  });
});

describe('a path that there is not', () => {
  const paths = [
    `${base}/nothing`,
    `${base}/order`,
    `${base}/order/${id}/finalize/more`,
    `${baseUrl}/acme/`,
    `${baseUrl}/acme/other/directory`,
    `${baseUrl}/acme/__proto__/directory`,
  ];

  it('is not found by any method', async () => {
    const { client } = await createSession();
    for (const url of paths) {
      const got = await client.get(url);
      assert.deepEqual([got.status, got.body.type, got.body.status], [404, malformed, 404], url);
    }
    for (const url of paths.slice(0, 4)) {
      const posted = await client.post(url, {});
      assert.deepEqual([posted.status, posted.body.type], [404, malformed], url);
      assertNonce(posted);
    }
  });

  it('and an object that there is not are the same to the client, with a nonce', async () => {
    const { client } = await createSession();
    const urls = [
      `${base}/account/${id}`,
      `${base}/account/${id}/orders`,
      `${base}/order/${id}`,
      `${base}/order/acmeorder_${id}`,
      `${base}/authz/${id}`,
      `${base}/challenge/${id}/http-01`,
      `${base}/cert/${id}`,
    ];
    for (const url of urls) {
      const reply = await client.post(url);
      assert.deepEqual([reply.status, reply.body.type], [404, malformed], `${url} ${reply.text}`);
      assertNonce(reply);
      assertLinks(reply, url);
    }
  });
});

describe('a POST', () => {
  it('is refused with a nonce when it is too large, however large it is', async () => {
    const { client } = await createSession();
    for (const size of [(64 << 10) + 1, 10 << 20]) {
      const reply = await client.post(client.directory.newOrder ?? '', {}, { body: () => ' '.repeat(size) });
      assert.deepEqual([reply.status, reply.body.type], [413, malformed]);
      assertNonce(reply);
    }
  });

  it('is refused with a nonce when it is of another content type', async () => {
    const { client } = await createSession();
    for (const contentType of ['application/json', 'application/jose', 'text/plain', '']) {
      const reply = await client.post(client.account ?? '', undefined, { contentType });
      assert.deepEqual([reply.status, reply.body.type], [415, malformed], contentType);
      assertNonce(reply);
    }
    for (const contentType of ['application/jose+json; charset=utf-8', 'Application/JOSE+JSON']) {
      assert.equal((await client.post(client.account ?? '', undefined, { contentType })).status, 200, contentType);
    }
  });

  it('that meets a fault of ours is answered with a nonce, and with when to try again', async () => {
    const session = await createSession();
    const { app, client } = session;
    const order = await client.newOrder(['www.example.com']);
    const url = order.headers.get('location') ?? '';
    const rows = [
      [new Error('broken'), 500, '60'],
      [refuse('diskFull', {}), 503, '5'],
    ] as const;
    for (const [fault, status, retryAfter] of rows) {
      const acmeOrders = { ...app.ports.acmeOrders, get: () => Promise.reject(fault) };
      const broken = { ...app, ports: { ...app.ports, acmeOrders } };
      const server = openFrontDoor(broken, acme, { publicUrl: baseUrl });
      const fresh = await server.fetch(new Request(client.directory.newNonce ?? '', { method: 'HEAD' }), {
        address: '192.0.2.10',
        requestId: 'request-of-nonce',
      });
      const nonce = fresh.headers.get('replay-nonce');
      const reply = await client.post(url, undefined, { through: server, header: { nonce } });
      assert.deepEqual(
        [reply.status, reply.body.type, reply.headers.get('retry-after')],
        [status, 'urn:ietf:params:acme:error:serverInternal', retryAfter],
      );
      assertNonce(reply);
      assert.doesNotMatch(reply.text, /broken/);
    }
  });

  it('answers in JSON without parameters, and is never cached', async () => {
    const { client } = await createSession();
    const reply = await client.post(client.account ?? '');
    assert.equal(reply.headers.get('content-type'), 'application/json');
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    assert.equal(reply.text, JSON.stringify(reply.body));
    assertNonce(reply);
  });
});

describe('a POST-as-GET', () => {
  it('of the directory shows it to an account of it, and to nobody else', async () => {
    const { client, stranger } = await createSession();
    for (const url of [directoryUrl, base]) {
      const reply = await client.post(url);
      assert.deepEqual([reply.status, reply.body], [200, client.directory]);
      assert.equal(reply.headers.get('content-type'), 'application/json');
      assertNonce(reply);
      assert.equal((await (await stranger()).post(url)).status, 400);
    }
  });

  it('of new-nonce has a nonce, which is good', async () => {
    const { client } = await createSession();
    const reply = await client.post(`${base}/new-nonce`);
    assert.deepEqual([reply.status, reply.text], [204, '']);
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    assertNonce(reply);
    const nonce = reply.headers.get('replay-nonce');
    assert.equal((await client.post(client.account ?? '', undefined, { header: { nonce } })).status, 200);
  });
});

describe('a directory', () => {
  it('may be kept by nobody, and needs no nonce', async () => {
    const { client } = await createSession();
    const reply = await client.get(directoryUrl);
    assert.equal(reply.headers.get('content-type'), 'application/json');
    assert.equal(reply.headers.get('cache-control'), 'public, max-age=0, no-cache');
    assert.equal(reply.headers.get('replay-nonce'), null);
  });
});
