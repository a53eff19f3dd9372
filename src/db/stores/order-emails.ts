/**
 * Orders by an e-mail address that belongs to them. Nothing of it has an index of its own: the texts of each order are looked at, and
 * only where the address occurs in one is that read as JSON.
 */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import { asId } from '../forms.ts';

function isLike(value: RawBuilder<unknown>, pattern: string): RawBuilder<SqlBool> {
  return sql`lower(${value}) like lower(${pattern}) escape '\\'`;
}

/** The keys of whoever has such an address. A key that nobody holds, and a person without one, have that of the account. */
export function placersOfEmail(accountId: AccountId, pattern: string): RawBuilder<unknown> {
  return sql`select key.id from credentials as key
    left join users as person on person.id = key.user_id
    inner join accounts as account on account.id = key.account_id
    where key.account_id = ${asId('account', accountId)}
    and ${isLike(sql`coalesce(nullif(json_extract(person.person_json, '$.email'), ''), account.contact_email)`, pattern)}`;
}

/** The organizations that have a contact with such an address. */
export function ownersOfEmail(accountId: AccountId, pattern: string): RawBuilder<unknown> {
  return sql`select contact.organization_id from organization_contacts as contact
    inner join organizations as theirs on theirs.id = contact.organization_id
    where theirs.account_id = ${asId('account', accountId)} and ${isLike(sql`json_extract(contact.person_json, '$.email')`, pattern)}`;
}

/** @param pattern for `like`; either case of a letter is taken for the other, as addresses are compared */
export function hasEmail(accountId: AccountId, pattern: string): RawBuilder<SqlBool> {
  const occursIn = (column: RawBuilder<unknown>) => isLike(column, `%${pattern}%`);
  return sql<SqlBool>`(orders.credential_id in (${placersOfEmail(accountId, pattern)})
    or orders.organization_id in (${ownersOfEmail(accountId, pattern)})
    or (${occursIn(sql`orders.reminders_json`)} and exists (
      select 1 from json_each(orders.reminders_json, '$.addresses') as recipient where ${isLike(sql`recipient.value`, pattern)}))
    or ${isLike(sql`json_extract(orders.contact_json, '$.email')`, pattern)}
    or (${occursIn(sql`orders.dialect_data_json`)} and exists (
      select 1 from json_tree(orders.dialect_data_json) as member
      where member.key = 'email' and ${isLike(sql`member.value`, pattern)})))`;
}
