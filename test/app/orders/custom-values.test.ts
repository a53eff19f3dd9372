import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireCustomValues } from '../../../src/app/orders/custom-values.ts';
import type { CustomField, CustomFieldKind, CustomValue } from '../../../src/domain/custom-field.ts';
import { CertError } from '../../../src/domain/errors.ts';
import type { AccountId, CustomFieldId } from '../../../src/domain/ids.ts';

const field = (number: number, change: Partial<CustomField> = {}): CustomField => ({
  id: `fld_${number}` as CustomFieldId,
  number,
  accountId: 'acc_1' as AccountId,
  label: `field ${number}`,
  description: '',
  isRequired: false,
  isActive: true,
  kind: 'anything',
  defaults: [],
  createdAt: new Date(0),
  ...change,
});

const fields = [field(1, { isRequired: true }), field(2, { kind: 'integer' }), field(3, { isActive: false })];
const value = (fieldNumber: number, text: string): CustomValue => ({
  fieldNumber,
  label: `field ${fieldNumber}`,
  value: text,
});

describe('custom values', () => {
  it('keeps them in the order of the fields, under their labels', () => {
    const given = [
      { fieldNumber: 2, value: ' 17 ' },
      { fieldNumber: 1, value: 'a' },
    ];
    assert.deepEqual(requireCustomValues(fields, given), [value(1, 'a'), value(2, '17')]);
  });

  it('merges them into what the order has; an empty text clears', () => {
    const before = [value(1, 'a'), value(2, '17'), value(3, 'of a field that is gone')];
    assert.deepEqual(requireCustomValues(fields, [{ fieldNumber: 2, value: '' }], before), [before[0], before[2]]);
    assert.deepEqual(requireCustomValues(fields, [], before), before);
  });

  const refused: readonly (readonly [string, readonly { fieldNumber: number; value: string }[], RegExp])[] = [
    ['a required one that is missing', [], /^the custom field field 1 needs a value$/],
    ['a required one that is empty', [{ fieldNumber: 1, value: ' ' }], /^the custom field field 1 needs a value$/],
    ['one that is not active', [{ fieldNumber: 3, value: 'x' }], /active custom field of the account.*"3"/],
    ['one that is not there', [{ fieldNumber: 9, value: 'x' }], /"9"/],
    [
      'one that is given twice',
      [
        { fieldNumber: 1, value: 'x' },
        { fieldNumber: 1, value: 'y' },
      ],
      /"1"/,
    ],
  ];
  for (const [title, given, message] of refused) {
    it(`refuses ${title}`, () => {
      assert.throws(
        () => requireCustomValues(fields, given),
        (thrown: unknown) => {
          assert.ok(thrown instanceof CertError);
          assert.equal(thrown.code, 'invalidField');
          assert.match(thrown.message, message);
          return true;
        },
      );
    });
  }

  const kinds: readonly (readonly [CustomFieldKind, string, boolean])[] = [
    ['integer', '12a', false],
    ['integer', '-12', true],
    ['text', 'x'.repeat(256), false],
    ['text', 'x'.repeat(255), true],
    ['email', 'a@b', false],
    ['email', 'a@b.example', true],
    ['emailList', 'a@b.example, c@d.example', true],
    ['emailList', 'a@b.example, c', false],
    ['anything', 'x'.repeat(5000), true],
  ];
  for (const [kind, text, fits] of kinds) {
    it(`${kind}: ${text.slice(0, 30)} ${fits ? 'fits' : 'does not'}`, () => {
      const check = () => requireCustomValues([field(1, { kind })], [{ fieldNumber: 1, value: text }]);
      if (fits) assert.equal(check()[0]?.value, text);
      else assert.throws(check, { code: 'invalidField' });
    });
  }
});
