import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseToken } from '../../../src/dialects/native/auth.ts';
import { createSession } from './harness.ts';

test('a credential of the native API is shown as one token', async () => {
  const { operator } = createSession();
  const { credential, clientSettings } = await operator.credentials.create({});
  assert.deepEqual(Object.keys(clientSettings), ['token']);
  assert.equal(parseToken(clientSettings.token ?? '')?.publicId, credential.publicId);
});

test('a credential of Encryption365 is shown in its words', async () => {
  const { operator } = createSession();
  const { credential, clientSettings } = await operator.credentials.create({ dialect: 'encryption365' });
  assert.deepEqual(Object.keys(clientSettings), ['client_id', 'access_token']);
  assert.equal(clientSettings.client_id, credential.publicId);
});

test('a secret is in the answer that makes it and in no other', async () => {
  const { operator, logLines } = createSession();
  const { clientSettings } = await operator.credentials.create({});
  const secret = parseToken(clientSettings.token ?? '')?.secret ?? assert.fail('no token');
  const { items } = await operator.credentials.list({});
  assert.equal(items.length, 1);
  assert.ok(!JSON.stringify(items).includes(secret));
  assert.ok(!JSON.stringify(logLines).includes(secret));
});

test('whoever asks for no role gets the least: requester for an account, operator for none', async () => {
  const { operator } = createSession();
  const account = await operator.accounts.create({ name: 'Shop' });
  const rolesOf = async (reference: string | null) =>
    (await operator.credentials.create({ account: reference })).credential.roles;
  assert.deepEqual(await rolesOf(account.id), ['requester']);
  assert.deepEqual(await rolesOf(null), ['operator']);
});

test('a key that a user holds has the roles of the user, unless others are named', async () => {
  const { operator } = createSession();
  const account = (await operator.accounts.create({ name: 'Shop' })).id;
  const user = await operator.users.create({
    account,
    username: 'vic',
    kind: 'service',
    roles: ['approver', 'viewer'],
  });
  const held = await operator.credentials.create({ account, user: user.username });
  assert.deepEqual(held.credential.roles, ['approver', 'viewer']);
  const narrow = await operator.credentials.create({ account, user: user.username, roles: ['viewer'] });
  assert.deepEqual(narrow.credential.roles, ['viewer']);
});

test('revoking a credential says when', async () => {
  const { operator } = createSession();
  const { credential } = await operator.credentials.create({ label: 'old' });
  const revoked = await operator.credentials.revoke({ credential: credential.id });
  assert.equal(revoked.revokedAt, '2026-06-01T12:00:00.000Z');
});

test('an answer with a secret is kept by no cache', async () => {
  const { fetch, baseUrl, operatorToken } = createSession();
  const headers = { authorization: `Bearer ${operatorToken}` };
  const reply = await fetch(new Request(`${baseUrl}/api/v1/credentials`, { method: 'POST', headers, body: '{}' }));
  assert.equal(reply.headers.get('cache-control'), 'no-store');
});
