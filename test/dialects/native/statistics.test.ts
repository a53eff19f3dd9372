/** Home: each number is the total of the list that it names, for whoever reads it; and charts on the wire. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { WireHome } from '../../../src/dialects/native/schema.ts';
import {
  baseUrl,
  createSession,
  failJob,
  issueOrder,
  lockedIssuer,
  type NativeSession,
  placeOrder,
  seedCsr,
} from './session.ts';

type Link = WireHome['needs'][number]['list'];

/** The length of a list, page by page, as a client that follows the link sees it; and the total that the list itself says. */
async function lengthOf(session: NativeSession, token: string, { path, query }: Link) {
  let items = 0;
  let total: unknown;
  for (let cursor: string | undefined; ; ) {
    const url = new URL(path, baseUrl);
    const isCounted = !path.endsWith('/upstreams');
    const page = {
      ...query,
      ...(isCounted ? { limit: '2', total: 'true' } : {}),
      ...(cursor === undefined ? {} : { cursor }),
    };
    for (const [name, value] of Object.entries(page)) url.searchParams.set(name, value);
    const reply = await session.fetch(new Request(url, { headers: { Authorization: `Bearer ${token}` } }));
    const body = (await reply.json()) as { items: unknown[]; nextCursor: string | null; total?: unknown };
    assert.equal(reply.status, 200, `${url}: ${JSON.stringify(body)}`);
    items += body.items.length;
    if (isCounted) assert.ok(body.total, `${url} is counted`);
    total = body.total ?? { count: items, isMore: false };
    if (body.nextCursor === null) return { items, total };
    cursor = body.nextCursor;
  }
}

async function assertEqualToLists(session: NativeSession, token: string, home: WireHome): Promise<void> {
  for (const { total, list } of [...home.needs, ...home.failures, ...home.underWay]) {
    const found = await lengthOf(session, token, list);
    assert.deepEqual(found.total, total, `${list.path} ${JSON.stringify(list.query)}`);
    assert.equal(found.items, total.count, `${list.path} ${JSON.stringify(list.query)}`);
  }
}

describe('home', async () => {
  const session = await createSession({ account: { name: 'Acme', approval: 'manual' } });
  after(() => session.app.close());
  const { app, client, operator, token, operatorToken } = session;

  it('has nothing where there is nothing to do', async () => {
    assert.deepEqual((await client.statistics.home({})).needs, []);
    assert.deepEqual((await client.statistics.home({})).underWay, []);
  });

  it('names lists of just as many items, for the account and for the operator', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await placeOrder(session, [`${name}.trustocean.com`]);
    for (const { number } of (await client.approvals.list({ waiting: 'true' })).items.slice(0, 3))
      await client.approvals.approve({ approval: String(number) });
    await client.organizations.add({
      details: { name: 'Acme Ltd', city: 'Berlin', state: 'BE', country: 'DE' },
      levels: ['ov'],
    });
    await app.idle();
    const home = await client.statistics.home({});
    const countOf = (what: string) => home.needs.find((need) => need.what === what)?.total.count;
    assert.equal(countOf('approvals'), 2);
    assert.equal(countOf('failingValidations'), 3);
    assert.equal(countOf('organizations'), undefined, 'only the operator verifies');
    assert.equal(countOf('failedJobs'), undefined);
    assert.deepEqual(
      home.underWay.map(({ turn, total }) => [turn, total.count]),
      [
        ['customer', 3],
        ['approver', 2],
      ],
    );
    assert.equal(
      home.failures.reduce((sum, { total }) => sum + total.count, 0),
      3,
    );
    await assertEqualToLists(session, token, home);
    const all = await operator.statistics.home({});
    assert.ok(all.needs.some(({ what }) => what === 'organizations'));
    await assertEqualToLists(session, operatorToken, all);
  });

  it('names lists of one account where an operator asks for one', async () => {
    const [{ accountId: account } = assert.fail('an order was placed')] = (await client.orders.list({})).items;
    const other = await operator.accounts.create({ name: 'Other' });
    const empty = await operator.statistics.home({ account: other.id });
    assert.deepEqual([empty.needs, empty.failures, empty.underWay], [[], [], []]);
    const home = await operator.statistics.home({ account });
    assert.ok(home.needs.length > 0);
    for (const { list } of [...home.needs, ...home.failures, ...home.underWay])
      assert.equal(list.query.account, account);
    await assertEqualToLists(session, operatorToken, home);
    const refusal = client.statistics.home({ account: other.id });
    await assert.rejects(refusal, { code: 'notFound' }, 'another account is as if it were not there');
  });

  it('counts certificates that end soon, and leaves out what another order renews', async () => {
    app.checks.place('soon.trustocean.com');
    const { number } = await placeOrder(session, ['soon.trustocean.com']);
    const waiting = (await client.approvals.list({ waiting: 'true' })).items;
    for (const one of waiting) if (one.orderNumber === number) await client.approvals.approve({ approval: one.id });
    await app.idle();
    const { certificate } = await client.orders.show({ order: String(number) });
    assert.ok(certificate, 'it is issued');
    const seconds = (Date.parse(certificate.notAfter) - app.clock.now().getTime()) / 1000;
    await app.advance(seconds - 10 * 86_400);
    const home = await client.statistics.home({});
    assert.equal(home.needs.find(({ what }) => what === 'endingCertificates')?.total.count, 1);
    await assertEqualToLists(session, token, home);
  });
});

describe('home of an operator', () => {
  it('counts jobs that were given up', async () => {
    const session = await createSession({ issuer: lockedIssuer });
    after(() => session.app.close());
    await failJob(session);
    const home = await session.operator.statistics.home({});
    assert.equal(home.needs.find(({ what }) => what === 'failedJobs')?.total.count, 1);
    await assertEqualToLists(session, session.operatorToken, home);
    assert.ok((await session.client.statistics.home({})).needs.every(({ what }) => what !== 'failedJobs'));
  });

  it('counts accounts whose balance is low, each of which sees its own', async () => {
    const session = await createSession();
    after(() => session.app.close());
    const { id, number, balance } = await session.client.accounts.show({ account: session.account.id });
    const mine = async (client = session.client) =>
      (await client.statistics.home({})).needs.find(({ what }) => what === 'lowAccount');
    assert.equal(await mine(), undefined);
    await session.operator.accounts.change({ account: id, lowBalanceMinor: balance.minor + 1 });
    const home = await session.operator.statistics.home({});
    assert.equal(home.needs.find(({ what }) => what === 'lowAccounts')?.total.count, 1);
    await assertEqualToLists(session, session.operatorToken, home);
    const shown = await mine();
    assert.deepEqual([shown?.total.count, shown?.list.path], [1, `/api/v1/accounts/${number}`]);
    assert.equal(await mine(session.operator), undefined, 'all accounts are in the list');
    const other = await session.operator.accounts.create({ name: 'other', currency: 'CNY' });
    assert.deepEqual(
      (await session.operator.accounts.list({ lowBalance: 'false' })).items.map((one) => one.id),
      [other.id],
    );
  });
});

describe('charts', async () => {
  const session = await createSession();
  after(() => session.app.close());
  const { client, operator } = session;
  await issueOrder(session);

  it('say days and months as text, and what they cover', async () => {
    const issuance = await client.statistics.issuance({});
    assert.deepEqual([issuance.from, issuance.to], ['2026-05-03', '2026-06-01']);
    assert.deepEqual(issuance.series, [
      { key: 'certificates', points: [['2026-06-01', 1]] },
      { key: 'orders', points: [['2026-06-01', 1]] },
    ]);
    const revenue = await operator.statistics.revenue({});
    assert.deepEqual([revenue.from, revenue.to, revenue.series], ['2025-07', '2026-06', []]);
    const productCode = 'encryption365:108';
    const { total } = await client.orders.place({ productCode, csr: seedCsr, names: ['paid.trustocean.com'] });
    assert.ok(total.minor > 0);
    const paid = await operator.statistics.revenue({});
    assert.deepEqual(paid.series, [{ key: 'CNY', points: [['2026-06', total.minor]] }]);
  });

  it('add up ends by week, each as long as its list', async () => {
    const { expiresAt } = await endOf(session);
    const from = new Date(Date.parse(expiresAt) - 10 * 86_400_000).toISOString().slice(0, 10);
    const to = new Date(Date.parse(expiresAt) + 10 * 86_400_000).toISOString().slice(0, 10);
    const { series } = await client.statistics.expiry({ from, to });
    const [point] = series[0]?.points ?? [];
    assert.ok(point, 'one ends');
    const [first, total] = point;
    assert.equal((Date.parse(first) - Date.parse(from)) % (7 * 86_400_000), 0);
    const last = new Date(Date.parse(first) + 6 * 86_400_000).toISOString().slice(0, 10);
    const listed = await client.orders.list({ state: 'active', endsFrom: first, endsTo: last });
    assert.equal(listed.items.length, total);
  });

  it('refuse what is no day, and days out of order', async () => {
    await assert.rejects(client.statistics.issuance({ from: '2026-13-01' }), { code: 'invalidField' });
    await assert.rejects(client.statistics.issuance({ from: '2026-06-02', to: '2026-06-01' }), {
      code: 'invalidField',
    });
    await assert.rejects(client.statistics.revenue({ from: '2026-13' }), { code: 'invalidField' });
  });
});

async function endOf({ client }: NativeSession): Promise<{ readonly expiresAt: string }> {
  const { certificate } = await client.orders.show({ order: '17' });
  assert.ok(certificate);
  return { expiresAt: certificate.notAfter };
}
