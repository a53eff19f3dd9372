/** Keys for ACME clients: told once, kept sealed, revoked for good. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openHmacKey } from '../../../src/app/accounts/external-account-keys.ts';
import { openPolicy } from '../../../src/domain/key-policy.ts';
import type { KeyPolicyRequest, NewExternalAccountKey } from '../../../src/domain/ports/external-account-keys.ts';
import { type Customer, createCaller, createCustomer, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { roles: ['administrator'] });
});
afterEach(() => app.close());

const request = (change: Partial<NewExternalAccountKey> = {}): NewExternalAccountKey => ({
  name: ' web servers ',
  productCode: 'paid',
  organization: null,
  coverage: { unit: 'years', count: 1 },
  settings: { ssl: true },
  ...change,
});
const add = (change?: Partial<NewExternalAccountKey>, caller = customer.caller) =>
  app.ports.externalAccountKeys.add(caller, request(change));

describe('a key for ACME clients', () => {
  it('is told once, and kept so that only the server can read it', async () => {
    const { key, hmacKey } = await add();
    assert.equal(hmacKey.length, 32);
    assert.equal(key.name, 'web servers');
    assert.equal(key.dialect, 'encryption365');
    assert.deepEqual(Uint8Array.from(openHmacKey(app.context, key)), hmacKey);
    const other = await add();
    assert.notEqual(other.key.keyId, key.keyId);
    assert.notDeepEqual(other.hmacKey, hmacKey);
    assert.deepEqual(await app.ports.externalAccountKeys.list(customer.caller), [other.key, key]);
    const stored = JSON.stringify(await app.tables());
    for (const secret of [hmacKey, other.hmacKey]) {
      const bytes = JSON.stringify(Uint8Array.from(secret)).slice(1, -1);
      assert.equal(stored.includes(bytes), false);
      assert.equal(stored.includes(Buffer.from(secret).toString('hex')), false);
      assert.equal(stored.includes(Buffer.from(secret).toString('base64url')), false);
    }
    const [event] = await app.database.read.events.list({ accountId: customer.account.id, subject: key.id, limit: 5 });
    assert.equal(event?.kind, 'externalAccountKey.added');
    assert.deepEqual(event?.data, { number: key.number, name: key.name, keyId: key.keyId });
  });

  it('is revoked once, by number or id', async () => {
    const { key } = await add();
    const revoked = await app.ports.externalAccountKeys.revoke(customer.caller, { number: key.number });
    assert.deepEqual(revoked, { ...key, revokedAt: app.clock.now() });
    await app.advance(60);
    assert.deepEqual(await app.ports.externalAccountKeys.revoke(customer.caller, { id: key.id }), revoked);
    const events = await app.database.read.events.list({ accountId: null, subject: key.id, limit: 5 });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['externalAccountKey.revoked', 'externalAccountKey.added'],
    );
  });

  it('is refused for what does not fit, and changes nothing then', async () => {
    const before = await app.tables();
    for (const name of ['', '  ', 'x'.repeat(256), 'a\u202Eb', 'a\u001b[2J'])
      await assert.rejects(add({ name }), refused('fieldInvalid'));
    for (const coverage of [
      { unit: 'years', count: 2 },
      { unit: 'days', count: 367 },
      { unit: 'days', count: 0 },
      { unit: 'months', count: 1.5 },
    ] as const) {
      await assert.rejects(add({ coverage }), refused('fieldInvalid'));
    }
    await assert.rejects(add({ productCode: 'nothing' }), refused('unknownProduct'));
    await assert.rejects(add({ organization: { number: 1 } }), refused('notFound'));
    assert.deepEqual(await app.tables(), before);
  });

  it('is of the account, for its administrators: others see theirs, requesters see it', async () => {
    const { key } = await add();
    const requester = await createCaller(app, customer.account);
    await assert.rejects(add({}, requester), refused('roleMissing'));
    await assert.rejects(app.ports.externalAccountKeys.revoke(requester, key), refused('roleMissing'));
    assert.deepEqual(await app.ports.externalAccountKeys.list(requester), [key]);
    const other = await createCustomer(app, { roles: ['administrator'] });
    assert.deepEqual(await app.ports.externalAccountKeys.list(other.caller), []);
    await assert.rejects(app.ports.externalAccountKeys.revoke(other.caller, key), refused('notFound'));
    await assert.rejects(add({}, app.operator), refused('accountNeeded'));
  });
});

describe('what its clients may do', () => {
  const change = (id: string, policy: KeyPolicyRequest, caller = customer.caller) =>
    app.ports.externalAccountKeys.change(caller, { id }, { policy });
  const policyOf = async (id: string) => (await app.ports.externalAccountKeys.get(customer.caller, { id })).policy;

  it('is what was said, in canonical form, and recorded', async () => {
    const { key } = await add({ policy: { names: ['EXAMPLE.com', 'bücher.example'], accounts: 1 } });
    assert.deepEqual(key.policy, { ...openPolicy, names: ['example.com', 'xn--bcher-kva.example'], accounts: 1 });
    assert.equal(key.productCode, 'encryption365:paid');
    await change(key.id, { maxValidityDays: 30, names: null });
    assert.deepEqual(await policyOf(key.id), { ...openPolicy, accounts: 1, maxValidityDays: 30 });
    const events = await app.database.read.events.list({ accountId: null, subject: key.id, limit: 5 });
    assert.deepEqual(
      events.map(({ kind, data }) => [kind, data.names, data.maxValidityDays]),
      [
        ['externalAccountKey.changed', null, 30],
        ['externalAccountKey.added', ['example.com', 'xn--bcher-kva.example'], undefined],
      ],
    );
  });

  it('is refused where it means nothing, and changes nothing then', async () => {
    const { key } = await add();
    const before = await app.tables();
    const rows: readonly (readonly [KeyPolicyRequest, RegExp])[] = [
      [{ names: ['*.example.com'] }, /names must be a domain, .* not "\*\.example\.com"/],
      [{ names: ['exa mple.com'] }, /exa mple\.com/],
      [{ preAuthorized: ['*.example.com'] }, /preAuthorized must be a domain/],
      [{ addressRanges: ['198.51.100.0/33'] }, /addressRanges must be .* not "198\.51\.100\.0\/33"/],
      [{ methods: [] }, /methods must be one of httpFile/],
      [{ profiles: ['weekly'] }, /profiles must be left out.* not "weekly"/],
      [{ defaultProfile: 'weekly' }, /defaultProfile must be left out/],
      [{ issuerId: 'nobody' }, /issuerId can be set by the operator only/],
    ];
    for (const [policy, expected] of rows) {
      await assert.rejects(change(key.id, policy), expected);
      await assert.rejects(add({ policy }), expected);
    }
    const past = new Date(app.clock.now().getTime() - 1);
    await assert.rejects(add({ expiresAt: past }), /expiresAt must be a time in the future/);
    await assert.rejects(
      app.ports.externalAccountKeys.change(customer.caller, key, { expiresAt: past }),
      /expiresAt must be a time in the future/,
    );
    assert.deepEqual(await app.tables(), before);
  });

  it('is changed by administrators of the account only', async () => {
    const { key } = await add();
    const requester = await createCaller(app, customer.account);
    await assert.rejects(change(key.id, { accounts: 1 }, requester), refused('roleMissing'));
    const other = await createCustomer(app, { roles: ['administrator'] });
    await assert.rejects(change(key.id, { accounts: 1 }, other.caller), refused('notFound'));
    await change(key.id, { accounts: 1 }, app.operator);
    assert.equal((await policyOf(key.id)).accounts, 1);
  });

  it('includes automatic approval where one person may decide that, or the operator does', async () => {
    for (const [rules, mayAlone] of [
      [{ approval: 'manual' }, true],
      [{ approval: 'twoStep' }, false],
      [{ approval: 'manual', separatesDuties: true }, false],
    ] as const) {
      const { account, caller } = await createCustomer(app, { ...rules, roles: ['administrator'] });
      const operator = await app.ports.signIn.actFor(app.operator, account.id);
      const automatic = { policy: { approval: 'automatic' } } as const;
      if (mayAlone) assert.equal((await add(automatic, caller)).key.policy.approvalBy, 'administrator');
      else await assert.rejects(add(automatic, caller), refused('automaticNotForOne'));
      const { key } = await add(automatic, { ...operator, dialect: 'encryption365', seesAllDialects: false });
      assert.equal(key.policy.approvalBy, 'operator');
      // More names without approval are a decision of the same kind; to need approval again is not.
      const widened = change(key.id, { names: ['example.net'] }, caller);
      if (mayAlone) assert.equal((await widened).policy.approvalBy, 'administrator');
      else await assert.rejects(widened, refused('automaticNotForOne'));
      assert.equal((await change(key.id, { approval: 'account' }, caller)).policy.approvalBy, null);
    }
  });
});
