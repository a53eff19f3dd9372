/** Roles that wait for a second administrator. */

import { type SqlBool, sql } from 'kysely';
import type { PageQuery } from '../../domain/page.ts';
import type { RoleGrantStore, StoredRoleGrantFilter } from '../../domain/ports/stores/role-grants.ts';
import type { RoleGrant } from '../../domain/role-grant.ts';
import type { RowOf } from '../codec.ts';
import { asId } from '../forms.ts';
import { numberedStatements, numberedStore } from '../numbered.ts';
import { type Builder, pick, statement } from '../prepared.ts';
import { roleGrants } from '../rows/users.ts';
import type { Session } from '../session.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

export const roleGrantStatements = {
  ...numberedStatements(roleGrants),
  getPending: statement((db, p: { subject: RoleGrant['subject'] }) =>
    db.selectFrom('role_grants').selectAll().where('subject', '=', p.subject).where('state', '=', sql.lit('pending')),
  ),
  moveFromPending: statement((db, p: Pick<RowOf<typeof roleGrants>, 'id' | 'state' | 'decided_by' | 'decided_at'>) =>
    db
      .updateTable('role_grants')
      .set(pick(p, ['state', 'decided_by', 'decided_at']))
      .where('id', '=', p.id)
      .where('state', '=', 'pending'),
  ),
};

export function createRoleGrantStore(session: Session): RoleGrantStore {
  const q = roleGrantStatements;
  return {
    ...numberedStore(session, roleGrants, q),
    async getPending(subject) {
      const row = await session.first(q.getPending, { subject });
      return row && roleGrants.fromRow(row);
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(roleGrants.fromRow);
    },
    count: (filter) => totalOfList(session, (db) => listQuery(db, { ...filter, limit: countedLimit }).clearOrderBy()),
    async moveFromPending(id, state, { by, at }) {
      return (await session.run(q.moveFromPending, { id, state, decided_by: by, decided_at: at.getTime() })) === 1;
    },
  };
}

function listQuery(db: Builder, query: StoredRoleGrantFilter & PageQuery) {
  const { accountId, state, subject, before, limit } = query;
  return db
    .selectFrom('role_grants')
    .selectAll()
    .where((row) =>
      row.and([
        ...(accountId === null ? [] : [sql<SqlBool>`account_id = ${asId('account', accountId)}`]),
        ...(state === undefined ? [] : [sql<SqlBool>`state = ${state}`]),
        ...(subject === undefined ? [] : [row('subject', '=', subject)]),
        ...(before === undefined ? [] : [sql<SqlBool>`number < ${before}`]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(limit);
}
