/** `certmux upstream …` over the native API and the real core, which buys from a nasty upstream. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { queueUpstreamWatch } from '../../src/app/issuing/upstream-watch.ts';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { native } from '../../src/dialects/native/index.ts';
import { refuse } from '../../src/domain/errors.ts';
import type { KeyChangingIssuer } from '../../src/domain/ports/issuer.ts';
import type { UpstreamCheck } from '../../src/domain/upstream-check.ts';
import { encodePem } from '../../src/pki/pem.ts';
import {
  type Customer,
  createCustomer,
  createKey,
  issue,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../support/app.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createNastyUpstream, type NastyUpstream } from '../support/nasty-upstream.ts';
import { createUpstreamIssuer, ordersOf } from '../support/upstream-issuer.ts';
import { fakeIssuers, vendorId } from '../support/vendors/fake-scene.ts';
import { createFakeUpstream, type FakeUpstream } from '../support/vendors/fake-upstream.ts';
import { type CliWorld, run } from './harness.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
let operator: Partial<CliWorld>;
let tenant: Partial<CliWorld>;

const baseUrl = 'https://certs.example';

beforeEach(async () => {
  const clock = () => app.clock;
  upstream = await createNastyUpstream(clock);
  await start([createUpstreamIssuer(upstream, clock)]);
});

async function start(upstreams: NonNullable<TestAppOptions['upstreams']>): Promise<void> {
  app = await startTestApp({ upstreams });
  customer = await createCustomer(app, { balanceMinor: 10_000_00, dialect: 'native' });
  const server = openFrontDoor(app, native, { publicUrl: baseUrl, language: 'en' });
  const fetch = (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
  const own = await createKey(app, customer.account, { dialect: 'native', roles: ['administrator', 'requester'] });
  const theirs = await app.ports.credentials.create(app.operator, {
    accountId: null,
    userId: null,
    dialect: 'native',
    label: '',
    roles: ['operator'],
    allowedAddresses: null,
  });
  const worldOf = ({ credential: { publicId }, secret }: typeof own): Partial<CliWorld> => ({
    fetch,
    columns: 250,
    connection: { url: baseUrl, token: formatToken({ publicId, secret }) },
  });
  [tenant, operator] = [worldOf(own), worldOf(theirs)];
}
afterEach(() => app.close());

const order = (name: string) =>
  issue(app, customer.caller, [name], { productCode: 'encryption365:paid', issuerId: 'upstream' });

async function succeed(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(line, operator);
  assert.equal(exitCode, 0, stderr);
  return stdout;
}

test('before anything was bought there is the account that is configured, and nothing waits', async () => {
  const { items } = JSON.parse(await succeed('upstream list --json'));
  assert.deepEqual(items, [
    {
      account: 'nasty',
      breaker: 'closed',
      nextTryAt: null,
      faults: 0,
      lastFault: null,
      openSince: null,
      issuers: [
        {
          id: 'upstream',
          mode: 'own',
          ca: null,
          directory: null,
          deadlineHours: 48,
          afterDeadline: 'fail',
          concurrency: 2,
          budgets: [],
        },
      ],
      orders: [],
      budgets: [],
      balance: null,
    },
  ]);
  assert.match((await run('upstream orders', operator)).stderr, /Nothing waits at an upstream\./);
});

test('one that is away is shown with its breaker and its last fault, and is called again when the operator says so', async () => {
  upstream.isAway = true;
  for (const label of ['a', 'b', 'c', 'd', 'e', 'f']) await order(`${label}.example.com`);
  assert.match(await succeed('upstream list'), /nasty +open +2026-06-01 00:00Z +5 +upstream +5 +– +connection refused/);
  const { length: calls } = upstream.calls;
  upstream.isAway = false;
  assert.match(await succeed('upstream resume nasty'), /^nasty is called again\.$/m);
  await app.idle();
  assert.ok(upstream.calls.length > calls, 'without any time passing');
  assert.match(await succeed('upstream list'), /nasty +closed +–/);
  const { items } = await app.ports.events.list(app.operator, { limit: 10, subject: 'nasty' });
  assert.ok(items.some(({ kind }) => kind === 'upstream.closed'));
});

test('one that is not ours cannot be resumed', async () => {
  const { exitCode, stderr } = await run('upstream resume elsewhere', operator);
  assert.notEqual(exitCode, 0);
  assert.match(stderr, /elsewhere/);
});

test('what waits there is listed with its problem', async () => {
  upstream.spoil('place', 'loseRequest');
  const view = await order('a.example.com');
  await app.advance(60);
  const { items } = JSON.parse(await succeed('upstream orders --json'));
  assert.equal(items.length, 1);
  const [{ order: number, names, state, reference, since, waitsFor, lastFault, evidence }] = items;
  assert.deepEqual(
    [number, names, state, reference, since, lastFault, evidence],
    [view.order.number, ['a.example.com'], 'issuing', null, '2026-06-01T00:00:00.000Z', 'connection refused', null],
  );
  assert.match(waitsFor, /knows of no such order/);
  assert.match(await succeed('upstream orders'), /a\.example\.com +nasty +– +issuing .*knows of no such order/);
});

test('a certificate that was refused is evidence, as PEM, and found by its state', async () => {
  upstream.misfit = 'anotherKey';
  await order('a.example.com');
  upstream.misfit = undefined;
  upstream.isSlow = true;
  await order('b.example.com');
  const { items } = JSON.parse(await succeed('upstream orders --state unfit --json'));
  assert.equal(items.length, 1);
  const [bought] = upstream.orders;
  assert.equal(items[0].evidence.pem, encodePem('CERTIFICATE', bought?.der ?? assert.fail()));
  assert.equal(items[0].evidence.chain.length, 2);
  assert.match(items[0].evidence.reason, /another key/);
  const all = JSON.parse(await succeed('upstream orders --json'));
  assert.equal(all.items.length, 2);
  assert.equal(JSON.parse(await succeed('upstream orders --limit 1 --json')).items.length, 1);
});

test('the list has pages, and one order is shown by itself, also when it is over', async () => {
  const views = [await order('a.example.com'), await order('b.example.com')];
  upstream.isSlow = true;
  for (const label of ['c', 'd', 'e']) views.push(await order(`${label}.example.com`));
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more = cursor === '' ? '' : ` --cursor ${cursor}`;
    const page = JSON.parse(await succeed(`upstream orders --limit 2 --json${more}`));
    seen.push(...page.items.map(({ issuance }: { issuance: string }) => issuance));
    cursor = page.nextCursor;
  }
  const underWay = views.slice(2).map(({ issuance }) => issuance.id);
  assert.deepEqual(seen.toSorted(), underWay.toSorted(), 'each once');
  const [issued] = views;
  const text = await succeed(`upstream order ${issued?.issuance.id}`);
  assert.match(text, /^State +issued$/m);
  assert.match(text, /^Reference +up-1$/m);
  const missing = await run('upstream order iss_none', operator);
  assert.notEqual(missing.exitCode, 0);
  assert.match(missing.stderr, /iss_none/);
  assert.match((await run('upstream orders --cursor nonsense', operator)).stderr, /nonsense/);
});

test('none of it is for customers', async () => {
  const lines = [
    'list',
    'show nasty',
    'check nasty',
    'test nasty --name a.example.com --for 1',
    'change-key nasty',
    'order iss_none',
    'resolve iss_none --not-ordered',
    'costs',
    'orders',
    'resume nasty',
  ];
  for (const line of lines.map((one) => `upstream ${one}`)) {
    const { exitCode, stdout } = await run(line, tenant);
    assert.notEqual(exitCode, 0, line);
    assert.equal(stdout, '');
  }
});

test('one upstream is shown with what to do, its CA, its budgets and what is under way', async () => {
  await app.close();
  const clock = () => app.clock;
  const budget = { ...ordersOf(2, 86_400), name: 'new orders' };
  const domains = { ...ordersOf(10, 86_400), name: 'per domain', per: 'registeredDomain' } as const;
  await start([
    createUpstreamIssuer(upstream, clock, {
      terms: { budgets: [domains, budget] },
      ca: { title: 'Nasty CA', url: 'https://nasty.example/directory' },
    }),
  ]);
  await order('a.example.com');
  upstream.isSlow = true;
  await order('b.example.com');
  await app.database.write((tx) =>
    tx.upstreamExchanges.insert({
      id: 'upx_1' as never,
      account: 'nasty',
      issuanceId: null,
      at: app.clock.now(),
      method: 'POST',
      url: 'https://nasty.example/new-order',
      asked: '{ "identifiers": [] }',
      status: 400,
      answer: '{ "detail": "no names" }',
      isActing: false,
    }),
  );
  const text = await succeed('upstream show nasty');
  assert.match(text, /^To do +the budget "new orders" is spent; orders wait until 2026-06-02T00:00:00\.000Z/m);
  assert.match(text, /^Issuer +upstream, mode own, Nasty CA, https:\/\/nasty\.example\/directory$/m);
  assert.match(text, /^Breaker +closed$/m);
  assert.match(text, /^Under way +1 issuing$/m);
  assert.match(text, /^Budget +0 of 2 new orders left in 24 h\nBudget +8 of 10 per domain left in 24 h$/m);
  assert.match(text, /^ +example\.com: 2 spent$/m);
  assert.match(text, /^Exchange +2026-06-01 00:00Z POST https:\/\/nasty\.example\/new-order$/m);
  assert.match(text, /^ +asked: \{ "identifiers": \[\] \}\n +answered 400: \{ "detail": "no names" \}$/m);
  assert.match(await succeed('upstream list'), /nasty +closed .* 1 +0 of 2 new orders/);
  const { budgets } = JSON.parse(await succeed('upstream show nasty --json'));
  assert.deepEqual(budgets[0].subjects, [{ subject: '', spent: 2, leftAgainAt: '2026-06-02T00:00:00.000Z' }]);
  const missing = await run('upstream show elsewhere', operator);
  assert.equal(missing.exitCode, 3);
  assert.match(missing.stderr, /elsewhere/);
});

test('one that is away is shown with since when, and with what to do first', async () => {
  upstream.isAway = true;
  for (const label of ['a', 'b', 'c', 'd', 'e', 'f']) await order(`${label}.example.com`);
  const text = await succeed('upstream show nasty');
  assert.match(text, /^To do +it does not answer \(connection refused\).*certmux upstream check nasty.*resume nasty$/m);
  assert.match(text, /^Breaker +open since 2026-06-01 00:00Z, next try 2026-06-01 00:00Z$/m);
});

test('a check says what is in order and what is not, and its exit code says so too', async () => {
  assert.equal((await run('upstream check nasty', operator)).exitCode, 7);
  assert.match((await run('upstream check nasty', operator)).stderr, /no issuer of nasty can check it/);
  await app.close();
  const checks: UpstreamCheck[] = [{ what: 'directory', ok: true, detail: 'it answers' }];
  await start([createUpstreamIssuer(upstream, () => app.clock, { checks: () => checks })]);
  assert.match(await succeed('upstream check nasty'), /^ok {4}upstream {2}directory {2}it answers$/m);
  checks.push({ what: 'account', ok: false, detail: { en: 'it is revoked', zh: '已吊销' } });
  const { exitCode, stdout } = await run('upstream check nasty', operator);
  assert.equal(exitCode, 7);
  assert.match(stdout, /^WRONG upstream {2}account {4}it is revoked$/m);
});

test('an order is rehearsed: each step is shown, nothing is ordered, and the exit code says whether it would be', async () => {
  await app.close();
  const clock = () => app.clock;
  await start([createUpstreamIssuer(upstream, clock, { terms: { budgets: [ordersOf(1, 3600)] } })]);
  const line = `upstream test nasty --name *.example.com --for ${customer.account.number}`;
  const first = await succeed(line);
  for (const what of ['issuer', 'name', 'caa', 'breaker', 'budget', 'preparation']) {
    assert.match(first, new RegExp(`^ok {4}upstream {2}${what} `, 'm'));
  }
  assert.equal(upstream.orders.length, 0);
  assert.deepEqual(JSON.parse(await succeed('upstream orders --json')).items, []);
  await order('a.example.com');
  const { exitCode, stdout } = await run(line, operator);
  assert.equal(exitCode, 7);
  assert.match(stdout, /^WRONG upstream {2}budget +the budget of orders at upstream is spent until 2026-06-01T01:00/m);
  assert.equal((await run(`${line.replace('*.', '-.')}`, operator)).exitCode, 7);
  assert.equal((await run('upstream test nasty --name a.example.com --for nobody', operator)).exitCode, 3);
});

test('an order of a pool is shown with who serves it, and why each other was passed over', async () => {
  await app.close();
  const clock = () => app.clock;
  const spent = createUpstreamIssuer(upstream, clock, {
    id: 'first',
    terms: { account: 'one', budgets: [ordersOf(1, 3600)] },
  });
  const other = createUpstreamIssuer(upstream, clock, { id: 'second', terms: { account: 'two' } });
  await start([spent, other, { id: 'upstream', members: [spent, other] }]);
  await order('a.example.com');
  const view = await order('b.example.com');
  const text = await succeed(`upstream order ${view.issuance.id}`);
  assert.match(text, /^Pool +upstream: second serves it$/m);
  assert.match(
    text,
    /^Passed over +first at 2026-06-01 00:00Z, until 2026-06-01 01:00Z: the budget of orders at first is spent/m,
  );
});

test('the key of our account is changed once for each directory, and the audit log says who did it', async () => {
  assert.match(
    (await run('upstream change-key nasty', operator)).stderr,
    /no issuer of nasty signs with a key of ours/,
  );
  assert.equal((await run('upstream change-key elsewhere', operator)).exitCode, 3);
  await app.close();
  const clock = () => app.clock;
  let changes = 0;
  const changing = (id: string, directory: string, changeKey: KeyChangingIssuer['changeKey']) =>
    createUpstreamIssuer(upstream, clock, { id, ca: { title: 'Nasty CA', url: directory }, changeKey });
  const change = (directory: string) => async () => {
    changes++;
    return { accountUrl: `${directory}/acct/1`, thumbprint: `thumbprint-${changes}` };
  };
  const [one, two] = ['https://one.example/acme', 'https://two.example/acme'];
  const refusing = async () => {
    throw refuse('upstreamBadKey', { upstream: 'two.example', detail: 'not that one' });
  };
  await start([
    changing('upstream', one, change(one)),
    changing('short', one, change(one)),
    changing('other', two, change(two)),
  ]);
  assert.match(
    await succeed('upstream change-key nasty'),
    /^Directory +https:\/\/one.example\/acme\nAccount +.*acct\/1\nNew key +thumbprint-1$/m,
  );
  assert.equal(changes, 2);
  const { items } = await app.ports.events.list(app.operator, { limit: 10, subject: 'nasty' });
  assert.deepEqual(items.map(({ kind, data }) => [kind, data.directory, data.thumbprint]).toReversed(), [
    ['upstream.keyChangeRequested', one, undefined],
    ['upstream.keyChanged', one, 'thumbprint-1'],
    ['upstream.keyChangeRequested', two, undefined],
    ['upstream.keyChanged', two, 'thumbprint-2'],
  ]);
  await app.close();
  await start([changing('upstream', one, change(one)), changing('other', two, refusing)]);
  const { exitCode, stderr } = await run('upstream change-key nasty', operator);
  assert.notEqual(exitCode, 0);
  assert.match(stderr, /two\.example answered: not that one/);
  const after = await app.ports.events.list(app.operator, { limit: 1, subject: 'nasty' });
  assert.deepEqual(
    after.items.map(({ kind, data }) => [kind, data.directory]),
    [['upstream.keyChangeRequested', two]],
    'asked for, and not done',
  );
});

async function startFake(): Promise<FakeUpstream> {
  await app.close();
  const fake = createFakeUpstream(() => app.clock);
  await start(fakeIssuers(fake));
  return fake;
}

test('an order whose reply was lost is shown as the vendor has it, and goes on by what the operator says', async () => {
  const fake = await startFake();
  fake.mishaps.push('loseReply');
  const sold = { productCode: 'encryption365:paid', issuerId: vendorId };
  const { issuance } = await issue(app, customer.caller, ['a.example.com'], sold);
  const before = await succeed(`upstream order ${issuance.id}`);
  assert.match(before, /^At vendor +no number yet \(sent, sent 2026-06-01 00:00Z, the reply is not known\)$/m);
  const { exitCode, stderr } = await run(`upstream resolve ${issuance.id}`, operator);
  assert.equal(exitCode, 2);
  assert.match(stderr, /--reference NUMBER, or --not-ordered/);
  assert.notEqual((await run(`upstream resolve ${issuance.id} --reference v-1 --not-ordered`, operator)).exitCode, 0);
  const wrong = await run(`upstream resolve ${issuance.id} --reference v-9`, operator);
  assert.match(wrong.stderr, /v-9.*does not know such an order/);
  await succeed(`upstream resolve ${issuance.id} --reference v-1`);
  await app.idle();
  const text = await succeed(`upstream order ${issuance.id}`);
  assert.match(text, /^State +issued$/m);
  assert.match(
    text,
    /^At vendor +v-1 \(bought\)\nPlaced at +fake https:\/\/vendor\.example\nBought +dv, new\nIts words +ISSUED\nPrice +40\.00 CNY$/m,
  );
  const { events } = { events: await app.ports.events.list(app.operator, { limit: 50, subject: issuance.orderId }) };
  assert.ok(events.items.some(({ kind, data }) => kind === 'upstream.resolved' && data.reference === 'v-1'));
});

test('what products brought and cost is a table, and balance and comparison are shown with the account', async () => {
  const fake = await startFake();
  const sold = { productCode: 'encryption365:paid', issuerId: vendorId };
  await issue(app, customer.caller, ['a.example.com'], sold);
  fake.addForeign('v-99', ['foreign.example.com']);
  assert.match(
    await succeed('upstream costs'),
    /encryption365:paid .* 2026-06 +1 +\S+ CNY +0\.00 CNY +40\.00 CNY +0\.00 CNY/,
  );
  assert.match(await succeed('upstream costs --month 2026-06 --account vendor-account --csv'), /encryption365:paid/);
  assert.match((await run('upstream costs --month 2026-05', operator)).stderr, /Nothing was sold or bought/);
  await app.database.write((tx) => queueUpstreamWatch(app.context, tx));
  app.context.queue.wake();
  await app.advance(86_400);
  const text = await succeed('upstream show vendor-account');
  assert.match(text, /^Balance +500\.00 CNY at 2026-06-0[12] /m);
  assert.match(
    text,
    /^Compared +2 orders at 2026-06-01 19:00Z, 1 differences\n +unknownHere: v-99; foreign\.example\.com; ISSUED$/m,
  );
});
