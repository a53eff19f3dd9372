/** The job that looks for proofs: when it looks, what counts, how long a proof serves, when it gives up. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { isChecked } from '../../../src/domain/challenge.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { defaultProfiles, type Profile } from '../../../src/domain/profile.ts';
import {
  type Customer,
  challengesFor,
  createCustomer,
  issue,
  names,
  place,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { until } from '../../support/system.ts';

let app: TestApp;
afterEach(() => app.close());

const daySeconds = 86_400;
const failedJobs = async () => (await app.ports.operation.failedJobs(app.operator, { limit: 10 })).items;
const profilesWith = (change: Partial<Profile>) => defaultProfiles.map((profile) => ({ ...profile, ...change }));
const see = ({ caller }: Customer, { order }: OrderView) => app.ports.orders.get(caller, order);
/** When it was looked at the name by one method, in seconds after the first look. */
function lookSeconds(name: string, method = 'httpFile'): readonly number[] {
  const looks = app.checks.looks.filter((look) => look.name === name && look.method === method);
  return looks.map(({ at }) => (at.getTime() - (looks[0]?.at.getTime() ?? 0)) / 1000);
}

describe('the schedule', () => {
  it('looks at once, then after 2, 5, 10, 20, 40 and 60 s more, then every minute', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    await place(app, caller, ['example.com']);
    await app.idle();
    for (let second = 0; second < 260; second++) await app.advance(1);
    assert.deepEqual(lookSeconds('example.com'), [0, 2, 7, 17, 37, 77, 137, 197, 257]);
  });

  it('is not slowed down by polls and requests to check, which look at once', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['example.com']);
    await app.idle();
    for (let second = 1; second <= 20; second++) {
      await app.advance(1);
      if (second === 4) await app.ports.proving.recheck(customer.caller, view.order);
      if (second === 12) await see(customer, view);
      await app.idle();
    }
    assert.deepEqual(lookSeconds('example.com'), [0, 2, 4, 7, 12, 17]);
  });

  it('looks no more often than once a second, however fast somebody polls', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['example.com']);
    for (let poll = 0; poll < 20; poll++) {
      await app.idle();
      await see(customer, view);
    }
    assert.deepEqual(lookSeconds('example.com'), [0]);
  });

  it('asks no more about a name that is proved while others are awaited', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.place('one.example');
    const view = await place(app, customer.caller, ['one.example', 'two.example']);
    await app.advance(2);
    assert.deepEqual([lookSeconds('one.example'), lookSeconds('two.example')], [[0], [0, 2]]);
    app.checks.place('two.example');
    await app.advance(5);
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });

  it('goes on after a restart where it was', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    await place(app, caller, ['example.com']);
    await app.advance(2);
    app = await app.restart();
    await app.idle();
    await app.advance(5);
    assert.deepEqual(lookSeconds('example.com'), [0, 2, 7]);
  });
});

describe('a name is proved', () => {
  for (const method of ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'] as const) {
    it(`by ${method}, whatever the customer said it would use`, async () => {
      app = await startTestApp();
      const customer = await createCustomer(app);
      const view = await place(app, customer.caller, ['any.example'], { preferredMethod: 'httpFile' });
      await app.idle();
      app.checks.place('any.example', method);
      await app.ports.proving.recheck(customer.caller, view.order);
      await app.idle();
      const { issuance, authorizations } = await see(customer, view);
      assert.equal(issuance.state, 'issued');
      assert.equal(authorizations[0]?.provedBy, method);
    });
  }

  it('as a wildcard by a file under a private profile, and not under a public one', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 10_000_00 });
    app.checks.place('*.example.com', 'httpFile');
    const open = await place(app, customer.caller, ['*.example.com'], { productCode: 'public' });
    await app.idle();
    assert.equal((await see(customer, open)).issuance.state, 'awaitingValidation');
    assert.deepEqual(lookSeconds('*.example.com', 'httpFile'), []);
    assert.deepEqual(lookSeconds('*.example.com', 'dnsCname'), [0]);
    const view = await place(app, customer.caller, ['*.example.com'], { productCode: 'paid' });
    await app.advance(2);
    assert.equal((await see(customer, view)).issuance.state, 'issued');
    // Nor does that proof serve the public one afterwards, nor a new one.
    assert.equal((await see(customer, open)).issuance.state, 'awaitingValidation');
    const late = await place(app, customer.caller, ['*.example.com'], { productCode: 'public' });
    assert.equal(late.issuance.state, 'awaitingValidation');
    app.checks.place('*.example.com', 'dnsCname');
    await app.advance(10);
    assert.equal((await see(customer, open)).issuance.state, 'issued');
  });
});

describe('what a check found', () => {
  it('is kept for every method, with what was asked, who answered and what came back', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['seen.example']);
    await app.advance(2);
    const checks = ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'].map((method) => ({
      method,
      binding: 'server',
      proved: false,
      checkedAt: app.clock.now(),
      durationMs: 0,
      asked: method.startsWith('http') ? `http://seen.example/${method}` : `seen.example ${method}`,
      answeredBy: ['192.0.2.53'],
      answer: 'nothing',
      problem: { key: 'dnsNoSuchName', params: { name: 'seen.example' } },
      source: { isOwn: true },
    }));
    assert.deepEqual((await app.ports.orders.get(app.operator, view.order)).authorizations[0]?.checks, checks);
    // The customer is not told which resolver answered.
    assert.deepEqual(
      (await see(customer, view)).authorizations[0]?.checks,
      checks.map((check) => (check.method.startsWith('http') ? check : { ...check, answeredBy: [] })),
    );
  });

  it('is shown whole to operators only, where an internal host answered, at every door that shows it', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    app.checks.answerFromInside('inside.example');
    app.checks.place('inside.example', 'httpsFile');
    const first = await place(app, customer.caller, ['inside.example'], { productCode: 'encryption365:100' });
    await app.idle();
    const again = await place(app, customer.caller, ['inside.example'], { productCode: 'encryption365:100' });
    const [challenge] = challengesFor(names('inside.example')[0] ?? assert.fail()).filter(isChecked);
    const seen = {
      placed: again,
      order: await app.ports.orders.get(customer.caller, first.order),
      orders: await app.ports.orders.list(customer.caller, { limit: 10 }),
      search: await app.ports.orders.search(customer.caller, { limit: 10, offset: 0 }),
      issuances: await app.ports.issuances.list(customer.caller, first.order, { limit: 10 }),
      settled: await app.ports.orders.settle(customer.caller, first.order, 1),
      looked: await app.ports.proving.checkChallenges(customer.caller, [
        { identifier: names('inside.example')[0] ?? assert.fail(), challenge: challenge ?? assert.fail() },
      ]),
      events: await app.ports.events.list(customer.caller, { limit: 50 }),
    };
    for (const [door, shown] of Object.entries(seen)) {
      assert.doesNotMatch(JSON.stringify(shown), /the right content|"nothing"|192\.0\.2\.53/, door);
    }
    const full = JSON.stringify(await app.ports.orders.get(app.operator, first.order));
    assert.match(full, /the right content/);
    const { items } = await app.ports.events.list(app.operator, { limit: 50 });
    assert.match(JSON.stringify(items), /the right content/);
  });

  it('stands in the audit log when it proved the name', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.place('seen.example', 'dnsCname');
    const view = await place(app, customer.caller, ['seen.example']);
    await app.idle();
    const [authorization] = (await see(customer, view)).authorizations;
    assert.ok(authorization);
    assert.deepEqual(
      [authorization.state, authorization.provedBy, authorization.provedAt],
      ['valid', 'dnsCname', app.clock.now()],
    );
    assert.deepEqual(authorization.validUntil, new Date(app.clock.now().getTime() + 199 * daySeconds * 1000));
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: authorization.id });
    assert.deepEqual(
      [items[0]?.kind, items[0]?.accountId, items[0]?.data],
      [
        'authorization.proved',
        customer.account.id,
        {
          name: 'seen.example',
          method: 'dnsCname',
          binding: 'server',
          asked: 'seen.example dnsCname',
          answeredBy: ['192.0.2.53'],
          answer: 'the right content',
          isOwn: true,
        },
      ],
    );
  });
});

describe('a check that is cut off', () => {
  it('leaves what the one before it found', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['cut.example']);
    await app.idle();
    const evidence = async () => (await see(customer, view)).authorizations[0]?.checks;
    const found = await evidence();
    assert.equal(found?.[0]?.problem?.key, 'dnsNoSuchName');
    const looksBefore = app.checks.looks.length;
    app.checks.delay('cut.example', 5_000);
    await app.ports.proving.recheck(customer.caller, view.order);
    await until(() => app.checks.looks.length === 2 * looksBefore, 'the next check has begun');
    app = await app.restart({ works: false });
    assert.deepEqual(await evidence(), found);
  });

  it('is told as such when it was the first', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.delay('cut.example', 5_000);
    const view = await place(app, customer.caller, ['cut.example']);
    const offered = view.authorizations[0]?.challenges.length ?? 0;
    await until(() => app.checks.looks.length === offered, 'the check has begun');
    app = await app.restart({ works: false });
    const [authorization] = (await see(customer, view)).authorizations;
    assert.deepEqual(
      authorization?.checks.map(({ problem }) => problem?.key),
      Array.from({ length: offered }, () => 'checkAborted'),
    );
  });

  it('because another method proved the name keeps what it found before as well', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['quick.example']);
    await app.advance(2);
    const before = (await see(customer, view)).authorizations[0]?.checks ?? [];
    app.checks.place('quick.example');
    app.checks.delay('quick.example', 60_000, 'dnsCname');
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    const [authorization] = (await see(customer, view)).authorizations;
    assert.equal(authorization?.provedBy, 'httpFile');
    assert.deepEqual(authorization.checks[2], before[2]);
  });
});

describe('a proof', () => {
  it('serves later orders of its account, and of no other', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    await issue(app, customer.caller, ['reuse.example']);
    app.checks.remove('reuse.example');
    const looks = app.checks.looks.length;
    const again = await place(app, customer.caller, ['reuse.example']);
    assert.equal((await see(customer, again)).issuance.state, 'issued');
    assert.equal(app.checks.looks.length, looks, 'nobody looked again');
    const other = await createCustomer(app);
    const theirs = await place(app, other.caller, ['reuse.example']);
    await app.idle();
    assert.equal((await see(other, theirs)).issuance.state, 'awaitingValidation');
  });

  it('by a file of the base name is one of its wildcard under a private profile, and of nothing else; that of a wildcard serves only itself', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    await issue(app, customer.caller, ['base.example']);
    await issue(app, customer.caller, ['*.wild.example']);
    const view = await place(app, customer.caller, ['*.base.example', 'wild.example', 'www.base.example']);
    await app.idle();
    const states = (await see(customer, view)).authorizations.map(({ state }) => state);
    assert.deepEqual(states, ['valid', 'pending', 'pending']);
  });

  it('that another order of the account got meanwhile is used', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const waiting = await place(app, customer.caller, ['shared.example']);
    await app.idle();
    app.checks.place('shared.example');
    const quick = await issue(app, customer.caller, ['shared.example']);
    app.checks.remove('shared.example');
    const looks = app.checks.looks.length;
    await app.advance(2);
    const { issuance, authorizations } = await see(customer, waiting);
    assert.equal(issuance.state, 'issued');
    assert.deepEqual(authorizations, quick.authorizations);
    assert.equal(app.checks.looks.length, looks);
  });

  it('serves although a longer one, which the profile does not take, is there as well', async () => {
    const longer = { reuseDays: 300 };
    const profiles = defaultProfiles.map((one) => (one.id === 'private-dv' ? { ...one, ...longer } : one));
    app = await startTestApp({ profiles });
    const customer = await createCustomer(app, { balanceMinor: 10_000_00 });
    app.checks.place('*.both.example.com', 'httpFile');
    app.checks.place('*.both.example.com', 'dnsCname');
    app.checks.delay('*.both.example.com', 1000);
    // Checked side by side, so that neither uses the proof of the other.
    await place(app, customer.caller, ['*.both.example.com']);
    await place(app, customer.caller, ['*.both.example.com'], { productCode: 'public' });
    await until(() => app.checks.looks.length === 4, 'both are being checked');
    await app.clock.advance(1000);
    await app.idle();
    const usable = await app.database.read.authorizations.listUsable(customer.account.id, ['*.both.example.com'], {
      now: app.clock.now(),
      keyHash: null,
    });
    assert.deepEqual(
      usable.map(({ provedBy }) => provedBy),
      ['httpFile', 'dnsCname'],
    );
    const late = await place(app, customer.caller, ['*.both.example.com'], { productCode: 'public' });
    assert.equal(late.issuance.state, 'issuing');
  });

  it('serves for 199 days and no longer', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    await issue(app, customer.caller, ['old.example']);
    app.checks.remove('old.example');
    app = await app.restart({ afterSeconds: 199 * daySeconds - 1 });
    assert.equal((await place(app, customer.caller, ['old.example'])).issuance.state, 'issuing');
    app = await app.restart({ afterSeconds: 1 });
    const view = await place(app, customer.caller, ['old.example']);
    assert.equal(view.issuance.state, 'awaitingValidation');
    assert.deepEqual(
      view.authorizations.map(({ state }) => state),
      ['pending'],
    );
  });

  it('that runs out while another name is awaited is asked for again', async () => {
    app = await startTestApp({ profiles: profilesWith({ reuseDays: 1 }) });
    const customer = await createCustomer(app);
    app.checks.place('early.example');
    const view = await place(app, customer.caller, ['early.example', 'late.example']);
    await app.idle();
    app.checks.remove('early.example');
    app.checks.place('late.example');
    app = await app.restart({ afterSeconds: daySeconds });
    await app.idle();
    const { issuance, authorizations } = await see(customer, view);
    assert.equal(issuance.state, 'awaitingValidation');
    assert.deepEqual(
      authorizations.map(({ identifier, state }) => [identifier.value, state]),
      [
        ['early.example', 'pending'],
        ['late.example', 'valid'],
      ],
    );
    assert.deepEqual(authorizations[0]?.challenges, view.authorizations[0]?.challenges, 'by the same challenges');
    app.checks.place('early.example');
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.idle();
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });

  it('serves its own order alone where the profile lets no proof be used twice', async () => {
    app = await startTestApp({ profiles: profilesWith({ reuseDays: 0 }) });
    const customer = await createCustomer(app);
    assert.equal((await issue(app, customer.caller, ['fresh.example'])).issuance.state, 'issued');
    app.checks.remove('fresh.example');
    const again = await place(app, customer.caller, ['fresh.example']);
    await app.idle();
    assert.equal((await see(customer, again)).issuance.state, 'awaitingValidation');
  });
});

describe('an order whose names are not proved', () => {
  it('fails with a part for each of several names, which says what the last look for its proof found', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.place('proved.example');
    const view = await place(app, customer.caller, ['a.example', 'proved.example', 'b.example']);
    await app.idle();
    app = await app.restart({ afterSeconds: 30 * daySeconds + 3600 });
    await app.idle();
    const found = await see(customer, view);
    const partOf = (name: string) => {
      const checks = found.authorizations.find(({ identifier }) => identifier.value === name)?.checks ?? [];
      const problem = checks.find(({ method }) => method === 'httpFile')?.problem;
      return { name, reason: problem ?? assert.fail('it was looked for') };
    };
    assert.deepEqual(found.issuance.failure, {
      key: 'validationExpired',
      params: { names: 'a.example, b.example', days: 30 },
      parts: [partOf('a.example'), partOf('b.example')],
    });
  });

  it('fails after 30 days, with its money back and the names in the reason', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 200_00 });
    app.checks.place('proved.example');
    const view = await place(app, customer.caller, ['proved.example', 'never.example'], { productCode: 'paid' });
    await app.idle();
    app = await app.restart({ afterSeconds: 30 * daySeconds - 1 });
    await app.idle();
    assert.equal((await see(customer, view)).issuance.state, 'awaitingValidation');
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 0);
    // The next look, an hour later by then, is the last.
    app = await app.restart({ afterSeconds: 3600 });
    await app.idle();
    const { order, issuance } = await see(customer, view);
    assert.deepEqual([order.state, issuance.state], ['failed', 'failed']);
    const reason = { key: 'validationExpired', params: { names: 'never.example', days: 30 } };
    assert.deepEqual(issuance.failure, reason);
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 200_00);
    const { items } = await app.ports.events.list(app.operator, { limit: 2, subject: order.id });
    assert.deepEqual(
      items.map(({ kind, data }) => [kind, data.reason]),
      [
        ['order.failed', reason],
        ['issuance.failed', reason],
      ],
    );
    assert.equal(await app.database.read.jobs.get('validate', issuance.id), undefined);
  });
});

describe('slow hosts', () => {
  it('keep no run beyond its time, and the names that had no turn come first in the next', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const hosts = Array.from({ length: 24 }, (_, i) => `host${i}.example`);
    for (const host of hosts) app.checks.delay(host, 40_000);
    const view = await place(app, customer.caller, hosts);
    const job = () => app.database.read.jobs.get('validate', view.issuance.id);
    const begun = (seconds: number) =>
      new Set(
        app.checks.looks
          .filter(({ at }) => at.getTime() - app.clock.now().getTime() >= -seconds * 1000)
          .map(({ name }) => name),
      );
    // 8 names at a time take 40 s: the run begins no more of them after 60 s.
    for (let second = 0; second < 80; second++) await app.clock.advance(1000);
    await until(async () => (await job())?.state === 'waiting', 'the first run is over');
    assert.deepEqual([...begun(80)], hosts.slice(0, 16));
    await app.clock.advance(60_000);
    await until(() => begun(60).size > 0, 'the next run has begun');
    assert.deepEqual([...begun(60)], hosts.slice(16));
    assert.equal((await job())?.lastError, null);
  });

  it('are asked again when the server stops in the middle of a check', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.delay('slow.example', 5_000);
    app.checks.place('slow.example');
    const view = await place(app, customer.caller, ['slow.example']);
    await until(() => app.checks.looks.length > 0, 'the check has begun');
    app = await app.restart({ afterSeconds: 2 });
    await until(() => lookSeconds('slow.example').length > 1, 'it has begun again');
    await app.clock.advance(5_000);
    await app.idle();
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });
});

describe('choosing a method', () => {
  it('is kept and recorded, and looks at once', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const { order } = await place(app, customer.caller, ['method.example']);
    await app.idle();
    const [name] = names('method.example');
    assert.ok(name);
    const looks = app.checks.looks.length;
    const view = await app.ports.proving.chooseMethods(customer.caller, order, [{ name, choice: 'dnsCname' }]);
    assert.equal(view.authorizations[0]?.preferredMethod, 'dnsCname');
    await app.idle();
    assert.equal(app.checks.looks.length, looks + 4);
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: order.id });
    assert.deepEqual(
      [items[0]?.kind, items[0]?.data],
      ['validation.methodChanged', { number: order.number, name: 'method.example', method: 'dnsCname' }],
    );
  });

  it('is refused for a name of no order, a method that was not offered and a name that is proved', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.place('proved.example');
    const { order } = await place(app, customer.caller, ['192.0.2.77', 'proved.example']);
    const choose = async (text: string, method: 'dnsCname' | 'httpFile') => {
      const [name] = names(text);
      return app.ports.proving.chooseMethods(customer.caller, order, [{ name: name ?? assert.fail(), choice: method }]);
    };
    const before = await app.tables();
    const missing = { key: 'notFound', params: { what: 'name', value: '"other.example"' } };
    await assert.rejects(choose('other.example', 'httpFile'), { code: 'notFound', reason: missing });
    const notAllowed = { key: 'methodNotAllowed', params: { method: 'dnsCname', name: '192.0.2.77' } };
    await assert.rejects(choose('192.0.2.77', 'dnsCname'), { code: 'validationFailed', reason: notAllowed });
    await assert.rejects(choose('proved.example', 'httpFile'), { code: 'wrongState', message: /is valid/ });
    assert.deepEqual(await app.tables(), before);
  });
});

describe('asking for a check', () => {
  it('is refused once nothing is awaited', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const { order } = await issue(app, customer.caller, ['done.example']);
    const before = await app.tables();
    await assert.rejects(app.ports.proving.recheck(customer.caller, order), {
      code: 'wrongState',
      message: `order ${order.number} is issued; this needs awaitingValidation`,
    });
    assert.deepEqual(await app.tables(), before);
  });
});

describe('checks that fail for a reason of our own', () => {
  it('are tried again, and succeed once it is mended', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    app.checks.place('bug.example');
    app.checks.breakWith(new Error('a bug'));
    const view = await place(app, customer.caller, ['bug.example']);
    await app.idle();
    app.checks.breakWith(undefined);
    await app.advance(1);
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });

  it('are given up in the end: the order fails, with its money back, and the operator sees the job', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 100_00 });
    app.checks.breakWith(new Error('a bug'));
    const view = await place(app, customer.caller, ['bug.example'], { productCode: 'paid' });
    await app.idle();
    for (let i = 0; i < 30 && (await failedJobs()).length === 0; i++) await app.advance(300);
    const [job] = await failedJobs();
    assert.deepEqual(
      [job?.kind, job?.subject, job?.attempts, job?.lastError],
      ['validate', view.issuance.id, 20, 'a bug'],
    );
    const { order, issuance } = await see(customer, view);
    assert.deepEqual([order.state, issuance.state], ['failed', 'failed']);
    assert.deepEqual(issuance.failure, { key: 'workFailed', params: { what: 'validation', attempts: 20 } });
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 100_00);
  });
});
