/** Waiting for an order, as the APIs do that answer a certificate in one call. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { createCustomer, issue, place, startTestApp, type TestApp } from '../../support/app.ts';
import { createNastyUpstream } from '../../support/nasty-upstream.ts';
import { until } from '../../support/system.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';

let app: TestApp;
let caller: Caller;
before(async () => {
  app = await startTestApp();
  ({ caller } = await createCustomer(app));
});
after(() => app.close());

const patienceMs = 10_000;
const settle = ({ order }: OrderView) => app.ports.orders.settle(caller, order, patienceMs);

describe('an order is waited for', () => {
  it('until its names are looked at and its certificate is signed', async () => {
    app.checks.place('proved.example');
    const settled = await settle(await place(app, caller, ['proved.example']));
    assert.deepEqual([settled.issuance.state, settled.order.state], ['issued', 'active']);
    assert.equal(settled.certificate?.names[0], 'proved.example');
    assert.ok(settled.chain.length > 0);
  });

  it('until the first look is over, not until the next', async () => {
    app.checks.place('one.example');
    const settled = await settle(await place(app, caller, ['one.example', 'none.example']));
    assert.equal(settled.issuance.state, 'awaitingValidation');
    assert.deepEqual(
      settled.authorizations.map(({ state, checks }) => [state, checks.length > 0]),
      [
        ['valid', true],
        ['pending', true],
      ],
    );
  });

  it('no longer than the caller wants to wait', async () => {
    app.checks.delay('slow.example', 60_000);
    const settling = settle(await place(app, caller, ['slow.example']));
    await app.clock.advance(patienceMs);
    const { issuance, authorizations } = await settling;
    assert.equal(issuance.state, 'awaitingValidation');
    assert.deepEqual(authorizations[0]?.checks, []);
    await app.clock.advance(60_000);
  });

  it('not at all when a person must decide first', async () => {
    const theirs = await createCustomer(app, { approval: 'manual' });
    const placed = await place(app, theirs.caller, ['approve.example']);
    const settled = await app.ports.orders.settle(theirs.caller, placed.order, patienceMs);
    assert.equal(settled.issuance.state, 'awaitingApproval');
  });

  it('also where its work is queued and nobody has begun it', async () => {
    const theirs = await createCustomer(app, { approval: 'manual' });
    const { order } = await place(app, theirs.caller, ['begun.example']);
    app.checks.place('begun.example');
    const approver = { ...app.operator, scope: order.accountId, roles: ['approver'] as const };
    await app.ports.approvals.decide(approver, { order }, { approve: true, note: '' });
    let state = '';
    const settling = app.ports.orders.settle(theirs.caller, order, patienceMs).then((view) => {
      state = view.issuance.state;
    });
    await until(async () => {
      await app.clock.advance(20);
      return state !== '';
    }, 'the order is settled');
    await settling;
    assert.equal(state, 'issued');
  });

  it('not when it is over', async () => {
    const issued = await issue(app, caller, ['over.example']);
    assert.equal((await settle(issued)).issuance.id, issued.issuance.id);
    const placed = await place(app, caller, ['given-up.example']);
    await app.ports.orders.cancel(caller, placed.order);
    assert.equal((await settle(placed)).order.state, 'cancelled');
  });

  it("and another account's is not there", async () => {
    const { caller: stranger } = await createCustomer(app);
    const { order } = await place(app, caller, ['mine.example']);
    await assert.rejects(app.ports.orders.settle(stranger, order, patienceMs), { code: 'notFound' });
  });
});

describe('a slow issuer', () => {
  it('is waited for while there is time', async () => {
    let slow: TestApp | undefined;
    const clock = () => slow?.clock ?? assert.fail();
    const upstream = await createNastyUpstream(clock);
    upstream.isSlow = true;
    slow = await startTestApp({ upstreams: [createUpstreamIssuer(upstream, clock, { pollSeconds: 1 })] });
    try {
      const customer = await createCustomer(slow);
      slow.checks.place('slow-issuer.example');
      const { order } = await place(slow, customer.caller, ['slow-issuer.example'], {
        issuerId: 'upstream',
      });
      let state = '';
      const settling = slow.ports.orders.settle(customer.caller, order, patienceMs).then((view) => {
        state = view.issuance.state;
      });
      await until(async () => {
        await clock().advance(100);
        const [bought] = upstream.orders;
        if (bought?.state === 'pending' && upstream.calls.length === 3)
          await upstream.decide(bought.reference, 'issued');
        return state !== '';
      }, 'the order is settled');
      await settling;
      assert.deepEqual([state, upstream.calls], ['issued', ['place', 'status', 'status', 'status']]);
    } finally {
      await slow.close();
    }
  });
});
