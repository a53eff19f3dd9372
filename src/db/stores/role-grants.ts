/** Roles that wait for a second administrator. */

import { sql } from 'kysely';
import type { AccountId, RoleGrantId } from '../../domain/ids.ts';
import type { RoleGrantStore } from '../../domain/ports/stores/role-grants.ts';
import type { RoleGrant } from '../../domain/role-grant.ts';
import { fromJson, fromMs, fromMsOrNull, toJson, toMsOrNull } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { RoleGrantRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'subject',
  'roles_json',
  'state',
  'proposed_by',
  'decided_by',
  'created_at',
  'decided_at',
] as const satisfies readonly (keyof RoleGrantRow)[];

export const roleGrantStatements = {
  insert: statement((db, p: RoleGrantRow) => db.insertInto('role_grants').values(pick(p, columns))),
  get: statement((db, p: { id: RoleGrantId }) => db.selectFrom('role_grants').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('role_grants').selectAll().where('number', '=', p.number),
  ),
  getPending: statement((db, p: { subject: RoleGrant['subject'] }) =>
    db.selectFrom('role_grants').selectAll().where('subject', '=', p.subject).where('state', '=', sql.lit('pending')),
  ),
  list: statement((db, p: { before: number; limit: number }) =>
    db.selectFrom('role_grants').selectAll().where('number', '<', p.before).orderBy('number', 'desc').limit(p.limit),
  ),
  listOfAccount: statement((db, p: { accountId: AccountId; before: number; limit: number }) =>
    db
      .selectFrom('role_grants')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('number', '<', p.before)
      .orderBy('number', 'desc')
      .limit(p.limit),
  ),
  moveFromPending: statement((db, p: Pick<RoleGrantRow, 'id' | 'state' | 'decided_by' | 'decided_at'>) =>
    db
      .updateTable('role_grants')
      .set(pick(p, ['state', 'decided_by', 'decided_at']))
      .where('id', '=', p.id)
      .where('state', '=', 'pending'),
  ),
};

export function createRoleGrantStore(session: Session): RoleGrantStore {
  const q = roleGrantStatements;
  const optional = (row: RoleGrantRow | undefined) => row && fromRow(row);
  return {
    async insert(grant) {
      const numbered = { ...grant, number: await session.nextNumber('role_grants') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      return optional(await session.first(q.get, { id }));
    },
    async getByNumber(number) {
      return optional(await session.first(q.getByNumber, { number }));
    },
    async getPending(subject) {
      return optional(await session.first(q.getPending, { subject }));
    },
    async list({ accountId, limit, before = Number.MAX_SAFE_INTEGER }) {
      const page = { limit, before };
      const rows = await (accountId === null
        ? session.all(q.list, page)
        : session.all(q.listOfAccount, { accountId, ...page }));
      return rows.map(fromRow);
    },
    async moveFromPending(id, state, { by, at }) {
      return (await session.run(q.moveFromPending, { id, state, decided_by: by, decided_at: at.getTime() })) === 1;
    },
  };
}

function toRow(grant: RoleGrant): RoleGrantRow {
  return {
    number: grant.number,
    id: grant.id,
    account_id: grant.accountId,
    subject: grant.subject,
    roles_json: toJson(grant.roles),
    state: grant.state,
    proposed_by: grant.proposedBy,
    decided_by: grant.decidedBy,
    created_at: grant.createdAt.getTime(),
    decided_at: toMsOrNull(grant.decidedAt),
  };
}

function fromRow(row: RoleGrantRow): RoleGrant {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    subject: row.subject,
    roles: fromJson(row.roles_json),
    state: row.state,
    proposedBy: row.proposed_by,
    decidedBy: row.decided_by,
    createdAt: fromMs(row.created_at),
    decidedAt: fromMsOrNull(row.decided_at),
  };
}
