/** Organizations, their verifications, and their contacts. */

import { type SqlBool, sql } from 'kysely';
import type { AccountId, OrganizationId } from '../../domain/ids.ts';
import {
  type Organization,
  type OrganizationContact,
  type OrganizationValidation,
  organizationLevels,
} from '../../domain/organization.ts';
import type { OrganizationSearch, OrganizationStore } from '../../domain/ports/stores/organizations.ts';
import type { RowOf } from '../codec.ts';
import { listByIdsStatement, numberedStatements } from '../numbered.ts';
import { type Builder, each, pick, sized, statement } from '../prepared.ts';
import {
  detailsKey,
  type OrganizationRow,
  organizationContacts,
  organizations,
  organizationValidations,
} from '../rows/organizations.ts';
import type { Session } from '../session.ts';
import { takeActorNumber } from './actor-numbers.ts';
import { escaped, inContainers, wholeSort } from './conditions.ts';

type ValidationRow = RowOf<typeof organizationValidations>;
type ContactRow = RowOf<typeof organizationContacts>;

/** Columns that the next decision on the same level replaces. */
const decisionColumns = organizationValidations.columns.filter(
  (name) => name !== 'organization_id' && name !== 'level',
);

export const organizationStatements = {
  ...numberedStatements(organizations),
  listByIds: listByIdsStatement(organizations),
  listByDetails: statement((db, p: { accountId: AccountId; key: string }) =>
    db
      .selectFrom('organizations')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('details_key', '=', p.key)
      .orderBy('number', 'desc'),
  ),
  validations: sized((size) =>
    statement((db, p: { ids: readonly OrganizationId[] }) =>
      db.selectFrom('organization_validations').selectAll().where('organization_id', 'in', each(p.ids, size)),
    ),
  ),
  contacts: sized((size) =>
    statement((db, p: { ids: readonly OrganizationId[] }) =>
      db.selectFrom('organization_contacts').selectAll().where('organization_id', 'in', each(p.ids, size)),
    ),
  ),
  contactOfAccount: statement((db, p: { accountId: AccountId; number: number }) =>
    db
      .selectFrom('organization_contacts')
      .innerJoin('organizations', 'organizations.id', 'organization_contacts.organization_id')
      .selectAll('organization_contacts')
      .where('organization_contacts.number', '=', p.number)
      .where('organizations.account_id', '=', p.accountId)
      .limit(1),
  ),
  move: statement((db, p: { id: OrganizationId; from: Organization['state']; to: Organization['state'] }) =>
    db.updateTable('organizations').set({ state: p.to }).where('id', '=', p.id).where('state', '=', p.from),
  ),
  putValidation: statement((db, p: ValidationRow) =>
    db
      .insertInto('organization_validations')
      .values(pick(p, organizationValidations.columns))
      .onConflict((conflict) => conflict.columns(['organization_id', 'level']).doUpdateSet(pick(p, decisionColumns))),
  ),
  putContact: statement((db, p: ContactRow) =>
    db
      .insertInto('organization_contacts')
      .values(pick(p, organizationContacts.columns))
      .onConflict((conflict) =>
        conflict.columns(['number', 'role', 'organization_id']).doUpdateSet(pick(p, ['user_id', 'person_json'])),
      ),
  ),
  removeValidations: statement((db, p: { id: OrganizationId }) =>
    db.deleteFrom('organization_validations').where('organization_id', '=', p.id),
  ),
  removeContacts: statement((db, p: { id: OrganizationId }) =>
    db.deleteFrom('organization_contacts').where('organization_id', '=', p.id),
  ),
  removeContactsOfRole: statement((db, p: { id: OrganizationId; role: OrganizationContact['role'] }) =>
    db.deleteFrom('organization_contacts').where('organization_id', '=', p.id).where('role', '=', p.role),
  ),
  remove: statement((db, p: { id: OrganizationId }) => db.deleteFrom('organizations').where('id', '=', p.id)),
  anOrder: statement((db, p: { id: OrganizationId }) =>
    db.selectFrom('orders').select('number').where('organization_id', '=', p.id).limit(1),
  ),
  aDomain: statement((db, p: { id: OrganizationId }) =>
    db.selectFrom('managed_domains').select('number').where('organization_id', '=', p.id).limit(1),
  ),
  anExternalAccountKey: statement((db, p: { id: OrganizationId; accountId: AccountId }) =>
    db
      .selectFrom('external_account_keys')
      .select('number')
      .where('account_id', '=', p.accountId)
      .where('organization_id', '=', p.id)
      .limit(1),
  ),
};

export function createOrganizationStore(session: Session): OrganizationStore {
  const q = organizationStatements;

  /** Reads all of them with two queries. */
  async function complete(rows: readonly OrganizationRow[]): Promise<readonly Organization[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const validations = await session.all(q.validations(ids.length), { ids });
    const contacts = await session.all(q.contacts(ids.length), { ids });
    return rows.map((row) => withRest(row, validations, contacts));
  }

  async function one(row: OrganizationRow | undefined): Promise<Organization | undefined> {
    return row === undefined ? undefined : (await complete([row]))[0];
  }

  return {
    async insert(organization) {
      const numbered = { ...organization, number: await session.nextNumber('organizations') };
      session.write(q.insert, organizations.toRow(numbered));
      for (const validation of numbered.validations) {
        session.write(q.putValidation, organizationValidations.toRow({ ...validation, organizationId: numbered.id }));
      }
      for (const contact of numbered.contacts) await session.run(q.putContact, contactToRow(numbered.id, contact));
      return numbered;
    },
    async get(id) {
      return one(await session.first(q.get, { id }));
    },
    async getByNumber(number) {
      return one(await session.first(q.getByNumber, { number }));
    },
    async listByIds(ids) {
      return ids.length === 0 ? [] : complete(await session.all(q.listByIds(ids.length), { ids }));
    },
    async listByDetails(accountId, details) {
      return complete(await session.all(q.listByDetails, { accountId, key: detailsKey(details) }));
    },
    async list(search) {
      const rows = await session.select((db) => pageQuery(db, search));
      const [count] = await session.select((db) => countQuery(db, search));
      return { items: await complete(rows), total: Number(count?.total ?? 0) };
    },
    async getContact(accountId, number) {
      const row = await session.first(q.contactOfAccount, { accountId, number });
      return row && contactFromRow(row);
    },
    async move(id, from, to) {
      return (await session.run(q.move, { id, from, to })) === 1;
    },
    async putValidation(id, validation) {
      session.write(q.putValidation, organizationValidations.toRow({ ...validation, organizationId: id }));
    },
    async putContact(id, contact) {
      session.write(q.putContact, contactToRow(id, contact));
    },
    async removeContacts(id, role) {
      session.write(q.removeContactsOfRole, { id, role });
    },
    async isUsed(id, accountId) {
      const use =
        (await session.first(q.anOrder, { id })) ??
        (await session.first(q.aDomain, { id })) ??
        (await session.first(q.anExternalAccountKey, { id, accountId }));
      return use !== undefined;
    },
    async remove(id) {
      session.write(q.removeValidations, { id });
      session.write(q.removeContacts, { id });
      session.write(q.remove, { id });
    },
    takeContactNumber: (id) => takeActorNumber(session, id),
  };
}

export function pageQuery(db: Builder, search: OrganizationSearch) {
  const { before } = search;
  let query = filtered(db, search)
    .selectAll()
    .$if(before !== undefined, (some) => some.where('organizations.number', '<', before ?? 0));
  for (const { by, descending } of wholeSort(search.sort)) {
    query = query.orderBy(`organizations.${by}`, descending ? 'desc' : 'asc');
  }
  return query.limit(search.limit).offset(search.offset);
}

export function countQuery(db: Builder, search: OrganizationSearch) {
  return filtered(db, search).select((row) => row.fn.countAll<number>().as('total'));
}

function filtered(db: Builder, search: OrganizationSearch) {
  const { accountId, state, containers, text, isAwaitingVerification, level, validUntilBefore } = search;
  const isVerified = level !== undefined || validUntilBefore !== undefined;
  return db
    .selectFrom('organizations')
    .$if(accountId !== null, (query) => query.where('organizations.account_id', '=', accountId))
    .$if(state !== undefined, (query) => query.where('organizations.state', '=', state ?? 'active'))
    .$if(containers !== undefined, (query) =>
      query.where(inContainers('organizations.container_id', containers ?? { in: [] })),
    )
    .$if(text !== undefined, (query) => query.where(hasText(text ?? { value: '', isExact: true })))
    .$if(isVerified, (query) => query.where('organizations.id', 'in', verified(db, search)))
    .$if(isAwaitingVerification === true, (query) => query.where('organizations.id', 'in', pending(db)))
    .$if(isAwaitingVerification === false, (query) => query.where('organizations.id', 'not in', pending(db)));
}

function verified(db: Builder, { level, validUntilBefore }: OrganizationSearch) {
  return db
    .selectFrom('organization_validations')
    .select('organization_id')
    .where('organization_validations.state', '=', sql.lit('valid'))
    .$if(level !== undefined, (query) => query.where('level', '=', level ?? 'ov'))
    .$if(validUntilBefore !== undefined, (query) => query.where('valid_until', '<', validUntilBefore?.getTime() ?? 0));
}

/** The state is written out, not bound, so that the partial index is known to fit. */
function pending(db: Builder) {
  return db
    .selectFrom('organization_validations')
    .select('organization_id')
    .where('organization_validations.state', '=', sql.lit('pending'));
}

function hasText({ value, isExact, orNumber = false }: NonNullable<OrganizationSearch['text']>) {
  const name = isExact
    ? sql<SqlBool>`organizations.name = ${value}`
    : sql<SqlBool>`lower(organizations.name) like ${`%${escaped(value.toLowerCase())}%`} escape '\\'`;
  const isNumber = orNumber && /^[0-9]{1,10}$/.test(value);
  return isNumber ? sql<SqlBool>`(${name} or organizations.number = ${Number(value)})` : name;
}

function withRest(
  row: OrganizationRow,
  validations: readonly ValidationRow[],
  contacts: readonly ContactRow[],
): Organization {
  return {
    ...organizations.fromRow(row),
    validations: validations
      .filter(({ organization_id: id }) => id === row.id)
      .map(validationFromRow)
      .toSorted((a, b) => organizationLevels.indexOf(a.level) - organizationLevels.indexOf(b.level)),
    contacts: contacts
      .filter(({ organization_id: id }) => id === row.id)
      .map(contactFromRow)
      .toSorted((a, b) => a.number - b.number || (a.role < b.role ? -1 : 1)),
  };
}

function validationFromRow(row: ValidationRow): OrganizationValidation {
  const { organizationId: _, ...validation } = organizationValidations.fromRow(row);
  return validation;
}

function contactToRow(organizationId: OrganizationId, { number, role, userId, ...person }: OrganizationContact) {
  return organizationContacts.toRow({ organizationId, number, role, userId, person });
}

function contactFromRow(row: ContactRow): OrganizationContact {
  const { person, number, role, userId } = organizationContacts.fromRow(row);
  return { ...person, number, role, userId };
}
