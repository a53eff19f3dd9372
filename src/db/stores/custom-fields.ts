/** The fields that accounts add to their orders. */
import type { CustomFieldStore } from '../../domain/ports/stores/custom-fields.ts';
import { listOfAccountStatement, numberedStatements, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { customFields } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

export const customFieldStatements = {
  ...numberedStatements(customFields),
  list: listOfAccountStatement(customFields, 'asc'),
};

const updates = updatesOf(customFields, ['label', 'description', 'is_required', 'is_active', 'kind']);

export function createCustomFieldStore(session: Session): CustomFieldStore {
  const q = customFieldStatements;
  const numbered = numberedStore(session, customFields, q);
  return {
    ...numbered,
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(customFields.fromRow);
    },
    async update(id, change) {
      const now = await numbered.get(id);
      await updateNoun(session, customFields, updates, { now, change });
    },
  };
}
