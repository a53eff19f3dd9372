/** The CA in the tests, polite: from account to renewal, as RFC 8555 and RFC 9773 have it. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { createRawClient, csrFor, newSigningKey } from '../support/acme-ca/raw-client.ts';
import { createSession, download, typeOf } from './session.ts';

const certificatesIn = (pem: string) =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

describe('the ACME CA of the tests', () => {
  it('issues to the key of the request for the names that were proved, under a chain that builds', async () => {
    const session = await createSession({ settings: { alternates: 2 } });
    const { client, ca } = session;
    const names = ['www.example.com', '*.example.com'];
    const bought = await session.buy(names);
    assert.equal(bought.order.body.status, 'pending');
    assert.equal(bought.finalized.body.status, 'processing');
    assert.equal(bought.finalized.headers.get('retry-after'), '3');
    const sent = await download(session, bought);
    assert.equal(sent.headers.get('content-type'), 'application/pem-certificate-chain');
    const alternates = [...(sent.headers.get('link') ?? '').matchAll(/<([^>]*)>;rel="alternate"/g)].map(
      ([, url]) => url,
    );
    assert.equal(alternates.length, 2);
    const issuers = new Set<string>();
    for (const url of [undefined, ...alternates]) {
      const { text } = url === undefined ? sent : await client.post(url);
      const [leaf, intermediate, ...rest] = certificatesIn(text);
      assert.ok(leaf && intermediate && rest.length === 0);
      assert.ok(leaf.checkIssued(intermediate) && leaf.verify(intermediate.publicKey));
      assert.equal(leaf.subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
      issuers.add(intermediate.issuer);
    }
    assert.equal(issuers.size, 3, 'each chain has a root of its own');
    assert.deepEqual(ca.counted(), { '*.example.com www.example.com': 1 });
    assert.equal(ca.books.orders[0]?.finalized, 1);
    assert.deepEqual(ca.books.bugs, []);
  });

  const proofs: readonly (readonly [type: string, name: string, offered: readonly string[]])[] = [
    ['http-01', 'www.example.com', ['http-01', 'dns-01', 'tls-alpn-01']],
    ['http-01', '192.0.2.7', ['http-01', 'tls-alpn-01']],
    ['http-01', '2001:db8::7', ['http-01', 'tls-alpn-01']],
    ['dns-01', 'www.example.com', ['http-01', 'dns-01', 'tls-alpn-01']],
    ['dns-01', '*.example.com', ['dns-01']],
  ];
  for (const [type, name, offered] of proofs) {
    it(`proves ${name} by ${type}, and refuses another proof`, async () => {
      const session = await createSession();
      const { client, network } = session;
      for (const isPlaced of [true, false]) {
        const order = await client.newOrder([name]);
        const [url] = order.body.authorizations;
        const shown = await client.post(url);
        const types = shown.body.challenges.map((one: { readonly type: string }) => one.type);
        assert.deepEqual(types, offered);
        const challenge = session.place(shown, type);
        if (!isPlaced) {
          for (const key of network.pages.keys()) network.pages.set(key, 'something else');
          for (const key of network.texts.keys()) network.texts.set(key, ['something else']);
        }
        const responded = await client.post(challenge, {});
        assert.equal(responded.body.status, 'processing');
        assert.match(responded.headers.get('link') ?? '', /rel="up"/);
        const final = await client.post(url);
        assert.equal(final.body.status, isPlaced ? 'valid' : 'invalid');
        assert.equal(final.body.wildcard, name.startsWith('*') ? true : undefined);
        const { body } = await client.post(order.headers.get('location') ?? '');
        assert.equal(body.status, isPlaced ? 'ready' : 'invalid');
        if (!isPlaced) assert.equal(body.error.type, 'urn:ietf:params:acme:error:unauthorized');
      }
    });
  }

  it('follows the CNAME of a delegation, and tells a name that nobody answers for', async () => {
    const session = await createSession();
    const { client, network } = session;
    network.aliases.set('_acme-challenge.www.example.com', 'label.zone.example');
    const order = await client.newOrder(['www.example.com']);
    const [url] = order.body.authorizations;
    const { body } = await client.post(url);
    const dns = body.challenges[1];
    network.texts.set('label.zone.example', ['older', client.digest(dns.token)]);
    await client.post(dns.url, {});
    assert.equal((await client.post(url)).body.status, 'valid');
    network.away.add('label.zone.example');
    const other = await client.newOrder(['www.example.com']);
    await session.prove(other);
    const final = await client.post(other.body.authorizations[0]);
    assert.equal(final.body.challenges[0].error.type, 'urn:ietf:params:acme:error:dns');
  });

  it('takes a record that stands for good, and only one of the account that covers the name', async () => {
    const session = await createSession({
      settings: { challengeTypes: ['dns-persist-01'], looksForRecordsAtOnce: true },
    });
    const { client, network } = session;
    const rows: readonly (readonly [at: string, record: string, name: string, isValid: boolean])[] = [
      ['example.com', `ca.example; accounturi=${client.account}`, 'example.com', true],
      ['example.com', `ca.example; accounturi=${client.account}`, '*.example.com', false],
      ['example.com', `ca.example; accounturi=${client.account}; policy=wildcard`, '*.example.com', true],
      ['example.com', `ca.example; accounturi=${client.account}; policy=wildcard`, 'www.example.com', true],
      ['example.com', `ca.example; accounturi=${client.account}`, 'www.example.com', false],
      ['example.com', `ca.example; accounturi=${client.account}0`, 'example.com', false],
      ['example.com', `other.example; accounturi=${client.account}`, 'example.com', false],
      ['example.com', `ca.example; accounturi=${client.account}; persistUntil=1`, 'example.com', false],
    ];
    for (const [at, record, name, isValid] of rows) {
      network.texts.set(`_validation-persist.${at}`, [record]);
      const order = await client.newOrder([name]);
      assert.equal(order.body.status, isValid ? 'ready' : 'pending', `${record} for ${name}`);
      const { body } = await client.post(order.body.authorizations[0]);
      const [challenge] = body.challenges;
      assert.equal(challenge.token, undefined);
      assert.equal(challenge.accounturi, client.account);
      assert.deepEqual(challenge['issuer-domain-names'], ['ca.example']);
    }
  });

  it('asks CAA up the tree', async () => {
    const session = await createSession();
    const { client, network } = session;
    const rows: readonly (readonly [tag: string, value: string, name: string, isAllowed: boolean])[] = [
      ['issue', 'ca.example', 'www.example.com', true],
      ['issue', 'other.example', 'www.example.com', false],
      ['issue', ';', 'www.example.com', false],
      ['issuewild', 'other.example', '*.example.com', false],
      ['issuewild', 'other.example', 'www.example.com', true],
      ['issue', `ca.example; accounturi=${client.account}`, 'www.example.com', true],
      ['issue', `ca.example; accounturi=${client.account}0`, 'www.example.com', false],
      ['issue', 'ca.example; validationmethods=http-01', 'www.example.com', false],
      ['issue', 'ca.example; validationmethods=http-01,dns-01', 'www.example.com', true],
      ['iodef', 'mailto:a@example.com', 'www.example.com', true],
    ];
    for (const [tag, value, name, isAllowed] of rows) {
      network.caa.set('example.com', [{ isCritical: false, tag, value }]);
      const order = await client.newOrder([name]);
      await session.prove(order);
      const { body } = await client.post(order.headers.get('location') ?? '');
      assert.equal(body.status, isAllowed ? 'ready' : 'invalid', `${tag} ${value} for ${name}`);
      if (!isAllowed) assert.equal(body.error.type, 'urn:ietf:params:acme:error:caa');
    }
  });

  it('refuses a request that is not for the order', async () => {
    const session = await createSession();
    const { client } = session;
    const order = await client.newOrder(['www.example.com']);
    const early = await client.post(order.body.finalize, { csr: await csrFor(['www.example.com']) });
    assert.deepEqual([early.status, typeOf(early)], [403, 'orderNotReady']);
    await session.prove(order);
    for (const csr of [
      await csrFor(['other.example.com']),
      await csrFor(['www.example.com', 'example.com']),
      await csrFor(['www.example.com'], client.privateKey),
      'AAAA',
    ]) {
      assert.equal(typeOf(await client.post(order.body.finalize, { csr })), 'badCSR');
    }
    const csr = await csrFor(['www.example.com']);
    assert.equal((await client.post(order.body.finalize, { csr })).status, 200);
    assert.equal(typeOf(await client.post(order.body.finalize, { csr })), 'orderNotReady');
    assert.equal(session.ca.books.orders[0]?.finalized, 1);
  });

  it('looks, tells and issues in its own time', async () => {
    const session = await createSession({
      settings: {
        validation: { looksAfterMs: 1000, tellsAfterMs: 60_000 },
        finalize: { isSynchronous: false, takesMs: 5000 },
        retryAfter: 'date',
      },
    });
    const { client, clock, network } = session;
    const order = await client.newOrder(['www.example.com']);
    const url = order.headers.get('location') ?? '';
    await session.prove(order);
    assert.deepEqual(network.looks, []);
    await clock.advance(1000);
    const waiting = await client.post(order.body.authorizations[0]);
    assert.deepEqual(network.looks.slice(0, 1), ['TXT _acme-challenge.www.example.com']);
    assert.equal(waiting.body.status, 'pending');
    assert.equal(waiting.headers.get('retry-after'), 'Mon, 01 Jun 2026 00:00:03 GMT');
    await clock.advance(60_000);
    assert.equal((await client.post(url)).body.status, 'ready');
    await client.post(order.body.finalize, { csr: await csrFor(['www.example.com']) });
    await clock.advance(4999);
    assert.equal((await client.post(url)).body.status, 'processing');
    await clock.advance(1);
    assert.equal((await client.post(url)).body.status, 'valid');
  });

  it('tells when to renew, and which order has renewed', async () => {
    const session = await createSession();
    const { client, ca, clock } = session;
    await session.buy(['www.example.com']);
    await ca.catchUp();
    const [first] = ca.books.certificates;
    assert.ok(first);
    const info = await client.get(`${client.directory.renewalInfo}/${first.certId}`);
    assert.equal(info.headers.get('retry-after'), '21600');
    const { start, end } = info.body.suggestedWindow;
    assert.ok(Date.parse(start) > clock.now().getTime() && Date.parse(start) < Date.parse(end));
    ca.renewNow(first);
    const now = await client.get(`${client.directory.renewalInfo}/${first.certId}`);
    assert.ok(Date.parse(now.body.suggestedWindow.end) < clock.now().getTime());
    assert.equal((await client.get(`${client.directory.renewalInfo}/AAAA.AAAA`)).status, 404);
    const renewed = await session.buy(['www.example.com'], { replaces: first.certId });
    assert.equal(renewed.order.body.replaces, first.certId);
    assert.equal((await client.post(renewed.url)).body.status, 'valid');
    const again = await client.newOrder(['www.example.com'], { replaces: first.certId });
    assert.deepEqual([again.status, typeOf(again)], [409, 'alreadyReplaced']);
    const other = await client.newOrder(['other.example.net'], { replaces: ca.books.certificates[1]?.certId });
    assert.deepEqual([other.status, typeOf(other)], [400, 'malformed']);
    assert.equal((await client.newOrder(['www.example.com'], { replaces: 'AAAA.AAAA' })).status, 404);
  });

  it('revokes once, by the account or by the key of the certificate', async () => {
    const session = await createSession();
    const { client, ca } = session;
    const bought = await session.buy(['www.example.com']);
    const [leaf] = certificatesIn((await download(session, bought)).text);
    const certificate = leaf?.raw.toString('base64url');
    const { revokeCert } = client.directory;
    assert.equal(typeOf(await client.post(revokeCert, { certificate, reason: 2 })), 'badRevocationReason');
    assert.equal((await client.post(revokeCert, { certificate, reason: 4 })).status, 200);
    assert.equal(typeOf(await client.post(revokeCert, { certificate })), 'alreadyRevoked');
    assert.equal(ca.books.certificates[0]?.revoked?.reason, 4);
    const key = newSigningKey();
    const order = await client.newOrder(['own.example.com']);
    await session.prove(order);
    await client.post(order.body.finalize, { csr: await csrFor(['own.example.com'], key) });
    const payload = { certificate: ca.books.certificates[1]?.der.toString('base64url'), reason: 1 };
    const stranger = await createRawClient(ca.fetch, ca.directoryUrl);
    assert.equal(typeOf(await stranger.post(revokeCert, payload)), 'unauthorized');
    const holder = await createRawClient(ca.fetch, ca.directoryUrl, key);
    assert.equal((await holder.post(revokeCert, payload)).status, 200);
    assert.equal(ca.books.certificates[1]?.revoked?.reason, 1);
  });

  it('uses what is proved again, and the same order, where it is set to', async () => {
    const session = await createSession({ settings: { authorizationReuseRate: 1, reusesOrders: true } });
    const { client } = session;
    const first = await client.newOrder(['www.example.com']);
    const same = await client.newOrder(['www.example.com']);
    assert.equal(same.headers.get('location'), first.headers.get('location'));
    await session.prove(first);
    await client.post(first.body.finalize, { csr: await csrFor(['www.example.com']) });
    const second = await client.newOrder(['www.example.com']);
    assert.notEqual(second.headers.get('location'), first.headers.get('location'));
    assert.equal(second.body.status, 'ready');
    assert.deepEqual(second.body.authorizations, first.body.authorizations);
  });

  it('sells profiles, dates and names as it is set to', async () => {
    const session = await createSession({
      settings: {
        profiles: { classic: 'a', shortlived: 'b' },
        defaultProfile: 'first',
        addressProfiles: ['shortlived'],
      },
    });
    const { client } = session;
    assert.equal((await client.newOrder(['a.example.com'])).body.profile, 'classic');
    assert.equal((await client.newOrder(['a.example.com'], { profile: 'shortlived' })).body.profile, 'shortlived');
    assert.equal(typeOf(await client.newOrder(['a.example.com'], { profile: 'gone' })), 'invalidProfile');
    assert.equal(typeOf(await client.newOrder(['192.0.2.7'])), 'rejectedIdentifier');
    assert.equal(typeOf(await client.newOrder(['a.example.com'], { notAfter: '2026-07-01T00:00:00Z' })), 'malformed');
    assert.equal(typeOf(await client.newOrder(['A.example.com'])), 'malformed');
    assert.equal(typeOf(await client.newOrder([])), 'malformed');
    const twice = await client.newOrder(['a.example.com', 'a.example.com']);
    assert.equal(twice.body.identifiers.length, 1);
  });

  it('lets its customers have only so much', async () => {
    const session = await createSession();
    const { client, ca, clock } = session;
    ca.settings.limits = { ...ca.settings.limits, certificatesPerSet: 1, ordersPerAccount: 3 };
    await session.buy(['www.example.com']);
    await ca.catchUp();
    const limited = await client.newOrder(['www.example.com']);
    assert.deepEqual(
      [limited.status, typeOf(limited), limited.headers.get('retry-after')],
      [429, 'rateLimited', '604800'],
    );
    const [first] = ca.books.certificates;
    assert.ok(first);
    ca.renewNow(first);
    assert.equal(
      (await client.newOrder(['www.example.com'], { replaces: first.certId })).status,
      201,
      'renewals are exempt',
    );
    assert.equal((await client.newOrder(['other.example.com'])).status, 201);
    assert.equal(typeOf(await client.newOrder(['third.example.com'])), 'rateLimited');
    await clock.advance(ca.settings.limits.windowMs + 1);
    assert.equal((await client.newOrder(['third.example.com'])).status, 201);
  });
});
