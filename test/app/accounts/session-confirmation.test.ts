/** What a session may do only shortly after its password was typed, and the other secret that it gets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { confirmedMethods } from '../../../src/app/accounts/confirmed-methods.ts';
import { rolesOfPorts } from '../../../src/app/accounts/port-roles.ts';
import type { User } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { Role } from '../../../src/domain/role.ts';
import { createCaller, createCustomer, origin, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const password = 'correct horse battery staple';
const over = { code: 'unauthenticated', reason: { key: 'sessionOver', params: {} } };
const unconfirmed = { code: 'forbidden', reason: { key: 'confirmationNeeded', params: { minutes: 10 } } };
let people = 0;

async function createPerson(roles: readonly Role[] = ['administrator'], isServer = false): Promise<User> {
  people++;
  const accountId = isServer ? null : (await createCustomer(app)).account.id;
  return app.ports.users.create(app.operator, { accountId, username: `confirm${people}@example.com`, password, roles });
}

const begin = ({ username }: User) => app.ports.signIn.createSession({ dialect: 'native', username, password }, origin);
const enter = (secret: string) => app.ports.signIn.authenticateSession({ dialect: 'native', secret }, origin);

/** Signed in so long ago that the sign-in counts no longer as a confirmation. */
async function unconfirmedSession(user: User) {
  const { session, secret } = await begin(user);
  await app.advance(600);
  return { session, secret, caller: (await enter(secret)).caller };
}

async function eventsOf(subject: string): Promise<readonly unknown[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 10, subject });
  return items.map(({ kind, actor, requestId, data }) => [kind, actor, requestId, data.address]);
}

describe('a confirmation', () => {
  it('is the sign-in itself for ten minutes, and then the password once more', async () => {
    const user = await createPerson();
    const { secret } = await begin(user);
    await app.advance(599);
    assert.equal((await enter(secret)).caller.isConfirmed, true);
    await app.advance(1);
    const { caller } = await enter(secret);
    assert.equal(caller.isConfirmed, false);
    const making = {
      accountId: user.accountId,
      username: `${user.username}.new`,
      password: null,
      roles: ['viewer'],
    } as const;
    await assert.rejects(app.ports.users.create(caller, making), unconfirmed);
    const confirmed = await app.ports.sessions.confirm(caller, password);
    const { caller: again } = await enter(confirmed.secret);
    assert.deepEqual([again.sessionId, again.isConfirmed], [caller.sessionId, true]);
    await app.ports.users.create(again, making);
  });

  it('gives the session another secret: whoever knew the one before has nothing any more', async () => {
    const user = await createPerson();
    const { session, secret, caller } = await unconfirmedSession(user);
    const confirmed = await app.ports.sessions.confirm(caller, password);
    assert.notEqual(confirmed.secret, secret);
    await assert.rejects(enter(secret), over);
    await enter(confirmed.secret);
    assert.deepEqual((await eventsOf(session.id))[0], ['session.confirmed', user.id, origin.requestId, origin.address]);
    assert.ok(!JSON.stringify(await app.tables()).includes(confirmed.secret));
  });

  it('with a wrong password leaves the session as it is, and a line in the audit log', async () => {
    const user = await createPerson();
    const { session, secret, caller } = await unconfirmedSession(user);
    const wrong = app.ports.sessions.confirm(caller, 'a guess');
    await assert.rejects(wrong, {
      code: 'invalidField',
      reason: { key: 'passwordWrong', params: { field: 'password' } },
    });
    assert.equal((await enter(secret)).caller.isConfirmed, false);
    assert.deepEqual((await eventsOf(session.id))[0], [
      'session.confirmationRefused',
      user.id,
      origin.requestId,
      origin.address,
    ]);
  });

  it('is guessed no oftener than a sign-in', async () => {
    const user = await createPerson();
    const { caller } = await unconfirmedSession(user);
    const from = { ...caller, address: '192.0.2.99' };
    for (let i = 0; i < 5; i++) {
      await assert.rejects(app.ports.sessions.confirm(from, 'a guess'), { code: 'invalidField' });
    }
    await assert.rejects(app.ports.sessions.confirm(from, password), { code: 'rateLimited' });
  });

  it('of two at once, the second is told that its secret is over', async () => {
    const { caller } = await unconfirmedSession(await createPerson());
    const both = await Promise.allSettled([1, 2].map(() => app.ports.sessions.confirm(caller, password)));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    const failed = both.find((one) => one.status === 'rejected');
    assert.ok(failed?.reason instanceof CertError && failed.reason.reason.key === 'sessionOver');
  });

  it('is not for keys, which are never asked', async () => {
    const { account } = await createCustomer(app);
    const key = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
    await assert.rejects(app.ports.sessions.confirm(key, password), {
      code: 'forbidden',
      reason: { key: 'sessionNeeded', params: {} },
    });
    await app.ports.users.create(key, {
      accountId: account.id,
      username: 'by-key@example.com',
      password: null,
      roles: ['viewer'],
    });
  });
});

describe('other roles', () => {
  it('give the session another secret, and end the one before', async () => {
    const user = await createPerson(['viewer']);
    const { secret } = await begin(user);
    assert.equal((await enter(secret)).renewedSecret, null);
    await app.ports.users.change(app.operator, user.id, { roles: ['administrator'] });
    const { caller, renewedSecret } = await enter(secret);
    assert.deepEqual(caller.roles, ['administrator']);
    await assert.rejects(enter(secret), over);
    const renewed = await enter(renewedSecret ?? assert.fail('there is another'));
    assert.equal(renewed.renewedSecret, null);
    assert.equal(renewed.caller.sessionId, caller.sessionId);
  });
});

describe('a sign-in in a browser that has a session', () => {
  it('ends that one, also of somebody else', async () => {
    const [one, other] = [await createPerson(), await createPerson()];
    const { session, secret } = await begin(one);
    const request = { dialect: 'native', username: other.username, password, replaces: secret };
    await app.ports.signIn.createSession(request, origin);
    await assert.rejects(enter(secret), over);
    assert.deepEqual((await eventsOf(session.id))[0], ['session.ended', other.id, origin.requestId, undefined]);
  });

  it('ends nothing where it is refused', async () => {
    const user = await createPerson();
    const { secret } = await begin(user);
    const request = { dialect: 'native', username: user.username, password: 'a guess', replaces: secret };
    await assert.rejects(app.ports.signIn.createSession(request, origin), { code: 'unauthenticated' });
    await enter(secret);
  });
});

/** Arguments with which a method that is asked for a confirmation only sometimes, is. */
const sometimes: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'accounts.change': [
    ['1', { state: 'suspended' }],
    ['1', { approval: 'automatic' }],
    ['1', { separatesDuties: false }],
  ],
  'authorities.install': [[{ files: [] }]],
  'catalogue.change': [['native', 'x', { prices: {} }]],
  'users.change': [['1', { roles: ['viewer'] }]],
  'credentials.change': [['1', { roles: ['viewer'] }]],
  'webhooks.add': [[{ url: 'https://hooks.example.com/', secret: 'chosen' }]],
  'webhooks.change': [
    ['1', { secret: 'chosen' }],
    ['1', { secret: null }],
  ],
};

/** The others that are asked. Written out once more, so that a change of the table is seen. */
const always = [
  'accounts.credit',
  'authorities.exportKey',
  'authorities.removeKey',
  'authorities.withdraw',
  'authorityImport.revokeSerial',
  'authorityImport.take',
  'credentials.create',
  'credentials.revoke',
  'externalAccountKeys.add',
  'externalAccountKeys.change',
  'externalAccountKeys.revoke',
  'issuances.privateKey',
  'jobs.discard',
  'jobs.discardAll',
  'keyRegister.revokeCertificates',
  'operation.rotateMasterKey',
  'prices.remove',
  'prices.set',
  'refunds.refund',
  'revocations.request',
  'revocations.revokeCertificate',
  'revocations.revokeOrder',
  'roleGrants.confirm',
  'roleGrants.propose',
  'server.revokeAuthority',
  'upstreams.changeKey',
  'users.create',
  'users.invite',
  'users.remove',
  'users.resetPassword',
  'users.setPassword',
  'users.setState',
  'webhooks.secretOf',
];

describe('what needs a confirmation', () => {
  const named = Object.entries(confirmedMethods).flatMap(([port, methods]) =>
    Object.keys(methods).map((method) => `${port}.${method}`),
  );

  it('is this, and nobody may call it without a role', () => {
    assert.deepEqual(named.toSorted(), [...always, ...Object.keys(sometimes)].toSorted());
    const table: Readonly<Record<string, Readonly<Record<string, readonly Role[] | null>>>> = rolesOfPorts;
    for (const name of named) {
      const [port = '', method = ''] = name.split('.');
      assert.ok(table[port]?.[method] != null, `${name} has roles, so that its guard asks`);
    }
  });

  const calls: readonly (readonly [string, readonly unknown[]])[] = [
    ...always.map((name) => [name, ['nothing']] as const),
    ...Object.entries(sometimes).flatMap(([name, all]) => all.map((args) => [name, args] as const)),
  ];
  for (const [name, args] of calls) {
    it(`${name} ${JSON.stringify(args)} is refused to a session whose password was typed too long ago`, async () => {
      const { caller } = await unconfirmedSession(await createPerson(['operator'], true));
      const before = await app.tables();
      await assert.rejects(call(name, caller, args), unconfirmed);
      assert.deepEqual(await app.tables(), before, 'nothing is left behind');
      // What is named there is not: it goes on to that, or is done.
      const outcome = await call(name, { ...caller, isConfirmed: true }, args).catch((thrown: unknown) => thrown);
      const isAsked = outcome instanceof CertError && outcome.reason.key === 'confirmationNeeded';
      assert.ok(!isAsked, `${name} is let in`);
    });
  }

  it('is not asked for where nothing of the kind changes', async () => {
    const { caller } = await unconfirmedSession(await createPerson(['operator'], true));
    const { account } = await createCustomer(app);
    await app.ports.accounts.change(caller, account.id, {
      name: 'Acme two',
      approval: 'manual',
      separatesDuties: true,
    });
    const user = await createPerson(['viewer']);
    await app.ports.users.change(caller, user.id, { container: null });
  });
});

function call(name: string, caller: Caller, args: readonly unknown[]): Promise<unknown> {
  const [port = '', method = ''] = name.split('.');
  const ports: object = app.ports;
  const methods = ports as Readonly<Record<string, Readonly<Record<string, (...all: unknown[]) => Promise<unknown>>>>>;
  return (methods[port]?.[method] ?? assert.fail(`no method ${name}`))(caller, ...args);
}
