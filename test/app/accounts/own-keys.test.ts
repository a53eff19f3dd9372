/** Keys that a requester holds: made, seen, changed and ended by themselves, and nobody else's. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { User } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { Role } from '../../../src/domain/role.ts';
import { type Customer, createCustomer, origin, startTestApp, type TestApp } from '../../support/app.ts';

const password = 'correct horse battery staple';
const forbidden = { code: 'forbidden' };

let app: TestApp;
let customer: Customer;
let people = 0;
before(async () => {
  app = await startTestApp();
  customer = await createCustomer(app);
});
after(() => app.close());

async function signedIn(roles: readonly Role[]): Promise<{ readonly user: User; readonly caller: Caller }> {
  people++;
  const username = `own${people}@example.com`;
  const accountId = customer.account.id;
  const user = await app.ports.users.create(app.operator, { accountId, username, password, roles });
  const { secret } = await app.ports.signIn.createSession({ dialect: 'native', username, password }, origin);
  return { user, caller: (await app.ports.signIn.authenticateSession({ dialect: 'native', secret }, origin)).caller };
}

function make(by: Caller, { holder, roles = ['requester'] }: { holder?: User; roles?: readonly Role[] } = {}) {
  return app.ports.credentials.create(by, {
    accountId: customer.account.id,
    userId: holder?.id ?? null,
    dialect: 'native',
    label: 'mine',
    roles,
    allowedAddresses: null,
  });
}

const seen = async (by: Caller, user?: string) =>
  (await app.ports.credentials.find(by, { limit: 100, ...(user === undefined ? {} : { user }) })).items.map(
    ({ id }) => id,
  );

describe('a requester', () => {
  it('makes a key that they hold, sees it, changes it and ends it', async () => {
    const { user, caller } = await signedIn(['requester']);
    const { credential, secret } = await make(caller);
    assert.deepEqual([credential.userId, credential.roles], [user.id, ['requester']]);
    assert.deepEqual(await seen(caller), [credential.id]);
    const changed = await app.ports.credentials.change(caller, credential.id, {
      label: 'panel',
      roles: ['viewer'],
      allowedAddresses: ['203.0.113.0/24'],
    });
    assert.deepEqual([changed.label, changed.allowedAddresses], ['panel', ['203.0.113.0/24']]);
    const key = { dialect: 'native', publicId: credential.publicId, secret };
    await assert.rejects(app.ports.signIn.authenticate(key, { ...origin, address: '198.51.100.9' }));
    const by = await app.ports.signIn.authenticate(key, { ...origin, address: '203.0.113.9' });
    assert.deepEqual(by.roles, ['viewer']);
    await app.ports.credentials.revoke(caller, credential.id);
    assert.notEqual((await app.ports.credentials.find(caller, { limit: 1 })).items[0]?.revokedAt, null);
  });

  it('neither sees nor touches those of others', async () => {
    const { caller } = await signedIn(['requester']);
    const { user: other, caller: otherCaller } = await signedIn(['requester']);
    const { credential: theirs } = await make(otherCaller);
    const { credential: nobodys } = await make(app.operator);
    assert.deepEqual(await seen(caller), []);
    await assert.rejects(seen(caller, other.id), forbidden);
    await assert.rejects(make(caller, { holder: other }), forbidden);
    for (const { id } of [theirs, nobodys]) {
      await assert.rejects(app.ports.credentials.change(caller, id, { label: 'x' }), forbidden);
      await assert.rejects(app.ports.credentials.revoke(caller, id), forbidden);
    }
  });

  it('gives no role that they do not hold', async () => {
    const { caller } = await signedIn(['requester']);
    await assert.rejects(make(caller, { roles: ['administrator'] }));
    const { credential } = await make(caller);
    await assert.rejects(app.ports.credentials.change(caller, credential.id, { roles: ['approver'] }));
  });

  it('makes none by a key: whoever stole that one could stay', async () => {
    const { user, caller } = await signedIn(['requester']);
    const { credential, secret } = await make(caller);
    const key = { dialect: 'native', publicId: credential.publicId, secret };
    const byKey = await app.ports.signIn.authenticate(key, origin);
    await assert.rejects(make(byKey), forbidden);
    await assert.rejects(make(byKey, { holder: user }), forbidden);
    await assert.rejects(app.ports.credentials.change(byKey, credential.id, { allowedAddresses: null }), forbidden);
    assert.deepEqual(await seen(byKey), [credential.id], 'what its holder has it may see');
  });
});

it('nobody else makes their own: a registrar, a viewer', async () => {
  for (const role of ['registrar', 'viewer'] as const) {
    const { user, caller } = await signedIn([role]);
    await assert.rejects(make(caller, { holder: user, roles: ['viewer'] }), forbidden);
  }
});

it('an administrator who names nobody makes one that nobody holds, and sees all', async () => {
  const { caller } = await signedIn(['administrator']);
  const { credential } = await make(caller);
  assert.equal(credential.userId, null);
  assert.ok((await seen(caller)).length > 3);
});
