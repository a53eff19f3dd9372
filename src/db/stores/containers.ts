/** The parts of accounts. */
import type { Container } from '../../domain/account.ts';
import type { AccountId, ContainerId } from '../../domain/ids.ts';
import type { ContainerStore } from '../../domain/ports/stores/containers.ts';
import { fromJsonOrNull, fromMs, toJsonOrNull } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { ContainerRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'parent_id',
  'name',
  'description',
  'state',
  'allowed_names_json',
  'created_at',
] as const satisfies readonly (keyof ContainerRow)[];

export const containerStatements = {
  insert: statement((db, p: ContainerRow) => db.insertInto('containers').values(pick(p, columns))),
  get: statement((db, p: { id: ContainerId }) => db.selectFrom('containers').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('containers').selectAll().where('number', '=', p.number),
  ),
  list: statement((db, p: { accountId: AccountId }) =>
    db.selectFrom('containers').selectAll().where('account_id', '=', p.accountId).orderBy('number'),
  ),
};

export function createContainerStore(session: Session): ContainerStore {
  const q = containerStatements;
  return {
    async insert(container) {
      const numbered = { ...container, number: await session.nextNumber('containers') };
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
  };
}

function toRow(container: Container): ContainerRow {
  return {
    number: container.number,
    id: container.id,
    account_id: container.accountId,
    parent_id: container.parentId,
    name: container.name,
    description: container.description,
    state: container.state,
    allowed_names_json: toJsonOrNull(container.allowedNames),
    created_at: container.createdAt.getTime(),
  };
}

function fromRow(row: ContainerRow): Container {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    parentId: row.parent_id,
    name: row.name,
    description: row.description,
    state: row.state,
    allowedNames: fromJsonOrNull(row.allowed_names_json),
    createdAt: fromMs(row.created_at),
  };
}
