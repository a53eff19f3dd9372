/** The fields that accounts add to their orders. */
import type { CustomFieldStore } from '../../domain/ports/stores/custom-fields.ts';
import type { RowOf } from '../codec.ts';
import { listOfAccountStatement, numberedStatements, numberedStore } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { customFields } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

export const customFieldStatements = {
  ...numberedStatements(customFields),
  list: listOfAccountStatement(customFields, 'asc'),
  update: statement((db, p: RowOf<typeof customFields>) =>
    db
      .updateTable('custom_fields')
      .set(pick(p, ['label', 'description', 'is_required', 'is_active', 'kind']))
      .where('id', '=', p.id),
  ),
};

export function createCustomFieldStore(session: Session): CustomFieldStore {
  const q = customFieldStatements;
  return {
    ...numberedStore(session, customFields, q),
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(customFields.fromRow);
    },
    async update(field) {
      await session.run(q.update, customFields.toRow(field));
    },
  };
}
