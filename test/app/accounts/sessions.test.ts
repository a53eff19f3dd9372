/** Sessions of people: who gets one, what it opens, and everything that ends it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Account, User } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { Role } from '../../../src/domain/role.ts';
import { sessionRequests, sessionsPerUser } from '../../../src/domain/user-session.ts';
import { createCaller, createCustomer, origin, startTestApp, type TestApp } from '../../support/app.ts';
import type { Rows } from '../../support/tables.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const password = 'correct horse battery staple';
const hourMs = 3_600_000;
let people = 0;

function createPerson(accountId: Account['id'] | null, roles: readonly Role[]): Promise<User> {
  people++;
  return app.ports.users.create(app.operator, { accountId, username: `person${people}@example.com`, password, roles });
}

async function createMember(roles: readonly Role[] = ['administrator']): Promise<{ user: User; account: Account }> {
  const { account } = await createCustomer(app);
  return { user: await createPerson(account.id, roles), account };
}

const begin = ({ username }: Pick<User, 'username'>, typed = password, address = origin.address) =>
  app.ports.signIn.createSession({ dialect: 'native', username, password: typed }, { ...origin, address });

const enter = async (secret: string, dialect = 'native') =>
  (await app.ports.signIn.authenticateSession({ dialect, secret }, origin)).caller;

const over = { code: 'unauthenticated', reason: { key: 'sessionOver', params: {} } };

async function callerOf(user: User): Promise<Caller> {
  return enter((await begin(user)).secret);
}

async function eventsOf(subject: string): Promise<readonly unknown[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 10, subject });
  return items.map(({ kind, actor, data }) => [kind, actor, data.reason ?? data.address]);
}

/** The rows of everything but the audit log. */
function withoutEvents(rows: Rows): Rows {
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !/events|sealing|jobs/.test(table)));
}

describe('a session', () => {
  it('makes its person the caller, with the roles that they have', async () => {
    const { user, account } = await createMember(['approver', 'viewer']);
    const { session, secret } = await begin(user);
    assert.deepEqual(await enter(secret), {
      dialect: 'native',
      seesAllDialects: true,
      scope: account.id,
      isActingFor: false,
      actor: user.id,
      credentialId: null,
      sessionId: session.id,
      isConfirmed: true,
      roles: ['approver', 'viewer'],
      ...origin,
    });
    assert.deepEqual(await eventsOf(session.id), [['session.started', user.id, origin.address]]);
  });

  it('is an operator’s as well, who reaches every account', async () => {
    const caller = await callerOf(await createPerson(null, ['operator']));
    assert.deepEqual([caller.scope, caller.roles], ['all', ['operator']]);
    assert.ok((await app.ports.accounts.list(caller, { limit: 5 })).items.length > 0);
  });

  it('opens the front door that it was made for, and no other', async () => {
    const { secret } = await begin((await createMember()).user);
    await assert.rejects(enter(secret, 'digicert'), over);
    await assert.rejects(enter(`${secret}0`), over);
    await assert.rejects(enter(''), over);
  });

  it('is kept as a hash of a secret of 256 bits', async () => {
    const { session, secret } = await begin((await createMember()).user);
    assert.equal(Buffer.from(secret, 'base64url').length, 32);
    const rows = JSON.stringify(await app.tables());
    assert.ok(rows.includes(session.id) && !rows.includes(secret));
  });

  const refused = [
    ['a wrong password', 'wrong horse battery staple', {}],
    ['somebody who is disabled', password, { state: 'disabled' }],
    ['somebody of no account who is no operator', password, { accountId: null }],
  ] as const;
  for (const [what, typed, change] of refused) {
    it(`is refused to ${what} in the same words, and nothing but a line in the audit log is left behind`, async () => {
      const { user } = await createMember(['viewer']);
      const { number: _, ...row } = user;
      const other = {
        ...row,
        ...change,
        id: `${user.id.slice(0, -4)}0000` as User['id'],
        username: `x${user.username}`,
      };
      await app.database.write((tx) => tx.users.insert(other));
      const before = withoutEvents(await app.tables());
      await assert.rejects(begin(other, typed), {
        code: 'unauthenticated',
        reason: { key: 'loginFailed', params: {} },
      });
      assert.deepEqual(withoutEvents(await app.tables()), before);
      assert.deepEqual(await eventsOf(other.id), [['session.refused', 'system', 'wrong user name or password']]);
    });
  }

  it('counts with the keys of devices against guessing: five failures of a person in a network', async () => {
    const { user } = await createMember();
    for (let i = 0; i < 5; i++) {
      const guess = i % 2 === 0 ? begin(user, 'guess', '192.0.2.60') : deviceOf(user, 'guess', '192.0.2.60');
      await assert.rejects(guess, { code: 'unauthenticated' });
    }
    await assert.rejects(begin(user, password, '192.0.2.60'), { code: 'rateLimited' });
  });

  it(`sends ${sessionRequests.limit} requests a minute, and then waits; others are free`, async () => {
    const { user } = await createMember();
    const [{ secret }, other] = [await begin(user), await begin(user)];
    for (let sent = 0; sent < sessionRequests.limit; sent++) await enter(secret);
    const params = { limit: sessionRequests.limit, windowSeconds: 60, retryAfterSeconds: 60 };
    await assert.rejects(enter(secret), {
      code: 'rateLimited',
      reason: { key: 'sessionTooManyRequests', params },
    });
    await enter(other.secret);
    await app.advance(60);
    await enter(secret);
  });

  it('is refused while the account is suspended, and goes on afterwards', async () => {
    const { user, account } = await createMember();
    const { secret } = await begin(user);
    await app.ports.accounts.change(app.operator, account.id, { state: 'suspended' });
    const suspended = { code: 'forbidden', reason: { key: 'accountSuspended', params: {} } };
    await assert.rejects(enter(secret), suspended);
    await assert.rejects(begin(user), suspended);
    await app.ports.accounts.change(app.operator, account.id, { state: 'active' });
    await enter(secret);
  });

  it('has the roles of its person at every request, also inside the transaction that writes', async () => {
    const { user } = await createMember(['administrator']);
    const { secret } = await begin(user);
    const caller = await enter(secret);
    await app.ports.users.change(app.operator, user.id, { roles: ['viewer'] });
    assert.deepEqual((await enter(secret)).roles, ['viewer']);
    // The caller of a request that began before: what they may do is read again where it counts.
    const making = {
      accountId: user.accountId,
      username: 'new@example.com',
      password: null,
      roles: ['viewer'],
    } as const;
    await assert.rejects(app.ports.users.create(caller, making), { code: 'forbidden' });
  });
});

function deviceOf({ username }: User, typed: string, address: string) {
  return app.ports.signIn.createDevice(
    { dialect: 'encryption365', username, password: typed, label: '' },
    { ...origin, address },
  );
}

describe('a session ends', () => {
  const limits = [
    ['an operator’s', () => createPerson(null, ['operator']), { idleMs: hourMs / 2, longestMs: 12 * hourMs }],
    ['another person’s', async () => (await createMember()).user, { idleMs: 8 * hourMs, longestMs: 7 * 24 * hourMs }],
  ] as const;
  for (const [whose, make, { idleMs, longestMs }] of limits) {
    it(`when it is idle for ${idleMs / 60_000} minutes: ${whose}`, async () => {
      const { secret } = await begin(await make());
      await app.advance(idleMs / 1000 - 1);
      await enter(secret);
      await app.advance(idleMs / 1000 - 1);
      await enter(secret);
      await app.advance(idleMs / 1000);
      await assert.rejects(enter(secret), over);
    });

    it(`when nobody uses it, whatever a page that was left open asks for by itself: ${whose}`, async () => {
      const { secret } = await begin(await make());
      const ask = () => app.ports.signIn.authenticateSession({ dialect: 'native', secret, isUse: false }, origin);
      for (let asked = 0; asked < 4; asked++) {
        await app.advance(idleMs / 4000 - 1);
        await ask();
      }
      await app.advance(4);
      await assert.rejects(ask(), over);
    });

    it(`after ${longestMs / hourMs} hours however much it is used: ${whose}`, async () => {
      const { secret } = await begin(await make());
      const step = idleMs - 60_000;
      const steps = Math.floor((longestMs - 1000) / step);
      for (let i = 0; i < steps; i++) {
        await app.advance(step / 1000);
        await enter(secret);
      }
      await app.advance((longestMs - steps * step) / 1000);
      await assert.rejects(enter(secret), over);
    });
  }

  it('when the clock by which it was used is set back by far: it would last for as much longer', async () => {
    const { user } = await createMember();
    const { secret, session } = await begin(user);
    app.clock.set(-5 * 60_000);
    const caller = await enter(secret);
    app.clock.set(-1);
    await assert.rejects(enter(secret), over);
    assert.deepEqual(await app.ports.sessions.list(caller, null), []);
    await assert.rejects(app.ports.sessions.end(caller, session.id), { code: 'notFound' });
    app.clock.set(5 * 60_000 + 1);
  });

  it('by signing out, at once and only this one', async () => {
    const { user } = await createMember(['viewer']);
    const [one, other] = [await begin(user), await begin(user)];
    const caller = await enter(one.secret);
    await app.ports.sessions.end(caller, one.session.id);
    await assert.rejects(enter(one.secret), over);
    await enter(other.secret);
    const events = await eventsOf(one.session.id);
    assert.deepEqual(events[0], ['session.ended', user.id, 'signedOut']);
    await assert.rejects(app.ports.sessions.end(caller, one.session.id), { code: 'notFound' });
    await assert.rejects(app.ports.sessions.end(caller, 'ses_nothing'), { code: 'notFound' });
  });

  it('by another password, on every browser, which the present one is needed for', async () => {
    const { user } = await createMember(['viewer']);
    const [one, other] = [await begin(user), await begin(user)];
    const { credential } = await deviceOf(user, password, origin.address);
    const caller = await enter(one.secret);
    const change = (present: string, next: string) =>
      app.ports.users.changePassword(caller, { present, password: next });
    await assert.rejects(change('wrong horse battery staple', 'another password'), {
      reason: { key: 'passwordWrong', params: { field: 'present' } },
      code: 'invalidField',
    });
    await assert.rejects(change(password, 'short'), { code: 'invalidField' });
    await enter(other.secret);
    await change(password, 'another password');
    for (const { secret } of [one, other]) await assert.rejects(enter(secret), over);
    assert.deepEqual((await eventsOf(other.session.id))[0], ['session.ended', user.id, 'passwordChanged']);
    assert.equal((await eventsOf(user.id)).length, 3, 'created, refused, changed');
    await assert.rejects(begin(user), { code: 'unauthenticated' });
    await begin(user, 'another password');
    assert.equal((await app.database.read.credentials.get(credential.id))?.revokedAt, null, 'keys stay');
  });

  it('by disabling its person, and does not come back with them', async () => {
    const { user } = await createMember(['viewer']);
    const { session, secret } = await begin(user);
    await app.ports.users.setState(app.operator, user.id, 'disabled');
    await assert.rejects(enter(secret), over);
    assert.deepEqual((await eventsOf(session.id))[0], ['session.ended', app.operator.actor, 'userDisabled']);
    await app.ports.users.setState(app.operator, user.id, 'active');
    await assert.rejects(enter(secret), over);
  });

  it(`when its person begins more than ${sessionsPerUser}: the one that was not used for longest`, async () => {
    const { user } = await createMember(['viewer']);
    const first = await begin(user);
    await app.advance(60);
    const second = await begin(user);
    await app.advance(60);
    await enter(first.secret);
    for (let i = 0; i < sessionsPerUser - 1; i++) await begin(user);
    await enter(first.secret);
    await assert.rejects(enter(second.secret), over);
  });

  it('and is swept', async () => {
    const swept = await startTestApp({ upkeep: true });
    const request = { accountId: null, username: 'swept@example.com', password, roles: ['operator'] } as const;
    await swept.ports.users.create(swept.operator, request);
    await swept.ports.signIn.createSession({ dialect: 'native', username: request.username, password }, origin);
    assert.equal((await swept.tables()).user_sessions?.length, 1);
    await swept.advance(2400);
    assert.deepEqual((await swept.tables()).user_sessions, []);
    await swept.close();
  });
});

describe('the sessions of a person', () => {
  it('are listed for themselves, the newest first, without those that are over', async () => {
    const { user } = await createMember(['viewer']);
    await begin(user);
    await app.advance(9 * 3600);
    const one = await begin(user, password, '192.0.2.71');
    await app.advance(1);
    const other = await begin(user, password, '192.0.2.72');
    const listed = await app.ports.sessions.list(await enter(one.secret), null);
    assert.deepEqual(
      listed.map(({ id, address }) => [id, address]),
      [other, one].map(({ session: { id, address } }) => [id, address]),
    );
  });

  it('are listed and ended by those who manage the account, and by nobody else', async () => {
    const { user, account } = await createMember(['requester']);
    const { session, secret } = await begin(user);
    const colleague = await callerOf(await createPerson(account.id, ['requester']));
    const manager = await callerOf(await createPerson(account.id, ['administrator']));
    const stranger = await callerOf((await createMember(['administrator'])).user);
    const lesser = await callerOf(await createPerson(account.id, ['userManager']));
    await assert.rejects(app.ports.sessions.list(colleague, user.id), { code: 'forbidden' });
    await assert.rejects(app.ports.sessions.end(colleague, session.id), { code: 'forbidden' });
    await assert.rejects(app.ports.sessions.list(stranger, user.id), { code: 'notFound' });
    await assert.rejects(app.ports.sessions.end(stranger, session.id), { code: 'notFound' });
    // Nobody touches somebody who may do what they may not, nor reads where they sign in from.
    await assert.rejects(app.ports.sessions.end(lesser, session.id), { code: 'forbidden' });
    await assert.rejects(app.ports.sessions.list(lesser, user.id), { code: 'forbidden' });
    await enter(secret);
    assert.equal((await app.ports.sessions.list(manager, user.username))[0]?.id, session.id);
    await app.ports.sessions.end(manager, session.id);
    await assert.rejects(enter(secret), over);
    const ended = await callerOf(await createPerson(account.id, ['administrator']));
    await app.ports.sessions.end(ended, ended.sessionId ?? assert.fail());
    await assert.rejects(app.ports.sessions.list(ended, user.id), { code: 'forbidden' });
    assert.deepEqual((await eventsOf(session.id))[0], ['session.ended', manager.actor, 'endedByManager']);
  });

  it('are none for a key that nobody holds', async () => {
    const { account } = await createMember();
    const key = await createCaller(app, account, { dialect: 'native' });
    assert.deepEqual(await app.ports.sessions.list(key, null), []);
    const change = app.ports.users.changePassword(key, { present: password, password });
    await assert.rejects(change, { code: 'notFound' });
  });
});

describe('what a person does in a session', () => {
  it('is theirs in the audit log, and a key that they make is theirs too', async () => {
    const { user, account } = await createMember(['administrator']);
    const caller = await callerOf(user);
    const { credential } = await app.ports.credentials.create(caller, {
      accountId: account.id,
      userId: user.id,
      dialect: 'native',
      label: '',
      roles: ['viewer'],
      allowedAddresses: null,
    });
    assert.equal(credential.createdBy, user.id);
    assert.deepEqual(await eventsOf(credential.id), [['credential.created', user.id, undefined]]);
  });

  it('for an account: an operator, who is named beside it', async () => {
    const { account } = await createMember();
    const operator = await createPerson(null, ['operator']);
    const caller = await app.ports.signIn.actFor(await callerOf(operator), account.id);
    assert.equal(caller.scope, account.id);
    await app.ports.customFields.add(caller, [
      { label: 'cost centre', description: '', isRequired: false, isActive: true, kind: 'text' },
    ]);
    const { items } = await app.ports.events.list(app.operator, { limit: 1 });
    assert.deepEqual([items[0]?.actor, items[0]?.actedFor], [operator.id, account.id]);
  });
});
