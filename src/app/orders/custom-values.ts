/** The values of an account's custom fields in an order. */
import { type CustomField, type CustomValue, objectionToValue } from '../../domain/custom-field.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';

type ValueChange = Pick<CustomValue, 'fieldNumber' | 'value'>;

/**
 * The values as an order keeps them, in the order of the fields. An empty text clears a field that need not be filled. Of
 * fields that are no longer active, the earlier values stay.
 * @param before what the order has already
 * @throws {CertError} invalidField for a field that the account does not have or that is given twice, for a value that does
 * not fit, and for a required field that stays empty
 */
export function requireCustomValues(
  fields: readonly CustomField[],
  changes: readonly ValueChange[],
  before: readonly CustomValue[] = [],
): readonly CustomValue[] {
  const active = fields.filter((field) => field.isActive);
  const values = new Map<number, CustomValue>(before.map((value) => [value.fieldNumber, value]));
  const seen = new Set<number>();
  for (const { fieldNumber, value } of changes) {
    const field = active.find(({ number }) => number === fieldNumber);
    if (field === undefined || seen.has(fieldNumber)) throw unknownField(fieldNumber);
    seen.add(fieldNumber);
    const text = value.trim();
    const objection = text === '' ? undefined : objectionToValue(field, text);
    if (objection !== undefined) throw new CertError(objection);
    if (text === '') values.delete(fieldNumber);
    else values.set(fieldNumber, { fieldNumber, label: field.label, value: text });
  }
  const missing = active.find((field) => field.isRequired && !values.has(field.number));
  if (missing !== undefined) throw refuse('customValueMissing', { field: missing.label });
  return [...values.values()].toSorted((a, b) => a.fieldNumber - b.fieldNumber);
}

function unknownField(fieldNumber: number): CertError {
  const expected = {
    en: 'the number of an active custom field of the account, given once',
    zh: '该账户已启用的自定义字段编号，且不得重复',
  };
  return refuse('fieldInvalid', { field: 'customValues', value: quoted(fieldNumber), expected });
}
