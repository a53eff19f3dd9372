/** Taking back what was requested and is not done yet. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
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
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
let manual: Customer;
let approver: Caller;
let requester: Caller;
before(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 1_000_000 });
  manual = await createCustomer(app, { balanceMinor: 1_000_000, approval: 'manual' });
  approver = await createCaller(app, manual.account, { roles: ['approver'] });
  requester = await createCaller(app, manual.account, { roles: ['requester'] });
});
after(() => app.close());

const withdraw = (
  caller: Caller,
  order: { readonly id: string },
  kind?: 'revocation' | 'duplicate' | 'reissue' | 'new',
) => app.ports.approvals.withdraw(caller, { order, ...(kind === undefined ? {} : { kind }) });

describe('what waits is withdrawn', () => {
  it('a new order, which is refunded', async () => {
    const before = (await app.ports.accounts.get(customer.caller, customer.account.id)).balanceMinor;
    const { order } = await place(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    const view = await withdraw(customer.caller, order);
    assert.equal(view.order.state, 'cancelled');
    assert.equal((await app.ports.accounts.get(customer.caller, customer.account.id)).balanceMinor, before);
  });

  it('a reissue and a duplicate, and the certificate stays', async () => {
    const { order } = await issue(app, customer.caller, ['b.example.com']);
    await app.ports.issuances.reissue(customer.caller, order, await reissueFor(['b.example.com', 'c.example.com']));
    const view = await withdraw(customer.caller, order);
    assert.deepEqual([view.order.state, view.issuance.state, view.certificate?.state], ['active', 'issued', 'valid']);
    await assert.rejects(withdraw(customer.caller, order), refused('wrongState'));
  });

  it('a duplicate that waits for an approver, by its request', async () => {
    const placed = await place(app, manual.caller, ['d.example.com']);
    app.checks.place('d.example.com');
    await app.ports.approvals.decide(approver, { order: placed.order }, { approve: true, note: '' });
    await app.idle();
    await app.ports.issuances.duplicate(requester, placed.order, await reissueFor(['d.example.com']));
    const [waiting] = await app.database.read.approvals.listWaitingOfOrder(placed.order.id);
    assert.equal(waiting?.asks, 'duplicate');
    await app.ports.approvals.withdraw(requester, { id: waiting.id });
    assert.deepEqual(await app.database.read.approvals.listWaitingOfOrder(placed.order.id), []);
    await assert.rejects(app.ports.approvals.withdraw(requester, { id: waiting.id }), refused('wrongState'));
    const states = (await app.database.read.issuances.listOfOrder(placed.order.id)).map(({ state }) => state);
    assert.deepEqual(states, ['issued', 'cancelled']);
  });

  it('a revocation: by whoever requested it, or may decide it, and by nobody else', async () => {
    const placed = await place(app, manual.caller, ['e.example.com']);
    app.checks.place('e.example.com');
    await app.ports.approvals.decide(approver, { order: placed.order }, { approve: true, note: '' });
    await app.idle();
    const stranger = await createCaller(app, manual.account, { roles: ['requester'] });
    for (const by of [requester, approver]) {
      await app.ports.revocations.revokeOrder(requester, placed.order, 'keyCompromise');
      await assert.rejects(withdraw(stranger, placed.order, 'revocation'), refused('roleMissing'));
      const view = await withdraw(by, placed.order, 'revocation');
      assert.deepEqual([view.order.state, view.certificate?.state], ['active', 'valid']);
      assert.deepEqual(await app.database.read.approvals.listWaitingOfOrder(placed.order.id), []);
    }
  });

  it('not of another account, and not by who only reads', async () => {
    const { order } = await place(app, customer.caller, ['f.example.com']);
    await assert.rejects(withdraw(requester, order), refused('notFound'));
    const viewer = await createCaller(app, customer.account, { roles: ['viewer'] });
    await assert.rejects(withdraw(viewer, order), refused('roleMissing'));
  });
});
