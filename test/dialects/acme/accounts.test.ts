/** Accounts: registered, bound, shown, changed, given another key, deactivated (RFC 8555 §7.3). */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { createAccountKey } from '../../support/account-key.ts';
import { type AcmeReply, type ExternalKey, encode, jwkIn, thumbprintOf } from '../../support/acme-client.ts';
import { createSession, csrFor, directoryUrl, keyChange, type Session } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const terms = 'https://ca.example.com/terms/1';

function refusal({ status, body }: AcmeReply): string {
  return `${status} ${body.type.slice(urn.length)}`;
}

const withTerms = (termsOfService: string) => ({
  directories: { default: { keysOf: ['native'], termsOfService } },
});

const linksOf = ({ headers }: AcmeReply) => (headers.get('link') ?? '').split(/, (?=<)/);

describe('newAccount', () => {
  it('makes an account, and answers with it', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const binding = client.bind(external);
    const contact = ['mailto:ops@example.com', 'MAILTO:Second@Example.com'];
    const reply = await client.register(external, { contact, externalAccountBinding: binding });
    assert.equal(reply.status, 201);
    const location = reply.headers.get('location') ?? '';
    assert.match(location, /^https:\/\/ca\.example\.com\/acme\/default\/account\/[0-9a-z]{26}$/);
    assert.deepEqual(reply.body, {
      status: 'valid',
      contact,
      termsOfServiceAgreed: true,
      externalAccountBinding: binding,
      orders: `${location}/orders`,
    });
    const shown = await client.post(location);
    assert.deepEqual([shown.status, shown.body, shown.headers.get('location')], [200, reply.body, location]);
  });

  it('of a known key finds its account, whatever else it says', async () => {
    const { client } = await createSession();
    const { newAccount = '' } = client.directory;
    const account = client.account ?? '';
    for (const payload of [
      {},
      { onlyReturnExisting: true },
      { contact: ['tel:1'], externalAccountBinding: 'nonsense' },
    ]) {
      const reply = await client.post(newAccount, payload, { withJwk: true });
      assert.deepEqual([reply.status, reply.headers.get('location')], [200, account], reply.text);
      assert.deepEqual(reply.body.contact, ['mailto:ops@example.com']);
    }
  });

  it('makes no account where only one that exists is wanted', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const payload = { onlyReturnExisting: true, externalAccountBinding: client.bind(external) };
    assert.equal(refusal(await client.post(client.directory.newAccount ?? '', payload)), '400 accountDoesNotExist');
  });

  it('needs an external account binding', async () => {
    const { stranger } = await createSession();
    const client = await stranger();
    const reply = await client.post(client.directory.newAccount ?? '', { termsOfServiceAgreed: true });
    assert.equal(refusal(reply), '403 externalAccountRequired');
  });

  it('takes contacts that are one e-mail address each', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const rows = [
      [['tel:+1-201-555-0123'], '400 unsupportedContact'],
      [['https://example.com'], '400 unsupportedContact'],
      [['ops@example.com'], '400 unsupportedContact'],
      [['mailto:'], '400 invalidContact'],
      [['mailto:a@example.com,b@example.com'], '400 invalidContact'],
      [['mailto:a@example.com?subject=x'], '400 invalidContact'],
      [['mailto:a'], '400 invalidContact'],
      [['mailto:a@b@example.com'], '400 invalidContact'],
      [['mailto:a@example.com '], '400 invalidContact'],
      [['mailto:a@example.com#x'], '400 invalidContact'],
      [['mailto://a@example.com'], '400 invalidContact'],
      [['mailto:a%2Cb@example.com'], '400 invalidContact'], // two addresses, hidden
      [['mailto:a%0D%0ABcc:b@example.com'], '400 invalidContact'],
      [['mailto:a%@example.com'], '400 invalidContact'],
      [['mailto:a\r\nBcc:b@example.com'], '400 invalidContact'],
      [['mailto:a\u0000@example.com'], '400 invalidContact'],
      [[`mailto:${'a'.repeat(3000)}@example.com`], '400 invalidContact'],
      [Array.from({ length: 21 }, (_, i) => `mailto:a${i}@example.com`), '400 malformed'],
      [['mailto:ops@example.com', 'mailto:a b@example.com'], '400 invalidContact'],
      ['mailto:a@example.com', '400 malformed'],
      [[1], '400 malformed'],
    ] as const;
    for (const [contact, expected] of rows) {
      assert.equal(refusal(await client.register(external, { contact })), expected, JSON.stringify(contact));
    }
    assert.equal((await client.register(external, { contact: [] })).status, 201);
    const plus = await stranger();
    const contact = ['mailto:a%2Bb@example.com', 'mailto:c+d@example.com'];
    assert.deepEqual((await plus.register(external, { contact })).body.contact, contact);
  });

  it('of a suspended account is refused, and its clients with it', async () => {
    const { app, account, client, stranger, external } = await createSession();
    await app.ports.accounts.change(app.operator, account.id, { state: 'suspended' });
    assert.equal(refusal(await (await stranger()).register(external)), '403 unauthorized');
    assert.equal(refusal(await client.post(client.account ?? '')), '403 unauthorized');
  });

  it('made twice at once makes one account', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const payload = { externalAccountBinding: client.bind(external) };
    const replies = await Promise.all([1, 2, 3].map(() => client.post(client.directory.newAccount ?? '', payload)));
    assert.deepEqual(replies.map(({ status }) => status).toSorted(), [200, 200, 201]);
    assert.equal(new Set(replies.map(({ headers }) => headers.get('location'))).size, 1);
  });
});

/** A binding of these bytes, with a MAC that is right. */
function bindingOf(external: ExternalKey, header: string, payload: string): object {
  const [head, body] = [encode(header), encode(payload)];
  const signature = createHmac('sha256', external.hmacKey).update(`${head}.${body}`).digest('base64url');
  return { protected: head, payload: body, signature };
}

describe('an external account binding', () => {
  it('is of the key itself, however that is written', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const header = JSON.stringify({ alg: 'HS256', kid: external.keyId, url: client.directory.newAccount });
    const { kty, ...rest } = jwkIn(client.key) as Record<string, string>;
    const payload = JSON.stringify({ use: 'sig', kid: 'a', ...rest, alg: 'ES256', kty });
    const externalAccountBinding = bindingOf(external, header, payload);
    const reply = await client.register(external, { externalAccountBinding });
    assert.equal(reply.status, 201, reply.text);
    assert.deepEqual(reply.body.externalAccountBinding, externalAccountBinding);
  });

  it('is refused where it says something twice, with the place in words', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const header = JSON.stringify({ alg: 'HS256', kid: external.keyId, url: client.directory.newAccount });
    const payload = JSON.stringify(jwkIn(client.key));
    const rows = [
      [header.replace('{', '{"kid":"x",'), payload, /the protected header of externalAccountBinding .*"kid" twice/],
      [header.replace(/"kid":"[^"]*"/, '"kid":1'), payload, /the protected header of externalAccountBinding lacks kid/],
      [header, payload.replace('{', '{"x":"AA",'), /the payload of externalAccountBinding .*"x" twice/],
      [header, '"x"', /the payload of externalAccountBinding is not a JSON object/],
    ] as const;
    for (const [head, body, detail] of rows) {
      const reply = await client.register(external, { externalAccountBinding: bindingOf(external, head, body) });
      assert.equal(refusal(reply), '400 malformed');
      assert.match(reply.body.detail, detail);
    }
  });

  it('may have any of three MACs', async () => {
    const { stranger, external } = await createSession();
    for (const [alg, digest] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
    ] as const) {
      const client = await stranger();
      const protectedPart = encode({ alg, kid: external.keyId, url: client.directory.newAccount });
      const payload = encode(jwkIn(client.key));
      const signature = createHmac(digest, external.hmacKey).update(`${protectedPart}.${payload}`).digest('base64url');
      const externalAccountBinding = { protected: protectedPart, payload, signature };
      assert.equal((await client.register(external, { externalAccountBinding })).status, 201, alg);
    }
  });

  it('is refused where its form is not that of RFC 8555', async () => {
    const { stranger, external } = await createSession();
    const client = await stranger();
    const right = client.bind(external) as Record<string, string>;
    const otherUrl = 'https://ca.example.com/acme/default/new-order';
    const rows: readonly (readonly [string, unknown, string])[] = [
      ['a text', 'x', '400 malformed'],
      ['null', null, '403 externalAccountRequired'],
      ['a list', [right], '400 malformed'],
      ['no parts', {}, '400 malformed'],
      ['an unprotected header', { ...right, header: {} }, '400 malformed'],
      ['padding', { ...right, signature: `${right.signature}=` }, '400 malformed'],
      ['another url', client.bind(external, { url: otherUrl }), '400 malformed'],
      ['a nonce', client.bind(external, { header: { nonce: 'x' } }), '400 malformed'],
      ['no kid', client.bind(external, { header: { kid: undefined } }), '400 malformed'],
      ['crit', client.bind(external, { header: { crit: ['x'] } }), '400 malformed'],
      ['the algorithm none', client.bind(external, { header: { alg: 'none' } }), '400 badSignatureAlgorithm'],
      ['a signature', client.bind(external, { header: { alg: 'ES256' } }), '400 badSignatureAlgorithm'],
      ['an unknown key', client.bind({ ...external, keyId: 'unknown' }), '403 unauthorized'],
      ['a wrong MAC', client.bind({ ...external, hmacKey: new Uint8Array(32) }), '403 unauthorized'],
      ['a MAC of another length', client.bind(external, { header: { alg: 'HS384' } }), '403 unauthorized'],
      ['another key', client.bind(external, { key: createAccountKey() }), '403 unauthorized'],
      ['no key', { ...right, payload: encode({}) }, '400 badPublicKey'],
    ];
    for (const [what, externalAccountBinding, expected] of rows) {
      assert.equal(refusal(await client.register(external, { externalAccountBinding })), expected, what);
    }
    assert.equal((await client.register(external)).status, 201);
  });

  it('of a revoked key is refused, and one of another front door', async () => {
    const session = await createSession();
    const client = await session.stranger();
    await revokeExternal(session);
    assert.equal(refusal(await client.register(session.external)), '403 unauthorized');
    const other = await createSession({
      config: { directories: { default: { keysOf: ['digicert'] } } },
      registers: false,
    });
    assert.equal(refusal(await other.client.register(other.external)), '403 unauthorized');
  });

  it('binds as many accounts as the directory allows', async () => {
    const config = { directories: { default: { keysOf: ['native'], accountsPerKey: 2 } } };
    const { stranger, external } = await createSession({ config });
    assert.equal((await (await stranger()).register(external)).status, 201);
    assert.equal(refusal(await (await stranger()).register(external)), '403 unauthorized');
  });
});

async function revokeExternal({ app, external }: Session): Promise<void> {
  await app.ports.externalAccountKeys.revoke(app.operator, { number: external.number });
}

describe('an account whose external account key was revoked', () => {
  it('orders nothing more, but reads, downloads and revokes', async () => {
    const session = await createSession();
    const { client } = session;
    const name = 'www.example.com';
    const done = await session.readyOrder([name]);
    const { body } = await client.post(done.body.finalize, { csr: await csrFor([name]) });
    const open = await session.readyOrder([name]);
    await revokeExternal(session);
    assert.equal(refusal(await client.newOrder([name])), '403 unauthorized');
    assert.equal(refusal(await client.post(open.body.finalize, { csr: await csrFor([name]) })), '403 unauthorized');
    assert.equal((await client.post(open.headers.get('location') ?? '')).body.status, 'ready');
    assert.equal((await client.post(client.account ?? '')).body.status, 'valid');
    const { status, text } = await client.post(body.certificate);
    assert.equal(status, 200);
    const certificate = /-----BEGIN CERTIFICATE-----\n([^-]+)/.exec(text)?.[1]?.replaceAll('\n', '') ?? '';
    const url = client.directory.revokeCert ?? '';
    const payload = { certificate: Buffer.from(certificate, 'base64').toString('base64url') };
    assert.equal((await client.post(url, payload)).status, 200);
  });
});

describe('terms of service', () => {
  it('are agreed to before there is an account', async () => {
    const { client, external } = await createSession({ config: withTerms(terms), registers: false });
    assert.equal((await client.get(directoryUrl)).body.meta.termsOfService, terms);
    for (const termsOfServiceAgreed of [undefined, false]) {
      const reply = await client.register(external, { termsOfServiceAgreed });
      assert.equal(refusal(reply), '403 userActionRequired');
      assert.deepEqual(linksOf(reply), [`<${terms}>;rel="terms-of-service"`, `<${directoryUrl}>;rel="index"`]);
      assert.ok(reply.body.detail.includes(terms));
    }
    const reply = await client.register(external);
    assert.equal(reply.status, 201);
    assert.deepEqual(linksOf(reply), [`<${terms}>;rel="terms-of-service"`, `<${directoryUrl}>;rel="index"`]);
  });

  it('that have changed are agreed to again before the next order', async () => {
    const session = await createSession({ config: withTerms(terms) });
    const { client } = session;
    assert.equal((await client.newOrder(['www.example.com'])).status, 201);
    const changed = 'https://ca.example.com/terms/2';
    session.reconfigure(withTerms(changed));
    const reply = await client.newOrder(['www.example.com']);
    assert.equal(refusal(reply), '403 userActionRequired');
    assert.equal(reply.body.instance, changed);
    assert.ok(linksOf(reply).includes(`<${changed}>;rel="terms-of-service"`));
    // RFC 8555 §7.3.2: an update of the account agrees to nothing.
    await client.post(client.account ?? '', { termsOfServiceAgreed: true });
    assert.equal(refusal(await client.newOrder(['www.example.com'])), '403 userActionRequired');
    const { newAccount = '' } = client.directory;
    assert.equal((await client.post(newAccount, {}, { withJwk: true })).status, 200);
    assert.equal(refusal(await client.newOrder(['www.example.com'])), '403 userActionRequired');
    const agreed = await client.post(newAccount, { termsOfServiceAgreed: true }, { withJwk: true });
    assert.deepEqual([agreed.status, agreed.headers.get('location')], [200, client.account]);
    assert.equal((await client.newOrder(['www.example.com'])).status, 201);
  });
});

describe('an account', () => {
  it('is changed in its contacts only', async () => {
    const { client } = await createSession();
    const account = client.account ?? '';
    const contact = ['mailto:new@example.com'];
    const changed = await client.post(account, {
      contact,
      orders: 'https://evil.example.com',
      status: 'valid',
      termsOfServiceAgreed: false,
    });
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(changed.body, {
      ...changed.body,
      status: 'valid',
      contact,
      termsOfServiceAgreed: true,
      orders: `${account}/orders`,
    });
    assert.equal(refusal(await client.post(account, { contact: ['tel:1'] })), '400 unsupportedContact');
    assert.equal(refusal(await client.post(account, { status: 'revoked' })), '400 malformed');
    assert.deepEqual((await client.post(account)).body.contact, contact);
  });

  it('sees itself only', async () => {
    const { client, stranger, external } = await createSession();
    const other = await stranger();
    await other.register(external);
    const order = await client.newOrder(['www.example.com']);
    const urls = [client.account ?? '', `${client.account}/orders`, order.headers.get('location') ?? ''];
    for (const url of urls) assert.equal(refusal(await other.post(url)), '404 malformed', url);
    assert.equal(refusal(await other.post(client.account ?? '', { status: 'deactivated' })), '404 malformed');
    assert.equal(
      refusal(await other.post(order.body.finalize, { csr: await csrFor(['www.example.com']) })),
      '404 malformed',
    );
  });

  it('lists its orders, in pages that link to the next', async () => {
    const { client, app } = await createSession();
    const orders = [];
    for (let i = 0; i < 101; i++) {
      orders.unshift((await client.newOrder([`w${i}.example.com`])).headers.get('location'));
      await app.clock.advance(1);
    }
    const seen: string[] = [];
    let url: string | undefined = `${client.account}/orders`;
    let pages = 0;
    while (url !== undefined) {
      const reply: AcmeReply = await client.post(url);
      assert.equal(reply.status, 200, reply.text);
      seen.push(...reply.body.orders);
      url = linksOf(reply)
        .map((link) => /^<(.*)>;rel="next"$/.exec(link)?.[1])
        .find((one) => one !== undefined);
      pages++;
    }
    assert.deepEqual([seen, pages], [orders, 3]);
    assert.equal(refusal(await client.post(`${client.account}/orders?cursor=x`)), '404 malformed');
  });

  it('that is deactivated does nothing more, nor does its key', async () => {
    const { client, external } = await createSession();
    const account = client.account ?? '';
    const order = await client.newOrder(['www.example.com']);
    const reply = await client.post(account, { status: 'deactivated' });
    assert.deepEqual([reply.status, reply.body.status], [200, 'deactivated']);
    for (const url of [
      account,
      `${account}/orders`,
      order.headers.get('location') ?? '',
      order.body.authorizations[0],
      client.directory.newOrder ?? '',
    ]) {
      assert.equal(refusal(await client.post(url)), '403 unauthorized', url);
    }
    const again = { externalAccountBinding: client.bind(external) };
    assert.equal(
      refusal(await client.post(client.directory.newAccount ?? '', again, { withJwk: true })),
      '403 unauthorized',
    );
  });
});

describe('a key change', () => {
  it('is to a key of any kind that signs here', async () => {
    for (const algorithm of ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
      const { client } = await createSession();
      const next = createAccountKey(algorithm);
      const payload = keyChange(client, next, { header: { alg: algorithm } });
      assert.equal((await client.post(client.directory.keyChange ?? '', payload)).status, 200, algorithm);
      const shown = await client.post(client.account ?? '', undefined, { key: next, header: { alg: algorithm } });
      assert.equal(shown.status, 200, algorithm);
    }
  });

  it('leaves the account as it is, with another key', async () => {
    const { client } = await createSession();
    const next = createAccountKey();
    const order = await client.newOrder(['www.example.com']);
    const before = (await client.post(client.account ?? '')).body;
    const reply = await client.post(
      client.directory.keyChange ?? '',
      keyChange(client, next, { header: { nonce: 'ignored' } }),
    );
    assert.equal(reply.status, 200, reply.text);
    assert.deepEqual([reply.body, reply.headers.get('location')], [before, client.account]);
    assert.equal(refusal(await client.post(client.account ?? '')), '400 malformed');
    assert.equal((await client.post(client.account ?? '', undefined, { key: next })).status, 200);
    assert.equal(
      (await client.post(order.headers.get('location') ?? '', undefined, { key: next })).body.status,
      'pending',
    );
    const old = await client.post(client.directory.newAccount ?? '', { onlyReturnExisting: true }, { withJwk: true });
    assert.equal(refusal(old), '400 accountDoesNotExist');
  });

  it('is refused where one of its two requests is wrong, and changes nothing', async () => {
    const { client } = await createSession();
    const next = createAccountKey();
    const { keyChange: url = '' } = client.directory;
    const rows: readonly (readonly [string, unknown, string])[] = [
      ['nothing', undefined, '400 malformed'],
      ['no JWS', {}, '400 malformed'],
      ['kid inside', keyChange(client, next, { header: { jwk: undefined, kid: client.account } }), '400 malformed'],
      ['another url', keyChange(client, next, { header: { url: client.account } }), '400 malformed'],
      ['no url', keyChange(client, next, { header: { url: undefined } }), '400 malformed'],
      ['crit', keyChange(client, next, { header: { crit: ['x'] } }), '400 malformed'],
      ['another algorithm', keyChange(client, next, { header: { alg: 'none' } }), '400 badSignatureAlgorithm'],
      ['another account', keyChange(client, next, { payload: { account: `${client.account}x` } }), '400 malformed'],
      ['no account', keyChange(client, next, { payload: { account: undefined } }), '400 malformed'],
      ['another old key', keyChange(client, next, { payload: { oldKey: jwkIn(createAccountKey()) } }), '400 malformed'],
      ['no old key', keyChange(client, next, { payload: { oldKey: undefined } }), '400 malformed'],
      ['an old key that is none', keyChange(client, next, { payload: { oldKey: {} } }), '400 badPublicKey'],
      ['a key that is not held', keyChange(client, next, { signer: createAccountKey() }), '400 malformed'],
      ['the same key', keyChange(client, client.key), '400 malformed'],
      ['a weak key', keyChange(client, next, { header: { jwk: { ...jwkIn(next), y: 'AA' } } }), '400 badPublicKey'],
    ];
    for (const [what, payload, expected] of rows) {
      const reply = await client.post(url, payload);
      assert.equal(refusal(reply), expected, `${what}: ${reply.text}`);
    }
    assert.equal((await client.post(client.account ?? '')).status, 200);
  });

  it('to a key that has an account is refused with that account', async () => {
    const { client, stranger, external } = await createSession();
    const other = await stranger();
    await other.register(external);
    const reply = await client.post(client.directory.keyChange ?? '', keyChange(client, other.key));
    assert.equal(refusal(reply), '409 malformed');
    assert.equal(reply.headers.get('location'), other.account);
  });

  it('reaches the challenges that are still to be met', async () => {
    const { client, app } = await createSession();
    const name = 'www.example.com';
    const order = await client.newOrder([name]);
    const [http] = (await client.post(order.body.authorizations[0])).body.challenges;
    const next = createAccountKey();
    await client.post(client.directory.keyChange ?? '', keyChange(client, next));
    const [after] = (await client.post(order.body.authorizations[0], undefined, { key: next })).body.challenges;
    assert.deepEqual(after, http, 'the token stays');
    app.checks.placeFile(name, `/.well-known/acme-challenge/${http.token}`, `${http.token}.${thumbprintOf(next)}`);
    await client.post(http.url, {}, { key: next });
    await app.idle();
    assert.equal(
      (await client.post(order.headers.get('location') ?? '', undefined, { key: next })).body.status,
      'ready',
    );
  });
});
