/** Keys that certmux makes, and the CAs that an account lets certify them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { type Customer, createCustomer, place as placeOrder, startTestApp, type TestApp } from '../../support/app.ts';

import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
beforeEach(async () => {
  const clock = () => app.clock;
  upstream = await createNastyUpstream(clock);
  app = await startTestApp({ upstreams: [createUpstreamIssuer(upstream, clock)] });
  customer = await createCustomer(app, { balanceMinor: 1000_00 });
});
afterEach(() => app.close());

const change = (madeKeys: 'anyIssuer' | 'ownCa') =>
  app.ports.accounts.change(app.operator, customer.account.id, { madeKeys });
const place = (wanted: Partial<PlaceOrder>) =>
  placeOrder(app, customer.caller, ['a.example.com'], { productCode: 'paid', ...wanted });
const made = { csr: { make: 'P-256' } } as const;
const atUpstream = { issuerId: 'upstream' } as const;
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;

describe('a key that certmux makes', () => {
  it('is certified by an upstream unless the account forbids it', async () => {
    app.checks.place('a.example.com');
    const view = await place({ ...made, ...atUpstream });
    await app.idle();
    assert.equal((await app.ports.orders.get(customer.caller, view.order)).issuance.state, 'issued');
  });

  it('is refused at an upstream where the account forbids it, and nothing is charged or sent', async () => {
    await change('ownCa');
    const before = await balance();
    await assert.rejects(place({ ...made, ...atUpstream }), { code: 'forbidden', message: /--made-keys anyIssuer/ });
    assert.deepEqual([await balance(), upstream.calls], [before, []]);
  });

  it('is certified by the CA of this server all the same, and the customer’s own key by an upstream', async () => {
    await change('ownCa');
    app.checks.place('a.example.com');
    for (const wanted of [made, atUpstream]) {
      const view = await place(wanted);
      await app.idle();
      assert.equal((await app.ports.orders.get(customer.caller, view.order)).issuance.state, 'issued');
    }
  });

  it('waits for the operator where the account forbids it later, and goes on when it does not any more', async () => {
    const view = await place({ ...made, ...atUpstream });
    await app.idle();
    await change('ownCa');
    app.checks.place('a.example.com');
    await app.advance(60);
    const { state, rest } = (await app.database.read.issuances.get(view.issuance.id)) ?? assert.fail();
    assert.deepEqual(
      [state, rest?.turn, rest?.reason.key, upstream.calls],
      ['awaitingValidation', 'operator', 'madeKeyNotForUpstream', []],
    );
    await change('anyIssuer');
    await app.idle();
    assert.equal((await app.ports.orders.get(customer.caller, view.order)).issuance.state, 'issued');
  });
});
