/** A server whose clock is wrong signs nothing, says so, and goes on by itself once it is right. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createClockWatch } from '../../../src/app/index.ts';
import type { CertError } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
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
afterEach(() => app.close());

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const yearMs = 365.25 * dayMs;

async function begin(): Promise<void> {
  app = await startTestApp({ upkeep: true });
  customer = await createCustomer(app, { balanceMinor: 1_000_00 });
  await app.idle();
}

const issuanceOf = async ({ issuance }: OrderView) => app.database.read.issuances.get(issuance.id);
const clockEvents = async () =>
  (await app.ports.events.list(app.operator, { limit: 500, subject: 'clock' })).items.toReversed();
const crlNumbers = async () =>
  Promise.all(app.issuer.authorityIds().map(async (id) => (await app.database.read.crls.get(id))?.number));
const refusedAs = (key: string) => (error: CertError) => {
  assert.deepEqual([error.code, error.reason.key], ['unavailable', key]);
  return true;
};

describe('a clock that went back', () => {
  it('signs neither certificates nor lists, raises an alarm, and goes on when it is right again', async () => {
    await begin();
    const watch = createClockWatch(app.context);
    await watch.look();
    const waiting = await place(app, customer.caller, ['waiting.example.com']);
    const issued = await issue(app, customer.caller, ['a.example.com']);
    app.clock.set(-2 * dayMs);
    await watch.look();
    const before = await crlNumbers();

    await assert.rejects(place(app, customer.caller, ['a.example.com']), refusedAs('clockWentBack'));
    await app.ports.revocations.revokeOrder(customer.caller, issued.order, 'superseded');
    assert.equal((await app.ports.orders.get(customer.caller, issued.order)).order.state, 'revoked', 'known at once');
    app.checks.place('waiting.example.com');
    await app.ports.orders.settle(customer.caller, waiting.order, 10);
    await app.idle();
    const resting = await issuanceOf(waiting);
    assert.equal(resting?.certificateId, null);
    assert.deepEqual(await crlNumbers(), before, 'and told in the list that is made later');
    const alarms = app.log.lines.filter(({ level }) => level === 'error');
    assert.match(alarms.at(-1)?.message ?? '', /^the server's clock shows 2026-05-30T.*, earlier than 2026-06-01T/);

    app.clock.set(2 * dayMs);
    await watch.look();
    await app.advance(3600);
    assert.equal((await issuanceOf(waiting))?.state, 'issued');
    assert.notDeepEqual(await crlNumbers(), before);
    const events = await clockEvents();
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['clock.stopped', 'clock.resumed'],
    );
    assert.match(String(events[0]?.data.message), /nothing is signed until the operator corrects it$/);
  });

  it('is noticed after a restart as well, unless the operator says that it is right', async () => {
    await begin();
    await createClockWatch(app.context).look();
    app.clock.set(-dayMs);
    app = await app.restart();
    await assert.rejects(place(app, customer.caller, ['a.example.com']), refusedAs('clockWentBack'));
    // One that was ahead by mistake, and is right now: back at a time at which the CA is valid.
    app.clock.set(dayMs + yearMs);
    app = await app.restart();
    await createClockWatch(app.context).look();
    app.clock.set(-yearMs);
    app = await app.restart({ acceptsClock: true });
    assert.equal((await issue(app, customer.caller, ['a.example.com'])).issuance.state, 'issued');
    app = await app.restart({ acceptsClock: false });
    assert.equal((await issue(app, customer.caller, ['b.example.com'])).issuance.state, 'issued', 'from then on');
  });

  it('by a few minutes is as time services set it', async () => {
    await begin();
    await app.advance(3600);
    app.context.clockGuard.fault();
    app.clock.set(-4 * minuteMs);
    assert.equal(app.context.clockGuard.fault(), undefined);
    app.clock.set(-2 * minuteMs);
    assert.equal(app.context.clockGuard.fault()?.key, 'clockWentBack');
  });
});

describe('a clock outside the validity of the CA', () => {
  it('before it signs nothing', async () => {
    await begin();
    app.clock.set(-10 * dayMs);
    app = await app.restart({ acceptsClock: true });
    await assert.rejects(place(app, customer.caller, ['a.example.com']), refusedAs('authorityNotYetValid'));
  });

  it('after it signs nothing, ends nothing, and does not become what the right time is compared with', async () => {
    await begin();
    const watch = createClockWatch(app.context);
    await watch.look();
    const issued = await issue(app, customer.caller, ['a.example.com']);
    const waiting = await place(app, customer.caller, ['waiting.example.com']);
    const long = await issue(app, customer.caller, ['long.example.com'], { productCode: 'years' });
    const reissue = await app.ports.issuances.reissue(
      customer.caller,
      issued.order,
      await reissueFor(['late.example.com']),
    );
    await app.idle();
    const before = await crlNumbers();
    app.checks.place('late.example.com');
    app.clock.set(30 * yearMs);
    await watch.look();
    await app.idle();
    await assert.rejects(place(app, customer.caller, ['b.example.com']), refusedAs('authorityEnded'));
    assert.equal((await app.database.read.orders.get(issued.order.id))?.state, 'active');
    assert.equal((await issuanceOf(waiting))?.state, 'awaitingValidation', 'nobody is late by a wrong clock');
    assert.deepEqual(await crlNumbers(), before);
    assert.ok(await app.database.read.jobs.get('reissue', long.order.id), 'its next certificate is still to come');
    assert.equal((await issuanceOf(reissue))?.rest?.reason.key, 'authorityEnded');
    app.clock.set(-30 * yearMs);
    await watch.look();
    app.checks.place('waiting.example.com');
    await app.advance(3600);
    assert.equal((await issue(app, customer.caller, ['b.example.com'])).issuance.state, 'issued');
    assert.equal((await issuanceOf(reissue))?.state, 'issued');
    app = await app.restart({ afterSeconds: 170 * 86_400 });
    await app.idle();
    const { items } = await app.ports.certificates.list(customer.caller, { limit: 10 });
    assert.equal(items.filter(({ orderId }) => orderId === long.order.id).length, 2, 'and it came');
    assert.equal((await issuanceOf(waiting))?.state, 'issued', 'its job was not left waiting for thirty years');
  });
});
