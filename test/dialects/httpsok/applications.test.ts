/** What clients of the vendor may rely on, over the real core in memory. */

import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { createHttpsokClient } from '../../../src/dialects/httpsok/client.ts';
import { errors } from '../../../src/dialects/httpsok/errors.ts';
import { statusOf } from '../../../src/dialects/httpsok/status.ts';
import { Secret } from '../../../src/dialects/kit/secret.ts';
import { CertError, reason } from '../../../src/domain/errors.ts';
import { createNastyUpstream } from '../../support/nasty-upstream.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';
import { baseUrl, createBrokenIssuer, createSession, firstNumber, key, type Session } from './harness.ts';

const names = ['*.fastpix.cn', 'fastpix.cn', 'demo.fastpix.cn'];

async function applied(session: Session, body: object = {}) {
  await session.delegate(names);
  return session.post('/v1/cert/apply', { domainList: names, ...body });
}

describe('delegation', () => {
  test('has one entry for each record, with its host relative to the registrable domain', async () => {
    const { data } = await (await createSession()).post('/v1/cert/dv', { domainList: names });
    assert.deepEqual(
      data.configs.map(({ domain, host, valid }: Record<string, unknown>) => [domain, host, valid]),
      [
        ['*.fastpix.cn', '_acme-challenge', false],
        ['demo.fastpix.cn', '_acme-challenge.demo', false],
      ],
    );
    for (const { hostValue } of data.configs) assert.match(hostValue, /^[0-9a-f]{16}\.httpsok\.com$/);
    assert.equal(new Set(data.configs.map(({ hostValue }: { hostValue: string }) => hostValue)).size, 2);
  });

  test('is the same at every call, and in the configured zone', async () => {
    const session = await createSession({ config: { aliasZone: 'alias.example.net' } });
    const targets = async (domainList: readonly string[]) => {
      const { data } = await session.post('/v1/cert/dv', { domainList });
      return data.configs.map(({ hostValue }: { hostValue: string }) => hostValue);
    };
    const [first] = await targets(['x.example.com']);
    assert.match(first, /^[0-9a-f]{16}\.alias\.example\.net$/);
    assert.deepEqual(await targets(['other.example', '*.x.example.com']), [
      (await targets(['other.example']))[0],
      first,
    ]);
  });

  test('is another for another account', async () => {
    const session = await createSession();
    const otherKey = await session.anotherKey();
    const body = { domainList: ['x.example.com'] };
    const mine = await session.post('/v1/cert/dv', body);
    const theirs = await session.post('/v1/cert/dv', body, { OpenApiKey: otherKey });
    assert.notEqual(mine.data.configs[0].hostValue, theirs.data.configs[0].hostValue);
  });

  test('that is missing for one name refuses the application and says what to set', async () => {
    const session = await createSession({ config: { language: 'en' } });
    await session.delegate(['fastpix.cn']);
    const { code, msg, data } = await session.post('/v1/cert/apply', { domainList: names });
    assert.equal(code, 1001);
    assert.match(
      msg,
      /^_acme-challenge\.demo\.fastpix\.cn is not a CNAME to [0-9a-f]{16}\.httpsok\.com; add that record/,
    );
    assert.equal(data, null);
    assert.deepEqual(await session.orders(), []);
  });
});

describe('an application', () => {
  test('places an order with these very challenges and a key of our making', async () => {
    const upstream = await createNastyUpstream(() => session.app.clock);
    const issuer = createUpstreamIssuer(upstream, () => session.app.clock, { id: 'acme-le' });
    const session: Session = await createSession({
      config: { issuers: { letsencrypt: issuer.id } },
      upstreams: [issuer],
    });
    await applied(session, { algorithm: 'RSA', ca: 'letsencrypt', notifyUrl: 'https://hook.example/x' });
    const { order, issuance, authorizations, product } = await session.order();
    assert.equal(product.code, 'letsencrypt');
    assert.equal(issuance.issuerId, 'acme-le');
    assert.equal(order.notifyUrl, 'https://hook.example/x');
    assert.deepEqual(order.dialectData, { algorithm: 'RSA', ca: 'letsencrypt' });
    assert.ok(issuance.sealedKey);
    assert.deepEqual(
      authorizations.map(({ challenges }) => challenges.map((challenge) => 'host' in challenge && challenge.host)),
      [['_acme-challenge.fastpix.cn'], ['_acme-challenge.fastpix.cn'], ['_acme-challenge.demo.fastpix.cn']],
    );
  });

  test('comes from the issuer of its product, where the configuration names none for its CA', async () => {
    const upstream = await createNastyUpstream(() => session.app.clock);
    const issuer = createUpstreamIssuer(upstream, () => session.app.clock, { id: 'acme-le' });
    const session: Session = await createSession({ upstreams: [issuer] });
    await session.app.ports.catalogue.change(session.app.operator, 'httpsok', 'google', { issuerId: issuer.id });
    await applied(session);
    assert.equal((await session.order()).issuance.issuerId, 'acme-le');
  });

  test('that is repeated within a minute is the same one', async () => {
    const session = await createSession();
    const id = async (body?: object) => (await applied(session, body)).data;
    const first = await id();
    assert.equal(first, '236417');
    assert.equal(await id(), first);
    const other = await id({ algorithm: 'RSA' });
    assert.notEqual(other, first);
    await session.app.advance(61);
    const later = await id();
    assert.ok(![first, other].includes(later), later);
  });

  const keys = [
    ['ECC', /^-----BEGIN EC PRIVATE KEY-----\n[\s\S]+-----END EC PRIVATE KEY-----\n$/, 'ec'],
    ['RSA', /^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]+-----END RSA PRIVATE KEY-----\n$/, 'rsa'],
  ] as const;
  for (const [algorithm, pem, type] of keys) {
    test(`of ${algorithm} delivers its key in the form of the samples, and the chain in one PEM`, async () => {
      const session = await createSession();
      await applied(session, { algorithm });
      await session.app.idle();
      const { data } = await session.get(`/v1/cert/apply/${firstNumber}`);
      assert.deepEqual([data.status, data.algorithm, data.progress], [1, algorithm, 100]);
      assert.match(data.privateKey, pem);
      assert.equal(createPrivateKey(data.privateKey).asymmetricKeyType, type);
      assert.equal(data.certificate.match(/-----BEGIN CERTIFICATE-----/g).length, 2);
      assert.match(data.certificate, /-----END CERTIFICATE-----\n$/);
      const leaf = new X509Certificate(data.certificate);
      assert.equal(data.fingerprints, leaf.fingerprint256.replaceAll(':', '').toLowerCase());
    });
  }

  test('is told to its URL as the bare object of the poll', async () => {
    const session = await createSession();
    await applied(session, { notifyUrl: 'https://hook.example/x' });
    await session.app.idle();
    const { data } = await session.get(`/v1/cert/apply/${firstNumber}`);
    const [message] = session.app.hooks.requests;
    assert.equal(message?.url, 'https://hook.example/x');
    assert.equal(message?.post?.headers['Content-Type'], 'application/json');
    assert.equal(message?.post?.body, JSON.stringify(data));
  });

  test('shows its true state', async () => {
    const { issuer, mend } = createBrokenIssuer();
    const session = await createSession({ issuer, works: false });
    await applied(session);
    const poll = async () => {
      const { data } = await session.get(`/v1/cert/apply/${firstNumber}`);
      return [data.status, data.progress, 'certificate' in data];
    };
    assert.deepEqual(await poll(), [2, 25, false]);
    await session.stayAway(0);
    assert.deepEqual(await poll(), [2, 75, false]);
    mend();
    await session.app.advance(60);
    assert.deepEqual(await poll(), [1, 100, true]);
    const { app } = session;
    await app.ports.revocations.revokeOrder(app.operator, { number: firstNumber }, 'superseded');
    assert.deepEqual(await poll(), [3, 0, true]);
  });

  test('has a status for every state', () => {
    const rows = [
      ['open', 'awaitingApproval', 2, 5],
      ['open', 'ready', 2, 50],
      ['open', 'issuing', 2, 75],
      ['active', 'issued', 1, 100],
      ['ended', 'issued', 1, 100], // what was issued is still shown
      ['ended', 'cancelled', 3, 0],
      ['rejected', 'failed', 3, 0],
      ['cancelled', 'cancelled', 3, 0],
      ['failed', 'failed', 3, 0],
    ] as const;
    for (const [order, issuance, status, progress] of rows) {
      const view = { order: { state: order }, issuance: { state: issuance }, certificate: null };
      const shown = statusOf(view as Parameters<typeof statusOf>[0]);
      assert.deepEqual(shown, { status, progress }, `${order} ${issuance}`);
    }
  });
});

describe('what is tolerated', () => {
  const bodies: readonly (readonly [what: string, body: string])[] = [
    ['a byte order mark', '\ufeff{"domainList":["a.example.com"]}'],
    ['a single name', '{"domainList":"a.example.com"}'],
    ['names with commas', '{"domainList":"a.example.com, *.a.example.com"}'],
    ['commas inside a list', '{"domainList":["a.example.com，*.a.example.com"]}'],
    ['a name twice', '{"domainList":["a.example.com","a.example.com","A.EXAMPLE.COM"]}'],
    ['blanks and trailing dots', '{"domainList":["  a.example.com. "]}'],
    ['upper-case algorithm and CA', '{"domainList":["a.example.com"],"algorithm":"ecc","ca":"Google"}'],
    ['empty and null options', '{"domainList":["a.example.com"],"algorithm":"","ca":null,"notifyUrl":""}'],
    ['fields that nobody knows', '{"domainList":["a.example.com"],"type":"dns"}'],
  ];
  for (const [what, body] of bodies) {
    test(what, async () => {
      const session = await createSession();
      await session.delegate(['a.example.com']);
      const { code, data } = await session.post('/v1/cert/apply', body);
      assert.deepEqual([code, data], [0, '236417']);
    });
  }

  const headers: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
    ['the header in another case', { openapikey: key }],
    ["the earlier draft's header", { 'httpsok-token': key }],
    ['blanks around the key', { OpenApiKey: ` ${key} ` }],
  ];
  for (const [what, sent] of headers) {
    test(what, async () => {
      const { code } = await (await createSession()).post('/v1/cert/dv', { domainList: ['a.example.com'] }, sent);
      assert.equal(code, 0);
    });
  }

  test('a base URL that ends with a slash', async () => {
    const { code } = await (await createSession()).post('/v1//cert/dv', { domainList: ['a.example.com'] });
    assert.equal(code, 0);
  });
});

describe('what is refused, with which code', () => {
  const label64 = 'a'.repeat(64);
  let session: Session;
  before(async () => {
    session = await createSession({ config: { language: 'en' } });
    await session.delegate(['*.co.uk', 'a.example.com', ...names]);
  });

  const rows: readonly (readonly [what: string, body: unknown, code: number, msg: RegExp])[] = [
    ['no JSON', '{"domainList":', 400, /^the request body is not valid JSON/],
    ['no object', '[]', 400, /^the request body must be a JSON object$/],
    ['no names', {}, 400, /^domainList is required$/],
    ['an empty list', { domainList: [] }, 400, /^domainList /],
    ['an empty name', { domainList: [''] }, 400, /^domainList /],
    ['names that are numbers', { domainList: [1] }, 400, /^domainList/],
    ['a bad label', { domainList: ['a_b.example.com'] }, 400, /a_b/],
    ['a label that is too long', { domainList: [`${label64}.example.com`] }, 400, /aaaa/],
    ['a single label', { domainList: ['localhost'] }, 400, /localhost/],
    ['a wildcard in the middle', { domainList: ['a.*.example.com'] }, 400, /a\.\*\.example\.com/],
    ['an address', { domainList: ['192.0.2.1'] }, 400, /192\.0\.2\.1/],
    ['a public suffix', { domainList: ['*.co.uk'] }, 400, /\*\.co\.uk/],
    ['too many names', { domainList: Array.from({ length: 101 }, (_, i) => `n${i}.example.com`) }, 400, /101/],
    ['an unknown algorithm', { domainList: ['a.example.com'], algorithm: 'DSA' }, 400, /^algorithm must be ECC or RSA/],
    ['an unknown CA', { domainList: ['a.example.com'], ca: 'sectigo' }, 400, /^ca must be google or letsencrypt/],
    ['a URL of another scheme', { domainList: ['a.example.com'], notifyUrl: 'ftp://h/' }, 400, /^notifyUrl must be an/],
    ['a URL that is none', { domainList: ['a.example.com'], notifyUrl: 'hook' }, 400, /^notifyUrl must be an http/],
  ];
  for (const [what, body, code, msg] of rows) {
    test(what, async () => {
      const reply = await session.post('/v1/cert/apply', body);
      assert.equal(reply.code, code, reply.msg);
      assert.match(reply.msg, msg);
      assert.equal(reply.data, null);
      assert.deepEqual(await session.orders(), []);
    });
  }

  const keys: readonly (readonly [what: string, headers: Readonly<Record<string, string>>, code: number])[] = [
    ['no key', {}, 401],
    ['an empty key', { OpenApiKey: '' }, 401],
    ['a key of another form', { OpenApiKey: 'xxxxxxxxx' }, 401],
    ['a wrong key', { OpenApiKey: `${key.slice(0, 47)}0` }, 401],
  ];
  for (const [what, sent, code] of keys) {
    test(`${what}, before the body is looked at`, async () => {
      const reply = await session.post('/v1/cert/apply', { domainList: 7 }, sent);
      assert.equal(reply.code, code);
      assert.match(reply.msg, /OpenApiKey/);
      assert.ok(!reply.msg.includes(key.slice(0, 40)), 'no key in a message');
    });
  }

  test('a revoked key', async () => {
    const revoked = await session.anotherKey();
    const { ports, operator } = session.app;
    const { items } = await ports.credentials.list(operator, { limit: 100 });
    const held = items.find(({ publicId }) => revoked.startsWith(publicId));
    const headers = { OpenApiKey: revoked };
    assert.equal((await session.get('/v1/cert/apply/1', headers)).code, 404);
    await ports.credentials.revoke(operator, held?.id ?? '');
    assert.equal((await session.get('/v1/cert/apply/1', headers)).code, 401);
  });

  test('a body of more than a megabyte', async () => {
    const reply = await session.post('/v1/cert/dv', { domainList: ['a'.repeat(1 << 20)] });
    assert.equal(reply.code, 413);
  });

  for (const [id, code] of [
    ...['1', 'abc', '1e3', '-1', '99999999999999999999'].map((one) => [one, 404] as const),
    ['%00', 400] as const,
  ]) {
    test(`the id ${id}`, async () => {
      assert.equal((await session.get(`/v1/cert/apply/${id}`)).code, code);
    });
  }

  test("another account's application, as if there were none", async () => {
    const ordering = await createSession();
    await applied(ordering);
    const otherKey = await ordering.anotherKey();
    const reply = await ordering.get(`/v1/cert/apply/${firstNumber}`, { OpenApiKey: otherKey });
    assert.equal(reply.code, 404);
  });

  const fromCore: readonly (readonly [reason: ReturnType<typeof reason>, code: number])[] = [
    [reason('insufficientBalance', { needed: '1.00 CNY', balance: '0.00 CNY' }), 402],
    [reason('accountSuspended', {}), 403],
    [reason('unknownProduct', { field: 'ca', value: '"google"' }), 400],
    [reason('keyNotAllowed', { algorithm: 'P-256', profile: 'p' }), 400],
    [reason('proofReferenceUsed', { value: '"x"' }), 409],
    [reason('wrongState', { what: 'order', value: '1', state: 'active', needed: 'open' }), 409],
    [reason('issuerRefused', { issuer: 'i', detail: 'd' }), 1002],
    [reason('issuerUnavailable', { issuer: 'i' }), 503],
    [reason('internal', {}), 500],
  ];
  for (const [why, code] of fromCore) {
    test(`${why.key} of the core`, async () => {
      const { orders } = session.app.ports;
      const { place } = orders;
      orders.place = () => Promise.reject(new CertError(why));
      const reply = await session.post('/v1/cert/apply', { domainList: names });
      orders.place = place;
      assert.equal(reply.code, code);
    });
  }

  test('with a code of its own for each kind that a client must tell apart', () => {
    assert.equal(errors.unauthenticated.code, 401);
    assert.equal(errors.rateLimited.code, 429);
    assert.equal(errors.unsupported.code, 501);
    assert.equal(errors.validationFailed.code, 1001);
  });
});

describe('the client half', () => {
  const clientOf = (session: Session, secret = key) =>
    createHttpsokClient({ baseUrl, fetch: session.fetch, key: new Secret(secret) });

  test('plays the whole API', async () => {
    const session = await createSession();
    const client = clientOf(session);
    assert.equal((await client.checkDelegation(names)).valid, false);
    await session.delegate(names);
    assert.equal((await client.checkDelegation(names)).valid, true);
    const id = await client.apply({ names, algorithm: 'ECC', ca: 'zerossl' });
    await session.app.idle();
    const done = await client.application(id);
    assert.ok(done.status === 1 && done.ca === 'zerossl');
  });

  test('reads refusals as our own errors', async () => {
    const session = await createSession();
    const code = (expected: string) => (error: unknown) => error instanceof CertError && error.code === expected;
    await assert.rejects(clientOf(session, '0'.repeat(48)).apply({ names }), code('unauthenticated'));
    await assert.rejects(clientOf(session).apply({ names }), code('validationFailed'));
    await assert.rejects(clientOf(session).apply({ names: ['a_b.example.com'] }), code('badName'));
    await assert.rejects(clientOf(session).application('1'), code('notFound'));
  });

  test('reads what the table and other servers say instead', async () => {
    const reply = (body: string, status = 200) =>
      createHttpsokClient({ baseUrl, key: new Secret(key), fetch: async () => new Response(body, { status }) });
    const poll = '{"code":"0","data":{"id":"7","status":2,"domains":"a","progress":"75"}}';
    const { status, domains, progress, certificate } = await reply(poll).application('7');
    assert.deepEqual(
      { status, domains, progress, certificate },
      { status: 2, domains: 'a', progress: 75, certificate: '' },
    );
    assert.equal(await reply('{"code":0,"data":236417}').apply({ names }), '236417');
    for (const bad of ['', '[]', '{"code":0,"data":{}}']) {
      await assert.rejects(reply(bad).application('7'), (error) => error instanceof CertError);
    }
    await assert.rejects(reply('', 502).application('7'), (e) => e instanceof CertError && e.code === 'unavailable');
  });
});
