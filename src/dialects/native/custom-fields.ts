/** Custom fields of orders: named by clients as people do, and shown with their labels. */
import type { Caller } from '../../domain/caller.ts';
import type { CustomField, CustomValue } from '../../domain/custom-field.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Services } from './services.ts';

type Values = readonly { readonly field: string; readonly value: string }[];

/** @throws {CertError} invalidField for a field that the account does not have */
export async function customValuesFrom(
  values: Values,
  { caller, services }: { readonly caller: Caller; readonly services: Pick<Services, 'customFields'> },
): Promise<readonly Pick<CustomValue, 'fieldNumber' | 'value'>[]> {
  if (values.length === 0) return [];
  const fields = await services.customFields.list(caller);
  const numbers = new Set<number>();
  return values.map(({ field, value }, index) => {
    const { number: fieldNumber } = findField(fields, field, index);
    if (numbers.has(fieldNumber)) throw notAField(field, index);
    numbers.add(fieldNumber);
    return { fieldNumber, value };
  });
}

/** By id, by number, or by the label, which an account has once. */
function findField(fields: readonly CustomField[], named: string, index: number): CustomField {
  const text = named.trim();
  const active = fields.filter(({ isActive }) => isActive);
  const found =
    active.find(({ id, label }) => id === text || label === text) ??
    active.find(({ number }) => String(number) === text);
  if (found === undefined) throw notAField(named, index);
  return found;
}

function notAField(named: string, index: number): Error {
  return refuse('fieldInvalid', {
    field: `customFields[${index}].field`,
    value: quoted(named),
    expected: expected.activeCustomField,
  });
}

/** Absent where there are none, as in nearly every order. */
export function customValuesToWire(values: readonly CustomValue[]) {
  if (values.length === 0) return {};
  return { customFields: values.map(({ fieldNumber: number, label, value }) => ({ number, label, value })) };
}
