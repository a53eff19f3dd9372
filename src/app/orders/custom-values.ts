/** The values of an account's custom fields in an order. */
import type { Caller } from '../../domain/caller.ts';
import {
  type CustomField,
  type CustomValue,
  defaultFor,
  type FieldDefault,
  objectionToValue,
} from '../../domain/custom-field.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { PlaceOrder } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

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
  const values = valuesAfter(fields, changes, before);
  const missing = firstMissing(fields, values);
  if (missing !== undefined) throw refuse('customValueMissing', { field: missing.label });
  return values;
}

/**
 * The values of a new order: what its request says, and the defaults of the fields that it leaves out.
 * @throws {CertError} invalidField; for a required field that nothing fills by what its front door can do about it
 */
export async function valuesOfNewOrder(
  stores: Stores,
  caller: Pick<Caller, 'credentialId'>,
  accountId: AccountId,
  requested: PlaceOrder['customValues'],
): Promise<readonly CustomValue[]> {
  const isSilent = requested === undefined || requested.length === 0;
  if (isSilent && !(await stores.customFields.hasAnyToFill(accountId))) return [];
  const fields = await stores.customFields.list(accountId);
  const values = withDefaults(fields, valuesAfter(fields, requested ?? []), await keyIdsOf(stores, caller));
  const missing = firstMissing(fields, values);
  if (missing === undefined) return values;
  if (requested !== undefined) throw refuse('customValueMissing', { field: missing.label });
  // The front door has no such field: its client can do nothing.
  throw refuse('customValueNotCarried', { label: missing.label, number: missing.number });
}

/**
 * The values of an order that goes on: a required field that it lacks has its default.
 * @param credentialId the key by which the order was placed
 * @throws {CertError} orderLacksCustomValue
 */
export async function completedValues(
  stores: Stores,
  {
    accountId,
    credentialId,
    customValues,
    number,
  }: Pick<Order, 'accountId' | 'credentialId' | 'customValues' | 'number'>,
): Promise<readonly CustomValue[]> {
  if (!(await stores.customFields.hasAnyToFill(accountId))) return customValues;
  const fields = await stores.customFields.list(accountId);
  const lacking = fields.filter((field) => isMissing(field, customValues));
  if (lacking.length === 0) return customValues;
  const values = withDefaults(lacking, customValues, await keyIdsOf(stores, { credentialId }));
  const missing = firstMissing(lacking, values);
  if (missing === undefined) return values;
  throw refuse('orderLacksCustomValue', { label: missing.label, order: String(number), number: missing.number });
}

function valuesAfter(
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
  return inOrder([...values.values()]);
}

function withDefaults(
  fields: readonly CustomField[],
  values: readonly CustomValue[],
  keyIds: readonly NonNullable<FieldDefault['keyId']>[],
): readonly CustomValue[] {
  const added = fields.flatMap((field): CustomValue[] => {
    const { number: fieldNumber, label, isActive } = field;
    if (!isActive || values.some((value) => value.fieldNumber === fieldNumber)) return [];
    const value = defaultFor(field, keyIds);
    return value === undefined ? [] : [{ fieldNumber, label, value }];
  });
  return inOrder([...values, ...added]);
}

/** The key itself, then the external account key that bound it. */
async function keyIdsOf(
  stores: Stores,
  { credentialId }: Pick<Caller, 'credentialId'>,
): Promise<readonly NonNullable<FieldDefault['keyId']>[]> {
  if (credentialId === null) return [];
  const bindingId = (await stores.credentials.get(credentialId))?.externalAccountKeyId ?? null;
  return bindingId === null ? [credentialId] : [credentialId, bindingId];
}

function firstMissing(fields: readonly CustomField[], values: readonly CustomValue[]): CustomField | undefined {
  return fields.find((field) => isMissing(field, values));
}

function isMissing({ isActive, isRequired, number }: CustomField, values: readonly CustomValue[]): boolean {
  return isActive && isRequired && !values.some(({ fieldNumber }) => fieldNumber === number);
}

function inOrder(values: readonly CustomValue[]): readonly CustomValue[] {
  return values.toSorted((a, b) => a.fieldNumber - b.fieldNumber);
}

function unknownField(fieldNumber: number): CertError {
  const expected = {
    en: 'the number of an active custom field of the account, given once',
    zh: '该账户已启用的自定义字段编号，且不得重复',
  };
  return refuse('fieldInvalid', { field: 'customValues', value: quoted(fieldNumber), expected });
}
