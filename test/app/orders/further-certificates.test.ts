/** Certificates beside and after the first: duplicates, reissues with the same CSR, withdrawn and repeated ones; cancelling. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import type { OrderView, PlaceOrder, Reissue } from '../../../src/domain/ports/orders.ts';
import { parseCrl } from '../../../src/pki/crl-reader.ts';
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
import { crlDerOf } from '../../support/crl.ts';
import { createSubscriber } from '../../support/subscriber.ts';

let app: TestApp;
let customer: Customer;
let refuses = false;
beforeEach(async () => {
  refuses = false;
  app = await startTestApp({
    upkeep: true,
    issuer: (embedded) => ({
      ...embedded,
      sign: async (request, signal) => {
        await held;
        return refuses
          ? { kind: 'refused', reason: reason('issuerRefused', { issuer: 'embedded', detail: 'no' }) }
          : embedded.sign(request, signal);
      },
    }),
  });
  customer = await createCustomer(app, { balanceMinor: 2_000_00 });
});
afterEach(() => app.close());

/** What is to be signed waits for this. */
let held: Promise<void> = Promise.resolve();

const daySeconds = 86_400;
const paid = { productCode: 'paid' } satisfies Partial<PlaceOrder>;
const see = ({ order }: Pick<OrderView, 'order'>) => app.ports.orders.get(customer.caller, order);
const seeIssuance = (number: number) => app.ports.orders.get(customer.caller, { issuanceNumber: number });
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const certificates = async () => (await app.ports.certificates.list(customer.caller, { limit: 50 })).items;
const reissue = async ({ order }: OrderView, texts: readonly string[], change: Partial<Reissue> = {}) =>
  app.ports.issuances.reissue(customer.caller, order, await reissueFor(texts, change));
const duplicate = async ({ order }: OrderView, texts: readonly string[], change: Partial<Reissue> = {}) =>
  app.ports.issuances.duplicate(customer.caller, order, await reissueFor(texts, change));
const kindsOf = async ({ order }: OrderView) =>
  (await app.ports.events.list(app.operator, { limit: 50, subject: order.id })).items.map(({ kind }) => kind);

async function refusedWithoutTrace(ask: () => Promise<unknown>, error: object): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask(), error);
  assert.deepEqual(await app.tables(), before);
}

describe('a duplicate', () => {
  it('is one more certificate; the order shows what it showed before', async () => {
    const first = await issue(app, customer.caller, ['a.example', 'b.example'], paid);
    const { csrDer: csr } = await createSubscriber('other.example');
    await app.advance(60);
    const { issuance, order } = await duplicate(first, ['b.example'], { csr });
    assert.deepEqual([issuance.kind, order.issuanceId], ['duplicate', first.issuance.id]);
    await app.idle();
    const seen = await see(first);
    assert.equal(seen.certificate?.id, first.certificate?.id);
    const made = await seeIssuance(issuance.number);
    assert.deepEqual(made.certificate?.names, ['b.example']);
    assert.deepEqual(Buffer.from(made.issuance.csr ?? []), Buffer.from(csr));
    assert.deepEqual(made.certificate?.notAfter, first.certificate?.notAfter, 'it ends when the other does');
    assert.equal(await balance(), 1_800_00, 'and costs nothing');
    assert.deepEqual((await kindsOf(first)).slice(0, 2), ['certificate.issued', 'order.duplicated']);
  });

  it('may end earlier than the certificate it stands beside, and never later', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    for (const [days, expected] of [
      [10, 10],
      [1000, undefined],
    ] as const) {
      const { issuance } = await duplicate(first, ['a.example'], { validity: { days } });
      await app.idle();
      const { certificate } = await seeIssuance(issuance.number);
      const lasts = certificate && (certificate.notAfter.getTime() + 1000 - certificate.notBefore.getTime()) / 1000;
      if (expected === undefined) assert.deepEqual(certificate?.notAfter, first.certificate?.notAfter);
      else assert.equal(lasts, expected * daySeconds);
    }
  });

  it('may serve what is below a wildcard, which a reissue would charge', async () => {
    const first = await issue(app, customer.caller, ['*.w.example'], paid);
    for (const name of ['w.example', 'x.w.example', 'deep.x.w.example']) app.checks.place(name);
    const { issuance } = await duplicate(first, ['x.w.example', 'deep.x.w.example', 'w.example']);
    await app.idle();
    assert.equal((await seeIssuance(issuance.number)).issuance.state, 'issued');
    const again = await reissue(first, ['*.w.example', 'x.w.example']);
    assert.equal(again.issuance.chargedMinor, 100_00);
  });

  it('is refused for other names, and of an order without a certificate', async () => {
    const first = await issue(app, customer.caller, ['a.example', '*.w.example'], paid);
    for (const name of ['c.example', 'x.a.example', '*.x.w.example', 'aw.example']) {
      await refusedWithoutTrace(() => duplicate(first, [name]), { code: 'refusedName', message: /is not in the cert/ });
    }
    const open = await place(app, customer.caller, ['open.example'], paid);
    await refusedWithoutTrace(() => duplicate(open, ['open.example']), { code: 'wrongState' });
    await app.ports.revocations.revokeOrder(customer.caller, first.order, 'unspecified');
    await refusedWithoutTrace(() => duplicate(first, ['a.example']), { code: 'wrongState', message: /revoked/ });
  });

  it('that fails leaves the order as it is', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    refuses = true;
    const { issuance } = await duplicate(first, ['a.example']);
    await app.idle();
    const { order, certificate } = await see(first);
    assert.deepEqual([order.state, order.issuanceId, certificate?.state], ['active', first.issuance.id, 'valid']);
    assert.equal((await seeIssuance(issuance.number)).issuance.state, 'failed');
    refuses = false;
    const second = await duplicate(first, ['a.example']);
    await app.idle();
    assert.equal((await seeIssuance(second.issuance.number)).issuance.state, 'issued');
  });

  it('stands beside a reissue, several at once; all end with the order', async () => {
    const first = await issue(app, customer.caller, ['a.example', '*.w.example'], paid);
    const under = await reissue(first, ['a.example', 'late.example']);
    const two = [await duplicate(first, ['a.example']), await duplicate(first, ['late.w.example'])];
    await app.idle();
    const states = async () =>
      Promise.all([under, ...two].map(async ({ issuance }) => (await seeIssuance(issuance.number)).issuance.state));
    assert.deepEqual(await states(), ['awaitingValidation', 'issued', 'awaitingValidation']);
    assert.equal((await see(first)).issuance.id, under.issuance.id);
    await app.ports.revocations.revokeOrder(customer.caller, first.order, 'superseded');
    assert.deepEqual(await states(), ['cancelled', 'issued', 'cancelled']);
    assert.ok((await certificates()).every(({ state }) => state === 'revoked'));
  });

  it('that is not proved yet ends with the coverage', async () => {
    const first = await issue(app, customer.caller, ['*.w.example'], { productCode: 'month' });
    const { issuance } = await duplicate(first, ['late.w.example']);
    app = await app.restart({ afterSeconds: 30 * daySeconds });
    await app.idle();
    assert.equal((await see(first)).order.state, 'ended');
    assert.notEqual((await seeIssuance(issuance.number)).issuance.state, 'awaitingValidation');
  });
});

describe('a reissue with the same CSR', () => {
  it('certifies the same key; of one that we made, another of its kind', async () => {
    const own = await issue(app, customer.caller, ['a.example'], paid);
    const same = await reissue(own, ['a.example'], { csr: 'same' });
    assert.deepEqual(same.issuance.csr, own.issuance.csr);
    const made = await issue(app, customer.caller, ['b.example'], { ...paid, csr: { make: 'P-384' } });
    const anew = await reissue(made, ['b.example'], { csr: 'same' });
    assert.notDeepEqual(anew.issuance.csr, made.issuance.csr);
    await app.idle();
    assert.ok((await app.ports.issuances.privateKey(customer.caller, made.order)).length > 0);
  });

  it('is refused where there is no certificate yet', async () => {
    const open = await place(app, customer.caller, ['a.example'], paid);
    await refusedWithoutTrace(() => reissue(open, ['a.example'], { csr: 'same' }), { code: 'wrongState' });
  });
});

describe('a reissue that is asked for again with its key', () => {
  const idempotency = { key: 'ref-1', fingerprint: 'f', windowSeconds: 900 };

  it('is one', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    const one = await reissue(view, ['a.example', 'b.example'], { idempotency });
    const two = await reissue(view, ['a.example', 'b.example'], { idempotency });
    assert.equal(two.issuance.id, one.issuance.id);
    assert.equal(await balance(), 1_800_00);
    const other = { ...idempotency, fingerprint: 'g' };
    await refusedWithoutTrace(() => reissue(view, ['a.example'], { idempotency: other }), { code: 'conflict' });
  });

  it('is a new one when the first failed', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    refuses = true;
    const one = await reissue(view, ['a.example'], { idempotency });
    await app.idle();
    refuses = false;
    const two = await reissue(view, ['a.example'], { idempotency });
    assert.notEqual(two.issuance.id, one.issuance.id);
  });

  it('as a duplicate is one, too', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    const [one, two] = [
      await duplicate(view, ['a.example'], { idempotency }),
      await duplicate(view, ['a.example'], { idempotency }),
    ];
    assert.equal(one.issuance.id, two.issuance.id);
  });
});

describe('the extension of a reissue', () => {
  it('is told instead of the order’s own from then on', async () => {
    const view = await issue(app, customer.caller, ['a.example'], { ...paid, dialectData: { note: 'first' } });
    assert.deepEqual((await reissue(view, ['a.example'], { dialectData: { note: 'second' } })).order.dialectData, {
      note: 'second',
    });
    await app.idle();
    assert.deepEqual((await see(view)).order.dialectData, { note: 'second' });
    await reissue(view, ['a.example']);
    assert.deepEqual((await see(view)).order.dialectData, { note: 'second' });
  });
});

describe('a reissue that comes to nothing', () => {
  it('is no part of what the order costs: refused by the issuer or by an approver', async () => {
    const view = await issue(app, customer.caller, ['a.example'], paid);
    app.checks.place('b.example');
    refuses = true;
    await reissue(view, ['a.example', 'b.example']);
    await app.idle();
    const failed = await see(view);
    assert.deepEqual([failed.issuance.state, failed.order.totalMinor, await balance()], ['failed', 100_00, 1_900_00]);
    await app.ports.accounts.change(app.operator, customer.account.id, { approval: 'manual' });
    const asked = await reissue(view, ['a.example', 'c.example']);
    assert.deepEqual([asked.order.totalMinor, await balance()], [200_00, 1_800_00]);
    const by = await createCaller(app, customer.account, { roles: ['approver'] });
    const {
      view: { order },
    } = await app.ports.approvals.decide(by, { order: view.order }, { approve: false, note: '' });
    assert.deepEqual([order.state, order.totalMinor, await balance()], ['active', 100_00, 1_900_00]);
  });
});

describe('withdrawing a reissue', () => {
  it('leaves the order as it was before, and gives the money back', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    await reissue(first, ['a.example', 'late.example']);
    await app.idle();
    const view = await app.ports.issuances.withdrawReissue(customer.caller, first.order);
    assert.equal(view.issuance.id, first.issuance.id);
    assert.equal(view.certificate?.id, first.certificate?.id);
    assert.deepEqual([view.order.totalMinor, await balance()], [100_00, 1_900_00]);
    assert.equal((await kindsOf(first))[0], 'order.reissueWithdrawn');
    app.checks.place('late.example');
    await app.advance(3600);
    assert.equal((await certificates()).length, 1);
    await reissue(first, ['a.example']);
    await app.idle();
    assert.equal((await certificates()).length, 2);
  });

  it('that waits for an approver ends its request', async () => {
    const manual = await createCustomer(app, { approval: 'manual', balanceMinor: 500_00 });
    app.checks.place('m.example');
    const { order } = await place(app, manual.caller, ['m.example'], paid);
    await app.ports.approvals.decide(app.operator, { order }, { approve: true, note: '' });
    await app.idle();
    await app.ports.issuances.reissue(manual.caller, order, await reissueFor(['m.example']));
    const view = await app.ports.issuances.withdrawReissue(manual.caller, order);
    assert.deepEqual([view.approval?.asks, view.approval?.state], ['reissue', 'rejected']);
    assert.equal(view.issuance.state, 'issued');
  });

  it('is refused when there is none', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    const ask = () => app.ports.issuances.withdrawReissue(customer.caller, first.order);
    await refusedWithoutTrace(ask, { code: 'wrongState', message: /needs an order with a reissue under way/ });
    await duplicate(first, ['a.example']);
    await app.idle();
    await refusedWithoutTrace(ask, { code: 'wrongState' });
    const open = await place(app, customer.caller, ['open.example'], paid);
    await refusedWithoutTrace(() => app.ports.issuances.withdrawReissue(customer.caller, open.order), {
      code: 'wrongState',
    });
  });
});

describe('cancelling an order', () => {
  const cancel = ({ order }: OrderView, issuedWithinDays?: number) =>
    app.ports.orders.cancel(
      customer.caller,
      order,
      issuedWithinDays === undefined ? {} : { issuedWithinDays, note: 'sorry' },
    );

  it('that was issued lately revokes its certificates and gives all of it back, with the CRL at once', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    app.checks.place('b.example');
    await reissue(first, ['a.example', 'b.example']);
    await app.idle();
    await duplicate(first, ['a.example']);
    await app.idle();
    const under = await reissue(first, ['a.example', 'late.example']);
    await app.idle();
    assert.equal(await balance(), 1_700_00);
    const { order } = await cancel(first, 30);
    assert.equal(order.state, 'cancelled');
    assert.equal(await balance(), 2_000_00);
    assert.equal((await seeIssuance(under.issuance.number)).issuance.state, 'cancelled');
    const all = await certificates();
    assert.equal(all.length, 3);
    for (const one of all) assert.deepEqual([one.state, one.revocationReason], ['revoked', 'cessationOfOperation']);
    await app.idle();
    const crl = await crlDerOf(app.database.read, all[0]?.authorityId ?? assert.fail());
    assert.equal(crl && parseCrl(crl).entries.length, 3);
    await refusedWithoutTrace(() => cancel(first, 30), { code: 'wrongState', message: /is cancelled/ });
  });

  it('that is too old, or not to be cancelled once it is issued, is refused', async () => {
    const first = await issue(app, customer.caller, ['a.example'], paid);
    await refusedWithoutTrace(() => cancel(first), { code: 'wrongState', message: /is active; this needs open/ });
    app = await app.restart({ afterSeconds: 30 * daySeconds + 1 });
    await refusedWithoutTrace(() => cancel(first, 30), { code: 'wrongState', message: /may still be cancelled/ });
  });

  it('without a certificate yet is what it was', async () => {
    const open = await place(app, customer.caller, ['open.example'], paid);
    assert.equal((await cancel(open, 30)).order.state, 'cancelled');
    assert.equal(await balance(), 2_000_00);
  });
});

describe('an order of which a duplicate is being signed', () => {
  const approver = () => createCaller(app, customer.account, { roles: ['approver'] });
  const ask = ({ order }: OrderView) =>
    app.ports.revocations.request(customer.caller, { order }, { reason: 'superseded', wish: {} });
  const ways: Readonly<Record<string, (view: OrderView) => Promise<unknown>>> = {
    cancelled: ({ order }) => app.ports.orders.cancel(customer.caller, order, { issuedWithinDays: 30 }),
    revoked: ({ order }) => app.ports.revocations.revokeOrder(customer.caller, order, 'superseded'),
    'revoked as asked': ask,
    'revoked as approved': async (view) => {
      const { approval } = await ask(view);
      const reference = { number: approval?.number ?? 0 };
      await app.ports.approvals.decide(await approver(), reference, { approve: true, note: '' });
    },
  };
  for (const [way, end] of Object.entries(ways)) {
    it(`is ${way} with it`, async () => {
      const view = await issue(app, customer.caller, ['a.example'], paid);
      const signature = Promise.withResolvers<void>();
      held = signature.promise;
      await duplicate(view, ['a.example']);
      if (way.endsWith('approved')) {
        await app.ports.accounts.change(app.operator, customer.account.id, { approval: 'manual' });
      }
      const ending = end(view);
      // Not before the end was asked for.
      await app.clock.advance(500);
      signature.resolve();
      await ending;
      const all = await certificates();
      assert.deepEqual(
        all.map(({ state }) => state),
        ['revoked', 'revoked'],
      );
    });
  }
});
