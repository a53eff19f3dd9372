/**
 * The replies of whole lives, as clients that grep read them: the client of these tests looks at each (`test/support/acme-patterns.ts`).
 * Here are the states that are easily spoiled, and that the checks find what is spoiled.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { requireReadable } from '../../support/acme-patterns.ts';
import { readExchanges } from '../../support/exchange.ts';
import { createSession, csrFor } from './harness.ts';

describe('clients that grep can read', () => {
  it('an authorization that is pending, tried, failed and proved, also of a wildcard', async () => {
    const { client, app } = await createSession();
    const { body } = await client.newOrder(['www.example.com', '*.example.com', '192.0.2.1']);
    const statuses: string[] = [];
    for (const url of body.authorizations) {
      const [challenge] = (await client.post(url)).body.challenges;
      // Nothing is placed: it fails, and says why between the looks and after them.
      await client.post(challenge.url, {});
      for (const seconds of [2, 5, 60, 60, 60, 60, 60]) {
        statuses.push((await client.post(url)).body.challenges[0].status);
        await app.advance(seconds);
      }
      const failed = (await client.post(url)).body;
      assert.equal(failed.status, 'invalid');
      assert.deepEqual(Object.keys(failed.challenges[0]).at(-1), 'error');
      await client.post(challenge.url);
    }
    assert.deepEqual(new Set(statuses), new Set(['processing', 'invalid']));
    const again = await client.newOrder(['www.example.com', '*.example.com']);
    for (const name of ['www.example.com', '*.example.com']) app.checks.place(name);
    for (const name of ['www.example.com', '*.example.com']) app.checks.place(name, 'dnsTxt');
    for (const url of again.body.authorizations) {
      await client.post((await client.post(url)).body.challenges[0].url, {});
    }
    await app.idle();
    for (const url of again.body.authorizations) assert.equal((await client.post(url)).body.status, 'valid');
  });

  it('an order that is refused, waits, is there and is revoked; an account that is found and deactivated', async () => {
    const { client, app } = await createSession({ account: { approval: 'manual' } });
    assert.equal((await client.newOrder(['a_b.example'])).status, 400);
    const { body } = await client.newOrder(['www.example.com']);
    app.checks.place('www.example.com');
    await client.post((await client.post(body.authorizations[0])).body.challenges[0].url, {});
    await app.idle();
    const finalized = await client.post(body.finalize, { csr: await csrFor(['www.example.com']) });
    assert.equal(finalized.body.status, 'processing');
    const found = await client.post(client.directory.newAccount ?? '', {}, { withJwk: true });
    assert.deepEqual([found.status, found.headers.get('location')], [200, client.account]);
    assert.equal((await client.post(client.account ?? '', { status: 'deactivated' })).body.status, 'deactivated');
    assert.equal((await client.post(body.finalize, {})).status, 403);
  });

  it('a certificate, and the empty answer to its revocation', async () => {
    const { client, readyOrder } = await createSession();
    const ready = await readyOrder(['www.example.com']);
    const { body } = await client.post(ready.body.finalize, { csr: await csrFor(['www.example.com']) });
    const { text } = await client.post(body.certificate);
    const certificate = new X509Certificate(text).raw.toString('base64url');
    const revoked = await client.post(client.directory.revokeCert ?? '', { certificate });
    assert.deepEqual([revoked.status, revoked.text], [200, '']);
  });
});

describe('clients that grep can read the recorded exchanges', () => {
  for (const exchange of readExchanges('acme')) {
    it(exchange.name, async () => {
      const { baseUrl, fetch } = await createSession();
      const { method, path, headers, body } = exchange.request;
      const request = new Request(baseUrl + path, { method, headers, ...(body === '' ? {} : { body }) });
      const reply = await fetch(request);
      assert.equal(reply.status, exchange.response.status);
      requireReadable({
        url: request.url,
        method,
        status: reply.status,
        headers: reply.headers,
        text: await reply.text(),
      });
    });
  }
});

describe('the checks find', () => {
  const authorization = {
    status: 'pending',
    expires: '2026-06-08T08:00:00Z',
    identifier: { type: 'dns', value: 'a.example' },
    challenges: [{ type: 'http-01', url: 'https://ca/c', status: 'pending', token: 'a'.repeat(22) }],
  };
  const [challenge] = authorization.challenges;
  const order = {
    status: 'pending',
    expires: '2026-06-08T08:00:00Z',
    identifiers: [authorization.identifier],
    authorizations: ['https://ca/a'],
    finalize: 'https://ca/f',
  };
  const error = { type: 'urn:ietf:params:acme:error:dns', detail: 'none', status: 400 };
  const rows: readonly (readonly [what: string, path: string, body: unknown, more?: Record<string, string>])[] = [
    [
      'an error before the token',
      'authz/1',
      { ...authorization, challenges: [{ type: 'http-01', error, ...challenge }] },
    ],
    ['a second value', 'authz/1', { ...authorization, other: { value: 'x' } }],
    [
      'a failed challenge beside a usable one',
      'authz/1',
      { ...authorization, challenges: [challenge, { ...challenge, type: 'dns-01', status: 'invalid' }] },
    ],
    ['a challenge without a token', 'authz/1', { ...authorization, challenges: [{ ...challenge, token: undefined }] }],
    ['a wildcard in a name', 'authz/1', { ...authorization, identifier: { type: 'dns', value: '*.example' } }],
    ['an order without its URL', 'order/1', order, { location: '' }],
    ['an order with a certificate too early', 'order/1', { ...order, certificate: 'https://ca/x' }],
    [
      'a date to try again',
      'order/1',
      { ...order, status: 'processing' },
      { 'retry-after': 'Sat, 28 Nov 2026 00:00:00 GMT' },
    ],
    ['an order that waits without an end', 'order/1', { ...order, status: 'processing' }],
    ['an order that is ready after finalize', 'order/1/finalize', { ...order, status: 'ready' }],
    ['an authorization that is processing', 'authz/1', { ...authorization, status: 'processing' }],
    ['an authorization without an end', 'authz/1', { ...authorization, expires: undefined }],
    [
      'a newer challenge first',
      'authz/1',
      { ...authorization, challenges: [{ ...challenge, type: 'new-01' }, challenge] },
    ],
    ['a proof among others', 'authz/1', { ...authorization, status: 'valid', challenges: [challenge, challenge] }],
    [
      'a window that ends before it begins',
      'renewal-info/1',
      { suggestedWindow: { start: '2026-06-08T08:00:00Z', end: '2026-06-07T08:00:00Z' } },
      { 'retry-after': '60' },
    ],
    ['a URL with a slash at its end', 'directory', { renewalInfo: 'https://ca/r/', meta: {} }],
    ['empty terms', 'directory', { newOrder: 'https://ca/o', meta: { termsOfService: '' } }],
    ['no way back to the directory', 'order/1', order, { link: '' }],
    ['a certificate of another type', 'cert/1', {}],
    ['a reply that a cache may keep', 'order/1', order, { 'cache-control': 'max-age=60' }],
    ['a reply that no page of another site may read', 'order/1', order, { 'access-control-allow-origin': '' }],
    ['members in another order', 'order/1', Object.fromEntries(Object.entries(order).toReversed())],
    ['a reply without a nonce', 'order/1', order, { 'replay-nonce': '' }],
    ['a media type with a parameter', 'order/1', order, { 'content-type': 'application/json; charset=utf-8' }],
  ];
  const replyOf = (path: string, body: unknown, more: Readonly<Record<string, string>> = {}) => ({
    url: `https://ca/acme/default/${path}`,
    method: 'POST',
    status: 200,
    headers: new Headers({
      'content-type': 'application/json',
      'replay-nonce': 'n'.repeat(22),
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Link, Replay-Nonce, Location, Retry-After',
      link: '<https://ca/acme/default/directory>;rel="index"',
      location: `https://ca/acme/default/${path}`,
      ...more,
    }),
    text: JSON.stringify(body),
  });

  it('nothing wrong with what is right', () => {
    requireReadable(replyOf('authz/1', authorization));
    requireReadable(replyOf('order/1', order));
  });

  it('two links on one line, or a problem that is none', () => {
    const reply = replyOf('order/1', order);
    const linkLines = ['<https://ca/d>;rel="index", <https://ca/c>;rel="alternate"'];
    assert.throws(() => requireReadable({ ...reply, linkLines }), assert.AssertionError);
    assert.throws(() => requireReadable({ ...reply, status: 404 }), assert.AssertionError);
  });

  it('a refusal that leaves open what to do next', () => {
    const headers = { 'content-type': 'application/problem+json' };
    const refused = (status: number, more: Readonly<Record<string, string>> = {}) => ({
      ...replyOf('order/1', { ...error, status }, { ...headers, ...more }),
      status,
    });
    requireReadable(refused(403));
    for (const status of [401, 405, 429, 500, 503]) {
      assert.throws(() => requireReadable(refused(status)), assert.AssertionError, String(status));
    }
    requireReadable(refused(405, { allow: 'POST' }));
    for (const status of [429, 500, 503]) requireReadable(refused(status, { 'retry-after': '60' }));
  });

  for (const [what, path, body, more] of rows) {
    it(what, () => assert.throws(() => requireReadable(replyOf(path, body, more)), assert.AssertionError));
  }
});
