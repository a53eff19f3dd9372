/** What follows by itself: the certificates of a coverage, and the order after an order. Time moves by hand. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCustomer,
  issue,
  reissueFor,
  startTestApp,
  steadyProfiles,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { countRows } from '../../support/tables.ts';

let app: TestApp;
let customer: Customer;
afterEach(() => app.close());

const daySeconds = 86_400;
const dayMs = daySeconds * 1000;
const years = { productCode: 'years' } satisfies Partial<PlaceOrder>;
const start = Date.parse('2026-06-01T00:00:00.000Z');

async function begin(options: TestAppOptions = {}): Promise<void> {
  app = await startTestApp({ upkeep: true, profiles: steadyProfiles, ...options });
  customer = await createCustomer(app, { balanceMinor: 1_000_00 });
}

const see = ({ order }: Pick<OrderView, 'order'>) => app.ports.orders.get(customer.caller, order);
const balance = async () => (await app.ports.accounts.get(customer.caller)).balanceMinor;
const today = () => Math.floor((app.clock.now().getTime() - start) / dayMs);

/** Lets the days go by, and what falls due at each of these days happen. */
async function toDay(day: number, options: TestAppOptions = {}): Promise<void> {
  app = await app.restart({
    afterSeconds: start / 1000 + day * daySeconds - app.clock.now().getTime() / 1000,
    ...options,
  });
  await app.idle();
}

async function certificatesOf({ order }: OrderView) {
  const { items } = await app.ports.certificates.list(customer.caller, { limit: 100 });
  return items.filter(({ orderId }) => orderId === order.id).toReversed();
}

async function eventsOf({ order }: OrderView) {
  const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
  return items.toReversed();
}

const jobsOf = async (kind: 'reissue' | 'renew', { order }: OrderView) => app.database.read.jobs.get(kind, order.id);

describe('an order of three years under a profile of 199 days', () => {
  it('has one certificate after the other, until it ends on its day', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com', 'b.example.com'], { ...years, periods: 3 });
    const paid = await balance();
    for (let day = 10; day < 1096; day += 10) await toDay(day);
    const certificates = await certificatesOf(view);
    // 169 days after each other, with a day or so of the steps this test takes.
    assert.equal(certificates.length, 7);
    for (const [index, { notBefore, notAfter, names }] of certificates.entries()) {
      const next = certificates[index + 1];
      if (next !== undefined) assert.ok(next.notBefore < notAfter, 'without a gap');
      assert.ok(notAfter.getTime() - notBefore.getTime() <= 199 * dayMs, 'none longer than the profile allows');
      assert.deepEqual(names, ['a.example.com', 'b.example.com']);
    }
    const { order } = await see(view);
    const last = certificates.at(-1)?.notAfter.getTime() ?? 0;
    assert.equal(last, (order.coverageUntil?.getTime() ?? 0) - 1000, 'the last one ends with the coverage');
    assert.equal(await balance(), paid, 'they cost nothing');
    assert.equal(order.state, 'active');
    await toDay(1096);
    assert.equal((await see(view)).order.state, 'ended');
    const kinds = (await eventsOf(view)).map(({ kind, actor }) => [kind, actor === 'system']);
    const again = [
      ['order.reissued', true],
      ['certificate.issued', true],
    ] as const;
    assert.deepEqual(kinds, [
      ['order.placed', false],
      ['certificate.issued', true],
      ...again,
      ...again,
      ...again,
      ...again,
      ...again,
      ...again,
      ['order.ended', true],
    ]);
    await toDay(1100);
    assert.equal(await jobsOf('reissue', view), undefined, 'nothing is left to do');
  });

  it('goes on after a crash in the middle, and makes no certificate twice', async () => {
    let isBroken = true;
    await begin({
      issuer: (embedded) => ({
        ...embedded,
        sign: async (request, signal) => {
          if (isBroken && today() > 0) throw new Error('the server died');
          return embedded.sign(request, signal);
        },
      }),
    });
    const view = await issue(app, customer.caller, ['a.example.com'], { ...years, periods: 3 });
    app = await app.restart({ afterSeconds: 170 * daySeconds });
    await app.clock.advance(0);
    for (let i = 0; i < 50 && (await see(view)).issuance.state !== 'issuing'; i++) await app.clock.advance(0);
    const { issuance } = await see(view);
    assert.deepEqual([issuance.kind, issuance.state], ['reissue', 'issuing']);
    isBroken = false;
    app = await app.restart({ afterSeconds: 3600 });
    await app.idle();
    const after = await see(view);
    assert.equal(after.issuance.id, issuance.id, 'the same issuance');
    assert.equal(after.certificate?.serial, issuance.plan?.serial, 'with its serial');
    assert.equal((await certificatesOf(view)).length, 2);
  });
});

describe('a reissue by itself', () => {
  it('certifies the same key again; one that we made is made anew', async () => {
    await begin();
    const own = await issue(app, customer.caller, ['a.example.com'], years);
    const made = await issue(app, customer.caller, ['b.example.com'], { ...years, csr: { make: 'P-384' } });
    await toDay(170);
    const [ownNow, madeNow] = [await see(own), await see(made)];
    assert.deepEqual([ownNow.issuance.kind, madeNow.issuance.kind], ['reissue', 'reissue']);
    assert.deepEqual(ownNow.issuance.csr, own.issuance.csr);
    assert.notDeepEqual(madeNow.issuance.csr, made.issuance.csr);
    const key = await app.ports.issuances.privateKey(customer.caller, made.order);
    assert.ok(key.length > 100);
  });

  it('asks for proofs again once the old ones are no good', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], { ...years, periods: 2 });
    await toDay(170);
    app.checks.remove('a.example.com');
    await toDay(340);
    const waiting = await see(view);
    assert.deepEqual([waiting.issuance.kind, waiting.issuance.state], ['reissue', 'awaitingValidation']);
    app.checks.place('a.example.com');
    await app.advance(3600);
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('is queued only where the certificate ends before the coverage', async () => {
    await begin();
    const short = await issue(app, customer.caller, ['a.example.com'], { productCode: 'paid' });
    assert.equal(await jobsOf('reissue', short), undefined);
    assert.equal(await jobsOf('renew', short), undefined);
    const wanted = { until: new Date(app.clock.now().getTime() + 30 * dayMs) };
    const until = await issue(app, customer.caller, ['a.example.com'], { ...years, validity: wanted });
    assert.equal(await jobsOf('reissue', until), undefined, 'the customer wanted no longer one');
    const long = await issue(app, customer.caller, ['a.example.com'], years);
    assert.equal((await jobsOf('reissue', long))?.runAt.getTime(), start + 169 * dayMs - 61_000);
  });

  it('waits while the account is suspended', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], years);
    await app.ports.accounts.change(app.operator, customer.account.id, { state: 'suspended' });
    await toDay(175);
    assert.equal((await certificatesOf(view)).length, 1);
    await app.ports.accounts.change(app.operator, customer.account.id, { state: 'active' });
    await toDay(177);
    assert.equal((await certificatesOf(view)).length, 2);
  });

  it('is counted from the newest certificate, and leaves one under way alone', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], { ...years, periods: 2 });
    await toDay(100);
    await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['a.example.com']));
    await toDay(175);
    assert.equal((await certificatesOf(view)).length, 2, 'the newest is 75 days old');
    await app.ports.issuances.reissue(
      customer.caller,
      view.order,
      await reissueFor(['a.example.com', 'late.example.com']),
    );
    await toDay(272);
    assert.equal((await see(view)).issuance.state, 'failed', 'after 30 days without a proof');
    await toDay(273);
    assert.equal((await certificatesOf(view)).length, 3);
    assert.deepEqual((await certificatesOf(view)).at(-1)?.names, ['a.example.com']);
  });

  it('does not make a certificate again that was revoked', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], { ...years, periods: 2 });
    await app.ports.issuances.reissue(customer.caller, view.order, await reissueFor(['a.example.com']));
    await app.idle();
    const [, second] = await certificatesOf(view);
    await app.ports.revocations.revokeCertificate(customer.caller, second?.id ?? '', 'keyCompromise');
    await toDay(180);
    assert.equal((await certificatesOf(view)).length, 2);
  });

  it('is none when the certificate is revoked while it is prepared', async (t) => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], years);
    await app.ports.issuances.duplicate(customer.caller, view.order, await reissueFor(['a.example.com']));
    await app.idle();
    const { revocations } = app.ports;
    const { certificates } = app.database.read;
    const get = certificates.get.bind(certificates);
    const hook = t.mock.method(certificates, 'get', async (id: Parameters<typeof get>[0]) => {
      const found = await get(id);
      hook.mock.restore();
      await revocations.revokeCertificate(customer.caller, view.certificate?.id ?? '', 'keyCompromise');
      return found;
    });
    await toDay(170);
    assert.equal(hook.mock.callCount(), 1);
    const after = await see(view);
    assert.deepEqual([after.order.state, after.issuance.id], ['active', view.issuance.id]);
    assert.deepEqual(
      (await certificatesOf(view)).map(({ state }) => state),
      ['revoked', 'valid'],
    );
  });

  it('that is refused is told, and tried again the next day', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], years);
    await app.ports.accounts.change(app.operator, customer.account.id, { allowedNames: ['other.example'] });
    await toDay(170);
    const told = (await eventsOf(view)).at(-1);
    assert.deepEqual(
      [told?.kind, told?.data.reason],
      ['order.reissueFailed', reason('nameNotAllowedForAccount', { name: 'a.example.com' })],
    );
    await app.ports.accounts.change(app.operator, customer.account.id, { allowedNames: null });
    await toDay(172);
    assert.equal((await certificatesOf(view)).length, 2);
  });
});

describe('an order that renews itself', () => {
  const auto = { ...years, isAutoRenewed: true, alternativeReference: 'PO-1' } as const;

  it('is followed by one like it 30 days before its end, which adds what was left', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], auto);
    await toDay(334);
    assert.equal((await see(view)).order.renewedBy, null);
    await toDay(336);
    const { order: old } = await see(view);
    assert.ok(old.renewedBy);
    const { order, issuance } = await app.ports.orders.get(customer.caller, { id: old.renewedBy });
    assert.deepEqual(
      [order.state, order.renewalOf, order.isAutoRenewed, order.alternativeReference, order.totalMinor],
      ['active', old.id, true, 'PO-1', 100_00],
    );
    assert.deepEqual(
      issuance.names.map(({ identifier }) => identifier.value),
      ['a.example.com'],
    );
    assert.equal(order.coverageUntil?.toISOString(), '2028-06-01T00:00:00.000Z');
    assert.equal(await balance(), 800_00);
    assert.deepEqual((await eventsOf({ order } as OrderView)).map(({ kind, actor }) => [kind, actor])[0], [
      'order.placed',
      'system',
    ]);
    assert.equal(countRows(app.databasePath).orders, 2);
    await toDay(345);
    assert.equal(countRows(app.databasePath).orders, 2, 'once');
  });

  it('is followed by none while its certificate is revoked, and by one again after a reissue', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], { ...auto, periods: 1 });
    await toDay(300);
    const revoke = async () => {
      const { certificate } = await see(view);
      await app.ports.revocations.revokeCertificate(customer.caller, certificate?.id ?? '', 'superseded');
    };
    await revoke();
    await toDay(340);
    const { order } = await see(view);
    assert.deepEqual([order.state, order.renewedBy, countRows(app.databasePath).orders], ['active', null, 1]);
    const next = await app.ports.issuances.reissue(customer.caller, order, await reissueFor(['a.example.com']));
    await app.idle();
    assert.equal((await see(next)).certificate?.state, 'valid');
    await toDay(342);
    assert.ok((await see(view)).order.renewedBy);
  });

  it('says so when the balance does not suffice, and tries every day', async () => {
    await begin();
    const poor = await createCustomer(app, { balanceMinor: 100_00 });
    const view = await issue(app, poor.caller, ['a.example.com'], auto);
    await toDay(336);
    await toDay(337);
    await toDay(338);
    const failed = (await eventsOf(view)).filter(({ kind }) => kind === 'order.renewalFailed');
    assert.equal(failed.length, 3);
    assert.match(
      String(failed[0]?.data.message),
      /costs 100\.00 CNY, but the account's balance is 0\.00 CNY; the operator can add credit/,
    );
    assert.equal(countRows(app.databasePath).orders, 1);
    await app.ports.accounts.credit(app.operator, poor.account.id, { amountMinor: 100_00, note: '' });
    await toDay(340);
    assert.equal(countRows(app.databasePath).orders, 2);
  });

  it('is one that is told so later, too; and none that is told not to', async () => {
    await begin();
    const late = await issue(app, customer.caller, ['a.example.com'], years);
    const never = await issue(app, customer.caller, ['b.example.com'], auto);
    await app.ports.orders.change(customer.caller, late.order, { isAutoRenewed: true });
    await app.ports.orders.change(customer.caller, never.order, { isAutoRenewed: false });
    await toDay(340);
    assert.ok((await see(late)).order.renewedBy);
    assert.equal((await see(never)).order.renewedBy, null);
  });

  it('is not renewed twice when the customer did it', async () => {
    await begin();
    const view = await issue(app, customer.caller, ['a.example.com'], auto);
    await toDay(300);
    await issue(app, customer.caller, ['a.example.com'], { ...years, renewalOf: view.order });
    await toDay(340);
    assert.equal(countRows(app.databasePath).orders, 2);
  });
});
