/** The fields that an account adds to its orders. */

import { type CustomField, customFieldKinds } from '../../domain/custom-field.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { CustomFields, NewCustomField } from '../../domain/ports/custom-fields.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { printable } from '../../domain/printable.ts';
import { recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, findOwned } from '../scope.ts';

const longestLabel = 100;
/** Read with every order that fills them. */
const mostFields = 100;

export function createCustomFields(context: AppContext): CustomFields {
  const { database, clock } = context;

  return {
    async add(caller, requests) {
      const accountId = accountIdOf(caller);
      const definitions = requests.map(checkField);
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
        const definition = checkField({ label, description, isRequired, isActive, kind });
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
}: NewCustomField): Required<NewCustomField> {
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
