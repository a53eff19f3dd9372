/** The fields that accounts add to their orders. */
import type { CustomField } from '../../domain/custom-field.ts';
import type { AccountId, CustomFieldId } from '../../domain/ids.ts';
import type { CustomFieldStore } from '../../domain/ports/stores/custom-fields.ts';
import { fromMs, toFlag } from '../columns.ts';
import { pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { CustomFieldRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'label',
  'description',
  'is_required',
  'is_active',
  'kind',
  'created_at',
] as const satisfies readonly (keyof CustomFieldRow)[];

export const customFieldStatements = {
  insert: statement((db, p: CustomFieldRow) => db.insertInto('custom_fields').values(pick(p, columns))),
  get: statement((db, p: { id: CustomFieldId }) => db.selectFrom('custom_fields').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('custom_fields').selectAll().where('number', '=', p.number),
  ),
  list: statement((db, p: { accountId: AccountId }) =>
    db.selectFrom('custom_fields').selectAll().where('account_id', '=', p.accountId).orderBy('number'),
  ),
};

const updateOf = settingOf<CustomFieldRow>()(['label', 'description', 'is_required', 'is_active', 'kind'], (changed) =>
  statement((db, p: CustomFieldRow) => db.updateTable('custom_fields').set(pick(p, changed)).where('id', '=', p.id)),
);

export function createCustomFieldStore(session: Session): CustomFieldStore {
  const q = customFieldStatements;
  return {
    async insert(field) {
      const numbered = { ...field, number: await session.nextNumber('custom_fields') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && fromRow(row);
    },
    async getByNumber(number) {
      const row = await session.first(q.getByNumber, { number });
      return row && fromRow(row);
    },
    async list(accountId) {
      return (await session.all(q.list, { accountId })).map(fromRow);
    },
    async update(id, change) {
      const row = await session.first(q.get, { id });
      if (row === undefined) return;
      const now = fromRow(row);
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
  };
}

function toRow(field: CustomField): CustomFieldRow {
  return {
    number: field.number,
    id: field.id,
    account_id: field.accountId,
    label: field.label,
    description: field.description,
    is_required: toFlag(field.isRequired),
    is_active: toFlag(field.isActive),
    kind: field.kind,
    created_at: field.createdAt.getTime(),
  };
}

function fromRow(row: CustomFieldRow): CustomField {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    label: row.label,
    description: row.description,
    isRequired: row.is_required === 1,
    isActive: row.is_active === 1,
    kind: row.kind,
    createdAt: fromMs(row.created_at),
  };
}
