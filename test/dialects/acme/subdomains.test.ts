/** Names that are proved at a parent (RFC 9444). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultProfiles, type Profile } from '../../../src/domain/profile.ts';
import { createSession, csrFor, type Session } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';

interface Wanted {
  readonly value: string;
  readonly type?: string;
  readonly ancestorDomain?: unknown;
}

const order = ({ client }: Session, ...identifiers: readonly Wanted[]) =>
  client.post(client.directory.newOrder ?? '', {
    identifiers: identifiers.map((one) => ({ type: 'dns', ...one })),
  });

const preAuthorizing = { directories: { default: { keysOf: ['native'], preAuthorization: true } } };

const profilesWith = (methods: Profile['methods']) => defaultProfiles.map((profile) => ({ ...profile, methods }));

const typesOf = ({ challenges }: { readonly challenges: readonly { readonly type: string }[] }) =>
  challenges.map(({ type }) => type);

/** Its dns-01 is fulfilled. */
async function proveByDns({ client, app }: Session, url: string): Promise<void> {
  const { body } = await client.post(url);
  app.checks.place(body.identifier.value, 'dnsTxt');
  const challenge = body.challenges.find(({ type }: { readonly type: string }) => type === 'dns-01');
  await client.post(challenge.url, {});
  await app.idle();
  assert.equal((await client.post(url)).body.status, 'valid');
}

describe('an order whose names have an ancestorDomain', () => {
  it('is proved there once, by DNS, and certifies the names as they were requested', async () => {
    const session = await createSession();
    const { client } = session;
    const names = ['www.example.com', 'a.b.example.com', '*.example.com'];
    const made = await order(session, ...names.map((value) => ({ value, ancestorDomain: 'example.com' })));
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(
      made.body.identifiers,
      names.map((value) => ({ type: 'dns', value })),
    );
    assert.equal(made.body.authorizations.length, 1);
    const [url] = made.body.authorizations;
    const { body } = await client.post(url);
    assert.deepEqual(body.identifier, { type: 'dns', value: 'example.com' });
    assert.deepEqual([body.subdomainAuthAllowed, body.wildcard, typesOf(body)], [true, undefined, ['dns-01']]);
    await proveByDns(session, url);
    const { body: valid } = await client.post(url);
    assert.deepEqual([valid.subdomainAuthAllowed, typesOf(valid)], [true, ['dns-01']]);
    const finalized = await client.post(made.body.finalize, { csr: await csrFor(names) });
    assert.equal(finalized.body.status, 'valid', finalized.text);
    // The parent's proof serves later orders of names below, whether they say so or not.
    assert.equal((await order(session, { value: 'mail.example.com' })).body.status, 'ready');
    assert.equal((await order(session, { value: 'example.com' })).body.status, 'ready');
    assert.equal((await order(session, { value: 'example.net' })).body.status, 'pending');
  });

  it('may name one between the name and the registered domain, and proves nothing beside it', async () => {
    const session = await createSession();
    const made = await order(session, { value: 'a.b.example.com', ancestorDomain: 'B.example.com' });
    const [url] = made.body.authorizations;
    assert.equal((await session.client.post(url)).body.identifier.value, 'b.example.com');
    await proveByDns(session, url);
    assert.equal((await order(session, { value: 'c.b.example.com' })).body.status, 'ready');
    assert.equal((await order(session, { value: 'c.example.com' })).body.status, 'pending');
  });

  it('has one authorization for the parent that is ordered with it', async () => {
    const session = await createSession();
    const made = await order(
      session,
      { value: 'example.com' },
      { value: 'www.example.com', ancestorDomain: 'example.com' },
      { value: 'mail.example.com' },
    );
    assert.equal(made.body.authorizations.length, 2);
    const bodies = [];
    for (const url of made.body.authorizations) bodies.push((await session.client.post(url)).body);
    assert.deepEqual(
      bodies.map((body) => [body.identifier.value, body.subdomainAuthAllowed, typesOf(body)]),
      [
        ['example.com', true, ['dns-01']],
        ['mail.example.com', undefined, ['http-01', 'dns-01', 'tls-alpn-01']],
      ],
    );
  });

  it('uses a proof of its own that stands', async () => {
    const session = await createSession();
    await session.readyOrder(['www.example.com']);
    const made = await order(session, { value: 'www.example.com', ancestorDomain: 'example.com' });
    assert.equal(made.body.status, 'ready');
  });

  it('is proved at the name itself where no method of the profile proves the names below', async () => {
    const session = await createSession({ profiles: profilesWith(['httpFile', 'tlsAlpn']) });
    const made = await order(session, { value: 'www.example.com', ancestorDomain: 'example.com' });
    const { body } = await session.client.post(made.body.authorizations[0]);
    assert.deepEqual([body.identifier.value, body.subdomainAuthAllowed], ['www.example.com', undefined]);
  });

  it('never takes a proof by the host for one of the names below', async () => {
    const session = await createSession();
    const { client, app } = session;
    await session.readyOrder(['example.com']);
    const made = await order(session, { value: 'www.example.com', ancestorDomain: 'example.com' });
    assert.equal(made.body.status, 'pending');
    const { body } = await client.post(made.body.authorizations[0]);
    assert.deepEqual(typesOf(body), ['dns-01']);
    const http = body.challenges[0].url.replace('dns-01', 'http-01');
    app.checks.place('example.com');
    assert.equal((await client.post(http, {})).status, 404);
  });

  it('works below private names', async () => {
    const session = await createSession();
    const made = await order(session, { value: 'a.corp.internal', ancestorDomain: 'corp.internal' });
    assert.equal((await session.client.post(made.body.authorizations[0])).body.identifier.value, 'corp.internal');
  });

  const wrong: readonly (readonly [why: string, wanted: Wanted])[] = [
    ['no parent', { value: 'www.example.com', ancestorDomain: 'example.net' }],
    ['the end of a label', { value: 'www.example.com', ancestorDomain: 'ample.com' }],
    ['the name itself', { value: 'www.example.com', ancestorDomain: 'www.example.com' }],
    ['a name below', { value: 'example.com', ancestorDomain: 'www.example.com' }],
    ['a public suffix', { value: 'www.example.com', ancestorDomain: 'com' }],
    ['a private suffix', { value: 'a.someone.github.io', ancestorDomain: 'github.io' }],
    ['a wildcard', { value: 'a.b.example.com', ancestorDomain: '*.example.com' }],
    ['a trailing dot', { value: 'www.example.com', ancestorDomain: 'example.com.' }],
    ['nothing', { value: 'www.example.com', ancestorDomain: '' }],
    ['a number', { value: 'www.example.com', ancestorDomain: 7 }],
    ['of an address', { type: 'ip', value: '192.0.2.7', ancestorDomain: '0.2.7' }],
    ['a prototype', { value: 'www.example.com', ancestorDomain: '__proto__' }],
  ];
  for (const [why, wanted] of wrong) {
    it(`is refused for ${why}`, async () => {
      const session = await createSession();
      const refused = await order(session, { value: 'ok.example.com' }, wanted);
      assert.deepEqual([refused.status, refused.body.type], [400, `${urn}malformed`], refused.text);
      if (typeof wanted.ancestorDomain === 'string') assert.match(refused.body.detail, /ancestorDomain/);
      assert.deepEqual((await session.app.tables()).authorizations ?? [], []);
    });
  }

  it('names each wrong one in a subproblem', async () => {
    const session = await createSession();
    const values = ['a.example.com', 'b.example.com'];
    const refused = await order(session, ...values.map((value) => ({ value, ancestorDomain: 'com' })));
    assert.deepEqual(
      refused.body.subproblems.map(({ identifier }: { readonly identifier: Wanted }) => identifier.value),
      values,
    );
  });
});

describe('pre-authorization for names below', () => {
  const newAuthz = ({ client }: Session, payload: object) => client.post(client.directory.newAuthz ?? '', payload);
  const identifier = { type: 'dns', value: 'example.com' };

  for (const [where, payload] of [
    ['inside the identifier', { identifier: { ...identifier, subdomainAuthAllowed: true } }],
    ['beside it', { identifier, subdomainAuthAllowed: true }],
  ] as const) {
    it(`is requested ${where}, and proved by DNS only`, async () => {
      const session = await createSession({ config: preAuthorizing });
      const made = await newAuthz(session, payload);
      assert.equal(made.status, 201, made.text);
      assert.deepEqual([made.body.subdomainAuthAllowed, typesOf(made.body)], [true, ['dns-01']]);
      await proveByDns(session, made.headers.get('location') ?? '');
      assert.equal((await order(session, { value: 'www.example.com' })).body.status, 'ready');
      // It stands: the same again.
      assert.equal((await newAuthz(session, payload)).body.status, 'valid');
    });
  }

  it('without the wish has every challenge, and no promise', async () => {
    const session = await createSession({ config: preAuthorizing });
    for (const payload of [{ identifier }, { identifier, subdomainAuthAllowed: false }]) {
      const { body } = await newAuthz(session, payload);
      assert.deepEqual([body.subdomainAuthAllowed, typesOf(body).length], [undefined, 3]);
    }
  });

  it('is not what a proof by the host stands for', async () => {
    const session = await createSession({ config: preAuthorizing });
    await session.readyOrder(['example.com']);
    assert.equal((await newAuthz(session, { identifier })).body.status, 'valid');
    const wide = await newAuthz(session, { identifier, subdomainAuthAllowed: true });
    assert.deepEqual([wide.body.status, wide.body.subdomainAuthAllowed], ['pending', true]);
  });

  it('is no more than one of the name where nothing can prove the names below', async () => {
    const session = await createSession({ config: preAuthorizing, profiles: profilesWith(['httpFile']) });
    const { body } = await newAuthz(session, { identifier, subdomainAuthAllowed: true });
    assert.deepEqual([body.subdomainAuthAllowed, typesOf(body)], [undefined, ['http-01']]);
    const address = await newAuthz(session, {
      identifier: { type: 'ip', value: '192.0.2.7', subdomainAuthAllowed: true },
    });
    assert.deepEqual([address.status, address.body.subdomainAuthAllowed], [201, undefined]);
  });

  it('is refused with something else than true or false', async () => {
    const session = await createSession({ config: preAuthorizing });
    const refused = await newAuthz(session, { identifier, subdomainAuthAllowed: 'yes' });
    assert.deepEqual([refused.status, refused.body.type], [400, `${urn}malformed`]);
  });
});
