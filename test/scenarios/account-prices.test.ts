/** An account with a price of its own pays it at every front door; another account pays the product's. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Account } from '../../src/domain/account.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { anyCsr, createAccount } from '../support/app.ts';
import { type FrontDoors, type Input, startFrontDoors } from '../support/front-doors.ts';
import { paramsOf } from './walk/racent.ts';
import { anyone } from './walk/row.ts';

const own = { fqdnMinor: 3_33, wildcardMinor: 7_77, ipMinor: 1 };

let doors: FrontDoors;
let csr: string;

// biome-ignore lint/suspicious/noExplicitAny: answers of six APIs
type Json = Record<string, any>;

interface Door {
  readonly operation: string;
  send(name: string): Input;
  /** Where the door shows what something costs: a price of one ordinary name, in major units. */
  readonly shows?: {
    readonly operation: string;
    readonly input: (order: string) => Input;
    read(reply: Json): unknown;
  };
}

/** Placing an order of one name through each door. */
const table: Readonly<Record<string, Door>> = {
  encryption365: {
    operation: 'cert.create',
    send: (name) => ({ pid: 'paid', csr_code: csr, domains: name }),
    shows: {
      operation: 'account.products',
      input: () => ({}),
      read: ({ products }) => products.paid.price.fqdn,
    },
  },
  wosign: {
    operation: 'cert.apply',
    send: (name) => ({ req_type: 'cert_apply', domain_name: [name], csr }),
  },
  httpsok: { operation: 'cert.apply', send: (name) => ({ domainList: [name] }) },
  digicert: {
    operation: 'order.place',
    send: (name) => ({
      product_name_id: 'ssl_dv_geotrust_flex',
      certificate: { common_name: name, csr },
      order_validity: { years: 1 },
    }),
    shows: { operation: 'order.list', input: () => ({ limit: '1' }), read: ({ orders }) => orders[0].price },
  },
  racent: {
    operation: 'order.place',
    send: (name) => ({ productCode: 'comodo-positivessl', years: 1, refId: name, params: paramsOf(csr, name) }),
    shows: {
      operation: 'product.list',
      input: () => ({}),
      read: ({ data }) => data.find(({ code }: Json) => code === 'comodo-positivessl').price.basePrice.price012,
    },
  },
  native: {
    operation: 'orders.place',
    send: (name) => ({ productCode: 'encryption365:paid', csr, names: [name] }),
    shows: { operation: 'orders.show', input: (order) => ({ order }), read: ({ total }) => total.minor / 100 },
  },
};

before(async () => {
  doors = await startFrontDoors();
  const { app } = doors;
  csr = encodePem('CERTIFICATE REQUEST', await anyCsr());
  // One account pays at all doors; what is free has a price here.
  await app.database.write(async (tx) => {
    for (const product of await tx.products.list(null)) {
      await tx.products.put({
        ...product,
        currency: 'CNY',
        prices: { fqdnMinor: 50_00, wildcardMinor: 60_00, ipMinor: 70_00 },
      });
    }
  });
  // httpsok asks DNS before it takes an application.
  app.checks.placeEverywhere('dnsCname');
});
after(() => doors.app.close());

interface Payer {
  readonly account: Account;
  readonly key: KeySettings;
}

async function payerAt(dialect: string): Promise<Payer> {
  const account = await createAccount(doors.app, { currency: 'CNY', balanceMinor: 10_000_00 });
  return { account, key: await doors.keyTo(dialect, account.id, anyone) };
}

/** Places an order. @returns it, and what the ledger has of it */
async function order(dialect: string, { account, key }: Payer, name: string) {
  const { operation, send, shows } = table[dialect] ?? assert.fail(dialect);
  const { app } = doors;
  const reply = await doors.call(dialect, operation, send(name), key);
  await app.idle();
  // httpsok places it once its records are seen.
  const again = dialect === 'httpsok' ? await doors.call(dialect, operation, send(name), key) : reply;
  const caller = { ...app.operator, scope: account.id };
  const [placed] = (await app.ports.orders.list(caller, { limit: 1 })).items;
  assert.ok(placed, again.text);
  // WoSign gives back at once what its order of unproved names cost.
  const line = (await app.ports.accounts.ledger(caller, account.id, { limit: 5 })).items.find(
    ({ kind }) => kind === 'charge',
  );
  if (shows === undefined) return { ...placed, line, shown: null };
  const answer = await doors.call(dialect, shows.operation, shows.input(String(placed.order.number)), key);
  return { ...placed, line, shown: shows.read(JSON.parse(answer.text)) };
}

describe('an account with a price of its own', () => {
  for (const dialect of Object.keys(table)) {
    it(`pays it through ${dialect}, and nobody else does`, async () => {
      const [payer, other] = [await payerAt(dialect), await payerAt(dialect)];
      const usual = await order(dialect, other, `usual.${dialect}.example.com`);
      assert.deepEqual([usual.order.totalMinor > 0, usual.line?.amountMinor], [true, -usual.order.totalMinor]);
      assert.notEqual(usual.order.totalMinor, own.fqdnMinor);
      const { product } = usual;
      await doors.app.ports.prices.set(doors.app.operator, payer.account.id, product, {
        prices: own,
        note: 'contract',
      });
      const placed = await order(dialect, payer, `own.${dialect}.example.com`);
      assert.equal(placed.product.id, product.id);
      assert.equal(placed.order.totalMinor, own.fqdnMinor);
      assert.deepEqual([placed.line?.kind, placed.line?.amountMinor], ['charge', -own.fqdnMinor]);
      const isShown = table[dialect]?.shows !== undefined;
      assert.deepEqual([usual.shown, placed.shown], isShown ? [50, 3.33] : [null, null]);
      const next = await order(dialect, other, `again.${dialect}.example.com`);
      assert.equal(next.order.totalMinor, usual.order.totalMinor);
    });
  }
});
