/** Placing an order: one transaction that leaves all of it or nothing. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  anyCsr,
  type Customer,
  challengesFor,
  createCustomer,
  issue,
  names,
  newReference,
  offering,
  orderFor,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createSubscriber } from '../../support/subscriber.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const balance = async ({ account }: Customer) => (await app.ports.accounts.get(callerOf(account.id))).balanceMinor;
const callerOf = (accountId: Customer['account']['id']) => ({ ...app.operator, scope: accountId });

describe('a free order', () => {
  it('is there with its issuance, authorizations, approval and event before it is answered', async () => {
    const { caller, account } = await createCustomer(app);
    const view = await place(app, caller, ['free.example', '*.free.example'], {
      contact: { email: 'admin@free.example' },
      dialectData: { panel: 7 },
    });
    const { order, issuance, authorizations, approval } = view;
    assert.deepEqual(
      [order.state, order.accountId, order.credentialId, order.dialect, order.totalMinor, order.coverageFrom],
      ['open', account.id, caller.credentialId, 'encryption365', 0, null],
    );
    assert.deepEqual([order.dialectData, order.contact], [{ panel: 7 }, { email: 'admin@free.example' }]);
    assert.deepEqual([issuance.state, issuance.kind, issuance.plan], ['awaitingValidation', 'new', null]);
    assert.deepEqual(
      authorizations.map(({ identifier, state }) => [identifier.value, state]),
      [
        ['free.example', 'pending'],
        ['*.free.example', 'pending'],
      ],
    );
    assert.equal(approval, null);
    const { authorizations: stored, ...rest } = await app.ports.orders.get(caller, order);
    assert.deepEqual(rest.order, order);
    assert.deepEqual(
      stored.map(({ id }) => id),
      authorizations.map(({ id }) => id),
    );
    const { items } = await app.ports.events.list(app.operator, { limit: 9, subject: order.id });
    assert.equal(items[0]?.kind, 'order.placed');
    assert.deepEqual([items[0]?.actor, items[0]?.requestId], [caller.actor, caller.requestId]);
    assert.deepEqual(items[0]?.data, {
      number: order.number,
      names: ['free.example', '*.free.example'],
      totalMinor: 0,
      currency: 'CNY',
    });
    assert.deepEqual(await app.ports.accounts.ledger(app.operator, account.id, { limit: 9 }), {
      items: [],
      next: null,
    });
  });

  it('of proved names is being signed at once', async () => {
    const { caller } = await createCustomer(app);
    await issue(app, caller, ['proved.example']);
    const view = await place(app, caller, ['proved.example']);
    assert.equal(view.issuance.state, 'issuing');
    const plan = view.issuance.plan;
    assert.ok(plan);
    assert.match(plan.serial, /^[0-7][0-9a-f]{31}$/);
    const { certificate } = await app.ports.orders.get(caller, view.order);
    assert.equal(certificate?.serial, plan.serial);
  });
});

describe('a paid order', () => {
  it('charges the price of its names, with a line in the ledger that names it', async () => {
    const customer = await createCustomer(app, { balanceMinor: 1_000_00 });
    const texts = ['paid.example', 'www.paid.example', '*.paid.example', '203.0.113.7'];
    const { order, issuance } = await place(app, customer.caller, texts, { productCode: 'paid' });
    const price = 2 * 100_00 + 300_00 + 150_00;
    assert.deepEqual([order.totalMinor, issuance.chargedMinor], [price, price]);
    assert.equal(await balance(customer), 1_000_00 - price);
    const [line] = (await app.ports.accounts.ledger(app.operator, customer.account.id, { limit: 1 })).items;
    assert.deepEqual(
      [line?.kind, line?.amountMinor, line?.balanceAfterMinor, line?.orderId, line?.note],
      ['charge', -price, 1_000_00 - price, order.id, 'product paid'],
    );
  });

  it('may spend the last coin', async () => {
    const customer = await createCustomer(app, { balanceMinor: 100_00 });
    await place(app, customer.caller, ['last.example'], { productCode: 'paid' });
    assert.equal(await balance(customer), 0);
  });

  it('cannot spend the last coin twice at once', async () => {
    const customer = await createCustomer(app, { balanceMinor: 250_00 });
    const orders = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((host) =>
        place(app, customer.caller, [`${host}.twice.example`], { productCode: 'paid' }),
      ),
    );
    assert.deepEqual(orders.map(({ status }) => status).toSorted(), ['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    assert.equal(await balance(customer), 50_00);
    assert.equal(await app.database.read.ledger.sum(customer.account.id), 50_00);
  });
});

/** What is refused, and that every table is afterwards as it was before. */
interface Refusal {
  readonly what: string;
  readonly names?: readonly string[];
  readonly change?: Partial<PlaceOrder> | (() => Promise<Partial<PlaceOrder>>);
  readonly error: { readonly code: string; readonly message?: RegExp };
}

const organization = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' };

const refusals: readonly Refusal[] = [
  {
    what: 'more than the balance',
    change: { productCode: 'paid' },
    error: {
      code: 'insufficientBalance',
      message: /costs 100\.00 CNY, but the account's balance is 99\.99 CNY; the operator can add credit/,
    },
  },
  {
    what: 'a product in another currency',
    change: { productCode: 'dollars' },
    error: {
      code: 'unknownProduct',
      message: /sold in USD, but the account is in CNY; order a product that is sold in CNY/,
    },
  },
  {
    what: 'an unknown product',
    change: { productCode: '999' },
    error: { code: 'unknownProduct', message: /productCode "999"/ },
  },
  {
    what: 'a name twice',
    names: ['example.com', 'EXAMPLE.com'],
    error: { code: 'badName', message: /example\.com is listed twice/ },
  },
  { what: 'a public suffix', names: ['co.uk'], error: { code: 'refusedName', message: /^co\.uk is a public suffix/ } },
  {
    what: 'everything below a public suffix',
    names: ['*.co.uk'],
    error: { code: 'refusedName', message: /^\*\.co\.uk/ },
  },
  {
    what: 'an address that the product does not cover',
    names: ['2001:db8::1'],
    error: { code: 'refusedName', message: /2001:db8::1 is an IPv6 address/ },
  },
  {
    what: 'a reserved address in a public certificate',
    names: ['10.0.0.1'],
    change: { productCode: 'public' },
    error: { code: 'refusedName', message: /10\.0\.0\.1 is an address reserved/ },
  },
  {
    what: 'an unknown suffix in a public certificate',
    names: ['host.internal'],
    change: { productCode: 'public' },
    error: { code: 'refusedName', message: /host\.internal does not end in a known public suffix/ },
  },
  {
    what: 'a name in a reverse zone',
    names: ['1.2.0.192.in-addr.arpa'],
    error: { code: 'refusedName', message: /reverse-lookup zone/ },
  },
  {
    what: 'more names than the product covers',
    names: Array.from({ length: 251 }, (_, i) => `host${i}.example.com`),
    error: { code: 'tooManyNames', message: /251 names .* at most 250/ },
  },
  {
    what: 'a CSR that is none',
    change: { csr: Uint8Array.of(0x30, 0x03, 0x02, 0x01, 0x00) },
    error: { code: 'badCsr' },
  },
  {
    what: 'a CSR whose signature is wrong',
    change: async () => {
      const csr = Uint8Array.from(await anyCsr());
      csr[csr.length - 1] = (csr[csr.length - 1] ?? 0) ^ 1;
      return { csr };
    },
    error: { code: 'badCsr', message: /signature/ },
  },
  {
    what: 'a key that the profile does not allow',
    change: async () => ({
      productCode: 'public',
      csr: (await createSubscriber('a.example', { type: 'ed25519' })).csrDer,
    }),
    names: ['example.com'],
    error: { code: 'badKey', message: /Ed25519 are not allowed by the profile public-dv; use another key type/ },
  },
  {
    what: 'an OV certificate for nobody',
    change: { productCode: '118' },
    error: { code: 'invalidField', message: /organization is required for an OV/ },
  },
  {
    what: 'an OV certificate for an organization without a city',
    change: { productCode: '118', organization: { ...organization, city: '' } },
    error: { code: 'invalidField', message: /organization\.city is required for an OV/ },
  },
  {
    what: 'an EV certificate for an organization without a state',
    change: { productCode: '128', organization: { ...organization, state: '' } },
    error: { code: 'invalidField', message: /organization\.state is required for an EV/ },
  },
  {
    what: 'a name that nothing offered can prove',
    change: offering(() => []),
    error: { code: 'refusedName', message: /offers no method that can validate example\.com/ },
  },
  {
    what: 'the renewal of an order that there is not',
    change: { renewalOf: { number: 1_234_567 } },
    error: { code: 'notFound', message: /order 1234567/ },
  },
];

describe('refused without a trace is', () => {
  let customer: Customer;
  before(async () => {
    customer = await createCustomer(app, { balanceMinor: 99_99 });
  });

  for (const { what, names: texts = ['example.com'], change = {}, error } of refusals) {
    it(what, async () => {
      const given = typeof change === 'function' ? await change() : change;
      const before = await app.tables();
      await assert.rejects(place(app, customer.caller, texts, given), error);
      assert.deepEqual(await app.tables(), before);
    });
  }

  it('a name that the account may not order', async () => {
    const { caller } = await createCustomer(app, { allowedNames: ['example.com', '192.0.2.1'] });
    await place(app, caller, ['example.com', '*.sub.example.com', '192.0.2.1']);
    for (const name of ['badexample.com', 'example.org', '192.0.2.11']) {
      const before = await app.tables();
      await assert.rejects(place(app, caller, ['example.com', name]), {
        code: 'refusedName',
        reason: { key: 'nameNotAllowedForAccount', params: { name } },
      });
      assert.deepEqual(await app.tables(), before);
    }
  });

  it("the renewal of another account's order, in the words for none", async () => {
    const { order } = await place(app, (await createCustomer(app)).caller, ['theirs.example']);
    const before = await app.tables();
    await assert.rejects(place(app, customer.caller, ['theirs.example'], { renewalOf: order }), {
      code: 'notFound',
      reason: { key: 'notFound', params: { what: 'order', value: String(order.number) } },
    });
    assert.deepEqual(await app.tables(), before);
  });

  it('a proof reference that the account used before, and no other account', async () => {
    const proofReference = newReference();
    // They neither hear of each other's nor are in each other's way.
    await place(app, (await createCustomer(app)).caller, ['first.example'], { proofReference });
    const own = await place(app, customer.caller, ['first.example'], { proofReference });
    const found = await app.ports.orders.get(customer.caller, { proofReference });
    assert.equal(found.order.id, own.order.id);
    const before = await app.tables();
    const again = place(app, customer.caller, ['second.example'], { proofReference });
    await assert.rejects(again, { code: 'conflict', message: new RegExp(proofReference) });
    assert.deepEqual(await app.tables(), before);
  });

  it('an order of an operator, who has no account', async () => {
    await assert.rejects(place(app, app.operator, ['example.com']), {
      code: 'forbidden',
      message: /a credential of that account/,
    });
  });
});

describe('the same request twice', () => {
  const idempotency = { key: 'key-1', fingerprint: 'print-1', windowSeconds: 60 };

  it('at once makes one order and one charge', async () => {
    const customer = await createCustomer(app, { balanceMinor: 1_000_00 });
    const request = () => orderFor(['once.example'], { productCode: 'paid', idempotency });
    const requests = await Promise.all(Array.from({ length: 5 }, request));
    const views = await Promise.all(requests.map((one) => app.ports.orders.place(customer.caller, one)));
    assert.equal(new Set(views.map(({ order }) => order.id)).size, 1);
    assert.equal(new Set(views.map(({ issuance }) => issuance.proofReference)).size, 1);
    assert.equal(await balance(customer), 900_00);
    const { items } = await app.ports.orders.list(customer.caller, { limit: 10 });
    assert.equal(items.length, 1);
  });

  it('with the same key for something else is a conflict that leaves nothing', async () => {
    const { caller } = await createCustomer(app);
    await place(app, caller, ['one.example'], { idempotency });
    const before = await app.tables();
    const other = { ...idempotency, fingerprint: 'print-2' };
    await assert.rejects(place(app, caller, ['other.example'], { idempotency: other }), {
      code: 'conflict',
      reason: { key: 'idempotencyKeyReused', params: { key: '"key-1"' } },
    });
    assert.deepEqual(await app.tables(), before);
  });

  it('is two orders once the window is over, and for two accounts', async () => {
    const { caller } = await createCustomer(app);
    const first = await place(app, caller, ['window.example'], { idempotency });
    const again = await place(app, caller, ['window.example'], { idempotency });
    assert.equal(again.order.id, first.order.id);
    await app.advance(60);
    const later = await place(app, caller, ['window.example'], { idempotency });
    assert.notEqual(later.order.id, first.order.id);
    const { caller: other } = await createCustomer(app);
    const theirs = await place(app, other, ['window.example'], { idempotency });
    assert.notEqual(theirs.order.id, later.order.id);
  });

  it('is a new try when the first order ended without a certificate, each time', async () => {
    const customer = await createCustomer(app, { balanceMinor: 500_00 });
    const ask = () => place(app, customer.caller, ['dead.example'], { productCode: 'paid', idempotency });
    const first = await ask();
    await app.ports.orders.cancel(customer.caller, first.order);
    const second = await ask();
    assert.notEqual(second.order.id, first.order.id);
    assert.equal((await ask()).order.id, second.order.id);
    await app.ports.revocations.revokeOrder(customer.caller, second.order, 'unspecified');
    const [third, fourth] = await Promise.all([ask(), ask()]);
    assert.notEqual(third?.order.id, second.order.id);
    assert.equal(fourth?.order.id, third?.order.id);
    assert.equal(await balance(customer), 400_00);
  });

  it('is the first order as long as that has a certificate', async () => {
    const { caller } = await createCustomer(app);
    const first = await issue(app, caller, ['alive.example'], { idempotency });
    assert.equal((await place(app, caller, ['alive.example'], { idempotency })).order.id, first.order.id);
    await app.ports.revocations.revokeOrder(caller, first.order, 'superseded');
    assert.equal((await place(app, caller, ['alive.example'], { idempotency })).order.id, first.order.id);
  });

  it('is not claimed by a request that was refused', async () => {
    const customer = await createCustomer(app);
    const ask = () => place(app, customer.caller, ['poor.example'], { productCode: 'paid', idempotency });
    await assert.rejects(ask(), { code: 'insufficientBalance' });
    const credit = { amountMinor: 100_00, note: '' };
    await app.ports.accounts.credit(app.operator, customer.account.id, credit);
    assert.equal((await ask()).order.totalMinor, 100_00);
  });
});

describe('a renewal', () => {
  it('is a new order that remembers the old one and needs no new proof', async () => {
    const { caller } = await createCustomer(app);
    const first = await issue(app, caller, ['renew.example']);
    app.checks.remove('renew.example');
    const { order } = await place(app, caller, ['renew.example'], { renewalOf: { number: first.order.number } });
    assert.equal(order.renewalOf, first.order.id);
    const renewed = await app.ports.orders.get(caller, order);
    assert.equal(renewed.issuance.state, 'issued');
    assert.deepEqual(renewed.authorizations, first.authorizations);
    assert.equal((await app.ports.orders.get(caller, first.order)).order.state, 'active');
  });
});

describe("another account's order", () => {
  let theirs: OrderView;
  before(async () => {
    theirs = await issue(app, (await createCustomer(app)).caller, ['theirs2.example']);
  });

  const [name] = names('theirs2.example');
  const asks = {
    order: (caller) => app.ports.orders.get(caller, theirs.order),
    recheck: (caller) => app.ports.proving.recheck(caller, theirs.order),
    chooseMethod: (caller) =>
      app.ports.proving.chooseMethods(caller, theirs.order, [{ name: name ?? assert.fail(), choice: 'httpFile' }]),
    reissue: async (caller) => app.ports.issuances.reissue(caller, theirs.order, await reissueFor(['theirs2.example'])),
    revoke: (caller) => app.ports.revocations.revokeOrder(caller, theirs.order, 'unspecified'),
    cancel: (caller) => app.ports.orders.cancel(caller, theirs.order),
    decide: (caller) => app.ports.approvals.decide(caller, { order: theirs.order }, { approve: true, note: '' }),
    certificate: (caller) => app.ports.certificates.get(caller, theirs.certificate?.id ?? ''),
    revokeCertificate: (caller) =>
      app.ports.revocations.revokeCertificate(caller, String(theirs.certificate?.number), 'unspecified'),
  } as const satisfies Readonly<Record<string, (caller: Customer['caller']) => Promise<unknown>>>;

  for (const [method, ask] of Object.entries(asks)) {
    it(`does not exist for ${method}`, async () => {
      const { caller } = await createCustomer(app, { dialect: 'native', roles: ['requester', 'approver'] });
      const before = await app.tables();
      await assert.rejects(ask(caller), { code: 'notFound' });
      assert.deepEqual(await app.tables(), before);
    });
  }

  it('is in no list', async () => {
    const { caller } = await createCustomer(app, { dialect: 'native' });
    assert.deepEqual((await app.ports.orders.list(caller, { limit: 9 })).items, []);
    assert.deepEqual((await app.ports.orders.list(caller, { limit: 9, name: 'theirs2.example' })).items, []);
    const { serial } = theirs.certificate ?? assert.fail();
    assert.deepEqual((await app.ports.certificates.list(caller, { limit: 9, serial })).items, []);
  });

  it('that was placed through another front door is seen by native only', async () => {
    const { account, caller } = await createCustomer(app);
    const { order } = await place(app, caller, ['door.example']);
    const through = (dialect: string) => ({ ...caller, dialect, seesAllDialects: dialect === 'native' });
    assert.equal((await app.ports.orders.get(through('native'), order)).order.accountId, account.id);
    await assert.rejects(app.ports.orders.get(through('other'), order), { code: 'notFound' });
    assert.deepEqual((await app.ports.orders.list(through('other'), { limit: 9 })).items, []);
  });
});

describe('what is offered as proof', () => {
  it('is cut to what the profile accepts', async () => {
    const { caller } = await createCustomer(app, { balanceMinor: 10_000_00 });
    const methods = async (name: string, productCode: string) => {
      const { authorizations } = await place(app, caller, [name], { productCode });
      return authorizations[0]?.challenges.map(({ method }) => method);
    };
    const all = ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'];
    const offered = challengesFor(names('a.example.com')[0] ?? assert.fail()).map(({ method }) => method);
    // Nobody sends mail here.
    assert.deepEqual(offered, [...all, 'email']);
    assert.deepEqual(await methods('a.example.com', 'public'), all);
    assert.deepEqual(await methods('*.a.example.com', 'public'), ['dnsCname', 'dnsTxt']); // BR §3.2.2.4.18
    assert.deepEqual(await methods('*.a.example.com', 'paid'), all);
    assert.deepEqual(await methods('203.0.113.9', 'paid'), ['httpFile', 'httpsFile']);
  });
});
