import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CertError } from '../../../src/domain/errors.ts';
import type { PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import { createSession, firstNumber, placeOrder, seedCsr } from './harness.ts';

const productCode = 'encryption365:100';

function refusedWith(code: string, message?: RegExp) {
  return (thrown: unknown) =>
    thrown instanceof CertError && thrown.code === code && (message === undefined || message.test(thrown.message));
}

test('without names the order is for those of the CSR', async () => {
  const { client } = createSession();
  const order = await client.orders.place({ productCode, csr: seedCsr });
  assert.deepEqual(
    order.names.map(({ name }) => name),
    ['trustocean.com'],
  );
});

test('the products of every dialect are listed by the code that an order names', async () => {
  const { client } = createSession();
  const { items, nextCursor } = await client.products.list({});
  assert.ok(items.length > 1);
  assert.ok(items.some((product) => product.productCode === productCode));
  assert.equal(nextCursor, null);
});

test('an order is found by id and by number', async () => {
  const session = createSession();
  const { id } = await placeOrder(session);
  assert.equal((await session.client.orders.show({ order: id })).number, firstNumber);
  assert.equal((await session.client.orders.show({ order: String(firstNumber) })).id, id);
});

test('the list goes on where the cursor says', async () => {
  const session = createSession();
  for (let i = 0; i < 3; i++) await placeOrder(session);
  const first = await session.client.orders.list({ limit: 2 });
  assert.deepEqual(
    first.items.map(({ number }) => number),
    [19, 18],
  );
  assert.ok(first.nextCursor !== null);
  const second = await session.client.orders.list({ limit: 2, cursor: first.nextCursor });
  assert.deepEqual(
    second.items.map(({ number }) => number),
    [17],
  );
  assert.equal(second.nextCursor, null);
});

test('a wildcard is expected to be proved by DNS, other names by file, unless the caller says otherwise', async () => {
  const { client } = createSession();
  const place = (names: string[], method?: 'httpsFile') =>
    client.orders.place({ productCode: 'encryption365:108', csr: seedCsr, names, method });
  const methodOf = async (order: ReturnType<typeof place>) => (await order).names[0]?.preferredMethod;
  assert.equal(await methodOf(place(['example.com'])), 'httpFile');
  assert.equal(await methodOf(place(['*.example.com'])), 'dnsCname');
  assert.equal(await methodOf(place(['*.example.com'], 'httpsFile')), 'httpsFile');
});

test('a reissue keeps the names unless others are given', async () => {
  const session = createSession();
  await placeOrder(session);
  session.core.hand.issue(firstNumber);
  const again = await session.client.orders.reissue({ order: String(firstNumber), csr: seedCsr });
  assert.equal(again.issuance.kind, 'reissue');
  assert.deepEqual(
    again.names.map(({ name }) => name),
    ['trustocean.com'],
  );
});

test('an operator orders for the account they name, and for nobody otherwise', async () => {
  const { operator, client } = createSession();
  const account = await operator.accounts.create({ name: 'Shop' });
  const order = { productCode, csr: seedCsr };
  assert.equal((await operator.orders.place({ ...order, account: String(account.number) })).accountId, account.id);
  await assert.rejects(operator.orders.place(order), refusedWith('invalidField', /account is required/));
  await assert.rejects(operator.orders.place({ ...order, account: '99' }), refusedWith('notFound'));
  await assert.rejects(client.orders.place({ ...order, account: account.id }), refusedWith('notFound'));
  const own = (await client.me.show({})).account;
  assert.equal((await client.orders.place({ ...order, account: own?.id })).accountId, own?.id);
});

describe('what a name of the list is called in a refusal', () => {
  test('its place is named when it is empty', async () => {
    const { client } = createSession();
    const order = client.orders.place({ productCode, csr: seedCsr, names: ['example.com', ' '] });
    await assert.rejects(order, refusedWith('badName', /names\[1\]/));
  });
});

describe('the summary', () => {
  const rows: readonly (readonly [
    title: string,
    arrange: (session: ReturnType<typeof createSession>) => void,
    text: string,
  ])[] = [
    ['at first', () => {}, 'waits for the proof of control of 2 of 2 names'],
    [
      'with one proved',
      ({ core }) => core.hand.prove(17, 'a.example'),
      'waits for the proof of control of 1 of 2 names',
    ],
    ['with both proved', ({ core }) => core.hand.prove(17), 'every name is proved; about to be issued'],
    ['issued', ({ core }) => core.hand.issue(17), 'issued; the certificate ends on 2026-08-30'],
    ['held', ({ core }) => core.holdForApproval(17), 'waits for an approver'],
    ['cancelled', ({ core }) => core.hand.setOrder(17, { state: 'cancelled' }), 'cancelled'],
  ];
  for (const [title, arrange, text] of rows) {
    test(`${title}: ${text}`, async () => {
      const session = createSession();
      await session.client.orders.place({
        productCode: 'encryption365:108',
        csr: seedCsr,
        names: ['a.example', 'b.example'],
      });
      arrange(session);
      assert.equal((await session.client.orders.show({ order: '17' })).summary, text);
    });
  }
});

test('a CSR that names nothing needs names', async () => {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const der = await createCsr({ subject: {}, names: [], spkiDer }, createLocalSigner(privateKeyPkcs8));
  const { client } = createSession();
  const csr = der.toString('base64');
  await assert.rejects(client.orders.place({ productCode, csr }), refusedWith('invalidField', /names is required/));
  assert.equal((await client.orders.place({ productCode, csr, names: ['example.com'] })).names.length, 1);
});

test('periods, validity and renewal reach the core as they were asked for', async () => {
  const { client, core } = createSession();
  const asked: PlaceOrder[] = [];
  const place = core.placeOrder;
  core.placeOrder = (caller, request) => {
    asked.push(request);
    return place(caller, request);
  };
  const order = await client.orders.place({
    productCode,
    csr: seedCsr,
    periods: 3,
    validityDays: 30,
    isAutoRenewed: true,
  });
  assert.deepEqual([order.isAutoRenewed, order.renewedBy], [true, null]);
  await client.orders.place({ productCode, csr: seedCsr });
  assert.deepEqual(
    asked.map(({ periods, validity, isAutoRenewed }) => [periods, validity, isAutoRenewed]),
    [
      [3, { days: 30 }, true],
      [undefined, null, false],
    ],
  );
});
