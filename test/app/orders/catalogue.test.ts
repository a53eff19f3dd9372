/** What is for sale to whom, and under which name it is ordered. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addToCatalogue } from '../../../src/app/index.ts';
import { catalogue } from '../../../src/dialects/encryption365/catalogue.ts';
import { dialects } from '../../../src/dialects/registry.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { CatalogueEntry } from '../../../src/domain/product.ts';
import { productCodeOf } from '../../../src/domain/product-code.ts';
import { createCaller, createCustomer, place, startTestApp, type TestApp } from '../../support/app.ts';
import { createNastyUpstream } from '../../support/nasty-upstream.ts';
import { countRows } from '../../support/tables.ts';
import { createRelayingIssuer, createUpstreamIssuer } from '../../support/upstream-issuer.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const codes = async (caller: Parameters<TestApp['ports']['catalogue']['list']>[0]) =>
  (await app.ports.catalogue.list(caller)).map(productCodeOf);

const forSale = ['100', '108', '118', '128', 'dollars', 'month', 'paid', 'periods', 'public', 'years'].map(
  (code) => `encryption365:${code}`,
);

describe('the products of an account', () => {
  it('are those of its front door that are for sale', async () => {
    const { caller } = await createCustomer(app);
    assert.deepEqual(await codes(caller), forSale);
  });

  it('are those of every front door through native', async () => {
    const { caller } = await createCustomer(app, { dialect: 'native' });
    const others = dialects
      .filter(({ name }) => name !== 'encryption365')
      .flatMap(({ name, catalogue }) => catalogue.map(({ code }) => productCodeOf({ dialect: name, code })));
    assert.ok(others.length > 0);
    assert.deepEqual((await codes(caller)).toSorted(), [...forSale, ...others, 'other:1', 'wosign:public'].toSorted());
  });

  it('begin, through native, with those of no vendor', async () => {
    const { caller } = await createCustomer(app, { dialect: 'native' });
    assert.deepEqual((await codes(caller)).slice(0, 3), ['tls-dv', 'tls-ev', 'tls-ov']);
  });

  it('may be named by either name of one of no vendor', async () => {
    const both = ['native:tls-ov', 'tls-dv', 'tls-ov'];
    const { account, caller } = await createCustomer(app, { dialect: 'native' });
    const changed = await app.ports.accounts.change(app.operator, account.id, { productCodes: both });
    assert.deepEqual(changed.productCodes, ['tls-ov', 'tls-dv']);
    assert.deepEqual(await codes(caller), ['tls-dv', 'tls-ov']);
    await assert.rejects(app.ports.accounts.change(app.operator, account.id, { productCodes: ['tls-xv'] }), {
      message: /^productCodes must be the code of a product, such as tls-dv .* not "tls-xv"$/,
    });
  });

  it('are the ones its operator chose', async () => {
    const { account, caller } = await createCustomer(app, { productCodes: ['encryption365:100', 'other:1'] });
    assert.deepEqual(await codes(caller), ['encryption365:100']);
    const native = await createCaller(app, account, { dialect: 'native' });
    assert.deepEqual((await codes(native)).toSorted(), ['encryption365:100', 'other:1']);
  });

  it('are all of them for an operator, also what is not for sale', async () => {
    assert.ok((await codes(app.operator)).includes('encryption365:hidden'));
  });
});

describe('ordering a product', () => {
  const unknown = async (options: Parameters<typeof createCustomer>[1], productCode: string) => {
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_00, ...options });
    const before = countRows(app.databasePath);
    await assert.rejects(place(app, caller, ['example.com'], { productCode }), {
      code: 'unknownProduct',
      reason: { key: 'unknownProduct', params: { field: 'productCode', value: `"${productCode}"` } },
    });
    assert.deepEqual(countRows(app.databasePath), before);
  };

  it('that there is not', () => unknown({}, '999'));
  it('that is not for sale', () => unknown({}, 'hidden'));
  it('of another front door', () => unknown({}, '1'));
  it("of another front door, by native's name for it", () => unknown({}, 'other:1'));
  it('that is hidden from the account', () => unknown({ productCodes: ['encryption365:100'] }, 'paid'));
  it('through native without its front door', () => unknown({ dialect: 'native' }, '100'));
  it('through native with a front door that has none', () => unknown({ dialect: 'native' }, 'other:100'));
  it('whose name is a stranger to every table', () => unknown({}, "'; DROP TABLE products; --"));

  it('of no vendor needs no front door', async () => {
    const { caller } = await createCustomer(app, { dialect: 'native', productCodes: ['tls-dv'] });
    for (const productCode of ['tls-dv', 'native:tls-dv']) {
      const view = await place(app, caller, ['example.com'], { productCode });
      assert.equal(view.product.code, 'tls-dv');
      assert.equal(view.order.totalMinor, 0);
    }
  });
  it('of no vendor through the door of one', () => unknown({}, 'tls-dv'));

  it('through native names its front door', async () => {
    const { caller } = await createCustomer(app, { dialect: 'native' });
    const view = await place(app, caller, ['example.com'], { productCode: 'encryption365:100' });
    assert.equal(view.product.code, '100');
    assert.equal(view.order.dialect, 'native');
  });
});

describe('the catalogue', () => {
  it('keeps what the operator changed when the server starts again', async () => {
    const prices = { fqdnMinor: 1, wildcardMinor: 2, ipMinor: 3 };
    const changed = await app.ports.catalogue.change(app.operator, 'encryption365', '108', { prices });
    assert.deepEqual(changed.prices, prices);
    await addToCatalogue(app.context, 'encryption365', catalogue);
    assert.deepEqual(await app.database.read.products.getByCode('encryption365', '108'), changed);
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: changed.id });
    assert.equal(items[0]?.kind, 'product.changed');
  });

  it('takes a product off the market', async () => {
    const { caller } = await createCustomer(app);
    await app.ports.catalogue.change(app.operator, 'encryption365', 'month', { isForSale: false });
    assert.ok(!(await codes(caller)).includes('encryption365:month'));
    await assert.rejects(place(app, caller, ['example.com'], { productCode: 'month' }), { code: 'unknownProduct' });
  });

  it('says that there is no such product to change', async () => {
    const change = app.ports.catalogue.change(app.operator, 'encryption365', '999', { isForSale: true });
    await assert.rejects(change, { code: 'notFound', message: /encryption365:999/ });
  });

  const contradictions: readonly (readonly [change: object, field: string, value: string, among: RegExp])[] = [
    [{ profileId: 'nowhere' }, 'profileId', 'nowhere', /private-dv, public-dv/],
    [{ profileId: 'Public-DV' }, 'profileId', 'Public-DV', /private-dv, public-dv/],
    [{ profileId: 'public-ov' }, 'profileId', 'public-ov', /private-dv, public-dv/], // of another level
    [{ profileId: 'private-ev' }, 'profileId', 'private-ev', /private-dv, public-dv/],
    [{ issuerId: 'nobody' }, 'issuerId', 'nobody', /embedded/],
    [{ isForSale: false, issuerId: '' }, 'issuerId', '', /embedded/],
  ];
  for (const [change, field, value, among] of contradictions) {
    it(`is not changed by ${JSON.stringify(change)}, and says what may stand there`, async () => {
      const before = await app.tables();
      await assert.rejects(
        app.ports.catalogue.change(app.operator, 'encryption365', 'paid', change),
        (error: Error & { readonly code?: string }) => {
          assert.equal(error.code, 'invalidField');
          assert.match(error.message, new RegExp(`^${field} must be one of .*, not "${value}"$`));
          assert.match(error.message, among);
          return true;
        },
      );
      assert.deepEqual(await app.tables(), before);
    });
  }

  it('refuses a product that nothing can issue, and adds none of its list', async () => {
    const [free] = catalogue;
    assert.ok(free);
    const entry: CatalogueEntry = { ...free, code: 'a' };
    const before = countRows(app.databasePath);
    for (const bad of [{ profileId: 'nowhere' }, { issuerId: 'nobody' }]) {
      await assert.rejects(addToCatalogue(app.context, 'encryption365', [entry, { ...entry, code: 'b', ...bad }]));
    }
    assert.deepEqual(countRows(app.databasePath), before);
  });
});

describe('the issuer of a product', () => {
  let bought: TestApp;
  before(async () => {
    const clock = () => bought.clock;
    const upstream = await createNastyUpstream(clock);
    const own = createUpstreamIssuer(upstream, clock, { id: 'own' });
    const relaying = createRelayingIssuer(upstream, clock, { id: 'relaying', relays: ['tlsAlpn'] });
    bought = await startTestApp({ upstreams: [own, relaying, { id: 'pool', members: [own] }] });
  });
  after(() => bought.close());

  const change = (issuerId: string) =>
    bought.ports.catalogue.change(bought.operator, 'encryption365', '100', { issuerId });

  it('may be a single one or a pool, counts for what is ordered from then on, and is in the audit log', async () => {
    const { caller } = await createCustomer(bought);
    const before = await place(bought, caller, ['before.example.com'], { productCode: '100' });
    assert.equal((await change('pool')).issuerId, 'pool');
    const later = await place(bought, caller, ['later.example.com'], { productCode: '100' });
    assert.deepEqual([before.issuance.issuerId, later.issuance.issuerId], ['embedded', 'pool']);
    const kept = await bought.database.read.issuances.get(before.issuance.id);
    assert.equal(kept?.issuerId, 'embedded');
    const { items } = await bought.ports.events.list(bought.operator, { limit: 20 });
    const event = items.find(({ kind }) => kind === 'product.changed');
    assert.deepEqual(event?.data, { dialect: 'encryption365', code: '100', issuerId: 'pool' });
  });

  it('must be configured', async () => {
    await assert.rejects(change('elsewhere'), {
      message: 'issuerId must be one of embedded, own, relaying, pool, not "elsewhere"',
    });
  });

  it('must be one that an open front door can sell', async () => {
    const issuerNow = () => bought.database.read.products.getByCode('encryption365', '100');
    const before = await issuerNow();
    // Neither Encryption365 nor native has a field for a handshake.
    await assert.rejects(change('relaying'), (thrown) => {
      return thrown instanceof CertError && thrown.reason.key === 'doorCannotRelay';
    });
    assert.equal((await issuerNow())?.issuerId, before?.issuerId);
  });
});
