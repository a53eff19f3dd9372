/** Revocation: by the account, by an account that controls all names, and by the certificate's own key (RFC 8555 §7.6). */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { createAccountKey } from '../../support/account-key.ts';
import { jwkIn } from '../../support/acme-client.ts';
import { createAccount, createCaller } from '../../support/app.ts';
import { createSession, csrFor, csrOfKey, keyChange, type Session, type SessionOptions } from './harness.ts';

const name = 'www.example.com';

async function issued(options: SessionOptions = {}, csr?: string) {
  const session = await createSession(options);
  const order = await session.readyOrder([name]);
  const { body } = await session.client.post(order.body.finalize, { csr: csr ?? (await csrFor([name])) });
  assert.equal(body.status, 'valid');
  const { text } = await session.client.post(body.certificate);
  return { session, certificate: new X509Certificate(text).raw.toString('base64url') };
}

async function stateOf({ app }: Session): Promise<string> {
  const { items } = await app.ports.certificates.list(app.operator, { limit: 1 });
  return `${items[0]?.state} ${items[0]?.revocationReason}`;
}

const type = (name: string) => `urn:ietf:params:acme:error:${name}`;

describe('a certificate', () => {
  it('is revoked by its account, with the reason that it gives, once', async () => {
    const { session, certificate } = await issued();
    const { client } = session;
    const url = client.directory.revokeCert ?? '';
    const reply = await client.post(url, { certificate, reason: 4 });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.text, '');
    assert.match(reply.headers.get('replay-nonce') ?? '', /^.{22,}$/);
    assert.equal(await stateOf(session), 'revoked superseded');
    const again = await client.post(url, { certificate, reason: 4 });
    assert.deepEqual([again.status, again.body.type], [400, type('alreadyRevoked')]);
  });

  it('is revoked without a reason', async () => {
    const { session, certificate } = await issued();
    await session.client.post(session.client.directory.revokeCert ?? '', { certificate });
    assert.equal(await stateOf(session), 'revoked unspecified');
  });

  it('is not revoked for what is no reason, or no certificate', async () => {
    const { session, certificate } = await issued();
    const url = session.client.directory.revokeCert ?? '';
    const rows: readonly (readonly [object, number, string])[] = [
      [{ certificate, reason: 2 }, 400, 'badRevocationReason'],
      [{ certificate, reason: 6 }, 400, 'badRevocationReason'],
      [{ certificate, reason: 9 }, 400, 'badRevocationReason'],
      [{ certificate, reason: '1' }, 400, 'badRevocationReason'],
      [{ certificate: `${certificate.slice(0, -8)}AAAAAAAA` }, 404, 'malformed'],
      [{ certificate: 'AAAA' }, 404, 'malformed'],
      [{ certificate: '-----BEGIN' }, 400, 'malformed'],
      [{}, 400, 'malformed'],
    ];
    for (const [payload, status, problem] of rows) {
      const reply = await session.client.post(url, payload);
      assert.deepEqual([reply.status, reply.body.type], [status, type(problem)], JSON.stringify(payload).slice(0, 80));
    }
    assert.equal(await stateOf(session), 'valid null');
  });

  it('is revoked by its own key, which is blocked everywhere then, whatever approval its account needs', async () => {
    const key = createAccountKey('ES256');
    const { session, certificate } = await issued({}, await csrOfKey(key, [name]));
    const { app, account } = session;
    await app.ports.accounts.change(app.operator, account.id, { approval: 'manual' });
    const stranger = await session.stranger();
    const url = stranger.directory.revokeCert ?? '';
    const reply = await stranger.post(url, { certificate, reason: 4 }, { key, header: { jwk: jwkIn(key) } });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(await stateOf(session), 'revoked keyCompromise');
    const { items } = await app.ports.keyRegister.list(app.operator, { limit: 10 });
    assert.deepEqual(
      items.map(({ accountId, source }) => [accountId, source]),
      [
        [null, 'proof'],
        [account.id, 'revocation'],
      ].slice(0, items.length),
    );
    assert.ok(items.some(({ accountId }) => accountId === null));
  });

  it('that its own key has revoked is not revoked again, nor is that key used for anything more', async () => {
    const key = createAccountKey('ES256');
    const { session, certificate } = await issued({}, await csrOfKey(key, [name]));
    const { client, external } = session;
    const stranger = await session.stranger();
    const { revokeCert = '', newAccount = '', keyChange: changeUrl = '' } = stranger.directory;
    const byKey = { key, header: { jwk: jwkIn(key) } };
    const wrong = await stranger.post(revokeCert, { certificate, reason: 2 }, byKey);
    assert.deepEqual([wrong.status, wrong.body.type], [400, type('badRevocationReason')]);
    assert.equal((await stranger.post(revokeCert, { certificate }, byKey)).status, 200);
    for (const again of [
      await stranger.post(revokeCert, { certificate }, byKey),
      await client.post(revokeCert, { certificate }),
    ]) {
      assert.deepEqual([again.status, again.body.type], [400, type('alreadyRevoked')]);
    }
    const registered = await stranger.post(
      newAccount,
      { externalAccountBinding: stranger.bind(external, { key }) },
      byKey,
    );
    assert.deepEqual([registered.status, registered.body.type], [400, type('badPublicKey')]);
    const changed = await client.post(changeUrl, keyChange(client, key));
    assert.deepEqual([changed.status, changed.body.type], [400, type('badPublicKey')]);
    const order = await session.readyOrder([name]);
    const finalized = await client.post(order.body.finalize, { csr: await csrOfKey(key, [name]) });
    assert.deepEqual([finalized.status, finalized.body.type], [400, type('badCSR')]);
  });

  it('that has expired is not revoked', async () => {
    const { session, certificate } = await issued();
    const { client, app } = session;
    await app.advance(400 * 86_400);
    const reply = await client.post(client.directory.revokeCert ?? '', { certificate });
    assert.deepEqual([reply.status, reply.body.type], [403, type('unauthorized')]);
    assert.match(reply.body.detail, /expired/);
  });

  it('is not revoked by another key', async () => {
    const { session, certificate } = await issued();
    const stranger = await session.stranger();
    const reply = await stranger.post(stranger.directory.revokeCert ?? '', { certificate });
    assert.deepEqual([reply.status, reply.body.type], [403, type('unauthorized')]);
    assert.equal(await stateOf(session), 'valid null');
  });

  it('is revoked by another account once that controls its names, and not before', async () => {
    const { session, certificate } = await issued();
    const { app, stranger } = session;
    const other = await createAccount(app, { name: 'other', balanceMinor: 100_000 });
    const administrator = await createCaller(app, other, { roles: ['administrator'] });
    const { key, hmacKey } = await app.ports.externalAccountKeys.add(
      { ...administrator, dialect: 'native', seesAllDialects: true },
      { name: 'k', productCode: 'encryption365:paid', organization: null, coverage: null, settings: {} },
    );
    const client = await stranger();
    assert.equal((await client.register({ keyId: key.keyId, hmacKey })).status, 201);
    const url = client.directory.revokeCert ?? '';
    const early = await client.post(url, { certificate, reason: 5 });
    assert.deepEqual([early.status, early.body.type], [403, type('unauthorized')]);
    const order = await client.newOrder([name]);
    const { body } = await client.post(order.body.authorizations[0]);
    await client.post(body.challenges[0].url, {});
    await app.idle();
    // It cannot know that of a key which it does not hold, and blocks nobody's.
    const reply = await client.post(url, { certificate, reason: 1 });
    assert.equal(reply.status, 200, reply.text);
    assert.equal(await stateOf(session), 'revoked cessationOfOperation');
    assert.deepEqual((await app.ports.keyRegister.list(app.operator, { limit: 10 })).items, []);
  });

  it('is not revoked by another client of its account once the names are no longer proved', async () => {
    const { session, certificate } = await issued();
    const { app, external, stranger } = session;
    const sibling = await stranger();
    assert.equal((await sibling.register(external)).status, 201);
    const url = sibling.directory.revokeCert ?? '';
    const { items } = await app.ports.authorizations.list(await createCaller(app, session.account), { limit: 10 });
    const requester = await createCaller(app, session.account, { roles: ['requester'] });
    for (const { authorization } of items) await app.ports.authorizations.deactivate(requester, authorization.id);
    const refused = await sibling.post(url, { certificate, reason: 4 });
    assert.deepEqual([refused.status, refused.body.type], [403, type('unauthorized')]);
    assert.equal(await stateOf(session), 'valid null');
    // The one that ordered it needs no proof.
    assert.equal((await session.client.post(url, { certificate, reason: 4 })).status, 200);
  });

  it('whose revocation needs approval says so with the number of the request', async () => {
    const { session, certificate } = await issued();
    const { app, account, client } = session;
    await app.ports.accounts.change(app.operator, account.id, { approval: 'manual' });
    const reply = await client.post(client.directory.revokeCert ?? '', { certificate, reason: 4 });
    assert.equal(reply.status, 403);
    assert.match(reply.body.detail, /^revocation request \d+ waits for approval$/);
    assert.equal(await stateOf(session), 'valid null');
  });
});
