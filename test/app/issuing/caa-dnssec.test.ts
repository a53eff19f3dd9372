/**
 * Orders whose CAA records stand in a zone that breaks and is mended, through a resolver that validates (unbound): what the customer
 * sees meanwhile, and what comes of it.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import { createLookUpCaa } from '../../../src/dcv/caa.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { renderReason } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { createRandomness, createResolver } from '../../../src/system/index.ts';
import { createCustomer, place, startTestApp, type TestApp } from '../../support/app.ts';
import { type ServedZones, type SignedZone, serveZones } from '../../support/signed-zones.ts';
import { startUnbound, type Unbound } from '../../support/unbound.ts';

/** Whoever stands between the zone and us changes what it allows. */
const changed = (zone: string) => zone.replace('"ca.example"', '"changed.example"');

function zoneOf(caa: string, signing: SignedZone['signing'] = {}): SignedZone {
  return { name: 'shop.test', signing, records: ['www A 192.0.2.1', `www CAA ${caa}`] };
}

let served: ServedZones;
let unbound: Unbound;
let app: TestApp;
before(async () => {
  served = await serveZones([zoneOf('0 issue "ca.example"')]);
  unbound = await startUnbound({ 'shop.test': served.port }, 'shop.test', served.anchors);
});
after(async () => {
  await unbound?.close();
  await served?.close();
});
afterEach(() => app.close());

async function serve(zone: SignedZone): Promise<void> {
  await served.change(zone);
  await unbound.forget();
}

/** A name that is proved, while nobody can look its CAA records up. */
async function orderInBrokenZone() {
  await serve(zoneOf('0 issue "ca.example"', { after: changed }));
  const resolver = createResolver({
    servers: [unbound.endpoint],
    timeoutMs: 4000,
    attempts: 1,
    random: createRandomness(),
  });
  app = await startTestApp({
    profiles: defaultProfiles.map((profile) => ({ ...profile, checksCaa: true })),
    lookUpCaa: createLookUpCaa(resolver),
  });
  const { caller } = await createCustomer(app, { balanceMinor: 100_00 });
  app.checks.place('www.shop.test');
  const view = await place(app, caller, ['www.shop.test'], { productCode: 'paid' });
  await app.idle();
  return { caller, view, see: () => app.ports.orders.get(caller, view.order) };
}

/** The kinds of what happened, each with the turn that it began. */
async function storyOf(caller: Caller, { order }: OrderView): Promise<readonly string[]> {
  const { items } = await app.ports.orderPages.timeline(caller, { id: order.id }, { limit: 100 });
  const events = items.flatMap((entry) => (entry.kind === 'event' ? [entry] : []));
  return events.map(({ event, turn }) => `${event.kind} ${turn?.who ?? ''}`.trim()).toReversed();
}

it('a zone that is broken: the order rests, says why and that it is the turn of the customer, and goes on once it is mended', async () => {
  const { caller, view, see } = await orderInBrokenZone();
  const resting = (await see()).issuance;
  assert.equal(resting.state, 'ready');
  assert.equal(resting.rest?.reason.key, 'caaUnavailable');

  const { turn } = await app.ports.orderPages.get(caller, { id: view.order.id });
  assert.equal(turn?.who, 'customer');
  assert.ok(turn.nextAt instanceof Date, 'it looks again by itself');
  assert.ok(turn.deadline instanceof Date, 'and not for ever');
  assert.ok(turn.reason);
  assert.match(renderReason(turn.reason, 'en'), /CAA records of www\.shop\.test could not be looked up: .*SERVFAIL/);
  assert.match(renderReason(turn.reason, 'zh'), /无法查询 www\.shop\.test 的 CAA 记录：.*SERVFAIL/);
  assert.ok((await storyOf(caller, view)).includes('issuance.waits customer'), String(await storyOf(caller, view)));

  await serve(zoneOf('0 issuewild ";"'));
  await app.advance(10);
  const { issuance, order } = await see();
  assert.deepEqual([issuance.state, issuance.rest, order.state], ['issued', null, 'active']);
  assert.equal((await app.ports.orderPages.get(caller, { id: view.order.id })).turn, null);
  assert.equal((await storyOf(caller, view)).at(-1), 'certificate.issued nobody');
});

it('a zone that turns out to forbid it: the order fails, names the record, and is paid back', async () => {
  const { caller, view, see } = await orderInBrokenZone();
  const balance = async () => (await app.ports.accounts.get(caller)).balanceMinor;
  assert.ok((await balance()) < 100_00);
  await serve(zoneOf('0 issue "other.example"'));
  await app.advance(10);
  const { issuance, order } = await see();
  assert.deepEqual([issuance.state, order.state], ['failed', 'failed']);
  assert.ok(issuance.failure);
  assert.match(
    renderReason(issuance.failure, 'en'),
    /^the CAA records of www\.shop\.test do not allow a certificate for www\.shop\.test: 0 issue "other\.example"; /,
  );
  assert.equal(await balance(), 100_00);
  assert.ok((await storyOf(caller, view)).some((one) => one.startsWith('issuance.failed')));
});
