/** The watchdog over the real core: an alarm comes when what should succeed does not, goes when it does, and never without a cause. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createWatchdog, queueUpkeep } from '../../../src/app/index.ts';
import type { Watchdog } from '../../../src/app/watching/watchdog.ts';
import { reason, refuse } from '../../../src/domain/errors.ts';
import type { AuthorityId } from '../../../src/domain/ids.ts';
import type { OperatorWebhook } from '../../../src/domain/ports/system.ts';
import type { UpstreamTerms } from '../../../src/domain/upstream-account.ts';
import {
  createCustomer,
  issue,
  names,
  place,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';
import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import { createUpstreamIssuer, ordersOf } from '../../support/upstream-issuer.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const address = 'ops@example.com';

let app: TestApp;
let watchdog: Watchdog;
let posted: { readonly state: string; readonly alarm: string; readonly text: string; readonly runbook: string }[];
let isTaken: boolean;
afterEach(() => app.close());

const webhook: OperatorWebhook = {
  url: 'http://alerts.internal/hook',
  async post(body) {
    posted.push(JSON.parse(body));
    return isTaken ? { ok: true } : { ok: false, detail: 'HTTP status 503' };
  },
};

beforeEach(() => {
  posted = [];
  isTaken = true;
});

async function start(options: TestAppOptions = {}, mail: readonly string[] = []): Promise<void> {
  app = await startTestApp(options);
  // Without upkeep nobody makes the first lists.
  if (options.upkeep !== true)
    for (const id of app.issuer.authorityIds()) await app.issuer.publishCrl(id, new AbortController().signal);
  watch(mail);
}

function watch(mail: readonly string[] = []): void {
  watchdog = createWatchdog(app.context, { outcomes: app.outcomes, mail, webhook });
}

/** Time passes, and the watchdog looks every minute. */
async function pass(seconds: number): Promise<void> {
  for (let at = 0; at < seconds; at += minute) {
    await app.advance(minute);
    await watchdog.look();
  }
}

/** The server is started again after so long, by the same or other options, and catches up. */
async function later(seconds: number, options: TestAppOptions = {}): Promise<void> {
  app = await app.restart({ afterSeconds: seconds, ...options });
  watch();
  await app.idle();
  await watchdog.look();
}

const raised = () => watchdog.raised().map(({ key }) => key);
const sent = () => posted.map(({ state, alarm }) => `${state} ${alarm}`);

async function auditLog(): Promise<readonly string[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 50, subject: 'alarm' });
  return items.map(({ kind, data }) => `${kind} ${String(data.alarm)}`).toReversed();
}

describe('where all is well', () => {
  it('no alarm comes, be there nothing to do or a certificate a day', async () => {
    await start({ upkeep: true });
    await pass(15 * minute);
    assert.deepEqual(raised(), [], 'idle');
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_00 });
    for (let n = 0; n < 2; n++) {
      await issue(app, caller, [`day${n}.example`]);
      await later(day);
      await pass(15 * minute);
    }
    // One that waits for its customer is no fault of the server.
    await place(app, caller, ['nobody-proves-it.example']);
    await later(3 * day);
    await pass(32 * minute);
    assert.deepEqual([raised(), sent(), await auditLog()], [[], [], []]);
    assert.equal(watchdog.looks(), 33);
  });
});

describe('when nobody runs the jobs', () => {
  it('the alarm comes, in the log, the audit log and to the operator, and goes when somebody does', async () => {
    const mail = createMailFake();
    await start({ works: false, mail }, [address]);
    await queueUpkeep(app.context);
    await pass(14 * minute);
    assert.deepEqual(raised(), [], 'ten minutes late, and seen for five');
    await pass(2 * minute);
    assert.deepEqual(raised(), ['jobsNotRun']);
    assert.deepEqual(sent(), ['raised jobsNotRun']);
    assert.match(
      posted[0]?.text ?? '',
      /^\[certmux\] nobody runs the jobs of the lane local: \d+ are due, the oldest for 1\d minutes/,
    );
    assert.equal(posted[0]?.runbook, 'docs/operations.md#jobsnotrun');
    const line = app.log.lines.find(({ message }) => message.startsWith('alarm: nobody runs the jobs'));
    assert.deepEqual([line?.level, line?.fields.alarm], ['error', 'jobsNotRun']);
    await pass(10 * minute);
    assert.deepEqual(sent(), ['raised jobsNotRun'], 'once');

    app = await app.restart({ works: true });
    watch([address]);
    await pass(6 * minute);
    assert.deepEqual(raised(), []);
    assert.deepEqual(sent(), ['raised jobsNotRun', 'over jobsNotRun']);
    assert.deepEqual(await auditLog(), ['alarm.raised jobsNotRun', 'alarm.ended jobsNotRun']);
    assert.deepEqual(
      mail.sent.map(({ to, subject }) => [to, subject]),
      [
        [address, '[certmux] Alarm: jobsNotRun / 告警：jobsNotRun'],
        [address, '[certmux] Over: jobsNotRun / 告警已解除：jobsNotRun'],
      ],
    );
    assert.match(mail.sent[0]?.text ?? '', /What to do {2}docs\/operations\.md#jobsnotrun/);
  });

  it('the revocation list is missed as well, two days after the last one', async () => {
    await start({ upkeep: true });
    await pass(minute);
    app = await app.restart({ afterSeconds: 2 * day, works: false });
    watch();
    await pass(15 * minute);
    assert.deepEqual(raised().toSorted(), ['crlLate', 'jobsNotRun']);
    const late = posted.find(({ alarm }) => alarm === 'crlLate');
    assert.match(late?.text ?? '', /^\[certmux\] the revocation list of \S+ is 48 hours old/);
  });

  it('a server that was away for days and catches up raises nothing', async () => {
    await start({ upkeep: true });
    await pass(minute);
    app = await app.restart({ afterSeconds: 5 * day, works: false });
    watch();
    await watchdog.look();
    await later(0, { works: true });
    await pass(15 * minute);
    assert.deepEqual([raised(), sent()], [[], []]);
  });
});

describe('jobs that fail again and again', () => {
  it('are an alarm once they have for ten minutes, by kind, and none when they succeed', async () => {
    let isBroken = true;
    const issuer: NonNullable<TestAppOptions['issuer']> = (embedded) => ({
      ...embedded,
      publishCrl: (id: AuthorityId, signal: AbortSignal) =>
        isBroken ? Promise.reject(new Error('the key is away')) : embedded.publishCrl(id, signal),
    });
    await start({ upkeep: true, issuer });
    await pass(15 * minute);
    await pass(3 * minute);
    assert.ok(raised().includes('jobsFail'), raised().join());
    assert.ok(raised().includes('crlMissing'), 'and there is no list at all');
    assert.match(posted.find(({ alarm }) => alarm === 'jobsFail')?.text ?? '', /jobs of the kind publishCrl fail/);
    isBroken = false;
    await pass(12 * minute);
    assert.deepEqual(raised(), []);
  });
});

describe('a certificate whose successor does not come', () => {
  const years = { productCode: 'years' } as const;

  async function customerWithCertificate() {
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_00 });
    const { order } = await issue(app, caller, ['a.example.com'], years);
    return { caller, order };
  }

  it('is an alarm three days before its end, whatever became of its job', async () => {
    await start({ upkeep: true });
    await watchdog.look();
    const { order } = await customerWithCertificate();
    const [certificate] = (await app.ports.certificates.list(app.operator, { limit: 1 })).items;
    assert.ok(certificate && certificate.notAfter < (order.coverageUntil ?? 0));
    // The row of the job is gone, by a fault or by hand.
    await app.database.write((tx) => tx.jobs.finish('reissue', order.id));
    const untilEnd = (certificate.notAfter.getTime() - app.clock.now().getTime()) / 1000;
    await later(untilEnd - 3 * day - 5 * minute);
    assert.deepEqual(raised(), []);
    await pass(6 * minute);
    assert.deepEqual(raised(), ['reissuesLate']);
    assert.match(
      posted[0]?.text ?? '',
      new RegExp(`1 orders still have their old certificate .* order ${order.number},`),
    );

    await app.database.write((tx) => tx.jobs.enqueue({ kind: 'reissue', subject: order.id, runAt: app.clock.now() }));
    app.context.queue.wake();
    await app.idle();
    await pass(5 * minute);
    assert.deepEqual(raised(), []);
  });

  it('is none where its successor came', async () => {
    await start({ upkeep: true });
    await watchdog.look();
    await customerWithCertificate();
    for (let at = 0; at < 210; at += 15) await later(15 * day);
    assert.deepEqual([raised(), sent()], [[], []]);
    assert.ok((await app.ports.certificates.list(app.operator, { limit: 9 })).items.length > 1);
  });
});

describe('mails', () => {
  let mail: MailFake;

  it('that do not leave are an alarm, of which a webhook tells the operator', async () => {
    mail = createMailFake();
    await start({ mail }, [address]);
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_00 });
    mail.failWith({ isFinal: false, detail: 'connect ECONNREFUSED 192.0.2.25:587' });
    const { order } = await place(app, caller, ['example.com'], { productCode: 'paid' });
    const [name] = names('example.com');
    const choice = { method: 'email', address: 'admin@example.com' } as const;
    await app.ports.proving.chooseMethods(caller, order, [{ name: name ?? assert.fail(), choice }]);
    await pass(15 * minute);
    assert.ok(mail.tries >= 3, `${mail.tries} tries`);
    assert.deepEqual(raised(), ['mailsNotSent']);
    assert.deepEqual(sent(), ['raised mailsNotSent']);
    mail.failWith(undefined);
    await pass(15 * minute);
    assert.deepEqual(raised(), []);
    assert.deepEqual(sent(), ['raised mailsNotSent', 'over mailsNotSent']);
    const toOperator = mail.sent.filter(({ to }) => to === address);
    assert.deepEqual(toOperator, [], 'who was not reached while it lasted need not hear that it is over');
  });
});

describe('checks of names', () => {
  it('of which none succeeds any more are an alarm, and one success ends it', async () => {
    await start({ repeatsWork: false });
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_000_00 });
    await place(app, caller, ['www.customer.example']);
    const wantedSince = app.clock.now();
    const result = {
      method: 'httpFile',
      proved: false,
      problem: reason('httpTimeout', { url: 'x', timeoutMs: 1 }),
    } as const;
    for (let n = 1; n < 20; n++) app.context.meter.checked({ name: `www.c${n}.example`, wantedSince, result });
    await pass(29 * minute);
    assert.deepEqual(raised(), [], 'customers take their time');
    await pass(2 * minute);
    assert.deepEqual(raised(), ['validationsFail']);
    app.checks.place('www.customer.example');
    await pass(2 * minute);
    assert.deepEqual(raised(), []);
  });
});

describe('DNS resolvers that do not answer', () => {
  it('are an alarm after two minutes, until one answers', async () => {
    let isAway = true;
    const look = async () => (isAway ? reason('resolversAway', { servers: '192.0.2.53:53' }) : undefined);
    await start({ resolverWatch: { fault: () => undefined, look, stop: () => {} } });
    await pass(2 * minute);
    assert.deepEqual(raised(), [], 'they may come a little later than this server');
    await pass(minute);
    assert.deepEqual(raised(), ['resolversAway']);
    assert.match(posted[0]?.text ?? '', /no DNS resolver answers \(192\.0\.2\.53:53\).*set dns\.resolvers/);
    isAway = false;
    await pass(5 * minute);
    assert.deepEqual([raised(), sent()], [[], ['raised resolversAway', 'over resolversAway']]);
  });
});

describe('upstreams', () => {
  let upstream: NastyUpstream;
  const clock = () => app.clock;
  const startWith = async (terms: Partial<UpstreamTerms>) => {
    upstream = await createNastyUpstream(clock);
    await start({ upstreams: [createUpstreamIssuer(upstream, clock, { terms, pollSeconds: 60 })] });
    const { caller } = await createCustomer(app, { balanceMinor: 10_000_00 });
    return (name: string) => issue(app, caller, [name], { productCode: 'paid', issuerId: 'upstream' });
  };

  it('that are away are an alarm after a quarter of an hour, one for all that wait there, until they answer', async () => {
    const order = await startWith({});
    upstream.isAway = true;
    for (const label of ['a', 'b', 'c', 'd', 'e']) await order(`${label}.example.com`);
    await pass(14 * minute);
    assert.deepEqual(raised(), []);
    await pass(4 * minute);
    assert.deepEqual(raised(), ['upstreamAway']);
    assert.match(
      posted[0]?.text ?? '',
      /nasty has not answered for 1\d minutes \(connection refused\); 5 orders .*upstream check/,
    );
    upstream.isAway = false;
    await pass(20 * minute);
    assert.deepEqual([raised(), sent()], [[], ['raised upstreamAway', 'over upstreamAway']]);
  });

  it('whose budget is spent are an alarm only while orders wait for it', async () => {
    const order = await startWith({ budgets: [ordersOf(1, 7200)] });
    await order('a.example.com');
    await pass(20 * minute);
    assert.deepEqual(raised(), [], 'nobody waits');
    await order('b.example.com');
    await pass(9 * minute);
    assert.deepEqual(raised(), []);
    await pass(3 * minute);
    assert.deepEqual(raised(), ['upstreamBudget']);
    assert.match(
      posted[0]?.text ?? '',
      /budget "orders" at the upstream nasty until 2026-06-01T02:00.*orders wait for it: 1/,
    );
    await pass(100 * minute);
    assert.deepEqual([raised(), sent()], [[], ['raised upstreamBudget', 'over upstreamBudget']]);
  });
});

describe('a receiver that does not take the notice', () => {
  it('gets it again every five minutes, and no other notice', async () => {
    await start({ works: false });
    await queueUpkeep(app.context);
    isTaken = false;
    await pass(15 * minute);
    await pass(minute);
    assert.deepEqual(sent(), ['raised jobsNotRun']);
    await pass(11 * minute);
    assert.deepEqual(sent(), ['raised jobsNotRun', 'raised jobsNotRun', 'raised jobsNotRun']);
    isTaken = true;
    await pass(15 * minute);
    assert.equal(posted.length, 4);
  });
});

describe('a database that takes nothing', () => {
  it('is an alarm of this process, which can still say so, and one notice each', async () => {
    await start();
    await watchdog.look();
    let isAway = true;
    const { context } = app;
    const away = {
      ...context,
      database: new Proxy(context.database, {
        get: (database, key) =>
          key === 'write' && isAway
            ? () => Promise.reject(refuse('databaseAway', {}))
            : Reflect.get(database, key, database),
      }),
    };
    watchdog = createWatchdog(away, { outcomes: app.outcomes, mail: [], webhook });
    for (let n = 0; n < 8; n++) {
      await watchdog.look();
      await app.clock.advance(minute * 1000);
    }
    assert.deepEqual([raised(), sent()], [['databaseAway'], ['raised databaseAway']]);
    isAway = false;
    await watchdog.look();
    assert.deepEqual([raised(), sent()], [[], ['raised databaseAway', 'over databaseAway']]);
  });
});

describe('a backup', () => {
  it('that certmux made and did not make again for two days is an alarm; none at all is not', async () => {
    await start();
    await pass(minute);
    assert.deepEqual(raised(), []);
    await app.database.write((tx) => tx.settings.put('lastBackup', { at: app.clock.now().toISOString() }));
    await later(2 * day - hour);
    assert.deepEqual(raised(), []);
    await later(hour);
    assert.deepEqual(raised(), ['backupOld']);
  });
});
