/** Accounts that people make for themselves: who may, what they get, and that nothing half is left. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createApp } from '../../../src/app/index.ts';
import type { Registration } from '../../../src/domain/ports/accounts.ts';
import { createCustomer, issue, origin, startTestApp, type TestApp } from '../../support/app.ts';
import { countRows } from '../../support/tables.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const expected = 'a code of the operator';
let people = 0;

const request = (change: Partial<Registration> & { readonly given?: string } = {}): Registration => {
  people++;
  const username = `person${people}@example.com`;
  const { given = expected, ...rest } = change;
  return {
    code: { given, expected },
    username,
    password: 'correct horse',
    accountName: `company ${people}`,
    currency: 'CNY',
    contactEmail: username,
    limits: { perHour: 1000, perHourAndNetwork: 1000 },
    ...rest,
  };
};

const register = (asked: Registration, address = '192.0.2.20') =>
  app.ports.signIn.register(asked, { ...origin, address });

describe('registering', () => {
  it('makes an account without money and its user, who may order, and tells the audit log', async () => {
    const asked = request();
    const account = await register(asked);
    const { id, number, createdAt } = account;
    assert.deepEqual(account, {
      id,
      number,
      name: asked.accountName,
      state: 'active',
      currency: 'CNY',
      balanceMinor: 0,
      approval: 'automatic',
      separatesDuties: false,
      madeKeys: 'anyIssuer',
      productCodes: null,
      prices: {},
      allowedNames: null,
      contactEmail: asked.username,
      lowBalanceMinor: null,
      lowSince: null,
      createdAt,
    });
    assert.deepEqual(createdAt, app.clock.now());
    const [user, ...others] = await app.database.read.users.list(id, { limit: 10 });
    assert.ok(user && others.length === 0);
    assert.deepEqual([user.username, user.roles, user.state], [asked.username, ['requester'], 'active']);
    const { items } = await app.ports.events.list(app.operator, { limit: 2 });
    assert.deepEqual(
      items.map(({ kind, accountId, actor, subject, requestId, data }) => [
        kind,
        accountId,
        actor,
        subject,
        requestId,
        data,
      ]),
      [
        ['user.created', id, user.id, user.id, origin.requestId, { username: asked.username, roles: ['requester'] }],
        ['account.created', id, user.id, id, origin.requestId, { name: asked.accountName }],
      ],
    );
    assert.doesNotMatch(JSON.stringify(items), /correct horse|a code of the operator/);
  });

  it('lets the user sign in and order', async () => {
    const { username, password } = request();
    await register(request({ username, password }));
    const login = { dialect: 'encryption365', username: username.toUpperCase(), password, label: 'panel' };
    const { credential, secret, account } = await app.ports.signIn.createDevice(login, origin);
    const key = { dialect: 'encryption365', publicId: credential.publicId, secret };
    const view = await issue(app, await app.ports.signIn.authenticate(key, origin), ['registered.example.com']);
    assert.equal(view.order.accountId, account.id);
  });

  it('shows no terminal what it would obey', async () => {
    assert.equal((await register(request({ accountName: 'a\u001b[31mb' }))).name, 'a\\u{1b}[31mb');
  });

  const refusals = [
    [
      'a wrong code',
      { given: 'a code of the operatoR' },
      { key: 'registrationCodeWrong', params: { field: 'registrationCode' } },
    ],
    ['an empty code', { given: '' }, { key: 'registrationCodeWrong', params: { field: 'registrationCode' } }],
  ] as const;
  for (const [what, change, reason] of refusals) {
    it(`refuses ${what}`, async () => {
      const before = countRows(app.databasePath);
      await assert.rejects(register(request(change), '192.0.2.21'), { code: 'forbidden', reason });
      assert.deepEqual(countRows(app.databasePath), before);
    });
  }

  const invalid = [
    ['a short password', { password: 'short-pwd' }],
    ['an empty user name', { username: ' ' }],
    ['a user name of 255 characters', { username: 'x'.repeat(255) }],
    ['a user name that turns the line around', { username: 'a\u202Eb@example.com' }],
    ['a currency that is none', { currency: 'yuan' }],
  ] as const;
  for (const [what, change] of invalid) {
    it(`refuses ${what}, and leaves nothing`, async () => {
      const before = countRows(app.databasePath);
      await assert.rejects(register(request(change)), { code: 'invalidField' });
      assert.deepEqual(countRows(app.databasePath), before);
    });
  }

  it('makes no account for a user name that is taken, also when two ask at once', async () => {
    const { username } = request();
    const before = countRows(app.databasePath);
    const both = await Promise.allSettled([
      register(request({ username })),
      register(request({ username: username.toUpperCase() })),
    ]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await assert.rejects(register(request({ username })), {
      code: 'conflict',
      reason: { key: 'alreadyExists', params: { what: 'user', value: username } },
    });
    const { accounts = 0, users = 0, events = 0, actor_numbers: numbers = 0, containers = 0, balances = 0 } = before;
    assert.deepEqual(countRows(app.databasePath), {
      ...before,
      accounts: accounts + 1,
      balances: balances + 1,
      users: users + 1,
      actor_numbers: numbers + 1,
      containers: containers + 1,
      events: events + 2,
    });
  });
});

describe('guessing codes', () => {
  it('is slowed down for the network, and keeps nobody there from signing in', async () => {
    const address = '198.51.100.44';
    const good = request();
    await register(good, address);
    for (let i = 0; i < 10; i++) {
      await assert.rejects(register(request({ given: `guess ${i}` }), address), { code: 'forbidden' });
    }
    await assert.rejects(register(request(), address), {
      code: 'rateLimited',
      reason: { key: 'loginRateLimited', params: { retryAfterSeconds: 90 } },
    });
    await register(request(), '198.51.100.45');
    const login = { dialect: 'encryption365', username: good.username, password: good.password, label: 'panel' };
    await app.ports.signIn.createDevice(login, { ...origin, address });
    await app.clock.advance(90_000);
    await register(request(), address);
  });
});

describe('the rate of registrations', () => {
  const tooMany = (retryAfterSeconds: number) => ({
    code: 'rateLimited',
    reason: { key: 'registrationRateLimited', params: { retryAfterSeconds } },
  });

  it('is limited for each network, and in all', async () => {
    await app.clock.advance(3_600_000);
    const limits = { perHour: 4, perHourAndNetwork: 2 };
    await register(request({ limits }), '203.0.113.1');
    await app.clock.advance(600_000);
    await register(request({ limits }), '203.0.113.1');
    await assert.rejects(register(request({ limits }), '203.0.113.1'), tooMany(3000));
    await register(request({ limits }), '2001:db8::1');
    await register(request({ limits }), '2001:db8::2');
    await assert.rejects(register(request({ limits }), '2001:db8::3'), tooMany(3600));
    await assert.rejects(register(request({ limits }), '203.0.113.2'), tooMany(3000));
    await app.clock.advance(3_000_000);
    await register(request({ limits }), '203.0.113.1');
  });

  it('is not exceeded by several who register at once', async () => {
    await app.clock.advance(3_600_000);
    const limits = { perHour: 5, perHourAndNetwork: 2 };
    const networks = ['203.0.113.20', '203.0.113.21', '203.0.113.22', '203.0.113.23'];
    const asked = networks.flatMap((address) => [1, 2, 3].map(() => register(request({ limits }), address)));
    const answers = await Promise.allSettled(asked);
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 5);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.reason] : []));
    assert.deepEqual(refused, Array(7).fill(tooMany(3600).reason));
  });

  it('is that of the installation: it survives a restart, and operators who create accounts are not counted', async () => {
    await app.clock.advance(3_600_000);
    const limits = { perHour: 2, perHourAndNetwork: 1 };
    await createCustomer(app);
    await createCustomer(app);
    await createCustomer(app);
    await register(request({ limits }), '203.0.113.30');
    const { signIn } = createApp(app.context).ports;
    const elsewhere = (address: string) => signIn.register(request({ limits }), { ...origin, address });
    await assert.rejects(elsewhere('203.0.113.30'), tooMany(3600));
    await elsewhere('203.0.113.31');
    await assert.rejects(register(request({ limits }), '203.0.113.32'), tooMany(3600));
  });

  it('counts what was made by a clock that was ahead only once that time has come', async () => {
    await app.clock.advance(3_600_000);
    const limits = { perHour: 1, perHourAndNetwork: 1 };
    const dayMs = 86_400_000;
    app.clock.set(dayMs);
    await register(request({ limits }), '203.0.113.40');
    app.clock.set(-dayMs);
    await register(request({ limits }), '203.0.113.40');
    await assert.rejects(register(request({ limits }), '203.0.113.40'), tooMany(3600));
    app.clock.set(dayMs);
    await assert.rejects(register(request({ limits }), '203.0.113.41'), tooMany(3600));
  });

  it('counts no registration that was refused, and tells strangers without the code nothing', async () => {
    await app.clock.advance(3_600_000);
    const limits = { perHour: 1, perHourAndNetwork: 1 };
    for (let i = 0; i < 3; i++) {
      await assert.rejects(register(request({ limits, password: 'short' }), '203.0.113.9'), { code: 'invalidField' });
    }
    await register(request({ limits }), '203.0.113.9');
    await assert.rejects(register(request({ limits, given: 'guess' }), '203.0.113.9'), { code: 'forbidden' });
  });
});
