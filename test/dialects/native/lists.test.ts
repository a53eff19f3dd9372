/** Lists of the native API as an operator asks for them: by their filters, counted, and as CSV. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { z } from 'zod';
import { isChart } from '../../../src/dialects/native/csv-charts.ts';
import { isList, prefersCsv } from '../../../src/dialects/native/csv-lists.ts';
import { operations } from '../../../src/dialects/native/operations.ts';
import { fieldsOfItems } from '../../../src/dialects/native/schema/fields.ts';
import { api } from '../../../src/dialects/native/schema.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { createSession, type NativeSession, placeOrder, seedCsr } from './session.ts';

const orders = 24;
const reference = '=1+1,"二"';
let session: NativeSession;

before(async () => {
  session = await createSession();
  for (let index = 0; index < orders - 1; index++) await placeOrder(session, [`host${index}.example`]);
  const wanted = { productCode: 'encryption365:100', csr: seedCsr };
  await session.client.orders.place({ ...wanted, names: ['formula.example'], reference });
});

async function get(path: string, { token, accept = 'text/csv' }: { readonly token: string; readonly accept?: string }) {
  const headers = { authorization: `Bearer ${token}`, accept };
  return session.fetch(new Request(`${session.baseUrl}${path}`, { headers }));
}

/** Refused with the name of the field and the value in its words. */
function refusedFor(field: string, value: string) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof CertError, String(thrown));
    assert.match(thrown.message, new RegExp(field));
    assert.match(thrown.message, new RegExp(value));
    return true;
  };
}

describe('a list as CSV', () => {
  test('has every match whatever the limit, with the fields of the API, after a mark for spreadsheets', async () => {
    const reply = await get('/api/v1/orders?limit=1', session);
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('content-type'), 'text/csv; charset=utf-8; header=present');
    assert.equal(reply.headers.get('content-disposition'), 'attachment; filename="orders-2026-06-01.csv"');
    assert.equal(reply.headers.get('cache-control'), 'no-store');
    const bytes = await reply.bytes();
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const [header = '', ...rows] = new TextDecoder().decode(bytes.subarray(3)).split('\r\n').slice(0, -1);
    const fields = header.split(',');
    assert.deepEqual(fields, fieldsOfItems(api.orders.list));
    assert.equal(rows.length, orders);
    assert.match(rows[0] ?? '', /,"'=1\+1,""二""",/);
  });

  test('has what its filter leaves', async () => {
    const text = await (await get('/api/v1/orders?text=host2', session)).text();
    // host2 and host20, host21, host22.
    assert.equal(text.split('\r\n').length - 2, 4);
  });

  test('is answered by every list, of which each has its header', async () => {
    for (const operation of operations.filter(isList)) {
      // Some are of something that has to be named.
      if (!operation.request.safeParse({}).success) continue;
      const ofOperator = await get(operation.path, { token: session.operatorToken });
      // Some lists are of one account only, which an operator has to name.
      const reply = ofOperator.ok ? ofOperator : await get(operation.path, session);
      assert.equal(reply.status, 200, operation.id);
      const [header = ''] = (await reply.text()).replace(/^\ufeff/, '').split('\r\n');
      assert.deepEqual(header.split(','), fieldsOfItems(operation), operation.id);
    }
  });

  test('is noted in the audit log, with what narrowed it', async () => {
    await (await get('/api/v1/orders?text=formula', session)).text();
    const { items } = await session.operator.events.list({ kind: 'list.exported', limit: 1 });
    const [event] = items;
    assert.deepEqual(event?.data, { list: 'orders.list', filter: { text: 'formula' } });
    assert.equal(event?.actor.id, event?.subject);
  });

  test('is answered by every chart as well: a row for each point', async () => {
    const charts = operations.filter(isChart);
    assert.deepEqual(charts.map(({ path }) => path).toSorted(), [
      '/api/v1/stats/expiry',
      '/api/v1/stats/failures',
      '/api/v1/stats/issuance',
      '/api/v1/stats/revenue',
    ]);
    for (const { id, path } of charts) {
      const reply = await get(path, { token: session.operatorToken });
      assert.equal(reply.headers.get('content-type'), 'text/csv; charset=utf-8; header=present', id);
      const name = `${id.replaceAll('.', '-')}-2026-06-01.csv`;
      assert.equal(reply.headers.get('content-disposition'), `attachment; filename="${name}"`);
      assert.equal((await reply.text()).replace(/^\ufeff/, '').split('\r\n')[0], 'key,at,total', id);
    }
    const issued = await (await get('/api/v1/stats/issuance?from=2026-05-20', { token: session.operatorToken })).text();
    assert.ok(issued.includes(`\r\norders,2026-06-01,${orders}\r\n`), issued);
    const { items } = await session.operator.events.list({ kind: 'list.exported', limit: 1 });
    assert.deepEqual(items[0]?.data, {
      list: 'statistics.issuance',
      filter: { by: 'day', from: '2026-05-20' },
    });
  });

  test('refuses in JSON, before anything is written', async () => {
    const reply = await get('/api/v1/orders?cursor=nonsense', session);
    assert.equal(reply.ok, false);
    assert.match(reply.headers.get('content-type') ?? '', /json/);
  });

  const accepts: readonly (readonly [string | null, boolean])[] = [
    ['text/csv', true],
    ['text/csv, application/json;q=0.5', true],
    ['application/json, text/csv;q=0.9', false],
    ['TEXT/CSV;q=1.0', true],
    ['text/csv;q=0', false],
    ['*/*', false],
    ['application/json', false],
    [null, false],
  ];
  for (const [accept, isCsv] of accepts)
    test(`${accept} ${isCsv ? 'means' : 'does not mean'} CSV`, () => assert.equal(prefersCsv(accept), isCsv));
});

function requestOf({ request }: (typeof operations)[number]): z.ZodObject {
  assert.ok(request instanceof z.ZodObject);
  return request;
}

describe('a total', () => {
  test('is of all pages, and only there where somebody asks', async () => {
    const { client } = session;
    assert.deepEqual((await client.orders.list({ limit: 2, total: 'true' })).total, { count: orders, isMore: false });
    const { nextCursor, ...page } = await client.orders.list({ limit: 2 });
    assert.equal('total' in page, false);
    const next = await client.orders.list({ limit: 2, total: 'true', cursor: nextCursor ?? '' });
    assert.equal(next.total?.count, orders);
    assert.equal((await client.orders.list({ limit: 2, total: 'true', text: 'host2' })).total?.count, 4);
  });

  // What the lists are of that are of something.
  const subjects = async () => {
    const [order = assert.fail()] = (await session.client.orders.list({ limit: 1 })).items;
    const [account = assert.fail()] = (await session.operator.accounts.list({ limit: 1 })).items;
    return { order: String(order.number), note: '1', account: account.id, key: seedCsr } as const;
  };

  for (const operation of operations.filter(isList)) {
    const request = requestOf(operation);
    const { shape } = request;
    test(`of ${operation.id} is the number of the items of all its pages`, async () => {
      assert.ok('total' in shape, 'its request takes total');
      assert.ok(operation.otherMediaTypes?.includes('text/csv'), 'it is answered as CSV');
      assert.equal('limit' in shape, 'cursor' in shape, 'it has pages, or is answered whole');
      const known: Readonly<Record<string, string>> = await subjects();
      const needed = request.safeParse({}).error?.issues.map(({ path: [field] }) => String(field)) ?? [];
      const path = needed.reduce((text, field) => text.replace(`:${field}`, known[field] ?? ''), operation.path);
      const query = new URLSearchParams(
        needed.filter((field) => !operation.path.includes(`:${field}`)).map((field) => [field, known[field] ?? '']),
      );
      const read = async (more: Readonly<Record<string, string>>) => {
        const asked = `${path}?${new URLSearchParams({ ...Object.fromEntries(query), total: 'true', ...more })}`;
        const json = { accept: 'application/json' };
        const ofOperator = await get(asked, { token: session.operatorToken, ...json });
        // Some lists are of one account only, which an operator has to name.
        const reply = ofOperator.ok ? ofOperator : await get(asked, { token: session.token, ...json });
        assert.equal(reply.status, 200, `${asked}: ${reply.status === 200 ? '' : await reply.clone().text()}`);
        return (await reply.json()) as { items: unknown[]; nextCursor: string | null; total: { count: number } };
      };
      const pages = [await read({})];
      for (let cursor = pages[0]?.nextCursor ?? null; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null)
        pages.push(await read({ cursor, ...('limit' in shape ? { limit: '10' } : {}) }));
      const count = pages.flatMap(({ items }) => items).length;
      assert.deepEqual(
        pages.map(({ total }) => total),
        pages.map(() => ({ count, isMore: false })),
      );
    });
  }
});

describe('filters', () => {
  test('of webhooks are by account, event, state and part of the URL', async () => {
    const { operator, client } = session;
    const url = 'https://hooks.example.com';
    const one = await client.webhooks.add({ url: `${url}/one`, events: ['certificateIssued'] });
    const two = await client.webhooks.add({ url: `${url}/two` });
    await client.webhooks.change({ webhook: two.id, state: 'inactive' });
    const found = async (filter: object) => {
      const { items, total } = await operator.webhooks.list({ ...filter, total: 'true' });
      assert.equal(total?.count, items.length);
      return items.map(({ number }) => number);
    };
    assert.deepEqual(await found({}), [two.number, one.number]);
    assert.deepEqual(await found({ state: 'active' }), [one.number]);
    assert.deepEqual(await found({ event: 'domainExpired' }), [two.number]);
    assert.deepEqual(await found({ text: 'COM/ONE' }), [one.number]);
    assert.deepEqual(await found({ text: String(two.number) }), [two.number]);
    assert.deepEqual(await found({ account: one.accountId, event: 'certificateIssued' }), [two.number, one.number]);
    await assert.rejects(client.webhooks.list({ account: '4711' }), refusedFor('account', '4711'));
  });

  test('of blocked keys and mailboxes are by their source and part of a text', async () => {
    const { operator } = session;
    const keys = ['a', 'b'].map((digit) => digit.repeat(64));
    for (const key of keys) await operator.keys.block({ key, account: null, note: `ticket 47${key[0]}` });
    const blocked = async (filter: object) => {
      const { items, total } = await operator.keys.blocked({ ...filter, total: 'true' });
      assert.equal(total?.count, items.length);
      return items.map(({ key }) => key);
    };
    assert.deepEqual(await blocked({ source: 'decision' }), keys.toReversed());
    assert.deepEqual(await blocked({ source: 'list' }), []);
    assert.deepEqual(await blocked({ text: 'Ticket 47B' }), ['b'.repeat(64)]);

    for (const address of ['one@filter.example', 'two@filter.example']) await operator.mail.stop({ address });
    const stopped = async (filter: object) => {
      const { items, total } = await operator.mail.stopped({ ...filter, total: 'true' });
      assert.equal(total?.count, items.length);
      return items.map(({ address }) => address);
    };
    assert.deepEqual(await stopped({ text: 'two@' }), ['two@filter.example']);
    assert.deepEqual(await stopped({ by: 'operator', text: 'filter' }), ['two@filter.example', 'one@filter.example']);
    assert.deepEqual(await stopped({ by: 'reader' }), []);
  });

  test('of role grants are by state and by whom they are for', async () => {
    const { operator, client } = session;
    const [mine = assert.fail()] = (await client.credentials.list({ dialect: 'native' })).items;
    const { credential: other } = await client.credentials.create({ label: 'second', roles: ['viewer'] });
    const grant = await client.roleGrants.propose({ credential: other.id, roles: ['requester'] });
    const found = async (filter: object) => {
      const { items, total } = await operator.roleGrants.list({ ...filter, total: 'true' });
      assert.equal(total?.count, items.length);
      return items.map(({ number }) => number);
    };
    assert.deepEqual(await found({ credential: other.id, state: 'pending' }), [grant.number]);
    assert.deepEqual(await found({ credential: mine.id }), []);
    await operator.roleGrants.withdraw({ grant: grant.id });
    assert.deepEqual(await found({ state: 'pending' }), []);
    assert.deepEqual(await found({ state: 'withdrawn', account: grant.accountId }), [grant.number]);
    await assert.rejects(client.roleGrants.list({ user: 'nobody' }), refusedFor('user', 'nobody'));
  });

  test('of products are by name, API, level and sale; sorted by code, name or price', async () => {
    const { operator } = session;
    const { items: all } = await operator.products.list({});
    const found = async (filter: object) => {
      const { items, total } = await operator.products.list({ ...filter, total: 'true' });
      assert.equal(total?.count, items.length);
      return items;
    };
    const [first = assert.fail()] = all;
    assert.deepEqual(await found({ text: first.name.toUpperCase(), dialect: first.dialect, level: first.level }), [
      ...all.filter(
        ({ name, dialect, level }) => name === first.name && dialect === first.dialect && level === first.level,
      ),
    ]);
    assert.deepEqual(await found({ dialect: 'none' }), []);
    assert.deepEqual(
      (await found({ forSale: 'false' })).map(({ code }) => code),
      ['hidden'],
    );
    assert.deepEqual(
      await found({ issuer: first.issuerId, forSale: 'true' }),
      all.filter(({ issuerId, isForSale }) => issuerId === first.issuerId && isForSale),
    );
    const codes = (await found({ sort: '-code' })).map(({ productCode }) => productCode);
    assert.deepEqual(codes, codes.toSorted().toReversed());
    const prices = (await found({ sort: 'price' }))
      .map(({ prices: { fqdn } }) => fqdn)
      .filter(({ currency }) => currency === 'CNY')
      .map(({ minor }) => minor);
    assert.deepEqual(
      prices,
      prices.toSorted((one, other) => one - other),
    );
  });

  test('of orders say where one stands and in whose hands it is', async () => {
    const { client } = session;
    const waiting = await client.orders.list({ standing: 'awaitingValidation', total: 'true', limit: 1 });
    assert.equal(waiting.items[0]?.turn, 'customer');
    assert.deepEqual((await client.orders.list({ turn: 'customer', total: 'true', limit: 1 })).total, waiting.total);
    assert.deepEqual((await client.orders.list({ turn: 'approver,operator' })).items, []);
    const [oldest] = (await client.orders.list({ sort: 'created', limit: 1 })).items;
    assert.deepEqual(oldest?.names, ['host0.example']);
    assert.equal((await client.orders.list({ reference })).items.length, 1);
    await assert.rejects(client.orders.list({ serial: 'zz' }), refusedFor('serial', 'zz'));
    await assert.rejects(client.orders.list({ failing: 'true', sort: 'ends' }), refusedFor('sort', 'ends'));
    await assert.rejects(client.orders.list({ text: 'ab' }), refusedFor('text', 'ab'));
    await assert.rejects(client.orders.list({ organization: '4711' }), refusedFor('organization', '4711'));
  });

  test('an unknown one is refused by its name', async () => {
    const reply = await get('/api/v1/orders?colour=red', { token: session.token, accept: 'application/json' });
    assert.equal(reply.ok, false);
    assert.match(await reply.text(), /colour/);
  });

  test('of accounts, users and keys find some of them', async () => {
    const { operator } = session;
    const { items: accounts } = await operator.accounts.list({ text: 'ACM', sort: 'name' });
    const [acme = assert.fail(), ...others] = accounts;
    assert.deepEqual([acme.name, others], ['Acme', []]);
    const { id: account, balance } = acme;
    assert.deepEqual((await operator.accounts.list({ balanceBelow: balance.minor })).items, []);
    assert.equal((await operator.accounts.list({ balanceBelow: balance.minor + 1, state: 'active' })).items.length, 1);
    assert.deepEqual((await operator.accounts.list({ state: 'suspended' })).items, []);
    const keys = await operator.credentials.list({ account });
    assert.ok(keys.items.length > 0);
    assert.ok(keys.items.every(({ accountId }) => accountId === account));
    assert.deepEqual((await operator.credentials.list({ account, dialect: 'wosign' })).items, []);
    assert.deepEqual((await operator.credentials.list({ revoked: 'true' })).items, []);
    assert.deepEqual((await operator.credentials.list({ unusedSince: '2020-01-01' })).items, []);
    assert.deepEqual((await operator.users.list({ text: 'nobody of this name' })).items, []);
    await assert.rejects(operator.users.list({ account: '4711' }), refusedFor('account', '4711'));
  });

  test('of the ledger and of events are by kind and time', async () => {
    const { operator } = session;
    const account = (await operator.accounts.list({})).items[0]?.id ?? assert.fail();
    const wanted = { account, total: 'true', limit: 1 } as const;
    const countOf = async (filter: object) => (await operator.accounts.ledger({ ...wanted, ...filter })).total?.count;
    const [all, credits, charges] = [
      await countOf({}),
      await countOf({ kind: 'credit' }),
      await countOf({ kind: 'charge' }),
    ];
    assert.ok((credits ?? 0) > 0);
    assert.equal(all, (credits ?? 0) + (charges ?? 0));
    assert.equal(await countOf({ from: '2026-06-02' }), 0);
    assert.equal(await countOf({ until: '2026-06-01' }), 0);

    const placed = { kind: 'order.placed', total: 'true', limit: 1 } as const;
    const eventsOf = async (filter: object) => (await operator.events.list({ ...placed, ...filter })).total?.count;
    const [event = assert.fail()] = (await operator.events.list(placed)).items;
    assert.equal(await eventsOf({}), orders);
    assert.equal(await eventsOf({ kind: 'order.placed,order.cancelled' }), orders);
    assert.equal(await eventsOf({ account }), orders);
    assert.equal(await eventsOf({ actor: event.actor.id }), orders);
    assert.equal(await eventsOf({ subject: event.subject }), 1);
    assert.equal(await eventsOf({ until: '2026-06-01T12:00:00Z' }), 0);
    assert.equal(await eventsOf({ from: '2026-06-01' }), orders);
    await assert.rejects(operator.events.list({ kind: 'order.eaten' }), refusedFor('kind', 'order.eaten'));
    const turned = { from: '2026-06-02', until: '2026-06-01' };
    await assert.rejects(operator.events.list(turned), refusedFor('until', '2026-06-01'));
  });

  test('of requests for approval leave out what the caller may not decide', async () => {
    assert.deepEqual((await session.client.approvals.list({ decidable: 'true' })).items, []);
    const [order = assert.fail()] = (await session.client.orders.list({ limit: 1 })).items;
    const { items } = await session.client.approvals.list({ order: String(order.number), mine: 'true' });
    assert.ok(items.every(({ orderNumber }) => orderNumber === order.number));
  });

  test('of another account find nothing, and say no more than for one that there is not', async () => {
    const { client } = session;
    for (const list of [client.events.list, client.approvals.list, client.domains.list, client.users.list])
      await assert.rejects(list({ account: '999999' }), refusedFor('account', '999999'));
  });

  test('of refunds are by account, order and time', async () => {
    const { operator, client } = session;
    const prices = { fqdnMinor: 100, wildcardMinor: 0, ipMinor: 0 };
    const { accountId: account } = await placeOrder(session, ['free.example']);
    await operator.prices.set({ account, dialect: 'encryption365', code: '100', ...prices });
    const first = await placeOrder(session, ['one.refunds.example']);
    const second = await placeOrder(session, ['two.refunds.example']);
    for (const { number } of [first, second]) await client.orders.cancel({ order: String(number) });
    const found = async (filter: object) => {
      const { items, total } = await operator.refunds.list({ ...filter, total: 'true' });
      assert.equal(total?.count, items.length);
      return items.map(({ orderId }) => orderId);
    };
    assert.deepEqual(await found({}), [second.id, first.id]);
    assert.deepEqual(await found({ order: first.id }), [first.id]);
    assert.deepEqual(await found({ account: first.accountId, from: '2026-06-01' }), [second.id, first.id]);
    assert.deepEqual(await found({ until: '2026-06-01' }), []);
    assert.deepEqual(
      (await client.refunds.list({})).items.map(({ kind }) => kind),
      ['refund', 'refund'],
    );
    await assert.rejects(client.refunds.list({ account: '4711' }), refusedFor('account', '4711'));
  });
});
