/** Lists of accounts, users and keys by what somebody asks for, a page at a time, newest first unless sorted otherwise. */
import { type SqlBool, sql } from 'kysely';
import type { AccountListFilter, AccountListQuery } from '../../domain/ports/stores/accounts.ts';
import type { CredentialListQuery, StoredCredentialFilter } from '../../domain/ports/stores/credentials.ts';
import type { StoredUserFilter, UserListQuery } from '../../domain/ports/stores/users.ts';
import { unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import type { Builder } from '../prepared.ts';
import type { Session } from '../session.ts';
import { escaped, hasText } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

// Texts are looked for in each row, and accounts of ACME clients are keys: of an account that has very many, beside everything else.
export const findAccounts = (session: Session, query: AccountListQuery) =>
  session.select((db) => accountsQuery(db, query));
export const findUsers = (session: Session, query: UserListQuery) => session.beside((db) => usersQuery(db, query));
export const findCredentials = (session: Session, query: CredentialListQuery) =>
  session.beside((db) => credentialsQuery(db, query));

export const countAccounts = (session: Session, filter: AccountListFilter) =>
  totalOfList(session, (db) => accountsQuery(db, { ...filter, limit: countedLimit }).clearOrderBy());
export const countUsers = (session: Session, filter: StoredUserFilter) =>
  totalOfList(session, (db) => usersQuery(db, { ...filter, limit: countedLimit }).clearOrderBy(), true);
export const countCredentials = (session: Session, filter: StoredCredentialFilter) =>
  totalOfList(session, (db) => credentialsQuery(db, { ...filter, limit: countedLimit }).clearOrderBy(), true);

export function accountsQuery(db: Builder, query: AccountListQuery) {
  const { text, state, balanceBelow, isLow, before, sort = 'number', descending = true, limit } = query;
  const sorted = { number: 'accounts.number', name: 'accounts.name', balance: 'balances.amount_minor' } as const;
  const direction = descending ? 'desc' : 'asc';
  const behind = sql.raw(descending ? '<' : '>');
  return db
    .selectFrom('accounts')
    .innerJoin('balances', 'balances.account_id', 'accounts.id')
    .selectAll('accounts')
    .where((row) =>
      row.and([
        ...(text === undefined ? [] : [hasText(text, ['accounts.name', 'accounts.contact_email'], 'accounts.number')]),
        ...(state === undefined ? [] : [sql<SqlBool>`accounts.state = ${state}`]),
        ...(balanceBelow === undefined ? [] : [sql<SqlBool>`balances.amount_minor < ${balanceBelow}`]),
        ...(isLow === undefined
          ? []
          : [isLow ? sql<SqlBool>`accounts.low_since is not null` : sql<SqlBool>`accounts.low_since is null`]),
        ...(before === undefined
          ? []
          : [
              sql<SqlBool>`(${sql.ref(sorted[sort])}, accounts.number) ${behind} (${sort === 'number' ? before.number : before.value}, ${before.number})`,
            ]),
      ]),
    )
    .orderBy(sorted[sort], direction)
    .$if(sort !== 'number', (some) => some.orderBy('accounts.number', direction))
    .limit(limit);
}

export function usersQuery(db: Builder, { accountId, text, state, role, before, limit }: UserListQuery) {
  const names = sql<string>`json_extract(users.person_json, '$.firstName') || ' ' || json_extract(users.person_json, '$.lastName')
    || ' ' || json_extract(users.person_json, '$.email')`;
  return db
    .selectFrom('users')
    .selectAll()
    .$if(accountId !== null, (some) => some.where('account_id', '=', accountId))
    .where((row) =>
      row.and([
        ...(text === undefined
          ? []
          : [
              row.or([
                hasText(text, ['users.username'], 'users.number'),
                sql<SqlBool>`lower(${names}) like ${`%${escaped(text.toLowerCase())}%`} escape '\\'`,
              ]),
            ]),
        ...(state === undefined ? [] : [sql<SqlBool>`state = ${state}`]),
        ...(role === undefined ? [] : [sql<SqlBool>`roles_json like ${`%"${escaped(role)}"%`} escape '\\'`]),
        ...(before === undefined ? [] : [sql<SqlBool>`number < ${before}`]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(limit);
}

export function credentialsQuery(db: Builder, query: CredentialListQuery) {
  const { accountId, userId, externalAccountKeyId, dialect, text, unusedSince, isRevoked, before, limit } = query;
  // Keeps the index of the account from being what finds the keys of a person, and the clients of a key.
  const isOfAccount = userId === undefined && externalAccountKeyId === undefined;
  const account = isOfAccount ? sql.ref('account_id') : unindexed('account_id');
  const isUnused = (since: Date) => sql<SqlBool>`coalesce(last_used_at, created_at) < ${since.getTime()}`;
  return db
    .selectFrom('credentials')
    .selectAll()
    .where((row) =>
      row.and([
        ...(accountId === null ? [] : [sql<SqlBool>`${account} = ${asId('account', accountId)}`]),
        ...(userId === undefined ? [] : [sql<SqlBool>`user_id = ${asId('user', userId)}`]),
        ...(externalAccountKeyId === undefined
          ? []
          : [sql<SqlBool>`external_account_key_id = ${asId('externalAccountKey', externalAccountKeyId)}`]),
        ...(dialect === undefined ? [] : [sql<SqlBool>`dialect = ${dialect}`]),
        ...(text === undefined ? [] : [hasText(text, ['label', 'public_id'], 'number')]),
        ...(unusedSince === undefined ? [] : [isUnused(unusedSince)]),
        ...(isRevoked === undefined ? [] : [sql<SqlBool>`revoked_at is ${sql.raw(isRevoked ? 'not null' : 'null')}`]),
        ...(before === undefined ? [] : [sql<SqlBool>`number < ${before}`]),
      ]),
    )
    .orderBy('number', 'desc')
    .limit(limit);
}
