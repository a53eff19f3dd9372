/** Accounts whose orders somebody must approve first. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let approver: Caller;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { approval: 'manual', balanceMinor: 1_000_00 });
  approver = await createCaller(app, customer.account, { dialect: 'native', roles: ['approver'] });
});
afterEach(() => app.close());

const paid = { productCode: 'paid' } as const;
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const decide = async ({ order }: OrderView, approve: boolean, by = approver) =>
  (await app.ports.approvals.decide(by, { order }, { approve, note: approve ? 'fine' : 'no budget' })).view;
const newestEvent = async ({ order }: OrderView) =>
  (await app.ports.events.list(app.operator, { limit: 1, subject: order.id })).items[0];

async function refused(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

describe('an order that needs approval', () => {
  it('is charged and waits: nobody looks for proofs', async () => {
    app.checks.place('a.example');
    const view = await place(app, customer.caller, ['a.example'], paid);
    assert.deepEqual([view.issuance.state, view.approval?.state], ['awaitingApproval', 'pending']);
    assert.equal(view.issuance.validatingSince, null);
    await app.advance(3600);
    assert.equal((await see(view)).issuance.state, 'awaitingApproval');
    assert.deepEqual(app.checks.looks, []);
    assert.equal(await balance(), 900_00);
  });

  it('goes on once it is approved, its schedule beginning then', async () => {
    const view = await place(app, customer.caller, ['a.example'], paid);
    await app.advance(1800);
    const { issuance, approval } = await decide(view, true);
    assert.equal(issuance.state, 'awaitingValidation');
    assert.deepEqual(
      [approval?.state, approval?.decisions],
      ['approved', [{ approve: true, by: approver.actor, note: 'fine', at: app.clock.now() }]],
    );
    assert.equal((await newestEvent(view))?.kind, 'order.approved');
    await app.idle();
    app.checks.place('a.example');
    await app.advance(2);
    assert.equal((await see(view)).issuance.state, 'issued');
    assert.deepEqual(
      app.checks.looks.filter(({ method }) => method === 'httpFile').map(({ at }) => at.toISOString().slice(11, 19)),
      ['00:30:00', '00:30:02'],
    );
  });

  it('of names that are proved is issued once it is approved', async () => {
    const first = await place(app, customer.caller, ['a.example'], paid);
    app.checks.place('a.example');
    await decide(first, true);
    await app.idle();
    app.checks.remove('a.example');
    const second = await place(app, customer.caller, ['a.example'], paid);
    assert.equal(second.issuance.state, 'awaitingApproval');
    await decide(second, true);
    await app.idle();
    assert.equal((await see(second)).issuance.state, 'issued');
  });

  it('ends when it is rejected, with its money back and the reason', async () => {
    const view = await place(app, customer.caller, ['a.example'], paid);
    const { order, issuance, approval } = await decide(view, false);
    assert.deepEqual([order.state, issuance.state, approval?.state], ['rejected', 'failed', 'rejected']);
    assert.deepEqual(issuance.failure, { key: 'approvalRejected', params: { note: 'no budget' } });
    assert.equal(await balance(), 1_000_00);
    const event = await newestEvent(view);
    assert.deepEqual([event?.kind, event?.actor, event?.data.note], ['order.rejected', approver.actor, 'no budget']);
  });

  it('is decided once, also by two at the same moment', async () => {
    const view = await place(app, customer.caller, ['a.example'], paid);
    const both = await Promise.allSettled([decide(view, true), decide(view, false)]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    // On PostgreSQL the second may be the first.
    const isApproved = both[0]?.status === 'fulfilled';
    assert.ok(isApproved || !app.database.isExclusive);
    const message = isApproved ? /approval \d+ is approved/ : /approval \d+ is rejected/;
    for (const again of [true, false]) await refused(() => decide(view, again), { code: 'wrongState', message });
    assert.equal(await balance(), isApproved ? 900_00 : 1_000_00);
  });

  it('is decided by an approver, an administrator or the operator', async () => {
    const as = (role: 'requester' | 'administrator') =>
      createCaller(app, customer.account, { dialect: 'native', roles: [role] });
    const view = await place(app, customer.caller, ['a.example'], paid);
    const requester = await as('requester');
    const error = {
      code: 'forbidden',
      reason: { key: 'roleMissing', params: { role: ['approver', 'administrator'] } },
    };
    await refused(() => decide(view, true, requester), error);
    await refused(() => decide(view, true, customer.caller), error);
    await decide(view, true, await as('administrator'));
    const other = await place(app, customer.caller, ['b.example'], paid);
    assert.equal((await decide(other, true, app.operator)).approval?.state, 'approved');
  });

  it('that was cancelled cannot be decided any more, and its money is given back once', async () => {
    for (const approve of [true, false]) {
      const view = await place(app, customer.caller, ['a.example'], paid);
      const { approval } = await app.ports.orders.cancel(customer.caller, view.order);
      assert.deepEqual([approval?.state, approval?.decisions.at(-1)?.by], ['rejected', null], 'by the platform');
      assert.equal(await balance(), 1_000_00);
      await refused(() => decide(view, approve), { code: 'wrongState' });
      assert.equal((await see(view)).order.state, 'cancelled');
    }
  });

  it('that its customer revoked before the decision cannot be decided any more', async () => {
    const view = await place(app, customer.caller, ['a.example'], paid);
    await app.ports.revocations.revokeOrder(customer.caller, view.order, 'unspecified');
    await refused(() => decide(view, false), { code: 'wrongState' });
    assert.equal(await balance(), 1_000_00);
  });
});

describe('an account that approves by itself', () => {
  it('has nothing to decide', async () => {
    const { account, caller } = await createCustomer(app);
    const administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
    const view = await place(app, caller, ['a.example']);
    await refused(() => decide(view, false, administrator), { code: 'wrongState', message: /is approved/ });
  });
});

describe('a reissue that needs approval', () => {
  async function issued(): Promise<OrderView> {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    await decide(view, true);
    await app.idle();
    return see(view);
  }

  it('waits for it, while the certificate before stays', async () => {
    const first = await issued();
    const under = await app.ports.issuances.reissue(customer.caller, first.order, await reissueFor(['a.example']));
    assert.equal(under.issuance.state, 'awaitingApproval');
    assert.deepEqual([under.approval?.asks, under.approval?.state], ['reissue', 'pending']);
    await decide(first, true);
    await app.idle();
    const after = await see(first);
    assert.equal(after.issuance.id, under.issuance.id);
    assert.equal(after.issuance.state, 'issued');
  });

  it('leaves the order active when it is rejected, and gives back what it cost', async () => {
    const first = await issued();
    await app.ports.issuances.reissue(customer.caller, first.order, await reissueFor(['a.example', 'b.example']));
    assert.equal(await balance(), 800_00);
    const { order, issuance } = await decide(first, false);
    assert.deepEqual([order.state, issuance.state], ['active', 'failed']);
    assert.equal(await balance(), 900_00);
    const again = await app.ports.issuances.reissue(customer.caller, first.order, await reissueFor(['a.example']));
    assert.equal(again.issuance.state, 'awaitingApproval');
  });

  it('whose order is revoked before the decision cannot be decided any more', async () => {
    const first = await issued();
    await app.ports.issuances.reissue(customer.caller, first.order, await reissueFor(['a.example', 'b.example']));
    await app.ports.revocations.revokeOrder(approver, first.order, 'keyCompromise');
    assert.equal(await balance(), 900_00);
    await refused(() => decide(first, false), { code: 'wrongState' });
    assert.equal((await see(first)).order.state, 'revoked');
  });
});
