/** Who may run the server and who may run their own account. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { nobody, type User } from '../../../src/domain/account.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { newId } from '../../../src/domain/ids.ts';
import type { Ports } from '../../../src/domain/ports/index.ts';
import type { Role } from '../../../src/domain/role.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  createKey,
  issue,
  origin,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { postgresUrl } from '../../support/postgres.ts';
import { countRows } from '../../support/tables.ts';

let app: TestApp;
let customer: Customer;
let callers: Readonly<Record<CallerKind, Caller>>;
const callerKinds = ['operator', 'administrator', 'approver', 'requester', 'stranger'] as const;
type CallerKind = (typeof callerKinds)[number];

before(async () => {
  app = await startTestApp();
  customer = await createCustomer(app);
  const as = (role: Role) => createCaller(app, customer.account, { dialect: 'native', roles: [role] });
  const { account: otherAccount } = await createCustomer(app);
  callers = {
    operator: app.operator,
    administrator: await as('administrator'),
    approver: await as('approver'),
    requester: await as('requester'),
    // May do everything, but in another account.
    stranger: await createCaller(app, otherAccount, {
      dialect: 'native',
      roles: ['administrator', 'approver', 'requester'],
    }),
  };
});
after(() => app.close());

type Answer = 'ok' | 'forbidden' | 'notFound' | 'wrongState';

/** Each method, asked for the customer's account, and what each caller gets. */
interface Row {
  readonly ask: (ports: Ports, caller: Caller) => Promise<unknown>;
  readonly answers: readonly [
    operator: Answer,
    administrator: Answer,
    approver: Answer,
    requester: Answer,
    stranger: Answer,
  ];
}

let made = 0;
const newAccount = {
  name: 'new',
  currency: 'CNY',
  approval: 'automatic',
  productCodes: null,
  allowedNames: null,
  contactEmail: '',
} as const;

/** Stored as it is: hashing a password takes longer than all of these tests. */
async function makeUser(change: Partial<User> = {}): Promise<User> {
  const user: Omit<User, 'number'> = {
    id: newId('user', app.context),
    kind: 'person',
    person: nobody,
    containerId: null,
    lastSignInAt: null,
    accountId: customer.account.id,
    username: `made${++made}@example.com`,
    passwordHash: '',
    roles: ['requester'],
    state: 'active',
    createdBy: null,
    createdAt: app.clock.now(),
    ...change,
  };
  return app.database.write((tx) => tx.users.insert(user));
}

async function propose() {
  const target = { user: (await makeUser()).id };
  return app.ports.roleGrants.propose(app.operator, { target, roles: ['requester', 'approver'] });
}

const surface = {
  'accounts.create': {
    ask: (to, caller) => to.accounts.create(caller, newAccount),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'accounts.list': {
    ask: (to, caller) => to.accounts.list(caller, { limit: 10 }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'accounts.get': {
    ask: (to, caller) => to.accounts.get(caller, customer.account.id),
    answers: ['ok', 'ok', 'ok', 'ok', 'notFound'],
  },
  'accounts.change': {
    ask: (to, caller) => to.accounts.change(caller, customer.account.id, { name: 'renamed' }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'accounts.credit': {
    ask: (to, caller) => to.accounts.credit(caller, customer.account.id, { amountMinor: 100, note: '' }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'webhooks.secretOf': {
    ask: (to, caller) => to.webhooks.secretOf(caller, String(customer.account.number)),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'accounts.ledger': {
    ask: (to, caller) => to.accounts.ledger(caller, String(customer.account.number), { limit: 10 }),
    answers: ['ok', 'ok', 'ok', 'ok', 'notFound'],
  },
  'users.create': {
    ask: (to, caller) =>
      to.users.create(caller, {
        accountId: customer.account.id,
        username: `made${++made}@example.com`,
        password: 'long enough',
        roles: ['requester'],
      }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'forbidden'],
  },
  'users.list': {
    ask: (to, caller) => to.users.list(caller, { limit: 10 }),
    answers: ['ok', 'ok', 'ok', 'ok', 'ok'], // the stranger sees their own: below
  },
  'users.get': {
    ask: async (to, caller) => to.users.get(caller, String((await makeUser()).number)),
    answers: ['ok', 'ok', 'ok', 'ok', 'notFound'],
  },
  'users.change': {
    ask: async (to, caller) => to.users.change(caller, (await makeUser()).id, { roles: ['viewer'] }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'users.disable': {
    ask: async (to, caller) => to.users.setState(caller, (await makeUser()).id, 'disabled'),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'users.enable': {
    ask: async (to, caller) => to.users.setState(caller, (await makeUser()).username, 'active'),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'credentials.create': {
    ask: (to, caller) =>
      to.credentials.create(caller, {
        accountId: customer.account.id,
        userId: null,
        dialect: 'native',
        label: '',
        roles: ['requester'],
        allowedAddresses: null,
      }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'forbidden'],
  },
  'credentials.list': {
    ask: (to, caller) => to.credentials.list(caller, { limit: 10 }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'ok'],
  },
  'credentials.change': {
    ask: async (to, caller) =>
      to.credentials.change(caller, (await createKey(app, customer.account)).credential.id, { label: 'new' }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'credentials.revoke': {
    ask: async (to, caller) => to.credentials.revoke(caller, (await createKey(app, customer.account)).credential.id),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'roleGrants.propose': {
    ask: async (to, caller) =>
      to.roleGrants.propose(caller, { target: { user: (await makeUser()).id }, roles: ['requester', 'approver'] }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'roleGrants.list': {
    ask: (to, caller) => to.roleGrants.list(caller, { limit: 10 }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'ok'],
  },
  'roleGrants.confirm': {
    // These are keys that nobody holds; whoever confirms is a person: scenarios/grants.test.ts.
    ask: async (to, caller) => to.roleGrants.confirm(caller, { id: (await propose()).id }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'notFound'],
  },
  'roleGrants.withdraw': {
    ask: async (to, caller) => to.roleGrants.withdraw(caller, { number: (await propose()).number }),
    answers: ['ok', 'ok', 'forbidden', 'forbidden', 'notFound'],
  },
  'catalogue.change': {
    ask: (to, caller) => to.catalogue.change(caller, 'encryption365', 'paid', { name: 'another name' }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'events.list': {
    ask: (to, caller) => to.events.list(caller, { limit: 10 }),
    answers: ['ok', 'ok', 'ok', 'forbidden', 'ok'],
  },
  'events.after': {
    ask: (to, caller) => to.events.after(caller, { seq: 0, limit: 10 }),
    answers: ['ok', 'ok', 'ok', 'forbidden', 'ok'],
  },
  'operation.authorities': {
    ask: (to, caller) => to.operation.authorities(caller),
    answers: ['ok', 'ok', 'ok', 'ok', 'ok'], // public anyway, under /pki/
  },
  'mailboxes.listStopped': {
    ask: (to, caller) => to.mailboxes.listStopped(caller, { limit: 10 }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'mailboxes.stop': {
    ask: (to, caller) => to.mailboxes.stop(caller, 'admin@stopped.example'),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'mailboxes.lift': {
    ask: (to, caller) => to.mailboxes.lift(caller, 'admin@stopped.example'),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'operation.failedJobs': {
    ask: (to, caller) => to.operation.failedJobs(caller, { limit: 10 }),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'operation.keyEncryption': {
    ask: (to, caller) => to.operation.keyEncryption(caller),
    answers: ['ok', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
  'operation.rotateMasterKey': {
    ask: (to, caller) => to.operation.rotateMasterKey(caller),
    // Not while nodes share the database.
    answers: [postgresUrl === undefined ? 'ok' : 'wrongState', 'forbidden', 'forbidden', 'forbidden', 'forbidden'],
  },
} as const satisfies Readonly<Record<string, Row>>;

describe('who runs the server and an account', () => {
  for (const [method, { ask, answers }] of Object.entries<Row>(surface)) {
    for (const [index, kind] of callerKinds.entries()) {
      const expected = answers[index];
      it(`${method}: ${kind} → ${expected}`, async () => {
        const isHarmless =
          expected !== 'ok' &&
          !/^(credentials.(revoke|change)|users.(get|change|disable|enable)|roleGrants.*)$/.test(method); // which make what they change
        const before = countRows(app.databasePath);
        const answer = await ask(app.ports, callers[kind]).then(
          () => 'ok',
          (error: unknown) => (error instanceof CertError ? error.code : error),
        );
        assert.equal(answer, expected);
        if (isHarmless) assert.deepEqual(countRows(app.databasePath), before, 'nothing is left behind');
      });
    }
  }
});

describe('what an administrator sees', () => {
  it('is the users, keys and events of their own account', async () => {
    const { users, credentials, events } = app.ports;
    const { administrator, stranger } = callers;
    const page = { limit: 100 };
    for (const caller of [administrator, stranger]) {
      const lists = [users.list(caller, page), credentials.list(caller, page), events.list(caller, page)];
      const seen = (await Promise.all<{ readonly items: readonly { readonly accountId: string | null }[] }>(lists))
        .flatMap(({ items }) => items)
        .map(({ accountId }) => accountId);
      assert.deepEqual([...new Set(seen)], [caller.scope]);
    }
    const all = (await credentials.list(app.operator, { limit: 100 })).items;
    assert.ok(new Set(all.map(({ accountId }) => accountId)).size > 1, 'the operator sees every account');
  });
});

describe('roles', () => {
  const request = { userId: null, dialect: 'native', label: '', allowedAddresses: null } as const;

  it('of an operator are given by operators only, and only outside of accounts', async () => {
    const { administrator } = callers;
    const own = { ...request, accountId: customer.account.id, roles: ['operator'] } as const;
    for (const caller of [administrator, app.operator]) {
      await assert.rejects(app.ports.credentials.create(caller, own), {
        code: 'forbidden',
        reason: { key: 'roleMissing', params: { role: 'operator' } },
      });
    }
    const outside = { ...own, accountId: null };
    await assert.rejects(app.ports.credentials.create(administrator, outside), { code: 'forbidden' });
    const { credential } = await app.ports.credentials.create(app.operator, outside);
    assert.equal(credential.accountId, null);
  });

  for (const role of ['administrator', 'approver', 'requester'] as const) {
    it(`without an account and with ${role} alone are refused: such a key would see every account`, async () => {
      const roles = [role];
      const asKey = app.ports.credentials.create(app.operator, { ...request, accountId: null, roles });
      await assert.rejects(asKey, { code: 'invalidField' });
      const asUser = { accountId: null, username: `${role}@example.com`, password: 'long enough', roles };
      await assert.rejects(app.ports.users.create(app.operator, asUser), { code: 'invalidField' });
    });
  }
});

describe('creating an account', () => {
  it('refuses a currency that is none', async () => {
    const request = { ...newAccount, currency: 'yuan' };
    await assert.rejects(app.ports.accounts.create(app.operator, request), (error: CertError) => {
      assert.equal(error.code, 'invalidField');
      assert.match(error.message, /currency must be .* not "yuan"/);
      return true;
    });
  });

  it('keeps allowed names as orders are compared with them', async () => {
    const { account, caller } = await createCustomer(app, { allowedNames: ['Example.COM', 'bücher.example'] });
    assert.deepEqual(account.allowedNames, ['example.com', 'xn--bcher-kva.example']);
    const view = await issue(app, caller, ['www.example.com', 'bücher.example']);
    assert.equal(view.order.state, 'active');
    const badName = { ...newAccount, allowedNames: ['no name'] };
    await assert.rejects(app.ports.accounts.create(app.operator, badName), { code: 'badName' });
  });
});

describe('creating a user', () => {
  const accountId = () => customer.account.id;
  const good = { username: 'somebody@example.com', password: 'long enough', roles: ['requester'] } as const;
  const bad = [
    ['an empty name', { username: '  ' }, /^username must be/],
    ['a name of 255 characters', { username: 'x'.repeat(255) }, /^username must be/],
    ['a short password, which no message quotes', { password: 'short-pwd' }, /^password must be .* not \[secret\]$/],
  ] as const;
  for (const [what, change, message] of bad) {
    it(`refuses ${what}`, async () => {
      const request = { ...good, ...change, accountId: accountId() };
      await assert.rejects(app.ports.users.create(app.operator, request), { code: 'invalidField', message });
    });
  }

  it('refuses a name that is taken, in whatever case, also when two ask at once', async () => {
    const create = (username: string) =>
      app.ports.users.create(app.operator, { ...good, username, accountId: accountId() });
    const both = await Promise.allSettled([create('twice@example.com'), create('TWICE@example.com')]);
    assert.deepEqual(both.map((one) => one.status).toSorted(), ['fulfilled', 'rejected']);
    await assert.rejects(create('Twice@Example.com'), { code: 'conflict' });
  });
});

describe('disabling a user', () => {
  const keyOf = async (user: User) => {
    const request = {
      accountId: user.accountId,
      userId: user.id,
      dialect: 'native',
      label: 'panel',
      allowedAddresses: null,
    };
    const { credential, secret } = await app.ports.credentials.create(app.operator, {
      ...request,
      roles: user.accountId === null ? ['operator'] : ['requester'],
    });
    const enter = () =>
      app.ports.signIn.authenticate({ dialect: 'native', publicId: credential.publicId, secret }, origin);
    return { credential, enter };
  };
  const eventsOf = async (subject: string) =>
    (await app.ports.events.list(app.operator, { limit: 10, subject })).items.map(({ kind, data }) => [kind, data]);

  it('revokes every key of theirs, and of nobody else, and says so', async () => {
    const [user, other] = [await makeUser(), await makeUser()];
    const keys = [await keyOf(user), await keyOf(user)];
    const theirs = await keyOf(other);
    for (const { enter } of [...keys, theirs]) await enter();
    const disabled = await app.ports.users.setState(callers.administrator, user.username.toUpperCase(), 'disabled');
    assert.deepEqual(disabled, { ...user, state: 'disabled' });
    for (const { credential, enter } of keys) {
      await assert.rejects(enter(), { code: 'unauthenticated' });
      const [event] = await eventsOf(credential.id);
      assert.deepEqual(event, ['credential.revoked', { dialect: 'native', label: 'panel' }]);
    }
    await theirs.enter();
    assert.deepEqual(await eventsOf(user.id), [['user.disabled', { username: user.username }]]);
    await app.ports.users.setState(app.operator, user.id, 'disabled');
    assert.equal((await eventsOf(user.id)).length, 1, 'once');
    await assert.rejects(keyOf(user), {
      code: 'wrongState',
      message: `user ${user.username} is disabled; this needs active`,
    });
  });

  it('is undone, but for the keys', async () => {
    const user = await makeUser();
    const { enter } = await keyOf(user);
    await app.ports.users.setState(app.operator, user.id, 'disabled');
    assert.deepEqual(await app.ports.users.setState(callers.administrator, user.id, 'active'), user);
    await assert.rejects(enter(), { code: 'unauthenticated' });
    await (await keyOf(user)).enter();
    await app.ports.users.setState(app.operator, user.id, 'active');
    const told = (await eventsOf(user.id)).map(([kind]) => kind);
    assert.deepEqual(told, ['user.enabled', 'user.disabled']);
  });

  it('is refused for the user whose key asks for it', async () => {
    const operator = await makeUser({ accountId: null, roles: ['operator'] });
    const caller = await (await keyOf(operator)).enter();
    const before = countRows(app.databasePath);
    await assert.rejects(app.ports.users.setState(caller, operator.id, 'disabled'), {
      code: 'forbidden',
      reason: { key: 'ownUser', params: { username: operator.username } },
    });
    assert.deepEqual(countRows(app.databasePath), before);
    await app.ports.users.setState(app.operator, operator.id, 'disabled');
  });

  it('is not found for a name that nobody has', async () => {
    for (const name of ['nobody@example.com', 'usr_00000000000000000000000000', '']) {
      await assert.rejects(app.ports.users.setState(app.operator, name, 'disabled'), { code: 'notFound' });
    }
  });
});

describe('changing an account', () => {
  it('changes what is named, tells what, and leaves the rest', async () => {
    const { account } = await createCustomer(app, { balanceMinor: 500, allowedNames: ['a.example'] });
    const change = {
      state: 'suspended',
      allowedNames: ['B.Example', 'bücher.example'],
      contactEmail: 'a@b.example',
    } as const;
    const changed = await app.ports.accounts.change(app.operator, String(account.number), change);
    const allowedNames = ['b.example', 'xn--bcher-kva.example'];
    const funded = { ...account, balanceMinor: 500 };
    assert.deepEqual(changed, { ...funded, ...change, allowedNames });
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: account.id });
    assert.deepEqual(
      [items[0]?.kind, items[0]?.accountId, items[0]?.data],
      ['account.changed', account.id, { ...change, allowedNames }],
    );
    const open = {
      state: 'active',
      allowedNames: null,
      approval: 'manual',
      productCodes: ['encryption365:100'],
    } as const;
    const again = await app.ports.accounts.change(app.operator, account.id, open);
    assert.deepEqual(again, { ...changed, ...open });
  });

  it('takes no product that there is not', async () => {
    const refusal = {
      code: 'invalidField',
      message:
        'productCodes must be the code of a product, such as tls-dv or encryption365:100, not "encryption365:1O0"',
    };
    const productCodes = ['encryption365:100', 'encryption365:1O0'];
    await assert.rejects(createCustomer(app, { productCodes }), refusal);
    const { account } = await createCustomer(app);
    await assert.rejects(app.ports.accounts.change(app.operator, account.id, { productCodes }), refusal);
    assert.equal((await app.ports.accounts.get(app.operator, account.id)).productCodes, null);
  });

  it('shuts a suspended one out at its next call, and lets it in again', async () => {
    const { account } = await createCustomer(app);
    const { credential, secret } = await createKey(app, account);
    const enter = () =>
      app.ports.signIn.authenticate({ dialect: 'encryption365', publicId: credential.publicId, secret }, origin);
    await enter();
    await app.ports.accounts.change(app.operator, account.id, { state: 'suspended' });
    await assert.rejects(enter(), { code: 'forbidden', reason: { key: 'accountSuspended', params: {} } });
    await app.ports.accounts.change(app.operator, account.id, { state: 'active' });
    await enter();
  });

  it('refuses names that are none, and leaves everything as it was', async () => {
    const { account } = await createCustomer(app);
    const before = await app.tables();
    const bad = { name: 'other', allowedNames: ['no name'] };
    await assert.rejects(app.ports.accounts.change(app.operator, account.id, bad), { code: 'badName' });
    await app.ports.accounts.change(app.operator, account.id, {});
    assert.deepEqual(await app.tables(), before);
  });
});

describe('creating a key', () => {
  const request = { userId: null, label: '', roles: ['requester'], allowedAddresses: null } as const;

  it('refuses a front door that does not exist', async () => {
    const wanted = { ...request, accountId: customer.account.id, dialect: 'fax' };
    await assert.rejects(app.ports.credentials.create(app.operator, wanted), {
      code: 'invalidField',
      message: /dialect must be .*encryption365.*, not "fax"/,
    });
  });

  it('refuses addresses that are none', async () => {
    const wanted = { ...request, accountId: customer.account.id, dialect: 'native', allowedAddresses: ['10.0.0.0/33'] };
    await assert.rejects(app.ports.credentials.create(app.operator, wanted), {
      code: 'invalidField',
      message: /10\.0\.0\.0\/33/,
    });
  });

  it("refuses another account's user", async () => {
    const { account } = await createCustomer(app);
    const user = { accountId: account.id, username: 'theirs@example.com', password: 'long enough' };
    const { id: userId } = await app.ports.users.create(app.operator, { ...user, roles: ['requester'] });
    const wanted = { ...request, accountId: customer.account.id, dialect: 'native', userId };
    await assert.rejects(app.ports.credentials.create(callers.administrator, wanted), { code: 'notFound' });
  });

  it('revokes it once, and says so once', async () => {
    const { credential } = await createKey(app, customer.account);
    const first = await app.ports.credentials.revoke(callers.administrator, credential.id);
    assert.deepEqual(first.revokedAt, app.clock.now());
    const again = await app.ports.credentials.revoke(callers.administrator, credential.id);
    assert.deepEqual(again.revokedAt, first.revokedAt);
    const { items } = await app.ports.events.list(app.operator, { limit: 10, subject: credential.id });
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['credential.revoked', 'credential.created'],
    );
  });

  it('answers the same for a key that is not there and for a text that is no id', async () => {
    for (const id of ['crd_00000000000000000000000000', 'nonsense', '']) {
      await assert.rejects(app.ports.credentials.revoke(app.operator, id), { code: 'notFound' });
    }
  });
});

describe('money', () => {
  it('is added and taken back, line by line', async () => {
    const { account } = await createCustomer(app);
    const credit = (amountMinor: number) =>
      app.ports.accounts.credit(app.operator, account.id, { amountMinor, note: 'bank transfer 7' });
    const line = await credit(500);
    assert.deepEqual([line.kind, line.amountMinor, line.balanceAfterMinor], ['credit', 500, 500]);
    assert.equal((await credit(-200)).balanceAfterMinor, 300);
    const ledger = await app.ports.accounts.ledger(app.operator, account.id, { limit: 1 });
    const rest = await app.ports.accounts.ledger(app.operator, account.id, { limit: 1, before: ledger.next ?? 0 });
    assert.deepEqual(
      [ledger, rest].map(({ items }) => items.map(({ amountMinor }) => amountMinor)),
      [[-200], [500]],
    );
    assert.equal(rest.next, null);
  });

  for (const amountMinor of [0, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER, 1_000_000_000_001, -1]) {
    it(`refuses ${amountMinor} for an account without money, and changes nothing`, async () => {
      const { account } = await createCustomer(app);
      const before = countRows(app.databasePath);
      const request = { amountMinor, note: '' };
      await assert.rejects(app.ports.accounts.credit(app.operator, account.id, request), {
        code: 'invalidField',
      });
      assert.deepEqual(countRows(app.databasePath), before);
      assert.equal((await app.ports.accounts.get(app.operator, account.id)).balanceMinor, 0);
    });
  }
});

describe('lists', () => {
  it('come in pages, newest first, until there is no next', async () => {
    for (let i = 0; i < 3; i++) await createCustomer(app);
    const seen: number[] = [];
    let before: number | undefined;
    for (;;) {
      const page = await app.ports.accounts.list(app.operator, { limit: 2, ...(before && { before }) });
      assert.ok(page.items.length > 0 && page.items.length <= 2);
      seen.push(...page.items.map(({ number }) => number));
      if (page.next === null) break;
      before = page.next;
    }
    assert.deepEqual(
      seen,
      [...new Set(seen)].toSorted((a, b) => b - a),
    );
    assert.equal(seen.length, countRows(app.databasePath).accounts);
  });
});
