/** Lists of certificates by what they are of: an account, an order, a name, a key. */
import { type RawBuilder, sql } from 'kysely';
import { numberOf } from '../../domain/ids.ts';
import type { CertificateQuery } from '../../domain/ports/stores/certificates.ts';
import { fromHex, unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import type { Builder } from '../prepared.ts';
import { issuancesOf } from './issuances.ts';

/**
 * A name is looked up among the orders that ever requested it; of their certificates those remain that carry it. (Names
 * hold no `"`, `%` or `_`, so that the quoted name is found in the JSON list exactly; a filter that holds one finds no
 * order.)
 */
export function listQuery(db: Builder, wanted: CertificateQuery) {
  const { accountId, dialect, orderId, name, serial, keyHash, withheld, before, limit } = wanted;
  const isNarrowed = [orderId, name, serial, keyHash].some((filter) => filter !== undefined);
  return db
    .selectFrom('certificates')
    .selectAll('certificates')
    .$if(name !== undefined, (query) =>
      query
        .where('certificates.number', 'in', certificatesOf(ordersOf(name ?? '')))
        .where('certificates.names_json', 'like', `%"${name}"%`),
    )
    .$if(dialect !== undefined, (some) =>
      some.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('orders')
            .select('orders.number')
            .whereRef('orders.number', '=', 'certificates.order_number')
            .where('orders.dialect', '=', dialect ?? ''),
        ),
      ),
    )
    .$if(before !== undefined, (query) => query.where('certificates.number', '<', before ?? 0))
    .$if(accountId !== null && !isNarrowed, (query) => query.where('certificates.account_id', '=', accountId))
    .$if(accountId !== null && isNarrowed, (query) =>
      query.where(unindexed('certificates.account_id'), '=', asId('account', accountId)),
    )
    .$if(orderId !== undefined, (query) =>
      query.where('certificates.number', 'in', certificatesOf(sql`(${orderId === undefined ? 0 : numberOf(orderId)})`)),
    )
    .$if(withheld === false, (query) => query.where('certificates.is_withheld', '=', sql.lit(0)))
    .$if(serial !== undefined, (query) => query.where('certificates.serial', '=', serial ?? ''))
    .$if(keyHash !== undefined, (query) => query.where('certificates.key_hash', '=', fromHex(keyHash ?? '')))
    .orderBy('certificates.number', 'desc')
    .limit(limit);
}

/** The numbers of the orders that ever requested the name. */
function ordersOf(name: string): RawBuilder<unknown> {
  return sql`(select order_number from order_names where name = ${name})`;
}

/**
 * The numbers of the certificates of orders: those that their issuances name, and those that were withheld.
 * @param orders their numbers, in brackets
 */
function certificatesOf(orders: RawBuilder<unknown>): RawBuilder<number> {
  return sql`(
    select certificate_number from issuances where number in ${issuancesOf(orders)} and certificate_number is not null
    union all select number from certificates where order_number in ${orders} and is_withheld = 1)`;
}
