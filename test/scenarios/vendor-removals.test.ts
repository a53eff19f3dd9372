/**
 * Names taken out through every front door that has a call for it, of orders that Racent has: the double of the real one, or a second
 * certmux. The name leaves the order there, then ours, and is refunded.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type Buyer, createBuyer, csrPemFor, words } from '../support/buyers.ts';
import { type Behind, openVendorDoors, type VendorDoors } from '../support/vendor-doors.ts';

let scene: VendorDoors;
afterEach(() => scene.close());

const kept = 'shop.example.com';
const gone = ['old.example.org', 'older.example.net'] as const;
const names = [kept, ...gone];

type Reply = Readonly<Record<string, unknown>>;

/** What a customer of the door sends to take names out; it takes one after the other where the call knows only one. */
interface Remover {
  readonly door: 'native' | 'racent';
  readonly call: string;
  remove(id: string, texts: readonly string[]): Promise<readonly Reply[]>;
  isDone(reply: Reply): boolean;
  readonly wordsOf: (reply: Reply) => string;
}

const isSuccess = ({ code }: Reply) => code === 1;
const errorsOf = ({ errors }: Reply) => JSON.stringify(errors);

const post = async (door: string, path: string, fields: Reply) => scene.tenant.post(door, path, fields);

const removers: readonly Remover[] = [
  {
    door: 'racent',
    call: 'removeMdcDomain of a name',
    remove: (certId, texts) =>
      oneByOne(texts, (domainName) => post('racent', '/ssl/removeMdcDomain', { certId, domainName })),
    isDone: isSuccess,
    wordsOf: errorsOf,
  },
  {
    door: 'racent',
    call: 'batchRemoveMdcDomain of a name',
    remove: (certId, texts) =>
      oneByOne(texts, (domainName) => post('racent', '/ssl/batchRemoveMdcDomain', { certId, domainName })),
    isDone: isSuccess,
    wordsOf: errorsOf,
  },
  {
    door: 'native',
    call: 'remove-names',
    remove: async (order, texts) => [
      await post('native', `/api/v1/orders/${order}/remove-names`, { names: [...texts] }),
    ],
    isDone: ({ number }) => typeof number === 'number',
    wordsOf: (reply) => JSON.stringify(reply),
  },
];

async function oneByOne(texts: readonly string[], call: (text: string) => Promise<Reply>): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  for (const text of texts) replies.push(await call(text));
  return replies;
}

async function open(
  door: 'native' | 'racent',
  behind: Behind,
): Promise<{ readonly buyer: Buyer; readonly id: string }> {
  scene = await openVendorDoors({ vendor: 'racent', behind });
  const buyer = await createBuyer(door, scene);
  const id = await buyer.order(names);
  await scene.passUntil(
    async () => (await only()).authorizations.every((one) => one.challenges.length > 0),
    'they are shown',
  );
  return { buyer, id };
}

const only = async () => (await scene.orders())[0] ?? assert.fail('an order');
const textsOf = async () => (await only()).issuance.names.map(({ identifier }) => identifier.value);
const paid = async () => (await only()).order.paidMinor;

/** As the vendor has the order. */
async function namesThere(): Promise<readonly string[]> {
  const { double, other } = scene;
  if (double !== undefined) return double.orders[0]?.names ?? [];
  const { ports, operator } = other?.app ?? assert.fail('somebody sells');
  const { items } = await ports.orders.list(operator, { limit: 2 });
  const { issuance } = await ports.orders.get(operator, { number: items[0]?.order.number ?? 0 });
  return issuance.names.map(({ identifier }) => identifier.value);
}

/** Each is one call to the vendor: the last may leave a moment after the reply. */
async function areOut(): Promise<void> {
  await scene.passUntil(async () => (await textsOf()).length === 1, 'they are out');
  assert.deepEqual([await textsOf(), await namesThere()], [[kept], [kept]]);
}

for (const { door, call, remove, isDone, wordsOf } of removers) {
  for (const behind of ['double', 'certmux'] as const) {
    describe(`${door}, ${call}, Racent out (${behind})`, () => {
      it('takes the names out there and here, refunds them, and gets the certificate for the rest', async () => {
        const { buyer, id } = await open(door, behind);
        const before = await paid();
        const replies = await remove(id, gone);
        for (const reply of replies) assert.ok(isDone(reply), wordsOf(reply));
        await areOut();
        assert.ok((await paid()) < before);
        scene.prove(kept);
        await buyer.proceed(id, [kept]);
        await scene.passUntil(async () => (await buyer.show(id)).state === words[door].issued, 'it is issued');
        assert.equal(await scene.sold([kept]), 1);
      });

      it('leaves the last name, in words of its own', async () => {
        const { id } = await open(door, behind);
        const replies = await remove(id, names);
        const last = replies.at(-1) ?? assert.fail();
        assert.ok(!isDone(last));
        assert.match(wordsOf(last), /last|at least one/i);
        assert.ok((await textsOf()).length > 0);
        assert.deepEqual(await textsOf(), await namesThere());
      });
    });
  }

  describe(`${door}, ${call}, Racent out, which refuses`, () => {
    it('shows the customer the vendor’s words, and keeps the name', async () => {
      const { id } = await open(door, 'double');
      const before = await paid();
      const [order = assert.fail()] = scene.double?.orders ?? [];
      // It was signed for a moment ago, which nobody has told us.
      order.state = 'pending';
      const [reply = assert.fail()] = await remove(id, [gone[0]]);
      assert.ok(!isDone(reply));
      assert.match(wordsOf(reply), /CA request failed/);
      assert.deepEqual([await textsOf(), await paid()], [names, before]);
    });
  });
}

describe('all names that are not proved', () => {
  for (const path of ['/ssl/removeMdcDomain', '/ssl/batchRemoveMdcDomain'] as const) {
    for (const fields of [{}, { domainName: '*' }]) {
      it(`${path} ${JSON.stringify(fields)} keeps what the vendor has accepted`, async () => {
        const { id: certId } = await open('racent', 'certmux');
        scene.other?.app.checks.place(kept, 'dnsCname');
        await scene.passUntil(
          async () => (await only()).authorizations.some(({ state }) => state === 'valid'),
          'one name is proved there',
        );
        const reply = await post('racent', path, { certId, ...fields });
        assert.equal(reply.code, 1, errorsOf(reply));
        await areOut();
      });
    }
  }

  it('native does so as well', async () => {
    const { id } = await open('native', 'certmux');
    scene.other?.app.checks.place(kept, 'dnsCname');
    await scene.passUntil(
      async () => (await only()).authorizations.some(({ state }) => state === 'valid'),
      'one name is proved there',
    );
    const reply = await post('native', `/api/v1/orders/${id}/remove-names`, { names: 'unproved' });
    assert.equal(typeof reply.number, 'number', JSON.stringify(reply));
    await areOut();
  });
});

describe('a vendor without such a call', () => {
  it('says so in the door’s form, and what to do instead', async () => {
    scene = await openVendorDoors({ vendor: 'encryption365' });
    const csr = await csrPemFor(names);
    const params = {
      csr,
      domainInfo: names.map((domainName) => ({ domainName, dcvMethod: 'CNAME_CSR_HASH' })),
      Administrator: { firstName: 'a', lastName: 'b', email: 'a@example.com' },
    };
    const placed = await post('racent', '/ssl/place', {
      productCode: 'comodo-positive-multi-domain',
      years: 1,
      params,
    });
    const { certId } = placed.data as { readonly certId: string };
    const reply = await post('racent', '/ssl/removeMdcDomain', { certId, domainName: gone[0] });
    assert.notEqual(reply.code, 1);
    assert.match(errorsOf(reply), /has no call for that; cancel it and order again/);
    assert.deepEqual(await textsOf(), names);
  });
});
