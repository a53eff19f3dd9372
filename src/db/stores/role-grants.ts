/** Roles that wait for a second administrator. */

import { sql } from 'kysely';
import type { RoleGrantStore } from '../../domain/ports/stores/role-grants.ts';
import type { RoleGrant } from '../../domain/role-grant.ts';
import type { RowOf } from '../codec.ts';
import { numberedStatements, numberedStore, pageOf, pageStatements } from '../numbered.ts';
import { pick, statement } from '../prepared.ts';
import { roleGrants } from '../rows/users.ts';
import type { Session } from '../session.ts';

export const roleGrantStatements = {
  ...numberedStatements(roleGrants),
  ...pageStatements(roleGrants),
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
    list: (query) => pageOf(session, roleGrants, q, query),
    async moveFromPending(id, state, { by, at }) {
      return (await session.run(q.moveFromPending, { id, state, decided_by: by, decided_at: at.getTime() })) === 1;
    },
  };
}
