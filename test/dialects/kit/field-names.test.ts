import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inVendorWords } from '../../../src/dialects/kit/field-names.ts';
import { refuse } from '../../../src/domain/errors.ts';

const names = { credential: 'token', 'credential.secret': 'token', productCode: 'pid' };

describe('a refusal in the words of a vendor', () => {
  it('names the field as the vendor calls it, in code, message and log', () => {
    const cause = new Error('why');
    const error = inVendorWords(refuse('unknownProduct', { field: 'productCode', value: '"7"' }, { cause }), names);
    assert.deepEqual(error.reason, { key: 'unknownProduct', params: { field: 'pid', value: '"7"' } });
    assert.match(error.message, /pid/);
    assert.deepEqual([error.code, error.cause], ['unknownProduct', cause]);
  });

  it('is the same where it speaks of no field, or of one that has no other name', () => {
    for (const error of [
      refuse('accountSuspended', {}),
      refuse('fieldMissing', { field: 'constructor' }),
      refuse('fieldInvalid', { field: 'periods', value: '"0"', expected: '1' }),
    ]) {
      assert.equal(inVendorWords(error, names), error);
    }
  });

  it('does not tell an unknown key from a wrong secret, but where the vendor does', () => {
    const fieldOf = (field: string) => inVendorWords(refuse('credentialsWrong', { field }), names).reason;
    assert.deepEqual(fieldOf('credential'), fieldOf('credential.secret'));
  });

  it('is in the words of the operation before those of the dialect, and a name stands for what is inside it', () => {
    const rows: readonly (readonly [field: string, own: object, expected: string])[] = [
      ['amountMinor', { amountMinor: 'minor' }, 'minor'],
      ['organization.country', { organization: 'details' }, 'details.country'],
      ['organization.street', { organization: 'details', 'organization.street': 'address' }, 'address'],
      ['organization.city', { organization: '' }, 'city'],
      ['productCode', { productCode: 'product' }, 'product'],
    ];
    for (const [field, own, expected] of rows) {
      const error = inVendorWords(refuse('fieldMissing', { field }), names, own);
      assert.deepEqual(error.reason.params, { field: expected });
    }
  });
});
