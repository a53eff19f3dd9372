/** The CA in the tests: who may come, and what is refused of a request before anybody acts on it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FlattenedSign } from 'jose';
import { createRawClient, newSigningKey, type Signing } from '../support/acme-ca/raw-client.ts';
import { createCa, createSession, typeOf } from './session.ts';

describe('accounts of the ACME CA of the tests', () => {
  it('are made once for a key, and found again', async () => {
    const { ca, client } = await createSession();
    const again = await client.register();
    assert.deepEqual([again.status, again.headers.get('location')], [200, client.account]);
    const stranger = await createRawClient(ca.fetch, ca.directoryUrl);
    const unknown = await stranger.register({ onlyReturnExisting: true });
    assert.deepEqual([unknown.status, typeOf(unknown)], [400, 'accountDoesNotExist']);
    assert.equal(typeOf(await stranger.register({ termsOfServiceAgreed: false })), 'userActionRequired');
    assert.equal(typeOf(await stranger.register({ contact: ['tel:1'] })), 'unsupportedContact');
    assert.equal(typeOf(await stranger.register({ contact: ['mailto:nobody'] })), 'invalidContact');
    assert.equal(ca.books.accounts.length, 1);
  });

  it('need a binding where it is set to, as often as its key may be used', async () => {
    const { ca } = createCa({ settings: { requiresBinding: true } });
    const external = ca.addExternalKey('kid-1', { uses: 1 });
    const first = await createRawClient(ca.fetch, ca.directoryUrl);
    const refused = await first.register();
    assert.deepEqual([refused.status, typeOf(refused)], [403, 'externalAccountRequired']);
    const bind = async (client: typeof first, key = external) => ({ externalAccountBinding: await client.bind(key) });
    assert.equal(typeOf(await first.register(await bind(first, { ...external, keyId: 'kid-2' }))), 'unauthorized');
    const wrong = { ...external, hmacKey: external.hmacKey.toReversed() };
    assert.equal(typeOf(await first.register(await bind(first, wrong))), 'unauthorized');
    const second = await createRawClient(ca.fetch, ca.directoryUrl);
    assert.equal(typeOf(await first.register(await bind(second))), 'malformed');
    assert.equal((await first.register(await bind(first))).status, 201);
    assert.equal(ca.books.accounts[0]?.keyId, 'kid-1');
    assert.equal(typeOf(await second.register(await bind(second))), 'unauthorized');
    assert.equal((await first.register()).status, 200, 'a known key needs none');
  });

  it('are read and changed, and end', async () => {
    const { client, ca } = await createSession();
    const url = client.account ?? '';
    await client.newOrder(['www.example.com']);
    const changed = await client.post(url, { contact: [] });
    assert.deepEqual([changed.body.contact, changed.body.status], [[], 'valid']);
    assert.equal((await client.post(changed.body.orders)).body.orders.length, 1);
    assert.equal((await client.post(url, { status: 'deactivated' })).body.status, 'deactivated');
    assert.equal(ca.books.orders[0]?.state, 'invalid');
    const refused = await client.post(url);
    assert.deepEqual([refused.status, typeOf(refused)], [403, 'unauthorized']);
  });

  it('may be out of reach but for newAccount', async () => {
    const { client, ca } = await createSession({ settings: { accountsAreReadable: false } });
    assert.equal((await client.post(client.account ?? '')).status, 405);
    assert.equal((await client.register({ onlyReturnExisting: true })).status, 200);
    const [account] = ca.books.accounts;
    assert.ok(account);
    ca.deleteAccount(account);
    assert.equal(typeOf(await client.newOrder(['www.example.com'])), 'accountDoesNotExist');
    assert.equal((await client.register()).status, 201, 'a new one');
  });

  it('have to agree to new terms', async () => {
    const { client, ca } = await createSession();
    ca.changeTerms();
    const refused = await client.newOrder(['www.example.com']);
    assert.deepEqual([refused.status, typeOf(refused)], [403, 'userActionRequired']);
    assert.equal(refused.body.instance, 'https://ca.example/terms/2');
    assert.match(refused.headers.get('link') ?? '', /<https:\/\/ca\.example\/terms\/2>;rel="terms-of-service"/);
    await client.post(client.account ?? '', { termsOfServiceAgreed: true });
    assert.equal((await client.newOrder(['www.example.com'])).status, 201);
  });

  it('change their key', async () => {
    const { client, ca } = await createSession();
    const url = client.directory.keyChange;
    const next = await createRawClient(ca.fetch, ca.directoryUrl, newSigningKey());
    const inner = (by: typeof next, header: object = {}) =>
      new FlattenedSign(Buffer.from(JSON.stringify({ account: client.account, oldKey: client.jwk })))
        .setProtectedHeader({ alg: 'ES256', jwk: by.jwk, url, ...header })
        .sign(by.privateKey);
    const taken = await client.post(url, await inner(client));
    assert.deepEqual([taken.status, taken.headers.get('location')], [409, client.account]);
    assert.equal(typeOf(await client.post(url, await inner(next, { url: 'https://other.example' }))), 'malformed');
    assert.equal((await client.post(url, await inner(next))).status, 200);
    assert.equal(typeOf(await client.post(client.account ?? '')), 'malformed', 'the old key signs no more');
    next.account = client.account;
    assert.equal((await next.post(next.account ?? '')).status, 200);
  });
});

describe('a request to the ACME CA of the tests', () => {
  const rows: readonly (readonly [what: string, signing: Signing, status: number, type: string])[] = [
    ['of another content type', { contentType: 'application/json' }, 415, 'malformed'],
    ['with key and account', { header: { kid: 'https://ca.example/account/1' }, withJwk: true }, 400, 'malformed'],
    ['with a key where an account has to sign', { withJwk: true }, 400, 'malformed'],
    ['of an unknown account', { header: { kid: 'https://ca.example/account/9' } }, 400, 'accountDoesNotExist'],
    ['for another URL', { header: { url: 'https://ca.example/new-order/' } }, 403, 'unauthorized'],
    ['with a nonce that is made up', { header: { nonce: 'AAAA' } }, 400, 'badNonce'],
    ['with a further member', { change: (jws) => ({ ...jws, header: {} }) }, 400, 'malformed'],
    ['with a changed payload', { change: (jws) => ({ ...jws, payload: 'e30' }) }, 400, 'malformed'],
    ['with padding', { change: (jws) => ({ ...jws, signature: `${jws.signature}==` }) }, 400, 'malformed'],
    ['that is no object', { change: () => [] }, 400, 'malformed'],
  ];
  for (const [what, signing, status, type] of rows) {
    it(`${what} is refused`, async () => {
      const { client } = await createSession();
      const url = client.directory.newOrder;
      const reply = await client.post(url, { identifiers: [{ type: 'dns', value: 'a.example.com' }] }, signing);
      assert.deepEqual([reply.status, typeOf(reply)], [status, type]);
      assert.match(reply.headers.get('replay-nonce') ?? '', /^[\w-]{22}$/);
      assert.equal(reply.headers.get('content-type'), 'application/problem+json');
    });
  }

  it('uses its nonce up', async () => {
    const { client } = await createSession();
    const nonce = (await client.get(client.directory.newNonce)).headers.get('replay-nonce');
    const signing = { header: { nonce } };
    assert.equal((await client.post(client.account ?? '', undefined, signing)).status, 200);
    assert.equal(typeOf(await client.post(client.account ?? '', undefined, signing)), 'badNonce');
  });

  it('is refused for what is somebody else’s', async () => {
    const session = await createSession();
    const { ca, client } = session;
    const bought = await session.buy(['www.example.com']);
    const { body } = await client.post(bought.url);
    const stranger = await createRawClient(ca.fetch, ca.directoryUrl);
    await stranger.register();
    for (const url of [client.account, bought.url, body.authorizations[0], body.certificate]) {
      const reply = await stranger.post(url ?? '');
      assert.deepEqual([reply.status, typeOf(reply)], [403, 'unauthorized'], url);
    }
  });

  it('by the wrong method, or for nothing, is not found', async () => {
    const { client } = await createSession();
    assert.equal((await client.get(client.directory.newOrder)).status, 404);
    assert.equal((await client.get('https://ca.example/nothing')).status, 404);
    assert.equal((await client.post('https://ca.example/order/9')).status, 404);
  });

  it('by a client that names itself is wanted where it is set to', async () => {
    const { client, ca } = await createSession();
    ca.settings.requiresUserAgent = true;
    assert.equal((await client.get(ca.directoryUrl)).status, 400);
    assert.equal((await client.get(ca.directoryUrl, { headers: { 'user-agent': 'x' } })).status, 200);
  });

  it('that is sloppy is refused by a strict CA', async () => {
    const session = await createSession({ settings: { isStrict: true } });
    const { client, network } = session;
    const order = await client.newOrder(['www.example.com']);
    const shown = await client.post(order.body.authorizations[0]);
    const url = session.place(shown, 'http-01');
    assert.equal(typeOf(await client.post(url, { keyAuthorization: 'x' })), 'malformed');
    for (const [page, text] of network.pages) network.pages.set(page, `${text}\n`);
    await client.post(url, {});
    assert.equal((await client.post(url)).body.status, 'invalid', 'the line end is not part of it');
  });
});
