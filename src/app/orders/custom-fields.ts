/** The fields that an account adds to its orders. */

import { type CustomField, customFieldKinds, type FieldDefault, objectionToValue } from '../../domain/custom-field.ts';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import { type AccountId, isId, newId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import type { CustomFieldChange, CustomFields, NewCustomField } from '../../domain/ports/custom-fields.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { printable } from '../../domain/printable.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, findOwned } from '../scope.ts';

const longestLabel = 100;
/** Read with every order that fills them. */
const mostFields = 100;
/** Of one field. */
const mostDefaults = 100;

export function createCustomFields(context: AppContext): CustomFields {
  const { database, clock } = context;

  return {
    async add(caller, requests) {
      const accountId = accountIdOf(caller);
      const definitions = requests.map((request) => ({
        ...checkField(request),
        defaults: request.defaultValue == null ? [] : [{ keyId: null, value: request.defaultValue.trim() }],
      }));
      for (const definition of definitions) requireDefaultsThatFit(definition);
      const createdAt = clock.now();
      return database.write(async (tx) => {
        const added: CustomField[] = [];
        for (const definition of definitions) {
          await requireRoom(tx, accountId, definition.label);
          const field = await tx.customFields.insert({
            ...definition,
            id: newId('customField', context),
            accountId,
            createdAt,
          });
          await recordAccount(tx, caller, 'customField.added', {
            accountId,
            subject: field.id,
            data: { number: field.number, ...definition },
            at: createdAt,
          });
          added.push(field);
        }
        return added;
      });
    },

    async change(caller, reference, change) {
      return database.write(async (tx) => {
        const before = await findOwned(tx.customFields, 'customField', caller, reference);
        const { label, description, isRequired, isActive, kind } = { ...before, ...change };
        const defaults = await defaultsAfter(tx, before, change);
        const definition = { ...checkField({ label, description, isRequired, isActive, kind }), defaults };
        requireDefaultsThatFit(definition);
        if (definition.label !== before.label) await requireFree(tx, before.accountId, definition.label);
        const field = { ...before, ...definition };
        await tx.customFields.update(field.id, definition);
        await recordAccount(tx, caller, 'customField.changed', {
          accountId: field.accountId,
          subject: field.id,
          data: { number: field.number, ...change },
          at: clock.now(),
        });
        return field;
      });
    },

    async list(caller) {
      return database.read.customFields.list(accountIdOf(caller));
    },
  };
}

function checkField({
  label: entered,
  description,
  isRequired,
  isActive,
  kind,
}: NewCustomField): Required<Omit<NewCustomField, 'defaultValue'>> {
  const label = entered.trim();
  if (label === '' || label.length > longestLabel || printable(label) !== label) {
    throw refuse('fieldInvalid', {
      field: 'label',
      value: quoted(entered),
      expected: expectedOf.printableBetween(1, longestLabel),
    });
  }
  if (!customFieldKinds.includes(kind)) {
    throw refuse('fieldInvalid', { field: 'kind', value: quoted(kind), expected: customFieldKinds.join(', ') });
  }
  return { label, description: description?.trim() ?? '', isRequired, isActive, kind };
}

/** @throws {CertError} notFound for a key that the account does not have */
async function defaultsAfter(
  tx: Stores,
  { defaults, accountId }: CustomField,
  { defaultValue, keyDefaults = [] }: CustomFieldChange,
): Promise<readonly FieldDefault[]> {
  const values = new Map<FieldDefault['keyId'], string>(defaults.map(({ keyId, value }) => [keyId, value]));
  const set = (keyId: FieldDefault['keyId'], value: string | null) => {
    if (value === null) values.delete(keyId);
    else values.set(keyId, value.trim());
  };
  if (defaultValue !== undefined) set(null, defaultValue);
  for (const { keyId, value } of keyDefaults) set(await findKey(tx, accountId, keyId), value);
  if (values.size > mostDefaults) {
    throw refuse('fieldInvalid', {
      field: 'keyDefaults',
      value: String(values.size),
      expected: expectedOf.perField(mostDefaults),
    });
  }
  return [...values].map(([keyId, value]) => ({ keyId, value }));
}

/** A key by its id: a number alone does not say of which kind it is. */
async function findKey(tx: Stores, accountId: AccountId, keyId: string): Promise<NonNullable<FieldDefault['keyId']>> {
  if (isId('credential', keyId)) {
    if ((await tx.credentials.get(keyId))?.accountId === accountId) return keyId;
  } else if (isId('externalAccountKey', keyId) && (await tx.externalAccountKeys.get(keyId))?.accountId === accountId) {
    return keyId;
  }
  throw refuse('notFound', { what: 'key', value: quoted(keyId) });
}

/** Also those that were set while the field was of another kind. @throws {CertError} invalidField */
function requireDefaultsThatFit(field: Pick<CustomField, 'label' | 'kind' | 'defaults'>): void {
  for (const { value } of field.defaults) {
    if (value === '') {
      throw refuse('fieldInvalid', { field: 'defaultValue', value: quoted(value), expected: expected.someText });
    }
    const objection = objectionToValue(field, value);
    if (objection !== undefined) throw new CertError(objection);
  }
}

async function requireRoom(tx: Stores, accountId: CustomField['accountId'], label: string): Promise<void> {
  const fields = await requireFree(tx, accountId, label);
  if (fields.length < mostFields) return;
  throw refuse('fieldInvalid', {
    field: 'customFields',
    value: String(fields.length + 1),
    expected: expectedOf.perAccount(mostFields),
  });
}

async function requireFree(
  tx: Stores,
  accountId: CustomField['accountId'],
  label: string,
): Promise<readonly CustomField[]> {
  const fields = await tx.customFields.list(accountId);
  if (!fields.some((field) => field.label === label)) return fields;
  throw refuse('alreadyExists', { what: 'customField', value: quoted(label) });
}
