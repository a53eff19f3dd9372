/** An account's authorizations: who sees them, how they are listed, and what deactivating one ends. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CertError } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { type Customer, createCustomer, issue, place, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

async function authorizationOf({ caller }: Customer, { order }: OrderView) {
  const [found] = await app.ports.authorizations.listOfOrder(caller, order);
  return found ?? assert.fail('the order has an authorization');
}

const see = ({ caller }: Customer, { order }: OrderView) => app.ports.orders.get(caller, order);

async function refusal(work: Promise<unknown>): Promise<CertError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof CertError) return thrown;
    throw thrown;
  }
  return assert.fail('it is refused');
}

describe('authorizations', () => {
  it('are shown to their account by id, whatever front door it comes through, and to no other', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const other = await createCustomer(app, { roles: ['requester'] });
    const view = await place(app, customer.caller, ['example.com']);
    await app.idle();
    const { authorization, expiresAt } = await authorizationOf(customer, view);
    const { validationDays } = defaultProfiles.find(({ id }) => id === view.issuance.profileId) ?? assert.fail();
    assert.equal(expiresAt?.getTime(), (view.issuance.validatingSince?.getTime() ?? 0) + validationDays * 86_400_000);
    assert.equal(authorization.checks.find(({ method }) => method === 'httpFile')?.proved, false);

    const elsewhere = { ...customer.caller, dialect: 'wosign' };
    const shown = await app.ports.authorizations.get(elsewhere, authorization.id);
    assert.deepEqual(shown, { authorization, methods: null, expiresAt });
    const before = await app.tables();
    for (const call of ['get', 'deactivate'] as const) {
      const missing = await refusal(app.ports.authorizations[call](customer.caller, 'aut_00000000000000000000000000'));
      const foreign = await refusal(app.ports.authorizations[call](other.caller, authorization.id));
      assert.deepEqual([foreign.code, missing.code], ['notFound', 'notFound']);
      assert.equal(foreign.message, missing.message.replace('aut_00000000000000000000000000', authorization.id));
    }
    assert.deepEqual(await app.tables(), before);
  });

  it('are listed by name, those that are valid, page by page', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    await issue(app, customer.caller, ['b.example', 'a.example', 'c.example']);
    await place(app, customer.caller, ['pending.example']);
    await issue(app, (await createCustomer(app)).caller, ['aa.example']);
    const first = await app.ports.authorizations.list(customer.caller, { limit: 2 });
    assert.deepEqual(
      first.items.map(({ authorization }) => authorization.identifier.value),
      ['a.example', 'b.example'],
    );
    const second = await app.ports.authorizations.list(customer.caller, {
      limit: 2,
      after: first.next ?? assert.fail(),
    });
    assert.deepEqual(
      second.items.map(({ authorization }) => authorization.identifier.value),
      ['c.example'],
    );
    assert.equal(second.next, null);
    const { validUntil } = second.items[0]?.authorization ?? assert.fail();
    assert.deepEqual(second.items[0]?.expiresAt, validUntil);
    const exact = await app.ports.authorizations.list(customer.caller, { limit: 3 });
    assert.deepEqual([exact.items.length, exact.next], [3, null]);
    assert.equal(
      (await refusal(app.ports.authorizations.list(app.operator, { limit: 3 }))).reason.key,
      'accountNeeded',
    );
  });
});

describe('deactivation', () => {
  it('of a valid one ends its use by later orders; certificates stay as they are', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const first = await issue(app, customer.caller, ['example.com']);
    const { authorization } = await authorizationOf(customer, first);
    app.checks.remove('example.com');
    const { authorization: after } = await app.ports.authorizations.deactivate(customer.caller, authorization.id);
    assert.equal(after.state, 'deactivated');
    assert.equal((await see(customer, first)).certificate?.state, 'valid');

    const second = await place(app, customer.caller, ['example.com']);
    await app.idle();
    assert.equal((await see(customer, second)).issuance.state, 'awaitingValidation');
    assert.deepEqual((await app.ports.authorizations.list(customer.caller, { limit: 9 })).items, []);

    const events = await app.database.read.events.list({ accountId: customer.account.id, limit: 50 });
    const recorded = events.filter(({ kind }) => kind === 'authorization.deactivated');
    assert.deepEqual(
      recorded.map(({ subject, actor, data }) => ({ subject, actor, data })),
      [{ subject: authorization.id, actor: customer.caller.actor, data: { name: 'example.com' } }],
    );
  });

  it('is done once: again it changes nothing, and what is over is refused', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const { authorization } = await authorizationOf(customer, await issue(app, customer.caller, ['example.com']));
    await app.ports.authorizations.deactivate(customer.caller, authorization.id);
    const before = await app.tables();
    const again = await app.ports.authorizations.deactivate(customer.caller, authorization.id);
    assert.equal(again.authorization.state, 'deactivated');
    assert.deepEqual(await app.tables(), before);

    const other = await authorizationOf(customer, await issue(app, customer.caller, ['other.example']));
    await app.database.write((tx) => tx.authorizations.move(other.authorization.id, ['valid'], 'expired'));
    const refused = await refusal(app.ports.authorizations.deactivate(customer.caller, other.authorization.id));
    assert.deepEqual([refused.code, refused.reason.key], ['wrongState', 'wrongState']);
  });

  it('of a pending one leaves the order waiting for a new one, which the proof that is placed later proves', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['example.com']);
    await app.idle();
    const { authorization } = await authorizationOf(customer, view);
    await app.ports.authorizations.deactivate(customer.caller, authorization.id);
    await app.idle();
    const renewed = await authorizationOf(customer, view);
    assert.notEqual(renewed.authorization.id, authorization.id);
    assert.equal(renewed.authorization.state, 'pending');
    assert.equal((await app.ports.authorizations.get(customer.caller, authorization.id)).expiresAt, null);
    app.checks.place('example.com');
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    assert.equal((await see(customer, view)).issuance.state, 'issued');
    const old = await app.ports.authorizations.get(customer.caller, authorization.id);
    assert.equal(old.authorization.state, 'deactivated');
  });

  it('of one that another order proved sends an order that rests until its CSR comes back to proving', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 1_000_000 });
    const first = await issue(app, customer.caller, ['example.com']);
    const { authorization } = await authorizationOf(customer, first);
    app.checks.remove('example.com');
    const waiting = await place(app, customer.caller, ['example.com'], { productCode: 'years', csr: null });
    await app.idle();
    assert.equal((await see(customer, waiting)).issuance.state, 'ready');
    await app.ports.authorizations.deactivate(customer.caller, authorization.id);
    await app.ports.issuances.provideCsr(customer.caller, waiting.order, first.issuance.csr ?? assert.fail());
    await app.idle();
    assert.equal((await see(customer, waiting)).issuance.state, 'awaitingValidation');
  });
});
