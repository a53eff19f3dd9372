/** What an order and a reissue may ask for besides names: a comment for the approver, and another method for one of the names. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMailFake } from '../../support/mail-fake.ts';
import { createSession, firstNumber, type NativeSession, seedCsr } from './session.ts';

const order = String(firstNumber);
const names = ['trustocean.com', 'www.trustocean.com'];
const shop = 'shop.trustocean.com';
const withShop = [...names, shop];
const product = { productCode: 'encryption365:108', csr: seedCsr, names };

describe('comments', () => {
  const manual = { account: { approval: 'manual' } } as const;

  async function placed() {
    const session = await createSession(manual);
    for (const name of names) session.app.checks.place(name);
    await session.client.orders.place({ ...product, comments: '  for the launch, 工单 4711\n' });
    return session;
  }

  const commentsOf = async ({ client }: NativeSession) =>
    (await client.approvals.list({})).items.map(({ asks, state, comments }) => [asks, state, comments]);

  test('of an order stand in the request that an approver reads', async () => {
    const session = await placed();
    assert.deepEqual(await commentsOf(session), [['new', 'pending', 'for the launch, 工单 4711']]);
    const [request] = (await session.client.approvals.list({ waiting: 'true' })).items;
    const shown = await session.client.approvals.show({ approval: String(request?.number) });
    assert.equal(shown.comments, 'for the launch, 工单 4711');
  });

  test('of a reissue stand in its own request; the ones before stay', async () => {
    const session = await placed();
    await session.client.orders.approve({ order });
    await session.app.idle();
    const { csr } = product;
    await session.client.orders.reissue({ order, csr, names: withShop, comments: 'the shop' });
    assert.deepEqual(
      (await commentsOf(session)).map(([, state, comments]) => [state, comments]),
      [
        ['pending', 'the shop'],
        ['approved', 'for the launch, 工单 4711'],
      ],
    );
  });

  test('of more than 1,000 characters are refused, and nothing is ordered', async () => {
    const { client } = await createSession(manual);
    await assert.rejects(client.orders.place({ ...product, comments: 'x'.repeat(1001) }), /comments/);
    assert.deepEqual((await client.orders.list({})).items, []);
    await client.orders.place({ ...product, comments: 'x'.repeat(1000) });
    assert.equal((await client.approvals.list({})).items[0]?.comments.length, 1000);
  });

  test('make no request where nobody has to be asked', async () => {
    const { client } = await createSession();
    const { state, issuance } = await client.orders.place({ ...product, comments: 'nobody reads this' });
    assert.deepEqual([state, issuance.state], ['open', 'awaitingValidation']);
    assert.deepEqual((await client.approvals.list({ waiting: 'true' })).items, []);
  });
});

describe('a method for one name', () => {
  type Placed = Awaited<ReturnType<NativeSession['client']['orders']['place']>>;
  const methodsOf = ({ names: all }: Placed) =>
    Object.fromEntries(all.map(({ name, preferredMethod }) => [name, preferredMethod]));

  test('is that of the name alone when an order is placed', async () => {
    const { client } = await createSession();
    const methods = [{ name: 'WWW.trustocean.com', method: 'dnsTxt' }] as const;
    const made = await client.orders.place({ ...product, method: 'httpsFile', methods: [...methods] });
    const expected = { 'trustocean.com': 'httpsFile', 'www.trustocean.com': 'dnsTxt' };
    assert.deepEqual(methodsOf(made), expected);
    assert.deepEqual(methodsOf(await client.orders.show({ order })), expected);
  });

  test('sends a mail for that name only, to the address that is named', async () => {
    const mail = createMailFake();
    const { client, app } = await createSession({ mail });
    const address = 'postmaster@trustocean.com';
    const made = await client.orders.place({
      ...product,
      methods: [{ name: 'www.trustocean.com', method: 'email', address }],
    });
    assert.deepEqual(methodsOf(made), { 'trustocean.com': 'httpFile', 'www.trustocean.com': 'email' });
    await app.idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      [address],
    );
  });

  test('is the last one where a name is there twice', async () => {
    const { client } = await createSession();
    const methods = (['dnsTxt', 'dnsCname'] as const).map((method) => ({ name: 'trustocean.com', method }));
    const made = await client.orders.place({ ...product, methods });
    assert.deepEqual(methodsOf(made), { 'trustocean.com': 'dnsCname', 'www.trustocean.com': 'httpFile' });
  });

  test('is taken at a reissue as well, and proves the name by it', async () => {
    const session = await createSession();
    const { app, client } = session;
    for (const name of names) app.checks.place(name);
    await client.orders.place(product);
    await app.idle();
    const again = await client.orders.reissue({
      order,
      csr: seedCsr,
      names: withShop,
      method: 'httpsFile',
      methods: [{ name: shop, method: 'dnsCname' }],
    });
    assert.equal(methodsOf(again)[shop], 'dnsCname');
    app.checks.place(shop, 'dnsCname');
    await client.orders.check({ order });
    await app.idle();
    const after = await client.orders.show({ order });
    assert.equal(after.issuance.state, 'issued');
    assert.equal(after.names.find(({ name }) => name === shop)?.provedBy, 'dnsCname');
  });

  for (const [title, choice, expected] of [
    ['that is not ordered', { name: 'other.example', method: 'dnsTxt' }, /no name "other\.example"/],
    ['that is no name', { name: 'no name', method: 'dnsTxt' }, /"no name" has an invalid label/],
    [
      'with an address and no mail',
      { name: 'trustocean.com', method: 'dnsTxt', address: 'admin@trustocean.com' },
      /address/,
    ],
    [
      'with an address of somebody else',
      { name: shop, method: 'email', address: 'jill@trustocean.com' },
      /jill@trustocean\.com/,
    ],
  ] as const) {
    test(`${title} is refused at both, and nothing changes`, async () => {
      const { client, app } = await createSession({ mail: createMailFake() });
      await assert.rejects(client.orders.place({ ...product, names: withShop, methods: [choice] }), expected);
      assert.deepEqual((await client.orders.list({})).items, []);
      for (const name of names) app.checks.place(name);
      const { id } = await client.orders.place(product);
      await app.idle();
      await assert.rejects(
        client.orders.reissue({ order: id, csr: seedCsr, names: withShop, methods: [choice] }),
        expected,
      );
      assert.equal((await client.orders.issuances({ order: id })).items.length, 1);
    });
  }
});
