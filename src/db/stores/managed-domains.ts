/** Domains that accounts keep. */

import { type SqlBool, sql } from 'kysely';
import type { AccountId, AuthorizationId, ManagedDomainId } from '../../domain/ids.ts';
import type { ManagedDomainSearch, ManagedDomainStore } from '../../domain/ports/stores/managed-domains.ts';
import { numberedStatements, numberedStore, updateNoun, updatesOf } from '../numbered.ts';
import { type Builder, statement } from '../prepared.ts';
import { type ManagedDomainRow, managedDomains } from '../rows/organizations.ts';
import type { Session } from '../session.ts';
import { escaped, inContainers, wholeSort } from './conditions.ts';

const changing = [
  'organization_id',
  'container_id',
  'state',
  'proof_reference',
  'authorization_id',
  'requested_levels_json',
] as const satisfies readonly (keyof ManagedDomainRow)[];

export const managedDomainStatements = {
  ...numberedStatements(managedDomains),
  getByName: statement((db, p: { accountId: AccountId; name: string }) =>
    db.selectFrom('managed_domains').selectAll().where('account_id', '=', p.accountId).where('name', '=', p.name),
  ),
  getByAuthorization: statement((db, p: { authorizationId: AuthorizationId }) =>
    db.selectFrom('managed_domains').selectAll().where('authorization_id', '=', p.authorizationId),
  ),
  remove: statement((db, p: { id: ManagedDomainId }) => db.deleteFrom('managed_domains').where('id', '=', p.id)),
};

const updates = updatesOf(managedDomains, changing);

export function createManagedDomainStore(session: Session): ManagedDomainStore {
  const q = managedDomainStatements;
  const optional = (row: ManagedDomainRow | undefined) => row && managedDomains.fromRow(row);
  const numbered = numberedStore(session, managedDomains, q);
  return {
    ...numbered,
    async getByName(accountId, name) {
      return optional(await session.first(q.getByName, { accountId, name }));
    },
    async getByAuthorization(authorizationId) {
      return optional(await session.first(q.getByAuthorization, { authorizationId }));
    },
    async list(search) {
      const items = (await session.select((db) => pageQuery(db, search))).map(managedDomains.fromRow);
      const [count] = await session.select((db) => countQuery(db, search));
      return { items, total: Number(count?.total ?? 0) };
    },
    async remove(id) {
      session.write(q.remove, { id });
    },
    async update(id, change) {
      const now = await numbered.get(id);
      await updateNoun(session, managedDomains, updates, { now, change });
    },
  };
}

export function pageQuery(db: Builder, search: ManagedDomainSearch) {
  const { before } = search;
  let query = filtered(db, search)
    .selectAll()
    .$if(before !== undefined, (some) => some.where('number', '<', before ?? 0));
  for (const { by, descending } of wholeSort(search.sort)) query = query.orderBy(by, descending ? 'desc' : 'asc');
  return query.limit(search.limit).offset(search.offset);
}

export function countQuery(db: Builder, search: ManagedDomainSearch) {
  return filtered(db, search).select((row) => row.fn.countAll<number>().as('total'));
}

function filtered(db: Builder, { accountId, state, containers, text }: ManagedDomainSearch) {
  return db
    .selectFrom('managed_domains')
    .$if(accountId !== null, (query) => query.where('account_id', '=', accountId))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'active'))
    .$if(containers !== undefined, (query) => query.where(inContainers('container_id', containers ?? { in: [] })))
    .$if(text?.isExact === true, (query) => query.where('name', '=', text?.value.toLowerCase() ?? ''))
    .$if(text?.isExact === false, (query) =>
      query.where(sql<SqlBool>`name like ${`%${escaped((text?.value ?? '').toLowerCase())}%`} escape '\\'`),
    );
}
