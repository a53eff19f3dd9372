/** The fields that accounts add to their orders. */
import { sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { CustomFieldStore } from '../../domain/ports/stores/custom-fields.ts';
import { listOfAccountStatement, numberedStatements, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { customFields } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

export const customFieldStatements = {
  ...numberedStatements(customFields),
  list: listOfAccountStatement(customFields, 'asc'),
  // One row whatever there is, so that "none" is kept as well: that is the answer for nearly every order.
  countToFill: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('custom_fields')
      .select((row) => row.fn.countAll<number>().as('n'))
      .where('account_id', '=', p.accountId)
      .where('is_active', '=', sql.lit(1))
      .where((row) => row.or([row('is_required', '=', sql.lit(1)), row('defaults_json', 'is not', null)])),
  ),
};

const updates = updatesOf(customFields, ['label', 'description', 'is_required', 'is_active', 'kind', 'defaults_json']);

export function createCustomFieldStore(session: Session): CustomFieldStore {
  const q = customFieldStatements;
  const numbered = numberedStore(session, customFields, q);
  return {
    ...numbered,
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(customFields.fromRow);
    },
    async hasAnyToFill(accountId) {
      return (await session.kept(q.countToFill, { accountId }, ({ n }) => Number(n))) !== 0;
    },
    async update(id, change) {
      const now = await numbered.get(id);
      await updateNoun(session, customFields, updates, { now, change });
    },
  };
}
