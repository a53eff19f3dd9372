/** What others notice of an account whose names lie on servers that do not answer: nothing. And how often those are looked at. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Reason, reason } from '../../../src/domain/errors.ts';
import { checkShares, defaultChecksAtOnce } from '../../../src/domain/job.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { costOfUnprovedName } from '../../../src/domain/ports/request-turns.ts';
import { createCustomer, names, place, startTestApp, type TestApp } from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { until } from '../../support/system.ts';

let app: TestApp;
afterEach(() => app.close());

const silent: Reason = reason('dnsTimeout', { name: 'dead.example' });
const stateOf = async ({ order }: OrderView) => (await app.database.read.orders.get(order.id))?.state;
/** When it was looked at names of the zone, in seconds after the first look, each time once. */
function lookSeconds(zone: string, since = 0): readonly number[] {
  const looks = app.checks.looks.filter(({ name }) => name.endsWith(zone)).map(({ at }) => at.getTime());
  return [...new Set(looks.map((at) => (at - (looks[0] ?? 0)) / 1000))].filter((seconds) => seconds >= since);
}

async function placeDead(count: number) {
  const { caller } = await createCustomer(app);
  const views: OrderView[] = [];
  for (let n = 1; n <= count; n++) {
    app.checks.failWith(`n${n}.dead.example`, silent);
    views.push(await place(app, caller, [`n${n}.dead.example`]));
  }
  await app.idle();
  return { caller, views };
}

const pass = async (seconds: number) => {
  for (let second = 0; second < seconds; second++) await app.advance(1);
};

describe('work that follows requests', () => {
  it('is charged to its account: by name when it is ordered, and by look', async () => {
    const charged = new Map<string, number>();
    const charge = (owner: string, cost: number) => void charged.set(owner, (charged.get(owner) ?? 0) + cost);
    app = await startTestApp({ charge });
    const { caller } = await createCustomer(app);
    app.checks.failWith('a.dead.example', silent);
    app.checks.failWith('b.dead.example', silent);
    await place(app, caller, ['a.dead.example', 'b.dead.example']);
    await app.idle();
    const looks = app.checks.looks.length;
    assert.ok(looks >= 2);
    assert.deepEqual([...charged.keys()], [caller.scope]);
    assert.equal((charged.get(caller.scope) ?? 0).toFixed(1), ((2 + looks) * costOfUnprovedName).toFixed(1));
  });
});

describe('a zone that does not answer', () => {
  it('is looked at less and less often, by one name, however many orders wait for it', async () => {
    app = await startTestApp();
    await placeDead(12);
    await pass(600);
    const seconds = lookSeconds('dead.example', 1);
    const gaps = seconds.slice(1).map((at, i) => at - (seconds[i] ?? 0));
    assert.ok(seconds.length <= 8, String(seconds));
    assert.deepEqual(
      gaps,
      gaps.toSorted((a, b) => a - b),
      String(seconds),
    );
    const ofEach = Object.groupBy(app.checks.looks, ({ at }) => at.getTime());
    const namesAt = Object.values(ofEach).map((looks) => new Set(looks?.map(({ name }) => name)).size);
    assert.deepEqual(
      namesAt.slice(1),
      namesAt.slice(1).map(() => 1),
      'names of one look, after the first',
    );
  });

  it('is looked at again for all that waits as soon as one name gets an answer', async () => {
    app = await startTestApp();
    const { views } = await placeDead(6);
    await pass(120);
    for (let n = 1; n <= 6; n++) app.checks.place(`n${n}.dead.example`);
    const probes = lookSeconds('dead.example').length;
    for (let second = 0; lookSeconds('dead.example').length === probes; second++) {
      assert.ok(second < 300, 'nobody looks any more');
      await app.advance(1);
    }
    await pass(2);
    assert.deepEqual(
      await Promise.all(views.map(stateOf)),
      views.map(() => 'active'),
    );
    assert.deepEqual(
      await app.database.read.zoneRests.list(views[0]?.order.accountId ?? assert.fail(), ['dead.example']),
      [],
    );
  });

  it('is looked at within ten seconds for whoever asks', async () => {
    app = await startTestApp();
    const { caller, views } = await placeDead(1);
    await pass(250);
    const [view] = views;
    assert.ok(view);
    app.checks.place('n1.dead.example');
    await app.ports.proving.recheck(caller, view.order);
    await pass(10);
    assert.equal(await stateOf(view), 'active');
  });

  it('rests also after a restart, and for one account only', async () => {
    app = await startTestApp();
    await placeDead(2);
    await pass(250);
    const looksBefore = app.checks.looks.length;
    app = await app.restart();
    await app.idle();
    const { caller } = await createCustomer(app);
    app.checks.place('n9.dead.example');
    const view = await place(app, caller, ['n9.dead.example']);
    await app.idle();
    assert.equal(await stateOf(view), 'active');
    const looks = app.checks.looks.slice(looksBefore);
    assert.deepEqual(new Set(looks.map(({ name }) => name)), new Set(['n9.dead.example']));
  });

  it('does not hold up names of other zones in the same order', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    app.checks.failWith('www.dead.example', silent);
    await place(app, caller, ['www.dead.example', 'www.live.example']);
    await app.idle();
    await pass(77);
    assert.deepEqual(lookSeconds('live.example'), [0, 2, 7, 17, 37, 77]);
    assert.ok(lookSeconds('dead.example').length < 6, String(lookSeconds('dead.example')));
  });

  it('is not one that answers that there is no such name', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    await place(app, caller, ['www.missing.example']);
    await app.idle();
    await pass(77);
    assert.deepEqual(lookSeconds('missing.example'), [0, 2, 7, 17, 37, 77]);
  });
});

describe('an account whose checks never end', () => {
  it('has its share of checks under way and no more, and delays neither proofs nor mails of others', async () => {
    const mail = createMailFake();
    app = await startTestApp({ mail });
    const hostile = await createCustomer(app);
    for (let order = 1; order <= 30; order++) {
      const hanging = Array.from({ length: 5 }, (_, n) => `n${n}.zone-${order}.example`);
      for (const name of hanging) app.checks.delay(name, 86_400_000);
      await place(app, hostile.caller, hanging);
    }
    const { perAccount } = checkShares(defaultChecksAtOnce);
    await until(() => app.checks.looks.length >= perAccount, 'its share is under way');
    const honest = await createCustomer(app);
    app.checks.place('www.honest.example');
    const proved = await place(app, honest.caller, ['www.honest.example']);
    await until(async () => (await stateOf(proved)) === 'active', 'the certificate is there');
    const mailed = await place(app, honest.caller, ['mail.example']);
    await app.ports.proving.chooseMethods(honest.caller, mailed.order, [
      { name: names('mail.example')[0] ?? assert.fail(), choice: { method: 'email', address: 'admin@mail.example' } },
    ]);
    await until(() => mail.sent.length === 1, 'the mail is sent');
    assert.equal(app.checks.looks.filter(({ name }) => /zone-/.test(name)).length, perAccount);
  });
});
