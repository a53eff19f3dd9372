/**
 * Nobody grants or uses a role they do not hold. Each of these was an attack that got through: over the core itself, and
 * through the native and the DigiCert door.
 */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import type { Account, Credential, User } from '../../src/domain/account.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { ErrorCode } from '../../src/domain/error-codes.ts';
import type { UserId } from '../../src/domain/ids.ts';
import type { NewAccount } from '../../src/domain/ports/accounts.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import type { Role } from '../../src/domain/role.ts';
import { run } from '../cli/harness.ts';
import { createCustomer, newReference, origin, place, startTestApp, type TestApp } from '../support/app.ts';
import { type FrontDoors, startFrontDoors } from '../support/front-doors.ts';

let app: TestApp;
let account: Account;
afterEach(() => app.close());

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

async function openAccount(options: Partial<NewAccount> = {}): Promise<void> {
  ({ account } = await createCustomer(app, { balanceMinor: 10_000_00, ...options }));
}

function makeUser(by: Caller, roles: readonly Role[], kind: User['kind'] = 'person'): Promise<User> {
  const username = `${newReference()}@tenant.example`;
  return app.ports.users.create(by, { accountId: account.id, username, password: null, roles, kind });
}

/** Those whose keys certmux makes. Clients of ACME bring theirs. */
const keyedDialects = dialects.filter(({ newKey }) => newKey !== undefined).map(({ name }) => name);

function makeKey(by: Caller, roles: readonly Role[], userId: UserId | null = null, dialect = 'native') {
  const request = { accountId: account.id, userId, dialect, label: '', roles, allowedAddresses: null };
  return app.ports.credentials.create(by, request);
}

function enter({ credential, secret }: { readonly credential: Credential; readonly secret: string }): Promise<Caller> {
  const { dialect, publicId } = credential;
  return app.ports.signIn.authenticate({ dialect, publicId, secret }, origin);
}

/** A person of the account, with a key of theirs. */
async function person(...roles: readonly Role[]): Promise<{ readonly user: User; readonly caller: Caller }> {
  const user = await makeUser(app.operator, roles);
  return { user, caller: await enter(await makeKey(app.operator, roles, user.id)) };
}

const order = (by: Caller) => place(app, by, ['a.example'], { productCode: 'encryption365:paid' });
const decide = (by: Caller, number: number | undefined, approve = true) =>
  app.ports.approvals.decide(by, { number: number ?? 0 }, { approve, note: '' });

describe('whoever manages users', () => {
  beforeEach(async () => {
    // Who is first in the queue of transactions is part of one of these tests, and must be first in both runs.
    app = await startTestApp({ repeatsWork: 'once' });
    await openAccount();
  });

  it('makes no key and no user with a role that they do not hold, at no door', async () => {
    const { caller } = await person('userManager');
    for (const role of ['requester', 'approver', 'registrar', 'administrator'] as const) {
      const error = { code: 'forbidden', message: new RegExp(`the role ${role}.*you may give userManager, viewer`) };
      for (const name of keyedDialects) await refused(() => makeKey(caller, [role], null, name), error);
      await refused(() => makeUser(caller, [role]), error);
      await refused(() => makeUser(caller, ['viewer', role], 'service'), error);
    }
    const both = await makeUser(caller, ['userManager', 'viewer']);
    await makeKey(caller, ['viewer'], both.id, 'racent');
  });

  it('gives with several roles what each of them covers', async () => {
    const { caller } = await person('userManager', 'approver');
    await makeKey(caller, ['requester', 'approver', 'viewer']);
    await refused(() => makeKey(caller, ['registrar']), { code: 'forbidden', message: /role registrar/ });
  });

  it('makes no key for somebody who may more, changes none, ends none', async () => {
    const { caller } = await person('userManager');
    const { user } = await person('requester', 'userManager');
    const { credential } = await makeKey(app.operator, ['viewer'], user.id);
    const forbidden = { code: 'forbidden', message: /role requester/ };
    await refused(() => makeKey(caller, ['viewer'], user.id), forbidden);
    await refused(() => app.ports.credentials.change(caller, credential.id, { label: 'mine' }), forbidden);
    await refused(() => app.ports.credentials.change(caller, credential.id, { roles: ['viewer'] }), forbidden);
    await refused(() => app.ports.credentials.revoke(caller, credential.id), forbidden);
    await refused(() => app.ports.users.change(caller, user.id, { roles: ['viewer'] }), forbidden);
    await refused(() => app.ports.users.setState(caller, user.id, 'disabled'), forbidden);
    await app.ports.users.setState(app.operator, user.id, 'disabled');
    await refused(() => app.ports.users.setState(caller, user.id, 'active'), forbidden);
  });

  it('widens no user and no key beyond what they hold', async () => {
    const { caller } = await person('userManager');
    const viewer = await makeUser(caller, ['viewer']);
    const { credential } = await makeKey(caller, ['viewer']);
    const forbidden = { code: 'forbidden', message: /role requester/ };
    await refused(() => app.ports.users.change(caller, viewer.id, { roles: ['requester'] }), forbidden);
    await refused(() => app.ports.credentials.change(caller, credential.id, { roles: ['requester'] }), forbidden);
  });

  it('makes keys of their own user with fewer roles, and ends them', async () => {
    const { user } = await person('userManager', 'requester');
    const narrow = await enter(await makeKey(app.operator, ['userManager'], user.id));
    const made = await makeKey(narrow, ['viewer'], user.id);
    await refused(() => makeKey(narrow, ['requester'], user.id), { code: 'forbidden', message: /role requester/ });
    await app.ports.credentials.change(narrow, made.credential.id, { label: 'mine' });
    await app.ports.credentials.revoke(narrow, made.credential.id);
  });

  it('is an administrator in an emergency: they and the operator end whatever there is', async () => {
    const { caller } = await person('administrator');
    const { user } = await person('administrator', 'approver');
    await app.ports.users.setState(caller, user.id, 'disabled');
    const { credential } = await makeKey(app.operator, ['administrator', 'registrar']);
    assert.ok((await app.ports.credentials.revoke(caller, credential.id)).revokedAt);
  });

  it('is compared in the transaction that writes: neither side may change a moment before', async () => {
    const { user } = await person('viewer');
    const manager = await person('userManager');
    const approver = { code: 'forbidden', message: /role approver/ };
    const disabling = assert.rejects(app.ports.users.setState(manager.caller, user.id, 'disabled'), approver);
    await app.database.write((tx) => tx.users.update(user.id, { roles: ['approver'] }));
    await disabling;
    const boss = await person('administrator');
    const making = assert.rejects(makeKey(boss.caller, ['registrar']), { code: 'forbidden' });
    await app.database.write((tx) => tx.users.update(boss.user.id, { roles: ['userManager'] }));
    await making;
  });
});

describe('what a key may do', () => {
  beforeEach(async () => {
    app = await startTestApp();
    await openAccount();
  });

  it('is what its user may at the next call, though the key was made when they had more', async () => {
    const user = await makeUser(app.operator, ['administrator']);
    const key = await makeKey(app.operator, ['administrator'], user.id);
    assert.deepEqual((await enter(key)).roles, ['administrator']);
    // Past the rule that narrows the key with its user, as an older version or a restored table might have it.
    await app.database.write((tx) => tx.users.update(user.id, { roles: ['requester'] }));
    assert.deepEqual((await enter(key)).roles, ['viewer']);
    await app.database.write((tx) => tx.users.move(user.id, 'active', 'disabled'));
    await assert.rejects(enter(key), { code: 'unauthenticated' });
  });

  it('ends with its account', async () => {
    const key = await makeKey(app.operator, ['administrator']);
    await enter(key);
    await app.ports.accounts.change(app.operator, account.id, { state: 'suspended' });
    await assert.rejects(enter(key), { code: 'forbidden', message: /suspended/ });
  });

  it('is remembered with who made it', async () => {
    const { user, caller } = await person('administrator');
    const first = await makeKey(caller, ['administrator']);
    const second = await makeKey(await enter(first), ['requester']);
    assert.deepEqual([first.credential.createdBy, second.credential.createdBy], [caller.actor, first.credential.id]);
    assert.equal((await makeUser(caller, ['viewer'])).createdBy, caller.actor);
    assert.equal((await app.database.read.credentials.get(first.credential.id))?.createdBy, caller.actor);
    assert.equal(user.createdBy, app.operator.actor);
  });
});

describe('where duties are separate', () => {
  beforeEach(async () => {
    app = await startTestApp();
    await openAccount({ approval: 'manual', separatesDuties: true });
  });

  it('a key without a person counts as whoever made it, also through keys that made keys', async () => {
    const boss = await person('administrator');
    const first = await enter(await makeKey(boss.caller, ['requester', 'userManager']));
    const ordering = await enter(await makeKey(first, ['requester']));
    const service = await makeUser(first, ['requester'], 'service');
    const program = await enter(await makeKey(first, ['requester'], service.id));
    const another = await person('approver');
    for (const by of [ordering, program]) {
      const { approval } = await order(by);
      const reason = { key: 'approverIsRequester', params: { value: String(approval?.number) } };
      await refused(() => decide(boss.caller, approval?.number), { code: 'forbidden', reason });
      await decide(another.caller, approval?.number);
    }
  });

  it('a key without a person decides nothing, and neither does a program', async () => {
    const { approval } = await order((await person('requester')).caller);
    const service = await makeUser(app.operator, ['administrator'], 'service');
    for (const userId of [null, service.id]) {
      const key = await enter(await makeKey(app.operator, ['administrator'], userId));
      for (const approve of [true, false]) {
        await refused(() => decide(key, approval?.number, approve), { reason: { key: 'personNeeded', params: {} } });
      }
    }
  });

  it('one person passes no request, however many keys and users they make', async () => {
    await app.ports.accounts.change(app.operator, account.id, { approval: 'twoStep' });
    const boss = await person('administrator');
    const taken = { code: 'forbidden', reason: { key: 'secondAdministratorNeeded', params: { role: ['approver'] } } };
    await refused(() => makeUser(boss.caller, ['approver']), taken);
    await refused(() => makeUser(boss.caller, ['approver'], 'service'), taken);
    await refused(() => makeKey(boss.caller, ['approver']), taken);
    const helper = await makeUser(boss.caller, ['requester']);
    const key = await makeKey(boss.caller, ['requester'], helper.id);
    await refused(() => app.ports.users.change(boss.caller, helper.id, { roles: ['approver'] }), taken);
    const other = await person('approver');
    await refused(() => makeKey(boss.caller, ['approver'], other.user.id), taken);
    await app.ports.users.setState(boss.caller, other.user.id, 'disabled');
    await refused(() => app.ports.users.setState(boss.caller, other.user.id, 'active'), taken);
    const administrators = { code: 'forbidden', message: /the role approver and administrator takes two/ };
    await refused(() => makeUser(boss.caller, ['administrator']), administrators);
    const { approval } = await order(await enter(key));
    await decide(boss.caller, approval?.number);
    await refused(() => decide(boss.caller, approval?.number), {
      reason: { key: 'approverOfFirstStep', params: { value: String(approval?.number) } },
    });
  });

  it('nobody but the operator turns that off, or takes away a step', async () => {
    const boss = await person('administrator');
    for (const change of [{ separatesDuties: false }, { approval: 'automatic' }] as const) {
      await refused(() => app.ports.accounts.change(boss.caller, account.id, change), { code: 'forbidden' });
    }
  });

  it('nobody approves alone what they ask for by wishing to skip the approval', async () => {
    const boss = await person('administrator');
    const { approval } = await place(app, boss.caller, ['a.example'], {
      productCode: 'encryption365:paid',
      approval: { skip: true },
    });
    assert.equal(approval?.state, 'pending');
  });

  it('a person still makes keys for themselves with all that they hold', async () => {
    const boss = await person('administrator');
    assert.deepEqual((await makeKey(boss.caller, ['administrator'], boss.user.id)).credential.roles, ['administrator']);
  });
});

describe('two administrators', () => {
  const propose = (by: Caller, user: User, roles: readonly Role[]) =>
    app.ports.roleGrants.propose(by, { target: { user: user.username }, roles });
  const rolesOf = async (user: User) => (await app.ports.users.get(app.operator, user.id)).roles;

  beforeEach(async () => {
    app = await startTestApp();
    await openAccount({ approval: 'manual', separatesDuties: true });
  });

  it('make an approver together, who decides then; the audit log has both, and a restart loses neither', async () => {
    const [first, second] = [await person('administrator'), await person('administrator')];
    const user = await makeUser(first.caller, ['requester']);
    const grant = await propose(first.caller, user, ['requester', 'approver']);
    assert.deepEqual([grant.state, await rolesOf(user)], ['pending', ['requester']]);
    app = await app.restart();
    const { items } = await app.ports.roleGrants.list(second.caller, { limit: 10 });
    assert.deepEqual(items, [grant]);
    const confirmed = await app.ports.roleGrants.confirm(second.caller, { number: grant.number });
    assert.deepEqual([confirmed.state, confirmed.decidedBy], ['confirmed', second.caller.actor]);
    assert.deepEqual(await rolesOf(user), ['requester', 'approver']);
    const events = (await app.ports.events.list(app.operator, { limit: 10, subject: user.id })).items;
    assert.deepEqual(
      events.map(({ kind, actor }) => [kind, actor]),
      [
        ['user.changed', second.caller.actor],
        ['roleGrant.confirmed', second.caller.actor],
        ['roleGrant.proposed', first.caller.actor],
        ['user.created', first.caller.actor],
      ],
    );
    const approver = await enter(await makeKey(app.operator, ['approver'], user.id));
    const { approval } = await order((await person('requester')).caller);
    assert.equal((await decide(approver, approval?.number)).approval.state, 'approved');
    await refused(() => app.ports.roleGrants.confirm(second.caller, { id: grant.id }), { code: 'wrongState' });
  });

  it('are two people: neither whoever proposed it, nor their keys, nor a key without a person', async () => {
    const first = await person('administrator');
    const user = await makeUser(first.caller, ['requester']);
    const grant = await propose(first.caller, user, ['approver']);
    const confirm = (by: Caller) => app.ports.roleGrants.confirm(by, { id: grant.id });
    const another = { reason: { key: 'grantNeedsAnother', params: { value: String(grant.number) } } };
    await refused(() => confirm(first.caller), another);
    const own = await enter(await makeKey(first.caller, ['administrator'], first.user.id));
    await refused(() => confirm(own), another);
    const nobodys = await enter(await makeKey(app.operator, ['administrator']));
    await refused(() => confirm(nobodys), { reason: { key: 'personNeeded', params: {} } });
    const manager = await person('userManager', 'approver');
    await refused(() => confirm(manager.caller), { code: 'forbidden', message: /administrator/ });
    const stranger = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    await refused(() => confirm(stranger.caller), { code: 'notFound' });
    assert.deepEqual(await rolesOf(user), ['requester']);
  });

  it('both hold what they give when it is confirmed', async () => {
    const [first, second] = [await person('administrator'), await person('administrator')];
    const user = await makeUser(first.caller, ['requester']);
    const grant = await propose(first.caller, user, ['approver']);
    await app.ports.users.change(app.operator, first.user.id, { roles: ['userManager'] });
    const outdated = { reason: { key: 'grantOutdated', params: { value: String(grant.number) } } };
    await refused(() => app.ports.roleGrants.confirm(second.caller, { id: grant.id }), outdated);
    await app.ports.roleGrants.withdraw(second.caller, { id: grant.id });
    const again = await propose(second.caller, user, ['approver']);
    await app.ports.users.setState(app.operator, user.id, 'disabled');
    const third = await person('administrator');
    await refused(() => app.ports.roleGrants.confirm(third.caller, { id: again.id }), { code: 'wrongState' });
  });

  it('grant keys as well; one grant of each waits at a time', async () => {
    const [first, second] = [await person('administrator'), await person('administrator')];
    const { credential } = await makeKey(first.caller, ['requester']);
    const target = { credential: String(credential.number) };
    const request = { target, roles: ['administrator'] } as const;
    const grant = await app.ports.roleGrants.propose(first.caller, request);
    await refused(() => app.ports.roleGrants.propose(first.caller, request), { code: 'conflict' });
    await app.ports.roleGrants.confirm(second.caller, { id: grant.id });
    assert.deepEqual((await app.database.read.credentials.get(credential.id))?.roles, ['administrator']);
  });

  it('are not needed by the operator, so that an account with one administrator is not locked out', async () => {
    const only = await person('administrator');
    const user = await makeUser(only.caller, ['requester']);
    const grant = await propose(only.caller, user, ['approver']);
    await app.ports.roleGrants.confirm(app.operator, { id: grant.id });
    assert.deepEqual(await rolesOf(user), ['approver']);
    await app.ports.users.change(app.operator, user.id, { roles: ['administrator'] });
  });

  it('cannot be proposed by somebody who does not hold the role', async () => {
    const manager = await person('userManager');
    const user = await makeUser(manager.caller, ['viewer']);
    await refused(() => propose(manager.caller, user, ['approver']), { code: 'forbidden', message: /role approver/ });
  });
});

describe('the doors', () => {
  let doors: FrontDoors;
  const keyOf = async (dialect: string, roles: readonly Role[]): Promise<KeySettings> => {
    const user = await makeUser(app.operator, roles);
    return doors.keyTo(dialect, account.id, roles, user.id);
  };
  const ask = async (dialect: string, operation: string, input: object, key: KeySettings) => {
    const { text, ...reply } = await doors.call(dialect, operation, { ...input }, key);
    return { ...reply, body: text === '' ? undefined : JSON.parse(text) };
  };
  async function refusedAt(
    dialect: string,
    operation: string,
    input: object,
    key: KeySettings,
    code: ErrorCode = 'forbidden',
  ) {
    const before = await app.tables();
    const reply = await ask(dialect, operation, input, key);
    assert.equal(reply.refusal, code, JSON.stringify(reply.body));
    assert.equal(reply.status, 403);
    assert.deepEqual(await app.tables(), before);
    return reply.body;
  }

  beforeEach(async () => {
    doors = await startFrontDoors();
    ({ app } = doors);
    await openAccount({ approval: 'manual', separatesDuties: true, currency: 'USD' });
  });

  it('native: a key asked for without roles looks, and a vendor key that the giver may not give is refused', async () => {
    const manager = await keyOf('native', ['userManager']);
    await app.tables();
    await ask('native', 'me.show', {}, manager);
    const made = await ask('native', 'credentials.create', {}, manager);
    assert.deepEqual(made.body.credential.roles, ['viewer']);
    for (const name of keyedDialects) {
      if (name === 'native') continue;
      const refusal = await refusedAt('native', 'credentials.create', { dialect: name }, manager);
      assert.match(refusal.detail, /role requester.*you may give userManager, viewer/);
    }
    await refusedAt('native', 'users.create', { username: 'x@tenant.example' }, manager);
    const requester = await keyOf('native', ['requester', 'userManager']);
    const vendor = await ask('native', 'credentials.create', { dialect: 'racent' }, requester);
    assert.deepEqual(vendor.body.credential.roles, ['requester']);
  });

  it('native: two administrators make an approver', async () => {
    const [first, second] = [await keyOf('native', ['administrator']), await keyOf('native', ['administrator'])];
    const { body: user } = await ask('native', 'users.create', { username: 'new@tenant.example' }, first);
    await ask('native', 'me.show', {}, second);
    const refusal = await refusedAt('native', 'users.change', { user: user.id, roles: ['approver'] }, first);
    assert.match(refusal.detail, /certmux grant propose/);
    const { body: grant, status } = await ask(
      'native',
      'roleGrants.propose',
      { user: user.id, roles: ['approver'] },
      first,
    );
    assert.deepEqual([status, grant.state, grant.subject.id], [201, 'pending', user.id]);
    await refusedAt('native', 'roleGrants.confirm', { grant: grant.number }, first);
    const listed = await ask('native', 'roleGrants.list', {}, second);
    assert.deepEqual(listed.body.items, [grant]);
    const confirmed = await ask('native', 'roleGrants.confirm', { grant: grant.number }, second);
    assert.equal(confirmed.body.state, 'confirmed');
    assert.deepEqual((await ask('native', 'users.show', { user: user.id }, second)).body.roles, ['approver']);
    const other = await ask('native', 'roleGrants.propose', { user: user.id, roles: ['viewer'] }, first);
    const withdrawn = await ask('native', 'roleGrants.withdraw', { grant: other.body.id }, first);
    assert.equal(withdrawn.body.state, 'withdrawn');
  });

  it('the command line: one proposes, another confirms', async () => {
    const tokens = [await keyOf('native', ['administrator']), await keyOf('native', ['administrator'])];
    const [first, second] = tokens.map(({ token = '' }) => (line: string) => {
      const connection = { url: 'https://certs.example', token };
      return run(line, { connection, fetch: (request) => doors.fetch('native', request) });
    });
    assert.ok(first && second);
    const made = await first('user create new@tenant.example --service --role requester');
    assert.equal(made.exitCode, 0, made.stderr);
    const refusal = await first('user change new@tenant.example --role approver');
    assert.equal(refusal.exitCode, 4);
    assert.match(refusal.stderr, /certmux grant propose/);
    const proposed = await first('grant propose --user new@tenant.example --role approver');
    const number = /certmux grant confirm (\d+)/.exec(proposed.stdout)?.[1] ?? assert.fail(proposed.stderr);
    assert.equal((await first(`grant confirm ${number}`)).exitCode, 4);
    assert.match((await second('grant list')).stdout, new RegExp(`${number}.*approver.*pending`));
    assert.match((await second(`grant confirm ${number}`)).stdout, /State: +confirmed/);
    assert.match((await second('user list')).stdout, /new@tenant.example +approver/);
    const other = await first('grant propose --user new@tenant.example --role viewer --json');
    const withdrawn = await second(`grant withdraw ${JSON.parse(other.stdout).number}`);
    assert.match(withdrawn.stdout, /State: +withdrawn/);
    assert.equal((await first('grant propose --role viewer')).exitCode, 2);
  });

  it('DigiCert: a key restricted to user management makes no user and no key that orders', async () => {
    const manager = await keyOf('digicert', ['userManager']);
    await ask('digicert', 'user.me', {}, manager);
    const code = 'access_denied|missing_permission';
    const errorOf = (body: { errors: { code: string }[] }) => body.errors[0]?.code;
    const person = { username: 'x@tenant.example', first_name: 'X', last_name: 'Y', email: 'x@tenant.example' };
    assert.equal(errorOf(await refusedAt('digicert', 'user.add', person, manager)), code);
    const standard = await makeUser(app.operator, ['requester']);
    const request = { user: standard.number, name: 'mine' };
    assert.equal(errorOf(await refusedAt('digicert', 'key.add', request, manager)), code);
    assert.equal(errorOf(await refusedAt('digicert', 'user.remove', { id: standard.number }, manager)), code);
    const change = { id: standard.number, access_roles: [{ id: 1 }] };
    assert.equal(errorOf(await refusedAt('digicert', 'user.change', change, manager)), code);
  });

  it('DigiCert: an approver takes two administrators, and what is refused leaves no container behind', async () => {
    const boss = await keyOf('digicert', ['administrator']);
    const { body } = await ask('digicert', 'container.list', {}, boss);
    const manager = { access_roles: [{ id: 4 }], first_name: 'X', last_name: 'Y', email: 'x@tenant.example' };
    const error = { code: 'access_denied|second_administrator' };
    const refusal = await refusedAt('digicert', 'user.add', { username: 'x@tenant.example', ...manager }, boss);
    assert.equal(refusal.errors[0].code, error.code);
    const container = {
      id: body.containers[0].id,
      template_id: 6,
      name: 'Web',
      description: '',
      user: { username: 'x@tenant.example', ...manager },
    };
    assert.equal((await refusedAt('digicert', 'container.add', container, boss)).errors[0].code, error.code);
  });
});
