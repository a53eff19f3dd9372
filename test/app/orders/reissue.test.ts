/** Reissuing: a new key, and perhaps other names, inside one order. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import type { OrderView, PlaceOrder, Reissue } from '../../../src/domain/ports/orders.ts';
import {
  anyCsr,
  type Customer,
  createCustomer,
  issue,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let refuses = false;
beforeEach(async () => {
  refuses = false;
  app = await startTestApp({
    issuer: (embedded) => ({
      ...embedded,
      sign: async (request, signal) =>
        refuses
          ? { kind: 'refused', reason: reason('issuerRefused', { issuer: 'embedded', detail: 'not today' }) }
          : embedded.sign(request, signal),
    }),
  });
  customer = await createCustomer(app, { balanceMinor: 2_000_00 });
});
afterEach(() => app.close());

const paid = { productCode: 'paid' } satisfies Partial<PlaceOrder>;
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;

async function reissue({ order }: OrderView, texts: readonly string[], change: Partial<Reissue> = {}) {
  return app.ports.issuances.reissue(customer.caller, order, await reissueFor(texts, change));
}

/** Reissues for names that are proved at the first look. */
async function reissued(view: OrderView, texts: readonly string[]): Promise<OrderView> {
  for (const text of texts) app.checks.place(text);
  await reissue(view, texts);
  await app.idle();
  return see(view);
}

describe('a reissue', () => {
  it('keeps the order and its number, and shows the new issuance until it has a certificate', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    await app.advance(60);
    const under = await reissue(first, ['a.example', 'b.example']);
    assert.deepEqual([under.order.id, under.order.number], [first.order.id, first.order.number]);
    assert.deepEqual([under.issuance.kind, under.issuance.state], ['reissue', 'awaitingValidation']);
    assert.notEqual(under.issuance.id, first.issuance.id);
    await app.idle();
    const seen = await see(first);
    assert.equal(seen.certificate, null);
    assert.equal(seen.issuance.id, under.issuance.id);
    assert.deepEqual(
      seen.authorizations.map(({ state }) => state),
      ['valid', 'pending'],
    );
    app.checks.place('b.example');
    await app.advance(10);
    const after = await see(first);
    assert.deepEqual(after.certificate?.names, ['a.example', 'b.example']);
    assert.notEqual(after.certificate?.serial, first.certificate?.serial);
    assert.deepEqual(after.order.coverageUntil, first.order.coverageUntil, 'the coverage stays');
    assert.deepEqual(after.certificate?.notAfter, first.certificate?.notAfter, 'and bounds the certificate');
    const { items } = await app.ports.certificates.list(customer.caller, { limit: 9, name: 'a.example' });
    assert.deepEqual(
      items.map(({ state }) => state),
      ['valid', 'valid'],
    );
  });

  it('of proved names needs no proof', async () => {
    const first = await issue(app, customer.caller, ['a.example', 'b.example'], paid);
    app.checks.remove('b.example');
    const { issuance } = await reissue(first, ['b.example']);
    assert.equal(issuance.state, 'issuing');
    assert.deepEqual((await see(first)).certificate?.names, ['b.example']);
  });

  it('is recorded', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    await reissued(first, ['a.example', 'b.example']);
    const { items } = await app.ports.events.list(app.operator, { limit: 9, subject: first.order.id });
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['certificate.issued', 'order.reissued', 'certificate.issued', 'order.placed'],
    );
    assert.deepEqual(items[1]?.data.names, ['a.example', 'b.example']);
    assert.equal(items[1]?.data.totalMinor, 100_00);
  });
});

describe('the price of a reissue', () => {
  it('is that of the names that were never paid for in the order', async () => {
    const view = await issue(app, customer.caller, ['a.example', 'b.example'], paid);
    const steps = [
      [['a.example', 'b.example'], 0, 'a new key alone'],
      [['a.example', 'b.example', '*.c.example'], 300_00, 'a wildcard added'],
      [['a.example'], 0, 'names dropped'],
      [['a.example', 'b.example'], 0, 'one of them again'],
      [['a.example', '*.c.example', '203.0.113.2'], 150_00, 'an address added'],
    ] as const;
    let spent = 200_00;
    for (const [texts, price, what] of steps) {
      const after = await reissued(view, texts);
      spent += price;
      assert.equal(after.issuance.chargedMinor, price, what);
      assert.equal(after.order.totalMinor, spent, what);
      assert.equal(await balance(), 2_000_00 - spent, what);
    }
  });

  it('is given back when it fails, and asked again at the next try', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    refuses = true;
    const failed = await reissued(view, ['a.example', 'b.example']);
    assert.equal(failed.issuance.state, 'failed');
    assert.equal(await balance(), 1_900_00);
    refuses = false;
    const again = await reissued(view, ['a.example', 'b.example']);
    assert.equal(again.issuance.chargedMinor, 100_00);
    assert.equal(await balance(), 1_800_00);
  });
});

describe('a reissue that fails', () => {
  it('leaves the order active and its certificate valid', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    refuses = true;
    const { order, issuance } = await reissued(first, ['a.example']);
    assert.deepEqual([order.state, issuance.state], ['active', 'failed']);
    assert.deepEqual(issuance.failure, reason('issuerRefused', { issuer: 'embedded', detail: 'not today' }));
    const { certificate } = await app.ports.certificates.get(customer.caller, first.certificate?.id ?? '');
    assert.equal(certificate.state, 'valid');
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: order.id });
    assert.equal(items[0]?.kind, 'issuance.failed');
  });
});

describe('refused without a trace is a reissue', () => {
  const wrongState = (view: OrderView, state: string) => ({
    code: 'wrongState',
    message: `order ${view.order.number} is ${state}; this needs an order with an issued certificate and no issuance under way`,
  });

  async function refused(view: OrderView, error: object, texts = ['a.example'], change: Partial<Reissue> = {}) {
    const before = await app.tables();
    await assert.rejects(reissue(view, texts, change), error);
    assert.deepEqual(await app.tables(), before);
  }

  it('of an order without a certificate', async () => {
    const view = await place(app, customer.caller, ['a.example'], paid);
    await refused(view, wrongState(view, 'awaitingValidation'));
  });

  it('while another is under way', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    await reissue(view, ['a.example', 'b.example']);
    await refused(view, wrongState(view, 'awaitingValidation'));
  });

  it('of an order that is cancelled, rejected or revoked', async () => {
    const cancelled = await place(app, customer.caller, ['a.example'], paid);
    await app.ports.orders.cancel(customer.caller, cancelled.order);
    await refused(cancelled, wrongState(cancelled, 'cancelled'));
    const rejected = await place(app, customer.caller, ['a.example'], paid);
    await app.ports.revocations.revokeOrder(customer.caller, rejected.order, 'unspecified');
    await refused(rejected, wrongState(rejected, 'rejected'));
    const revoked = await issue(app, customer.caller, ['a.example'], paid);
    await app.ports.revocations.revokeOrder(customer.caller, revoked.order, 'unspecified');
    await refused(revoked, wrongState(revoked, 'revoked'));
  });

  it('of an order whose coverage is over, before the sweep has seen it', async () => {
    const view = await issue(app, customer.caller, ['a.example'], { productCode: 'month' });
    app = await app.restart({ afterSeconds: 30 * 86_400 });
    assert.equal((await see(view)).order.state, 'active');
    await refused(view, wrongState(view, 'ended'));
  });

  it('for names that policy refuses', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    await refused(view, { code: 'refusedName', message: /^co\.uk/ }, ['co.uk']);
    await refused(view, { code: 'badName', message: /listed twice/ }, ['a.example', 'a.example']);
  });

  it('with a CSR whose signature is wrong', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    const csr = Uint8Array.from(await anyCsr());
    csr[csr.length - 1] = (csr[csr.length - 1] ?? 0) ^ 1;
    await refused(view, { code: 'badCsr' }, ['a.example'], { csr });
  });

  it('with a proof reference that was used before', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    await refused(view, { code: 'conflict' }, ['a.example'], { proofReference: view.issuance.proofReference });
  });

  it('that costs more than the balance', async () => {
    const poor = await createCustomer(app, { balanceMinor: 100_00 });
    const view = await issue(app, poor.caller, ['a.example'], paid);
    const before = await app.tables();
    const ask = app.ports.issuances.reissue(poor.caller, view.order, await reissueFor(['a.example', 'b.example']));
    await assert.rejects(ask, { code: 'insufficientBalance' });
    assert.deepEqual(await app.tables(), before);
  });
});

describe('two reissues at once', () => {
  it('are one: the other is refused, and one charge is made', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    app.checks.place('b.example');
    const both = await Promise.allSettled([
      reissue(view, ['a.example', 'b.example']),
      reissue(view, ['a.example', 'b.example']),
    ]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await app.idle();
    assert.equal(await balance(), 1_800_00);
  });
});
