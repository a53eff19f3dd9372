/** Revoking certificates and orders, cancelling orders: what ends, what is given back, what the CRL says. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Certificate } from '../../../src/domain/certificate.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { parseCrl } from '../../../src/pki/crl-reader.ts';
import { keyHashOf } from '../../../src/pki/csr.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  place,
  reissueFor,
  restartAndTakeUp,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { crlDerOf } from '../../support/crl.ts';
import { createSubscriber } from '../../support/subscriber.ts';

let app: TestApp;
let customer: Customer;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { balanceMinor: 2_000_00, dialect: 'native' });
});
afterEach(() => app.close());

describe('a certificate', () => {
  it('is seen and revoked through native and the API that its order came through, no other', async () => {
    const own = await createCaller(app, customer.account);
    const { order, certificate } = await issue(app, own, ['a.example'], { productCode: 'paid' });
    const other = await createCaller(app, customer.account, { dialect: 'digicert' });
    const { id, number, serial } = certificate ?? assert.fail();
    for (const reference of [id, String(number), serial]) {
      const before = await app.tables();
      const missing = { code: 'notFound', message: /certificate/ };
      const ask = { reason: 'superseded', wish: {} } as const;
      await assert.rejects(app.ports.certificates.get(other, reference), missing);
      await assert.rejects(app.ports.revocations.revokeCertificate(other, reference, 'superseded'), missing);
      await assert.rejects(app.ports.revocations.request(other, { certificate: reference }, ask), missing);
      assert.deepEqual(await app.tables(), before);
      for (const by of [own, customer.caller]) {
        assert.equal((await app.ports.certificates.get(by, reference)).certificate.orderId, order.id);
      }
    }
    assert.deepEqual((await app.ports.certificates.list(other, { limit: 5 })).items, []);
    for (const by of [own, customer.caller]) {
      assert.equal((await app.ports.certificates.list(by, { limit: 5 })).items.length, 1);
    }
    await app.ports.revocations.revokeCertificate(own, serial, 'superseded');
  });
});

const paid = { productCode: 'encryption365:paid' } as const;
const placePaid = (...texts: readonly string[]) => place(app, customer.caller, texts, paid);
const issuePaid = (...texts: readonly string[]) => issue(app, customer.caller, texts, paid);
const revoke = ({ order }: OrderView) => app.ports.revocations.revokeOrder(customer.caller, order, 'keyCompromise');
const cancel = ({ order }: OrderView) => app.ports.orders.cancel(customer.caller, order);
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const certificates = async () => (await app.ports.certificates.list(customer.caller, { limit: 100 })).items;
const eventsOf = async ({ order }: OrderView) =>
  (await app.ports.events.list(app.operator, { limit: 9, subject: order.id })).items;

async function reissue({ order }: OrderView, ...texts: readonly string[]): Promise<OrderView> {
  const view = await app.ports.issuances.reissue(customer.caller, order, await reissueFor(texts));
  await app.idle();
  return view;
}

/** The serials and reasons in the newest list of the authority that signed the certificate. */
async function listed({
  authorityId,
}: Certificate): Promise<readonly (readonly [serial: string, reason: string | undefined])[]> {
  await app.idle();
  assert.ok(authorityId);
  const crl = await crlDerOf(app.database.read, authorityId);
  if (crl === undefined) return [];
  return parseCrl(crl).entries.map(({ serialHex, reason }) => [serialHex, reason]);
}

async function refused(ask: () => Promise<unknown>, message: RegExp): Promise<void> {
  const before = await app.tables();
  await assert.rejects(ask, { code: 'wrongState', message });
  assert.deepEqual(await app.tables(), before);
}

describe('revoking an order', () => {
  it('revokes all its certificates, ends it, and has them in the CRL at once', async () => {
    const first = await issuePaid('a.example');
    await reissue(first, 'a.example');
    const { order, certificate, issuance } = await revoke(first);
    assert.deepEqual([order.state, issuance.state, certificate?.state], ['revoked', 'issued', 'revoked']);
    const all = await certificates();
    assert.deepEqual(
      all.map(({ state, revocationReason, revokedAt }) => [state, revocationReason, revokedAt]),
      all.map(() => ['revoked', 'keyCompromise', app.clock.now()]),
    );
    assert.equal(all.length, 2);
    const inCrl = await listed(all[0] ?? assert.fail());
    assert.deepEqual(inCrl.toSorted(), all.map(({ serial }) => [serial, 'keyCompromise']).toSorted());
    const revocations = (await eventsOf(first)).filter(({ kind }) => kind === 'certificate.revoked');
    assert.deepEqual(new Set(revocations.map(({ data }) => data.serial)), new Set(all.map(({ serial }) => serial)));
    assert.equal(await balance(), 1_900_00, 'what was delivered is paid for');
  });

  it('twice is refused', async () => {
    const view = await issuePaid('a.example');
    await revoke(view);
    await refused(() => revoke(view), /is revoked; this needs active/);
  });

  it('without a certificate rejects it and gives its money back', async () => {
    const view = await placePaid('a.example');
    await app.idle();
    const { order, issuance } = await revoke(view);
    assert.deepEqual([order.state, issuance.state], ['rejected', 'cancelled']);
    assert.equal(await balance(), 2_000_00);
    assert.equal((await eventsOf(view))[0]?.kind, 'order.rejected');
    app.checks.place('a.example');
    await app.advance(3600);
    assert.equal((await certificates()).length, 0, 'a proof that comes too late issues nothing');
    await refused(() => revoke(view), /is rejected/);
  });

  it('ends a reissue under way and gives back what that cost', async () => {
    const view = await issuePaid('a.example');
    await reissue(view, 'a.example', 'b.example');
    assert.equal(await balance(), 1_800_00);
    const { order, issuance } = await revoke(view);
    assert.deepEqual([order.state, issuance.state], ['revoked', 'cancelled']);
    assert.equal(await balance(), 1_900_00);
  });

  it('waits for a signature that is under way', async () => {
    const first = await issuePaid('a.example');
    // Answered while it is still being signed.
    const view = await placePaid('a.example');
    assert.equal(view.issuance.state, 'issuing');
    const { order, certificate } = await revoke(view);
    assert.deepEqual([order.state, certificate?.state], ['revoked', 'revoked']);
    assert.equal((await see(first)).certificate?.state, 'valid');
  });
});

describe('revoking one certificate', () => {
  const revokeOne = ({ id }: Certificate) => app.ports.revocations.revokeCertificate(customer.caller, id, 'superseded');

  for (const [which, first] of [
    ['older', 1],
    ['newer', 0],
  ] as const) {
    it(`leaves the order active, also without a valid one, until the order is revoked: the ${which} first`, async () => {
      const view = await issuePaid('a.example');
      await reissue(view, 'a.example');
      const both = await certificates();
      const [one, other] = [both[first], both[1 - first]];
      assert.ok(one && other);
      const { certificate, chain } = await revokeOne(one);
      assert.deepEqual([certificate.state, certificate.revocationReason, chain.length], ['revoked', 'superseded', 2]);
      assert.equal((await see(view)).order.state, 'active');
      assert.deepEqual(await listed(one), [[one.serial, 'superseded']]);
      await revokeOne(other);
      assert.equal((await see(view)).order.state, 'active');
      assert.equal((await listed(other)).length, 2);
      await app.ports.revocations.revokeOrder(customer.caller, view.order, 'superseded');
      assert.equal((await see(view)).order.state, 'revoked');
    });
  }

  it('twice is refused', async () => {
    const { certificate } = await issuePaid('a.example');
    assert.ok(certificate);
    await revokeOne(certificate);
    await refused(() => revokeOne(certificate), new RegExp(`certificate ${certificate.number} is revoked`));
    const { serial } = certificate;
    await refused(
      () => app.ports.revocations.revokeCertificate(customer.caller, serial, 'superseded'),
      new RegExp(`certificate ${serial} is revoked`),
    );
  });

  it('leaves an order active whose reissue is under way', async () => {
    const { certificate, ...view } = await issuePaid('a.example');
    assert.ok(certificate);
    await reissue({ ...view, certificate }, 'a.example', 'b.example');
    await revokeOne(certificate);
    assert.equal((await app.ports.orders.get(customer.caller, view.order)).order.state, 'active');
    app.checks.place('b.example');
    await app.advance(10);
    const { certificate: next } = await app.ports.orders.get(customer.caller, view.order);
    assert.equal(next?.state, 'valid');
  });

  it('finds it by id and by number, and says when there is none', async () => {
    const { certificate } = await issuePaid('a.example');
    assert.ok(certificate);
    const { caller } = customer;
    for (const key of [certificate.id, String(certificate.number)]) {
      assert.equal((await app.ports.certificates.get(caller, key)).certificate.id, certificate.id);
    }
    for (const key of ['999999', 'crt_00000000000000000000000000', 'nonsense', '']) {
      await assert.rejects(app.ports.certificates.get(caller, key), { code: 'notFound' });
    }
    const bySerial = await app.ports.certificates.list(caller, { limit: 9, serial: certificate.serial });
    assert.deepEqual(
      bySerial.items.map(({ id }) => id),
      [certificate.id],
    );
    assert.deepEqual((await app.ports.certificates.list(caller, { limit: 9, name: 'b.example' })).items, []);
  });
});

describe('cancelling an order', () => {
  it('gives its money back, and a proof that comes too late issues nothing', async () => {
    const view = await placePaid('a.example');
    await app.idle();
    const { order, issuance } = await cancel(view);
    assert.deepEqual([order.state, issuance.state], ['cancelled', 'cancelled']);
    assert.equal(await balance(), 2_000_00);
    assert.equal((await eventsOf(view))[0]?.kind, 'order.cancelled');
    app.checks.place('a.example');
    await app.advance(3600);
    assert.equal((await see(view)).issuance.state, 'cancelled');
    assert.equal((await certificates()).length, 0);
  });

  it('is for orders without a certificate', async () => {
    const active = await issuePaid('a.example');
    await refused(() => cancel(active), /is active; this needs open/);
    const open = await placePaid('b.example');
    await cancel(open);
    await refused(() => cancel(open), /is cancelled; this needs open/);
    assert.equal(await balance(), 1_900_00);
  });

  it('comes too late for an order that is being signed', async () => {
    await issuePaid('a.example');
    app = await app.restart({ works: false });
    const view = await placePaid('a.example');
    const before = await balance();
    await assert.rejects(cancel(view), { code: 'wrongState', message: /is issuing/ });
    assert.equal(await balance(), before);
    app = await restartAndTakeUp(app);
    assert.equal((await see(view)).order.state, 'active');
  });

  it('at the moment of the proof ends in one of both, never in between', async () => {
    for (let i = 0; i < 10; i++) {
      app.checks.place(`race${i}.example`);
      const before = await balance();
      const view = await placePaid(`race${i}.example`);
      const cancelled = await cancel(view).then(
        () => true,
        (error) => {
          assert.equal(error.code, 'wrongState');
          return false;
        },
      );
      await app.idle();
      const { order, certificate } = await see(view);
      assert.equal(order.state, cancelled ? 'cancelled' : 'active');
      assert.equal(certificate === null, cancelled);
      assert.equal(before - (await balance()), cancelled ? 0 : 100_00);
    }
  });
});

describe('the reason of what is revoked already', () => {
  const reasonOf = async ({ certificate }: OrderView) => {
    const found = await app.ports.certificates.get(customer.caller, certificate?.id ?? assert.fail());
    return [found.certificate.revocationReason, found.certificate.revokedAt] as const;
  };
  const superseded = async () => {
    const view = await issuePaid('a.example');
    await app.ports.revocations.revokeOrder(customer.caller, view.order, 'superseded');
    return view;
  };

  it('may be raised to keyCompromise at every call that revokes; the CRL says so with the date of before', async () => {
    const doors: Readonly<Record<string, (view: OrderView) => Promise<unknown>>> = {
      revoke: ({ order }) => app.ports.revocations.revokeOrder(customer.caller, order, 'keyCompromise'),
      revokeCertificate: ({ certificate }) =>
        app.ports.revocations.revokeCertificate(customer.caller, certificate?.id ?? '', 'keyCompromise'),
      'requestRevocation of the order': ({ order }) =>
        app.ports.revocations.request(customer.caller, { order }, { reason: 'keyCompromise', wish: {} }),
      'requestRevocation of the certificate': ({ certificate }) =>
        app.ports.revocations.request(
          customer.caller,
          { certificate: certificate?.id ?? '' },
          { reason: 'keyCompromise', wish: { skip: true } },
        ),
    };
    for (const [door, raise] of Object.entries(doors)) {
      const key = await createSubscriber('raised.example');
      const view = await issue(app, customer.caller, ['raised.example'], { ...paid, csr: key.csrDer });
      await app.ports.revocations.revokeOrder(customer.caller, view.order, 'superseded');
      const [, revokedAt] = await reasonOf(view);
      await app.clock.advance(60_000);
      await raise(view);
      assert.deepEqual(await reasonOf(view), ['keyCompromise', revokedAt], door);
      const { certificate } = view;
      const entry = (await listed(certificate ?? assert.fail())).find(([serial]) => serial === certificate?.serial);
      assert.deepEqual(entry, [certificate?.serial, 'keyCompromise'], door);
      const events = (await eventsOf(view)).filter(({ kind }) => kind === 'certificate.reasonRaised');
      assert.equal(events.length, 1, door);
      const { items } = await app.ports.keyRegister.list(customer.caller, { limit: 9, key: keyHashOf(key.csrDer) });
      assert.equal(items.length, 1, `${door}: the key is blocked`);
      await refused(() => raise(view), /revoked/);
    }
  });

  it('may be raised of a cancelled order, and of one certificate in an order that goes on', async () => {
    const cancelled = await issuePaid('a.example');
    await app.ports.orders.cancel(customer.caller, cancelled.order, { issuedWithinDays: 30 });
    await app.ports.revocations.revokeOrder(customer.caller, cancelled.order, 'keyCompromise');
    assert.equal((await reasonOf(cancelled))[0], 'keyCompromise');
    assert.equal((await see(cancelled)).order.state, 'cancelled');
  });

  it('needs no approver, since it is revoked already', async () => {
    const manual = await createCustomer(app, { approval: 'manual', dialect: 'native', balanceMinor: 1_000_00 });
    const { order } = await place(app, manual.caller, ['a.example'], paid);
    app.checks.place('a.example');
    await app.ports.approvals.decide(app.operator, { order }, { approve: true, note: '' });
    await app.idle();
    const { certificate } = await app.ports.orders.get(manual.caller, order);
    const id = certificate?.id ?? assert.fail();
    await app.ports.revocations.revokeCertificate(app.operator, id, 'superseded');
    const raised = await app.ports.revocations.revokeCertificate(manual.caller, id, 'keyCompromise');
    assert.deepEqual([raised.approval, raised.certificate.revocationReason], [null, 'keyCompromise']);
  });

  it('is never lowered, and never changed to anything else', async () => {
    const view = await superseded();
    const id = view.certificate?.id ?? assert.fail();
    for (const reason of ['superseded', 'unspecified', 'cessationOfOperation'] as const) {
      await refused(() => app.ports.revocations.revokeCertificate(customer.caller, id, reason), /revoked/);
      await refused(() => app.ports.revocations.revokeOrder(customer.caller, view.order, reason), /revoked/);
    }
    await app.ports.revocations.revokeOrder(customer.caller, view.order, 'keyCompromise');
    for (const reason of ['superseded', 'keyCompromise'] as const) {
      await refused(() => app.ports.revocations.revokeCertificate(customer.caller, id, reason), /revoked/);
      await refused(() => app.ports.revocations.revokeOrder(customer.caller, view.order, reason), /revoked/);
    }
    assert.equal((await reasonOf(view))[0], 'keyCompromise');
  });
});
