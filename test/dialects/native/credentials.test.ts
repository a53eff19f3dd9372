import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseToken } from '../../../src/dialects/native/auth.ts';
import { createSession } from './session.ts';

test('a credential of the native API is shown as one token', async () => {
  const { operator } = await createSession();
  const { credential, clientSettings } = await operator.credentials.create({});
  assert.deepEqual(Object.keys(clientSettings), ['token']);
  assert.equal(parseToken(clientSettings.token ?? '')?.publicId, credential.publicId);
});

test('a credential of Encryption365 is shown in its words', async () => {
  const { operator } = await createSession();
  const { credential, clientSettings } = await operator.credentials.create({ dialect: 'encryption365' });
  assert.deepEqual(Object.keys(clientSettings), ['client_id', 'access_token']);
  assert.equal(clientSettings.client_id, credential.publicId);
});

test('a secret is in the answer that makes it and in no other', async () => {
  const { operator, logLines } = await createSession();
  const { clientSettings } = await operator.credentials.create({});
  const secret = parseToken(clientSettings.token ?? '')?.secret ?? assert.fail('no token');
  const { items } = await operator.credentials.list({});
  assert.equal(items.length, 3, 'beside those of the session');
  assert.ok(!JSON.stringify(items).includes(secret));
  assert.ok(!JSON.stringify(logLines).includes(secret));
});

test('a key for which no role is named looks at the native door, orders at a vendor’s, and is an operator’s without account', async () => {
  const { operator } = await createSession();
  const account = (await operator.accounts.create({ name: 'Shop' })).id;
  const user = (await operator.users.create({ account, username: 'vic', roles: ['approver', 'viewer'] })).username;
  const rolesOf = async (request: Parameters<typeof operator.credentials.create>[0]) =>
    (await operator.credentials.create(request)).credential.roles;
  assert.deepEqual(await rolesOf({ account }), ['viewer']);
  assert.deepEqual(await rolesOf({ account, user }), ['viewer']);
  assert.deepEqual(await rolesOf({ account, user, roles: ['approver'] }), ['approver']);
  assert.deepEqual(await rolesOf({ account, dialect: 'racent' }), ['requester']);
  assert.deepEqual(await rolesOf({}), ['operator']);
});

test('revoking a credential says when', async () => {
  const { operator } = await createSession();
  const { credential } = await operator.credentials.create({ label: 'old' });
  const revoked = await operator.credentials.revoke({ credential: credential.id });
  assert.equal(revoked.revokedAt, '2026-06-01T12:00:00.000Z');
});

test('an answer with a secret is kept by no cache', async () => {
  const { fetch, baseUrl, operatorToken } = await createSession();
  const headers = { authorization: `Bearer ${operatorToken}` };
  const reply = await fetch(new Request(`${baseUrl}/api/v1/credentials`, { method: 'POST', headers, body: '{}' }));
  assert.equal(reply.headers.get('cache-control'), 'no-store');
});

test('the end of a key is shown where it has one', async () => {
  const { operator } = await createSession();
  const expiresAt = '2027-01-31T12:00:00.000Z';
  const ending = (await operator.credentials.create({ expiresAt })).credential;
  const endless = (await operator.credentials.create({})).credential;
  assert.equal(ending.expiresAt, expiresAt);
  assert.ok(!('expiresAt' in endless));
  const { items } = await operator.credentials.list({});
  const ends = new Map(items.map((credential) => [credential.id, credential.expiresAt]));
  assert.deepEqual([ends.get(ending.id), ends.get(endless.id)], [expiresAt, undefined]);
});

test('from where a key may be used is changed, and null opens it to all addresses', async () => {
  const { operator } = await createSession();
  const { credential } = await operator.credentials.create({ allowedAddresses: ['203.0.113.7'] });
  const one = { credential: credential.id };
  const allowedAddresses = ['198.51.100.0/24'];
  assert.deepEqual(
    (await operator.credentials.change({ ...one, allowedAddresses })).allowedAddresses,
    allowedAddresses,
  );
  await assert.rejects(operator.credentials.change({ ...one, allowedAddresses: ['nowhere'] }), /nowhere/);
  assert.equal((await operator.credentials.change({ ...one, allowedAddresses: null })).allowedAddresses, null);
});
