/** A required custom field cannot be left out by ordering through another API: every front door, over the whole core. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Account } from '../../src/domain/account.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { anyCsr, createCaller, createCustomer } from '../support/app.ts';
import { type FrontDoors, type Input, startFrontDoors } from '../support/front-doors.ts';
import { paramsOf } from './walk/racent.ts';
import { anyone } from './walk/row.ts';

let doors: FrontDoors;
let account: Account;
let administrator: Caller;
let csr: string;
let field: { readonly id: string; readonly number: number };

/** Placing an order through each door that has no such fields, for one name. */
const silent: Readonly<Record<string, { readonly operation: string; send(name: string): Input }>> = {
  encryption365: {
    operation: 'cert.create',
    send: (name) => ({ pid: 'paid', csr_code: csr, domains: name }),
  },
  wosign: {
    operation: 'cert.apply',
    send: (name) => ({ req_type: 'cert_apply', domain_name: [name], csr }),
  },
  httpsok: { operation: 'cert.apply', send: (name) => ({ domainList: [name] }) },
  racent: {
    operation: 'order.place',
    send: (name) => ({
      productCode: 'comodo-positivessl',
      years: 1,
      refId: name,
      params: paramsOf(csr, name),
    }),
  },
  acme: { operation: 'order.create', send: (name) => ({ identifiers: [{ type: 'dns', value: name }] }) },
};

/** Their answer to an order whose names are not proved yet, or to one that comes before its records, has the form of a refusal. */
const waiting = ['wosign', 'httpsok'];

const keys = new Map<string, KeySettings>();
const keyTo = (dialect: string) => keys.get(dialect) ?? assert.fail(dialect);

before(async () => {
  doors = await startFrontDoors();
  const { app } = doors;
  csr = encodePem('CERTIFICATE REQUEST', await anyCsr());
  ({ account } = await createCustomer(app, { balanceMinor: 100_000_000, currency: 'CNY', dialect: 'native' }));
  administrator = await createCaller(app, account, { dialect: 'native', roles: ['administrator'] });
  await app.database.write(async (tx) => {
    for (const product of await tx.products.list(null)) await tx.products.put({ ...product, currency: 'CNY' });
  });
  for (const dialect of [...Object.keys(silent), 'native', 'digicert']) {
    keys.set(dialect, await doors.keyTo(dialect, account.id, anyone));
  }
  const [added] = await app.ports.customFields.add(administrator, [
    { label: 'Cost centre', isRequired: true, isActive: true, kind: 'integer' },
  ]);
  field = added ?? assert.fail('the field is added');
});
after(() => doors.app.close());

async function newestValues() {
  const { items } = await doors.app.ports.orders.list(administrator, { limit: 1 });
  return items[0]?.order.customValues.map(({ value }) => value);
}

describe('without a default', () => {
  for (const [dialect, { operation, send }] of Object.entries(silent)) {
    it(`${dialect} refuses the order, and says whose turn it is`, async () => {
      const reply = await doors.call(dialect, operation, send(`refused.${dialect}.example`), keyTo(dialect));
      assert.equal(reply.refusal, 'invalidField', reply.text);
      // WoSign's refusals are numbers, without words.
      if (dialect !== 'wosign') {
        assert.match(reply.text, /Cost centre/);
        assert.match(reply.text, new RegExp(`custom-field change ${field.number} --default`));
      }
      assert.deepEqual((await doors.app.ports.orders.list(administrator, { limit: 1 })).items, []);
    });
  }

  it('native refuses it by its own field, and takes a value', async () => {
    const order = { productCode: 'encryption365:paid', csr, names: ['native.example'] };
    const refused = await doors.call('native', 'orders.place', order, keyTo('native'));
    assert.deepEqual(
      JSON.parse(refused.text).errors.map((error: { field: string }) => error.field),
      ['customFields'],
    );
    const customFields = [{ field: 'Cost centre', value: '17' }];
    const placed = await doors.call('native', 'orders.place', { ...order, customFields }, keyTo('native'));
    assert.deepEqual(JSON.parse(placed.text).customFields, [
      { number: field.number, label: 'Cost centre', value: '17' },
    ]);
  });
});

describe('with a default', () => {
  before(() => doors.app.ports.customFields.change(administrator, field, { defaultValue: '4711' }));

  for (const [dialect, { operation, send }] of Object.entries(silent)) {
    it(`${dialect} takes the order`, async () => {
      const reply = await doors.call(dialect, operation, send(`taken.${dialect}.example`), keyTo(dialect));
      assert.equal(reply.refusal, waiting.includes(dialect) ? 'validationFailed' : undefined, reply.text);
      // An ACME order is placed when it is finalized, and one of httpsok once its records are there.
      if (dialect !== 'acme' && dialect !== 'httpsok') assert.deepEqual(await newestValues(), ['4711']);
    });
  }

  it('the default of a key is closer than that of the field', async () => {
    const { credential, secret } = await doors.app.ports.credentials.create(doors.app.operator, {
      accountId: account.id,
      userId: null,
      dialect: 'wosign',
      label: 'shop',
      roles: ['requester'],
      allowedAddresses: null,
    });
    assert.ok(secret);
    await doors.app.ports.customFields.change(administrator, field, {
      keyDefaults: [{ keyId: credential.id, value: '4712' }],
    });
    const caller = await createCaller(doors.app, account, { dialect: 'native' });
    const placed = await doors.app.ports.orders.check({ ...caller, credentialId: credential.id }, await request());
    assert.equal(placed.isRelayed, false);
    const { order } = await doors.app.ports.orders.place({ ...caller, credentialId: credential.id }, await request());
    assert.deepEqual(
      order.customValues.map(({ value }) => value),
      ['4712'],
    );
  });
});

async function request() {
  return {
    productCode: 'encryption365:paid',
    names: [{ kind: 'dns', value: 'key.example' } as const],
    csr: await anyCsr(),
    proofReference: 'a-reference-of-its-own',
    preferredMethod: 'httpFile',
    renewalOf: null,
    organization: null,
    contact: null,
    dialectData: {},
    idempotency: null,
  } as const;
}
