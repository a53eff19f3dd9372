/** dns-persist-01 as its client meets it (draft-ietf-acme-dns-persist); how records are read is in `test/dcv/dns-persist.test.ts`. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configSchema } from '../../../src/dialects/acme/config.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { accountHash } from '../../../src/pki/account-hash.ts';
import { createAccountKey } from '../../support/account-key.ts';
import type { AcmeClient } from '../../support/acme-client.ts';
import { thumbprintOf } from '../../support/acme-client.ts';
import { baseUrl, createSession, csrFor, keyChange, type Session, type SessionOptions } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const issuers = ['ca.example.com', 'ca.example.net'];
const name = 'www.example.com';
const hostOf = (domain: string) => `_validation-persist.${domain}`;
const daySeconds = 86_400;

const start = (options: SessionOptions = {}, settings: object = {}) =>
  createSession({
    ...options,
    config: {
      directories: { default: { keysOf: ['native'], dnsPersist: true, caaIdentities: issuers, ...settings } },
    },
  });

const without = defaultProfiles.map((profile) => ({
  ...profile,
  methods: profile.methods.filter((method) => method !== 'dnsPersist'),
}));

const recordFor = ({ account }: Pick<AcmeClient, 'account'>, rest = '') =>
  `${issuers[0]}; accounturi=${account}${rest}`;

interface Wire {
  readonly type: string;
  readonly url: string;
  readonly [member: string]: unknown;
}

async function persistentOf(client: AcmeClient, authorization: string): Promise<Wire> {
  const challenges: readonly Wire[] = (await client.post(authorization)).body.challenges;
  return challenges.at(-1) ?? assert.fail('no challenge');
}

/** An order whose only name is proved, or not, by the record that stands. @returns its authorization */
async function prove(session: Session, of = name, payload = {}) {
  const { client, app } = session;
  const order = await client.newOrder([of], payload);
  assert.equal(order.status, 201, order.text);
  const [url] = order.body.authorizations;
  const { body: before } = await client.post(url);
  if (before.status !== 'pending') return { order, url, body: before };
  const challenge = await persistentOf(client, url);
  assert.equal(challenge.type, 'dns-persist-01');
  assert.equal((await client.post(challenge.url, {})).status, 200);
  await app.advance(60);
  return { order, url, body: (await client.post(url)).body };
}

describe('dns-persist-01 is offered', () => {
  it('nowhere unless the directory configures it', async () => {
    const { client } = await createSession();
    const order = await client.newOrder([name]);
    assert.notEqual((await persistentOf(client, order.body.authorizations[0])).type, 'dns-persist-01');
    assert.equal(JSON.stringify(client.directory).includes('issuerDomainNames'), false);
  });

  it('last, without a token, with the account and the issuers in the words of both drafts', async () => {
    const { client } = await start();
    for (const [of, types] of [
      [name, ['http-01', 'dns-01', 'tls-alpn-01', 'dns-persist-01']],
      ['*.example.com', ['dns-01', 'dns-persist-01']],
    ] as const) {
      const order = await client.newOrder([of]);
      const { body } = await client.post(order.body.authorizations[0]);
      assert.deepEqual(
        body.challenges.map(({ type }: Wire) => type),
        types,
      );
      const { url, ...rest } = body.challenges.at(-1);
      assert.match(url, /\/challenge\/[^/]+\/dns-persist-01$/);
      assert.deepEqual(rest, {
        type: 'dns-persist-01',
        status: 'pending',
        accounturi: client.account,
        'issuer-domain-names': issuers,
        issuerDomainNames: issuers,
      });
    }
    assert.deepEqual(client.directory.meta, {
      caaIdentities: issuers,
      externalAccountRequired: true,
      subdomainAuthAllowed: true,
      issuerDomainNames: issuers,
      accountHashPrefix: `${baseUrl}/acme/default/account-hash/`,
    });
  });

  it('for no address, and not where the profile has other methods only', async () => {
    const { client } = await start();
    const order = await client.newOrder(['192.0.2.7']);
    assert.equal((await persistentOf(client, order.body.authorizations[0])).type, 'tls-alpn-01');
    const other = await start({ profiles: without });
    const named = await other.client.newOrder([name]);
    assert.equal((await persistentOf(other.client, named.body.authorizations[0])).type, 'tls-alpn-01');
  });

  it('only with names by which records can name this service', () => {
    const parse = (settings: object) =>
      configSchema.safeParse({ directories: { default: { keysOf: ['native'], ...settings } } });
    const refused = parse({ dnsPersist: true });
    assert.equal(refused.success, false);
    assert.match(String(refused.error), /caaIdentities[\s\S]*dnsPersist needs a name here/);
    for (const wrong of [
      'CA.example.com',
      'ca.example.com.',
      'cä.example.com',
      '',
      'a b',
      '-a.example',
      'x'.repeat(254),
    ]) {
      assert.equal(parse({ dnsPersist: true, caaIdentities: [wrong] }).success, false, wrong);
    }
    assert.equal(parse({ dnsPersist: true, caaIdentities: Array(11).fill('a.example') }).success, false);
    assert.equal(parse({ dnsPersist: true, caaIdentities: ['xn--c-4ga.example'] }).success, true);
  });
});

describe('a record that stands', () => {
  it('proves the name once its client asks, and not before', async () => {
    const session = await start();
    const { client, app } = session;
    app.checks.placeText(hostOf(name), recordFor(client));
    const order = await client.newOrder([name]);
    await app.advance(60);
    assert.equal((await client.post(order.headers.get('location') ?? '')).body.status, 'pending');
    assert.deepEqual(app.checks.looks, []);
    const { order: proved, body } = await prove(session);
    assert.equal(body.status, 'valid');
    const [challenge] = body.challenges;
    assert.deepEqual([body.challenges.length, challenge.type, challenge.status], [1, 'dns-persist-01', 'valid']);
    assert.equal(challenge.token, undefined);
    assert.equal(body.subdomainAuthAllowed, undefined);
    const finalized = await client.post(proved.body.finalize, { csr: await csrFor([name]) });
    assert.equal(finalized.body.status, 'valid', finalized.text);
  });

  const rows: readonly (readonly [why: string, rest: string, type: string])[] = [
    ['is of another account', 'x', 'unauthorized'],
    ['has ended', '; persistUntil=1', 'unauthorized'],
    ['has a parameter twice', '; policy=wildcard; policy=wildcard', 'malformed'],
    ['has an end that is no number', '; persistUntil=tomorrow', 'malformed'],
    ['has a bad tag', '; a_b=c', 'malformed'],
    ['ends in a semicolon', ';', 'malformed'],
  ];
  for (const [why, rest, type] of rows) {
    it(`and ${why} makes it invalid: ${type}`, async () => {
      const session = await start();
      session.app.checks.placeText(hostOf(name), recordFor(session.client, rest));
      const { body } = await prove(session);
      const [challenge] = body.challenges;
      assert.deepEqual([body.status, challenge.status, challenge.error.type], ['invalid', 'invalid', urn + type]);
      assert.ok(challenge.error.detail.includes(hostOf(name)), challenge.error.detail);
    });
  }

  it('proves nothing to another client of the same account', async () => {
    const { client, stranger, external, app } = await start();
    const other = await stranger();
    await other.register(external);
    app.checks.placeText(hostOf(name), recordFor(client));
    const order = await other.newOrder([name]);
    const [url] = order.body.authorizations;
    await other.post((await persistentOf(other, url)).url, {});
    await app.advance(60);
    assert.equal((await other.post(url)).body.challenges[0].error.type, `${urn}unauthorized`);
  });

  it('covers wildcards and names below only with its policy', async () => {
    for (const [policy, wildcard, below, sibling] of [
      ['', 'invalid', 'invalid', 'pending'],
      ['; policy=WildCard', 'valid', 'valid', 'valid'],
    ] as const) {
      const session = await start();
      const { client, app } = session;
      app.checks.placeText(hostOf('example.com'), recordFor(client, policy));
      assert.equal((await prove(session, '*.example.com')).body.status, wildcard, policy);
      assert.equal((await prove(session, 'a.b.example.com')).body.status, below, policy);
      const { body } = await prove(session, 'example.com');
      assert.deepEqual([body.status, body.subdomainAuthAllowed], ['valid', sibling === 'valid' ? true : undefined]);
      // Its own authorization serves those below, too, or does not.
      const next = await client.newOrder(['c.example.com']);
      assert.equal(next.body.status, sibling === 'valid' ? 'ready' : 'pending');
      assert.equal((await client.newOrder(['example.com'])).body.status, 'ready');
    }
  });
});

describe('what such a record has proved', () => {
  const ends: readonly (readonly [why: string, ttlSeconds: number, rest: string, seconds: number])[] = [
    ['ten days', 30 * daySeconds, '', 10 * daySeconds],
    ['as long as the record may be cached', 3600, '', 3600],
    ['until the record ends', daySeconds, `; persistUntil=${Date.parse('2026-06-01T08:30:00Z') / 1000}`, 1800],
  ];
  for (const [why, ttlSeconds, rest, seconds] of ends) {
    it(`serves again for ${why}`, async () => {
      const session = await start();
      const { client, app } = session;
      app.checks.placeText(hostOf(name), recordFor(client, rest), ttlSeconds);
      const { body } = await prove(session);
      const left = (Date.parse(body.expires) - Date.parse('2026-06-01T08:00:00Z')) / 1000;
      assert.ok(left <= seconds + 1 && left >= seconds - 1, `${body.expires}: ${left}`);
      await app.clock.advance((seconds - 120) * 1000);
      assert.equal((await client.newOrder([name])).body.status, 'ready');
      await app.clock.advance(120_000);
      assert.equal((await client.newOrder([name])).body.status, 'pending');
    });
  }

  it('serves the whole account, as any proof does', async () => {
    const session = await start();
    const { client, stranger, external, app, account } = session;
    app.checks.placeText(hostOf(name), recordFor(client));
    await prove(session);
    const { items } = await app.ports.authorizations.list({ ...app.operator, scope: account.id }, { limit: 10 });
    assert.deepEqual(
      items.map(({ authorization }) => [authorization.identifier.value, authorization.provedBy]),
      [[name, 'dnsPersist']],
    );
    const other = await stranger();
    await other.register(external);
    assert.equal((await other.newOrder([name])).body.status, 'ready');
  });
});

describe('the hashed name of an account in a record', () => {
  const hashed = ({ account = '', thumbprint }: AcmeClient, domain: string, key = thumbprint) =>
    `${issuers[1]}; accounturi=${baseUrl}/acme/default/account-hash/sha-256/${accountHash(domain, key, account)}`;

  it('proves the name, for its domain and for any', async () => {
    for (const domain of [name, '*']) {
      const session = await start();
      session.app.checks.placeText(hostOf(name), hashed(session.client, domain));
      assert.equal((await prove(session)).body.status, 'valid', domain);
    }
  });

  it('proves it after a change of the key as before, by the old key and by the new one', async () => {
    const session = await start();
    const { client, app } = session;
    app.checks.placeText(hostOf(name), hashed(client, name));
    const next = createAccountKey();
    const pending = await client.newOrder(['mail.example.com']);
    const changed = await client.post(client.directory.keyChange ?? '', keyChange(client, next));
    assert.equal(changed.status, 200, changed.text);
    const { account } = client;
    const post = (url: string, payload?: object) => client.post(url, payload, { key: next });
    // The order from before, by the key of now; and an order of now, by the key from before.
    app.checks.placeText(hostOf('mail.example.com'), hashed(client, '*', thumbprintOf(next)));
    const identifiers = [{ type: 'dns', value: name }];
    const order = await post(client.directory.newOrder ?? '', { identifiers });
    for (const { body } of [pending, order]) {
      const [url] = body.authorizations;
      const challenge = (await post(url)).body.challenges.at(-1);
      assert.equal(challenge.accounturi, account);
      await post(challenge.url, {});
      await app.advance(60);
      assert.equal((await post(url)).body.status, 'valid');
    }
  });

  it('proves nothing once the account is deactivated, even where it had asked before', async () => {
    const session = await start();
    const { client, app, account } = session;
    const order = await client.newOrder([name]);
    const challenge = await persistentOf(client, order.body.authorizations[0]);
    await client.post(challenge.url, {});
    assert.equal((await client.post(client.account ?? '', { status: 'deactivated' })).status, 200);
    app.checks.placeText(hostOf(name), recordFor(client));
    await app.advance(60);
    const { items } = await app.ports.authorizations.list({ ...app.operator, scope: account.id }, { limit: 10 });
    assert.deepEqual(items, []);
    const { authorizations = [] } = await app.tables();
    assert.deepEqual(
      authorizations.map(({ state }) => state),
      ['deactivated'],
    );
  });
});
