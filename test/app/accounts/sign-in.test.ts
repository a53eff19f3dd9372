/** Who is let in: people with passwords, who get a device's key, and keys at every call. */

import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { dialects } from '../../../src/dialects/registry.ts';
import { nobody, type User } from '../../../src/domain/account.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { newId } from '../../../src/domain/ids.ts';
import { createCaller, createCustomer, createKey, origin, startTestApp, type TestApp } from '../../support/app.ts';
import { countRows } from '../../support/tables.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const password = 'correct horse battery staple';
let users = 0;

/** Stored hashes tell their own cost: most of these tests are about something else. */
function hashOf(cost: { readonly N: number; readonly p: number }): string {
  const hash = scryptSync(password, 'salt', 32, { ...cost, maxmem: 64 << 20 });
  return ['scrypt', cost.N, 8, cost.p, 'c2FsdA', hash.toString('base64url')].join('$');
}
const cheapHash = hashOf({ N: 16, p: 1 });

async function createUser(change: Partial<User> = {}): Promise<User> {
  users++;
  const { account } = await createCustomer(app);
  const user: Omit<User, 'number'> = {
    id: newId('user', app.context),
    kind: 'person',
    person: nobody,
    containerId: null,
    lastSignInAt: null,
    accountId: account.id,
    username: `user${users}@example.com`,
    passwordHash: cheapHash,
    roles: ['requester'],
    state: 'active',
    createdBy: null,
    createdAt: app.clock.now(),
    ...change,
  };
  return app.database.write((tx) => tx.users.insert(user));
}

const signIn = (username: string, given = password, from = origin.address) =>
  app.ports.signIn.createDevice(
    { dialect: 'encryption365', username, password: given, label: 'panel' },
    { ...origin, address: from },
  );

const enter = (key: { publicId: string; secret: string; dialect?: string }, address = origin.address) =>
  app.ports.signIn.authenticate({ dialect: 'encryption365', ...key }, { ...origin, address });

describe('a password that is replaced while it is checked', () => {
  const cases: readonly (readonly [string, (username: string) => Promise<unknown>])[] = [
    ['a key for a device', (username) => signIn(username)],
    [
      'a session',
      (username) => app.ports.signIn.createSession({ dialect: 'native', username, password }, { ...origin }),
    ],
  ];
  for (const [what, enters] of cases) {
    it(`gives nobody ${what}`, async () => {
      // It is read before the change, and its check takes much longer than that: what it gives would be written afterwards.
      const passwordHash = hashOf({ N: 1 << 14, p: 16 });
      const { id, username } = await createUser({ passwordHash });
      const before = await app.tables();
      const entering = enters(username);
      const isMoved = app.database.write((tx) => tx.users.movePassword(id, passwordHash, 'another'));
      await assert.rejects(entering, { code: 'unauthenticated', reason: { key: 'loginFailed', params: {} } });
      assert.ok(await isMoved);
      const after = await app.tables();
      for (const table of ['credentials', 'user_sessions']) assert.deepEqual(after[table], before[table]);
    });
  }
});

describe('signing in with a password', () => {
  it('makes a key of this device that opens its front door and no other', async () => {
    const { username, accountId } = await createUser();
    const { credential, secret, account } = await signIn(username);
    assert.equal(account.id, accountId);
    assert.equal(credential.label, 'panel');
    const caller = await enter({ publicId: credential.publicId, secret });
    assert.deepEqual(caller, {
      dialect: 'encryption365',
      seesAllDialects: false,
      scope: accountId,
      isActingFor: false,
      actor: credential.id,
      credentialId: credential.id,
      roles: ['requester'],
      ...origin,
    });
    const elsewhere = enter({ publicId: credential.publicId, secret, dialect: 'native' });
    await assert.rejects(elsewhere, { code: 'unauthenticated' });
  });

  it('makes another key at every sign-in', async () => {
    const { username } = await createUser();
    const [one, other] = [await signIn(username), await signIn(username)];
    assert.notEqual(one.credential.publicId, other.credential.publicId);
    assert.notEqual(one.secret, other.secret);
    await enter({ publicId: one.credential.publicId, secret: one.secret });
  });

  it('tells no case of the user name, and takes the same password typed on another keyboard', async () => {
    const { account } = await createCustomer(app);
    const typed = 'gru\u0308ner Baum 1';
    await app.ports.users.create(app.operator, {
      accountId: account.id,
      username: 'Mixed@Example.COM',
      password: typed.normalize('NFC'),
      roles: ['requester'],
    });
    const { account: found } = await signIn(' mIXED@example.com ', typed.normalize('NFD'));
    assert.equal(found.id, account.id);
  });

  it('records the device with its owner, and the secret nowhere', async () => {
    const { username } = await createUser();
    const { credential, secret } = await signIn(username);
    const { items } = await app.ports.events.list(app.operator, { limit: 5, subject: credential.id });
    assert.equal(items[0]?.kind, 'credential.created');
    assert.equal(items[0]?.actor, credential.userId);
    const stored = await app.database.read.credentials.get(credential.id);
    assert.ok(!JSON.stringify([stored, items]).includes(secret));
  });

  const refused = [
    ['a wrong password', {}, 'wrong horse battery staple'],
    ['a disabled user', { state: 'disabled' }, password],
    ['an operator, who acts for no account', { accountId: null, roles: ['operator'] }, password],
  ] as const satisfies readonly (readonly [string, Partial<User>, string])[];
  for (const [what, change, given] of refused) {
    it(`refuses ${what} with the words for a wrong password, and makes nothing`, async () => {
      const { username } = await createUser(change);
      const before = countRows(app.databasePath);
      await assert.rejects(signIn(username, given), {
        code: 'unauthenticated',
        reason: { key: 'loginFailed', params: {} },
      });
      assert.deepEqual(countRows(app.databasePath), before);
    });
  }

  it('answers an unknown user in the same words', async () => {
    await assert.rejects(signIn('nobody@example.com'), { reason: { key: 'loginFailed', params: {} } });
  });

  it('refuses a user of a suspended account, once the password is right', async () => {
    const { username, accountId } = await createUser();
    assert.ok(accountId);
    await app.database.write((tx) => tx.accounts.update(accountId, { state: 'suspended' }));
    await assert.rejects(signIn(username, 'wrong horse battery staple'), { code: 'unauthenticated' });
    await assert.rejects(signIn(username), { reason: { key: 'accountSuspended', params: {} } });
  });
});

describe('guessing passwords', () => {
  const rateLimited = (retryAfterSeconds: number) => ({
    code: 'rateLimited',
    reason: { key: 'loginRateLimited', params: { retryAfterSeconds } },
  });
  const guess = (username: string, address: string) =>
    assert.rejects(signIn(username, 'guess', address), { code: 'unauthenticated' });

  it('is slowed down after five failures of a user in a network, and says for how long', async () => {
    const { username } = await createUser();
    for (let i = 0; i < 5; i++) await guess(username, '192.0.2.44');
    await app.clock.advance(60_000);
    await assert.rejects(signIn(username, password, '192.0.2.44'), rateLimited(2 * 60));
    await app.clock.advance(2 * 60_000);
    await signIn(username, password, '192.0.2.44');
  });

  it('locks nobody out: the user still comes in from elsewhere', async () => {
    const { username } = await createUser();
    for (let i = 0; i < 5; i++) await guess(username, '198.51.100.45');
    await signIn(username, password, '192.0.2.45');
  });

  it('from many networks keeps the user out of none where they signed in before, also after a restart', async () => {
    const { username } = await createUser();
    await signIn(username, password, '2001:db8:0:1::5');
    for (let i = 0; i < 20; i++) await guess(username, `198.51.100.${i}`);
    await assert.rejects(signIn(username, password, '203.0.113.46'), rateLimited(180));
    await signIn(username, password, '2001:db8:0:1:ffff::6');
    app = await app.restart();
    for (let i = 0; i < 20; i++) await guess(username, `198.51.100.${i}`);
    await assert.rejects(signIn(username, password, '203.0.113.46'), rateLimited(180));
    await signIn(username, password, '2001:db8:0:1::7');
  });

  it('is forgiven by a right password in between', async () => {
    const { username } = await createUser();
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 4; i++) await assert.rejects(signIn(username, 'guess'), { code: 'unauthenticated' });
      await signIn(username);
    }
  });

  it('does not get further by trying many at once, and takes few places of the queue', async () => {
    const { username } = await createUser();
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => signIn(username, 'guess', '198.51.100.7')));
    const answers = tries.map((tried) => (tried.status === 'rejected' ? tried.reason.code : 'in'));
    const count = (code: string) => answers.filter((answer) => answer === code).length;
    assert.deepEqual([count('unauthenticated'), count('rateLimited'), count('unavailable')], [5, 7, 8]);
  });
});

describe('a key', () => {
  it('is refused when it is unknown, wrong or revoked', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account);
    const { publicId } = credential;
    const refused = (field: string) => ({
      code: 'unauthenticated',
      reason: { key: 'credentialsWrong', params: { field } },
    });
    await assert.rejects(enter({ publicId: 'nobody', secret }), refused('credential'));
    await assert.rejects(enter({ publicId, secret: `${secret}0` }), refused('credential.secret'));
    await assert.rejects(enter({ publicId, secret: '' }), refused('credential.secret'));
    await enter({ publicId, secret });
    await app.ports.credentials.revoke(app.operator, credential.id);
    await assert.rejects(enter({ publicId, secret }), refused('credential'));
  });

  it('is refused by the half that is wrong, for dialects that have a word for each', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account);
    const { publicId } = credential;
    const halfOf = (key: { publicId: string; secret: string }) =>
      app.ports.signIn
        .authenticate({ dialect: 'encryption365', ...key }, origin)
        .catch(({ reason }) => reason.params.field);
    assert.equal(await halfOf({ publicId: 'nobody', secret }), 'credential');
    assert.equal(await halfOf({ publicId, secret: 'wrong' }), 'credential.secret');
    await app.ports.credentials.revoke(app.operator, credential.id);
    assert.equal(await halfOf({ publicId, secret }), 'credential');
    assert.equal(await halfOf({ publicId, secret: 'wrong' }), 'credential');
  });

  it('works from its allowed addresses only', async () => {
    const { account } = await createCustomer(app);
    const allowedAddresses = ['192.0.2.0/28', '2001:db8::/32'];
    const { credential, secret } = await createKey(app, account, { allowedAddresses });
    const key = { publicId: credential.publicId, secret };
    for (const address of ['192.0.2.15', '2001:db8::1']) assert.equal((await enter(key, address)).address, address);
    for (const address of ['192.0.2.16', '2001:db9::1', 'unknown']) {
      const reason = { key: 'addressNotAllowed', params: { address } };
      await assert.rejects(enter(key, address), { code: 'forbidden', reason });
    }
    await assert.rejects(enter({ ...key, secret: 'wrong' }, '192.0.2.16'), { code: 'unauthenticated' });
  });

  it('is refused while its account is suspended', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account);
    const key = { publicId: credential.publicId, secret };
    await app.database.write((tx) => tx.accounts.update(account.id, { state: 'suspended' }));
    await assert.rejects(enter(key), { code: 'forbidden', reason: { key: 'accountSuspended', params: {} } });
    await app.database.write((tx) => tx.accounts.update(account.id, { state: 'active' }));
    await enter(key);
  });

  it('tells when it was last used, to five minutes', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account);
    const key = { publicId: credential.publicId, secret };
    const lastUsed = async () => (await app.database.read.credentials.get(credential.id))?.lastUsedAt;
    assert.equal(await lastUsed(), null);
    const first = app.clock.now();
    await enter(key);
    assert.deepEqual(await lastUsed(), first);
    await app.clock.advance(299_000);
    await enter(key);
    assert.deepEqual(await lastUsed(), first);
    await app.clock.advance(1000);
    await enter(key);
    assert.deepEqual(await lastUsed(), app.clock.now());
  });

  it('that is used at once by many writes its last use and lets all in', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account);
    const key = { publicId: credential.publicId, secret };
    const callers = await Promise.all(Array.from({ length: 10 }, () => enter(key)));
    assert.ok(callers.every((caller) => caller.credentialId === credential.id));
    assert.deepEqual((await app.database.read.credentials.get(credential.id))?.lastUsedAt, app.clock.now());
  });
});

describe('a key with an end', () => {
  const until = () => new Date(app.clock.now().getTime() + 3_600_000);
  const refusalOf = async (call: Promise<unknown>) => {
    const thrown: unknown = await call.then(
      () => assert.fail('it is refused'),
      (error: unknown) => error,
    );
    return thrown instanceof CertError ? thrown : assert.fail(String(thrown));
  };

  it('is refused from then on, at the door of every dialect that has secrets, to whoever has its secret', async () => {
    const { account } = await createCustomer(app);
    const expiresAt = until();
    const withSecrets = dialects.filter(({ newKey }) => newKey !== undefined);
    const made = await Promise.all(
      withSecrets.map(({ name: dialect }) => {
        const request = { accountId: account.id, userId: null, dialect, label: '', roles: ['viewer'] as const };
        return app.ports.credentials.create(app.operator, { ...request, allowedAddresses: null, expiresAt });
      }),
    );
    const signIn = ({ credential: { dialect, publicId }, secret }: (typeof made)[number]) =>
      app.ports.signIn.authenticate({ dialect, publicId, secret }, origin);
    await app.advance(3599);
    for (const key of made) assert.equal((await signIn(key)).actor, key.credential.id);
    await app.advance(1);
    for (const key of made) {
      const refused = await refusalOf(signIn(key));
      assert.equal(refused.code, 'unauthenticated');
      const params = { field: 'credential', until: expiresAt.toISOString() };
      assert.deepEqual(refused.reason, { key: 'credentialExpired', params });
      const wrong = await refusalOf(signIn({ ...key, secret: `${key.secret}x` }));
      assert.equal(wrong.reason.key, 'credentialsWrong', 'a stranger does not learn that it is over');
    }
    const { items } = await app.ports.credentials.list(app.operator, { limit: made.length });
    assert.deepEqual(
      items.map((credential) => credential.expiresAt),
      made.map(() => expiresAt),
    );
  });

  it('gets another end, and none, from those who hold its roles', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account, { roles: ['requester'] });
    const key = { publicId: credential.publicId, secret };
    const expiresAt = until();
    const change = (change: { expiresAt: Date | null }, caller = app.operator) =>
      app.ports.credentials.change(caller, credential.id, change);
    assert.deepEqual((await change({ expiresAt })).expiresAt, expiresAt);
    const lesser = await createCaller(app, account, { dialect: 'native', roles: ['userManager'] });
    await assert.rejects(change({ expiresAt: null }, lesser), { code: 'forbidden' });
    await app.advance(3600);
    assert.equal((await refusalOf(enter(key))).reason.key, 'credentialExpired');
    const past = await refusalOf(change({ expiresAt: app.clock.now() }));
    assert.deepEqual([past.code, past.reason.key], ['invalidField', 'fieldInvalid']);
    assert.equal((await change({ expiresAt: null })).expiresAt, null);
    await enter(key);
    const { items } = await app.ports.events.list(app.operator, { limit: 2, subject: credential.id });
    assert.deepEqual(
      items.map(({ kind, data }) => [kind, data]),
      [
        ['credential.changed', { expiresAt: null }],
        ['credential.changed', { expiresAt: expiresAt.toISOString() }],
      ],
    );
    await app.ports.credentials.revoke(app.operator, credential.id);
    assert.equal((await refusalOf(change({ expiresAt: until() }))).code, 'wrongState');
  });

  it('that has expired comes back with a deciding role only by a second administrator, where duties are separate', async () => {
    const { account } = await createCustomer(app, { separatesDuties: true });
    const administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
    const request = { accountId: account.id, userId: null, dialect: 'native', label: '', roles: ['approver'] as const };
    const ending = { ...request, allowedAddresses: null, expiresAt: until() };
    const { credential } = await app.ports.credentials.create(app.operator, ending);
    const prolong = () => app.ports.credentials.change(administrator, credential.id, { expiresAt: until() });
    await app.advance(1800);
    await prolong();
    await app.advance(3600);
    assert.equal((await refusalOf(prolong())).reason.key, 'secondAdministratorNeeded');
  });

  it('is not made with an end that has passed', async () => {
    const { account } = await createCustomer(app);
    const request = { accountId: account.id, userId: null, dialect: 'native', label: '', roles: ['viewer'] as const };
    const before = await app.tables();
    for (const expiresAt of [app.clock.now(), new Date(Number.NaN)]) {
      const made = app.ports.credentials.create(app.operator, { ...request, allowedAddresses: null, expiresAt });
      const refused = await refusalOf(made);
      assert.deepEqual([refused.code, refused.reason.key], ['invalidField', 'fieldInvalid']);
      assert.match(refused.message, /expiresAt/);
    }
    assert.deepEqual(await app.tables(), before);
  });
});
