/** Issued certificates. */

import { hash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Certificate, RevocationReason } from '../../domain/certificate.ts';
import { type CertificateId, numberOf } from '../../domain/ids.ts';
import type { CertificateQuery, CertificateStore } from '../../domain/ports/stores/certificates.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { fromHex, unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import { nextTurn } from '../next-turn.ts';
import { type Key, keyOf, numberedIdStatements, numberedIdStore } from '../numbered.ts';
import { type Builder, statement } from '../prepared.ts';
import { certificates } from '../rows/certificates.ts';
import type { Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { issuancesOf } from './issuances.ts';
import { thumbprintPrefix } from './order-fill.ts';

export const certificateStatements = {
  ...numberedIdStatements(certificates),
  listBySerial: statement((db, p: { serial: string }) =>
    db.selectFrom('certificates').selectAll().where('serial', '=', p.serial),
  ),
  moveToRevoked: statement((db, p: Key<CertificateId> & { at: number; reason: RevocationReason }) =>
    db
      .updateTable('certificates')
      .set({ state: 'revoked', revoked_at: p.at, revocation_reason: p.reason })
      .where('number', '=', p.number)
      .where('id', '=', p.id)
      .where('state', '=', 'valid'),
  ),
  raiseToKeyCompromise: statement((db, p: Key<CertificateId>) =>
    db
      .updateTable('certificates')
      // The entry that the list has of it says another reason.
      .set((row) => ({ revocation_reason: 'keyCompromise', crl_piece: row('crl_piece', '*', -1) }))
      .where('number', '=', p.number)
      .where('id', '=', p.id)
      .where('state', '=', 'revoked')
      .where('revocation_reason', '!=', 'keyCompromise'),
  ),
};

/** A millisecond or two of work each. */
const dersAtOnce = 500;

export function createCertificateStore(session: Session): CertificateStore {
  const q = certificateStatements;
  return {
    ...numberedIdStore(session, certificates, q),
    async listBySerial(serial) {
      return (await session.all(q.listBySerial, { serial })).map(certificates.fromRow);
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(certificates.fromRow);
    },
    async findByThumbprint(query, thumbprint) {
      const find = () => findListedByThumbprint(session, query, thumbprint);
      const listed = await byListings(session, query.accountId, find);
      if (listed !== undefined) return listed.found;
      let before: number | undefined;
      for (;;) {
        const page = { ...query, limit: dersAtOnce, ...withDefined({ before }) };
        const rows = await session.select((db) =>
          listQuery(db, page)
            .clearSelect()
            .select(['certificates.number', 'certificates.order_id', 'certificates.der']),
        );
        const found = rows.find(({ der }) => isThumbprintOf(der, thumbprint));
        if (found !== undefined) return { orderId: found.order_id, number: found.number };
        if (rows.length < dersAtOnce) return undefined;
        before = rows.at(-1)?.number;
        await nextTurn();
      }
    },
    async moveToRevoked(id, at, reason) {
      return (await session.run(q.moveToRevoked, { ...keyOf(id), at: at.getTime(), reason })) === 1;
    },
    async raiseToKeyCompromise(id) {
      return (await session.run(q.raiseToKeyCompromise, keyOf(id))) === 1;
    },
  };
}

/** SHA-1 or SHA-256, by its length. */
function isThumbprintOf(der: Uint8Array, thumbprint: string): boolean {
  return hash(thumbprint.length === 40 ? 'sha1' : 'sha256', der, 'hex') === thumbprint;
}

/** By the projection (decision 0032), which knows a part of each. */
async function findListedByThumbprint(
  session: Session,
  query: Parameters<CertificateStore['findByThumbprint']>[0],
  thumbprint: string,
): Promise<{ readonly found: Pick<Certificate, 'orderId' | 'number'> | undefined }> {
  const numbers = await session.beside((db) =>
    db
      .selectFrom('certificate_thumbprints')
      .select('certificate_number')
      .where('prefix', '=', thumbprintPrefix(thumbprint)),
  );
  if (numbers.length === 0) return { found: undefined };
  const rows = await session.select((db) =>
    listQuery(db, { ...query, limit: numbers.length }).where(
      'certificates.number',
      'in',
      numbers.map((row) => row.certificate_number),
    ),
  );
  const found = rows.find(({ der }) => isThumbprintOf(der, thumbprint));
  return { found: found && { orderId: found.order_id, number: found.number } };
}

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
