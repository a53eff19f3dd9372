/** `ssl` with a hint: which product is meant. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogue, checkIsTls, determineProduct } from '../../../src/dialects/digicert/catalogue.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { ProductId } from '../../../src/domain/ids.ts';
import type { Product } from '../../../src/domain/product.ts';
import { names } from '../../support/app.ts';

const products: readonly Product[] = catalogue.map((entry) => ({
  maxPeriods: 1,
  csrMayFollow: false,
  ...entry,
  id: `prd_${entry.code}` as ProductId,
  dialect: 'digicert',
}));

const rows: readonly (readonly [hint: string | undefined, names: readonly string[], code: string])[] = [
  ['private', ['a.example.com'], 'private_ssl_plus'], // lemur
  ['private', ['*.example.com'], 'private_ssl_wildcard'],
  ['private_ssl', ['a.example.com'], 'private_ssl_plus'],
  ['ssl_basic', ['a.example.com'], 'ssl_basic'],
  ['dv', ['a.example.com'], 'ssl_dv_rapidssl'],
  ['dv', ['*.example.com'], 'wildcard_dv_rapidssl'],
  ['ev', ['a.example.com'], 'ssl_ev_plus'],
  ['OV', ['10.0.0.1'], 'ssl_wildcard'],
  ['rapidssl', ['a.example.com', 'b.example.com'], 'ssl_dv_rapidssl'],
];

describe('the product of an order for ssl', () => {
  for (const [hint, texts, code] of rows) {
    test(`with the hint ${hint} and ${texts.join(', ')} is ${code}`, () => {
      assert.equal(determineProduct(products, { hint, names: names(...texts) }), code);
    });
  }

  test('is the only one that the account may order, without a hint', () => {
    const only = products.filter(({ code }) => code === 'ssl_securesite_pro');
    assert.equal(determineProduct(only, { hint: undefined, names: names('a.example.com') }), 'ssl_securesite_pro');
  });

  for (const [hasOrganization, texts, code] of [
    [false, ['a.example.com'], 'ssl_dv_rapidssl'],
    [false, ['*.example.com'], 'wildcard_dv_rapidssl'],
    [true, ['*.example.com'], 'ssl_wildcard'],
    [true, ['a.example.com'], 'ssl_wildcard'],
  ] as const) {
    test(`without a hint and ${hasOrganization ? 'with' : 'without'} an organization is ${code} for ${texts}`, () => {
      assert.equal(determineProduct(products, { hint: undefined, names: names(...texts), hasOrganization }), code);
    });
  }

  test('without a hint is DV where no OV product is for sale, and never a private one or EV of several', () => {
    const without = (level: Product['level'][]) =>
      products.filter((one) => !level.includes(one.level) || one.code.startsWith('private'));
    const wanted = { hint: undefined, names: names('a.example.com'), hasOrganization: true };
    assert.equal(determineProduct(without(['ov']), wanted), 'ssl_dv_rapidssl');
    assert.throws(() => determineProduct(without(['ov', 'dv']), wanted), { code: 'unknownProduct' });
  });

  test('is refused where two cost the same, which are named', () => {
    const alike = products.map((one) =>
      one.level === 'dv' ? { ...one, prices: { ...one.prices, fqdnMinor: 1 } } : one,
    );
    assert.throws(
      () => determineProduct(alike, { hint: 'dv', names: names('a.example.com') }),
      (error) => error instanceof CertError && error.reason.key === 'productAmbiguous',
    );
  });

  for (const [why, hint, texts, key] of [
    ['a hint that fits nothing', 'gold', ['a.example.com'], 'unknownProduct'],
    ['names that no product of that kind covers', 'ev', ['*.example.com'], 'unknownProduct'],
  ] as const) {
    test(`is refused with ${why}`, () => {
      assert.throws(
        () => determineProduct(products, { hint, names: names(...texts) }),
        (error) => error instanceof CertError && error.reason.key === key,
      );
    });
  }

  test('and products that certify no TLS server are named as such', () => {
    assert.throws(
      () => checkIsTls('code_signing_ev'),
      (error) => error instanceof CertError && error.reason.key === 'productNotTls',
    );
  });
});
