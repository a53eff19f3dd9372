/** Ids that dialects show and that are not numbers. */
import type { ExternalIdStore } from '../../domain/ports/stores/external-ids.ts';
import type { RowOf } from '../codec.ts';
import { pick, statement } from '../prepared.ts';
import { externalIds } from '../rows/settings.ts';
import type { Session } from '../session.ts';

export const externalIdStatements = {
  insert: statement((db, p: RowOf<typeof externalIds>) =>
    db
      .insertInto('external_ids')
      .values(pick(p, externalIds.columns))
      .onConflict((conflict) => conflict.doNothing()),
  ),
  get: statement((db, p: { kind: string; value: string }) =>
    db.selectFrom('external_ids').select('object_id').where('kind', '=', p.kind).where('value', '=', p.value),
  ),
};

export function createExternalIdStore(session: Session): ExternalIdStore {
  const q = externalIdStatements;
  return {
    async insert(kind, value, objectId) {
      return (await session.run(q.insert, externalIds.toRow({ kind, value, objectId }))) === 1;
    },
    async get(kind, value) {
      return (await session.first(q.get, { kind, value }))?.object_id;
    },
  };
}
