/** Domains that accounts keep. */

import { type SqlBool, sql } from 'kysely';
import type { AccountId, AuthorizationId, ManagedDomainId } from '../../domain/ids.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import type { ManagedDomainSearch, ManagedDomainStore } from '../../domain/ports/stores/managed-domains.ts';
import { fromJson, fromMs, toJson } from '../columns.ts';
import { type Builder, pick, settingOf, statement } from '../prepared.ts';
import { type Session, update } from '../session.ts';
import type { ManagedDomainRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'name',
  'organization_id',
  'container_id',
  'state',
  'proof_reference',
  'authorization_id',
  'requested_levels_json',
  'created_at',
] as const satisfies readonly (keyof ManagedDomainRow)[];

const changing = [
  'organization_id',
  'container_id',
  'state',
  'proof_reference',
  'authorization_id',
  'requested_levels_json',
] as const satisfies readonly (keyof ManagedDomainRow)[];

export const managedDomainStatements = {
  insert: statement((db, p: ManagedDomainRow) => db.insertInto('managed_domains').values(pick(p, columns))),
  get: statement((db, p: { id: ManagedDomainId }) =>
    db.selectFrom('managed_domains').selectAll().where('id', '=', p.id),
  ),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('managed_domains').selectAll().where('number', '=', p.number),
  ),
  getByName: statement((db, p: { accountId: AccountId; name: string }) =>
    db.selectFrom('managed_domains').selectAll().where('account_id', '=', p.accountId).where('name', '=', p.name),
  ),
  getByAuthorization: statement((db, p: { authorizationId: AuthorizationId }) =>
    db.selectFrom('managed_domains').selectAll().where('authorization_id', '=', p.authorizationId),
  ),
  remove: statement((db, p: { id: ManagedDomainId }) => db.deleteFrom('managed_domains').where('id', '=', p.id)),
};

const updateOf = settingOf<ManagedDomainRow>()(changing, (changed) =>
  statement((db, p: ManagedDomainRow) =>
    db.updateTable('managed_domains').set(pick(p, changed)).where('id', '=', p.id),
  ),
);

export function createManagedDomainStore(session: Session): ManagedDomainStore {
  const q = managedDomainStatements;
  const optional = (row: ManagedDomainRow | undefined) => row && fromRow(row);
  return {
    async insert(domain) {
      const numbered = { ...domain, number: await session.nextNumber('managed_domains') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      return optional(await session.first(q.get, { id }));
    },
    async getByNumber(number) {
      return optional(await session.first(q.getByNumber, { number }));
    },
    async getByName(accountId, name) {
      return optional(await session.first(q.getByName, { accountId, name }));
    },
    async getByAuthorization(authorizationId) {
      return optional(await session.first(q.getByAuthorization, { authorizationId }));
    },
    async list(search) {
      const items = (await session.select((db) => pageQuery(db, search))).map(fromRow);
      const [count] = await session.select((db) => countQuery(db, search));
      return { items, total: Number(count?.total ?? 0) };
    },
    async update(id, change) {
      const now = optional(await session.first(q.get, { id }));
      if (now === undefined) return;
      await update(session, updateOf, { before: toRow(now), after: toRow({ ...now, ...change }) });
    },
    async remove(id) {
      await session.run(q.remove, { id });
    },
  };
}

export function pageQuery(db: Builder, search: ManagedDomainSearch) {
  const { by, descending } = search.sort ?? { by: 'number', descending: true };
  return filtered(db, search)
    .selectAll()
    .orderBy(by, descending ? 'desc' : 'asc')
    .$if(by !== 'number', (query) => query.orderBy('number', 'desc'))
    .limit(search.limit)
    .offset(search.offset);
}

export function countQuery(db: Builder, search: ManagedDomainSearch) {
  return filtered(db, search).select((row) => row.fn.countAll<number>().as('total'));
}

function filtered(db: Builder, { accountId, state, containerId, text }: ManagedDomainSearch) {
  return db
    .selectFrom('managed_domains')
    .$if(accountId !== null, (query) => query.where('account_id', '=', accountId))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'active'))
    .$if(containerId !== undefined, (query) => query.where('container_id', '=', containerId ?? null))
    .$if(text?.isExact === true, (query) => query.where('name', '=', text?.value.toLowerCase() ?? ''))
    .$if(text?.isExact === false, (query) =>
      query.where(
        sql<SqlBool>`name like ${`%${(text?.value ?? '').toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`,
      ),
    );
}

function toRow(domain: ManagedDomain): ManagedDomainRow {
  return {
    number: domain.number,
    id: domain.id,
    account_id: domain.accountId,
    name: domain.name.value,
    organization_id: domain.organizationId,
    container_id: domain.containerId,
    state: domain.state,
    proof_reference: domain.proofReference,
    authorization_id: domain.authorizationId,
    requested_levels_json: toJson(domain.requestedLevels),
    created_at: domain.createdAt.getTime(),
  };
}

function fromRow(row: ManagedDomainRow): ManagedDomain {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    name: { kind: 'dns', value: row.name },
    organizationId: row.organization_id,
    containerId: row.container_id,
    state: row.state,
    proofReference: row.proof_reference,
    authorizationId: row.authorization_id,
    requestedLevels: fromJson(row.requested_levels_json),
    createdAt: fromMs(row.created_at),
  };
}
