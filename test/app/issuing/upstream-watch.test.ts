/** A prepaid balance that is looked at every hour, and orders that are compared with the vendor's every night. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { createWatchdog } from '../../../src/app/index.ts';
import { queueUpstreamWatch } from '../../../src/app/issuing/upstream-watch.ts';
import { renderAlarm } from '../../../src/domain/alarm.ts';
import {
  type FakeScene,
  type FakeSceneOptions,
  fakeIssuers,
  openFakeScene,
  vendorAccount,
} from '../../support/vendors/fake-scene.ts';

let scene: FakeScene;
const open = async (options: FakeSceneOptions = {}) => {
  scene = await openFakeScene(options);
  const { context, database } = scene.app;
  // Only these of all upkeep: the others run every minute, and days pass here.
  if (options.upkeep !== true) await database.write((tx) => queueUpstreamWatch(context, tx));
  context.queue.wake();
  // The first look at a balance waits a minute.
  await scene.app.advance(60);
};
afterEach(() => scene.app.close());

const hours = (count: number) => scene.app.advance(count * 3600);
const shown = () => scene.app.ports.upstreams.account(scene.app.operator, vendorAccount);
const alarms = async () => {
  const { app } = scene;
  const watchdog = createWatchdog(app.context, { outcomes: app.outcomes, mail: [], webhook: null });
  await watchdog.look();
  return watchdog
    .raised()
    .filter(({ key }) => key.startsWith('upstream'))
    .map(({ finding }) => renderAlarm(finding, 'en'));
};
const differences = async () => {
  const { comparison } = await shown();
  return (comparison?.differences ?? []).map(({ kind, number }) => `${kind} ${number}`);
};
const withWarning = { settings: { balanceWarning: { minor: 200_00, currency: 'CNY' } } };

test('the balance is looked at every hour, and one below the limit is an alarm until it is charged', async () => {
  await open({ upkeep: true, ...withWarning });
  const { fake, app } = scene;
  await app.idle();
  assert.deepEqual((await shown()).balance?.amount, { minor: 500_00, currency: 'CNY' });
  assert.deepEqual(await alarms(), []);
  fake.balance = { minor: 199_99, currency: 'CNY' };
  await hours(1);
  assert.equal((await shown()).balance?.isLow, true);
  assert.deepEqual(await alarms(), ['the balance at the upstream vendor-account is 199.99 CNY, below 200.00 CNY']);
  fake.balance = { minor: 200_00, currency: 'CNY' };
  await hours(1);
  assert.deepEqual(await alarms(), []);
});

test('a vendor that is away is asked again in an hour, within the breaker, and the last balance stays', async () => {
  await open(withWarning);
  const { fake, app } = scene;
  await app.idle();
  fake.isAway = true;
  await hours(1);
  const { account, balance } = await shown();
  assert.deepEqual([account.faults, balance?.amount.minor], [1, 500_00]);
  fake.isAway = false;
  fake.balance = { minor: 450_00, currency: 'CNY' };
  await hours(1);
  assert.deepEqual([(await shown()).account.faults, (await shown()).balance?.amount.minor], [0, 450_00]);
});

test('a limit in another currency warns of nothing, and the check and the log say so', async () => {
  await open({ settings: { balanceWarning: { minor: 900_00, currency: 'USD' } } });
  await scene.app.idle();
  assert.deepEqual(await alarms(), []);
  const [checked] = await scene.app.ports.upstreams.check(scene.app.operator, vendorAccount);
  assert.equal(checked?.checks.find(({ what }) => what === 'balance')?.ok, false);
  assert.ok(scene.app.log.lines.some((line) => JSON.stringify(line).includes('another currency')));
});

test('books that agree have no difference', async () => {
  await open();
  await scene.order('a.example.com');
  await hours(25);
  const { comparison } = await shown();
  assert.deepEqual([comparison?.compared, comparison?.differences, comparison?.more], [1, [], 0]);
  assert.deepEqual(await alarms(), []);
});

test('each kind of difference is found, changes nothing, and is an alarm until there is none', async () => {
  await open({ manners: { pollSeconds: { first: 86_400 * 5, longest: 86_400 * 5 } } });
  const { fake, order } = scene;
  await order('same.example.com');
  fake.isSlow = true;
  for (const name of ['over', 'late', 'price', 'gone']) await order(`${name}.example.com`);
  fake.addForeign('v-99', ['foreign.example.com']);
  await fake.decide('v-2', 'cancelled');
  await fake.decide('v-3', 'issued');
  const [, , , price, gone] = fake.sold;
  assert.ok(price && gone);
  price.price = { minor: 44_00, currency: 'CNY' };
  gone.isGone = true;
  await hours(49);
  const found = ['issuedThere v-3', 'overThere v-2', 'priceDiffers v-4', 'unknownHere v-99', 'unknownThere v-5'];
  assert.deepEqual((await differences()).toSorted(), found);
  const { comparison } = await shown();
  const { names, prices, issuanceId } = comparison?.differences.find(({ kind }) => kind === 'priceDiffers') ?? {};
  assert.deepEqual(names, ['price.example.com']);
  assert.deepEqual(
    prices?.map(({ minor }) => minor),
    [40_00, 44_00],
  );
  const row = issuanceId && (await scene.app.database.read.vendorOrders.get(issuanceId));
  assert.deepEqual(row && [row.step, row.price?.minor], ['bought', 40_00]);
  assert.deepEqual(await alarms(), ['the orders at the upstream vendor-account and ours differ in 5 places']);
});

test('an order whose reply was lost is found there by our reference', async () => {
  await open();
  scene.fake.mishaps.push('loseReply');
  await scene.order('a.example.com');
  await hours(49);
  assert.deepEqual(await differences(), ['issuedThere v-1']);
});

test('what was bought a moment ago is no difference', async () => {
  await open();
  await hours(18.9);
  scene.fake.addForeign('v-99', ['foreign.example.com']);
  await hours(0.2);
  assert.equal((await shown()).comparison?.compared, 1);
  assert.deepEqual(await differences(), []);
});

test('a vendor without a list is asked for each order that has been open for a day', async () => {
  await open({ lists: false, manners: { pollSeconds: { first: 86_400 * 5, longest: 86_400 * 5 } } });
  const { fake, order } = scene;
  fake.isSlow = true;
  for (const name of ['same', 'over', 'late', 'gone']) await order(`${name}.example.com`);
  await fake.decide('v-2', 'refused');
  await fake.decide('v-3', 'issued');
  const gone = fake.sold[3] ?? assert.fail('there are four');
  gone.isGone = true;
  await hours(49);
  const found = ['issuedThere v-3', 'overThere v-2', 'unknownThere v-4'];
  assert.deepEqual((await differences()).toSorted(), found);
  assert.equal((await shown()).comparison?.compared, 4);
});

test('of very many differences the first are kept, and how many there are', async () => {
  await open();
  for (let number = 0; number < 60; number++) scene.fake.addForeign(`f-${number}`, []);
  await hours(25);
  const { comparison } = await shown();
  assert.deepEqual([comparison?.differences.length, comparison?.more], [50, 10]);
});

for (const lists of [true, false]) {
  test(`an order under way at another address is named with both, and matched with no stranger's (${lists ? 'a list' : 'no list'})`, async () => {
    const manners = { pollSeconds: { first: 86_400 * 5, longest: 86_400 * 5 } };
    await open({ lists, manners });
    const { fake, order } = scene;
    fake.isSlow = true;
    await order('a.example.com');
    const upstreams = fakeIssuers(fake, { settings: { baseUrl: 'https://moved.example' } });
    scene = { ...scene, app: await scene.app.restart({ upstreams }) };
    await scene.app.database.write((tx) => queueUpstreamWatch(scene.app.context, tx));
    scene.app.context.queue.wake();
    await hours(49);
    // By the same number the service at the new address has an order of somebody else.
    assert.deepEqual((await differences()).toSorted(), ['boughtElsewhere v-1', ...(lists ? ['unknownHere v-1'] : [])]);
    const found = (await shown()).comparison?.differences.find(({ kind }) => kind === 'boughtElsewhere');
    assert.equal(found?.words, 'fake https://vendor.example → fake https://moved.example');
    assert.deepEqual(found?.names, ['a.example.com']);
  });
}
