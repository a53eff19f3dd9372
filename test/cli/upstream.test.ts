/** `certmux upstream …` over the native API and the real core, which buys from a nasty upstream. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { native } from '../../src/dialects/native/index.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { type Customer, createCustomer, createKey, issue, startTestApp, type TestApp } from '../support/app.ts';
import { openFrontDoor } from '../support/front-door.ts';
import { createNastyUpstream, type NastyUpstream } from '../support/nasty-upstream.ts';
import { createUpstreamIssuer } from '../support/upstream-issuer.ts';
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
  app = await startTestApp({ upstreams: [createUpstreamIssuer(upstream, clock)] });
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
});
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
      issuers: [{ id: 'upstream', deadlineHours: 48, afterDeadline: 'fail', concurrency: 2, budgets: [] }],
    },
  ]);
  assert.match((await run('upstream orders', operator)).stderr, /Nothing waits at an upstream\./);
});

test('one that is away is shown with its breaker and its last fault, and is called again when the operator says so', async () => {
  upstream.isAway = true;
  for (const label of ['a', 'b', 'c', 'd', 'e', 'f']) await order(`${label}.example.com`);
  assert.match(await succeed('upstream list'), /nasty +open +2026-06-01 00:00Z +5 +upstream +connection refused/);
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
  for (const line of ['upstream list', 'upstream order iss_none', 'upstream orders', 'upstream resume nasty']) {
    const { exitCode, stdout } = await run(line, tenant);
    assert.notEqual(exitCode, 0, line);
    assert.equal(stdout, '');
  }
});
