/** Issued certificates. */

import { sql } from 'kysely';
import type { Certificate, RevocationReason } from '../../domain/certificate.ts';
import type { AuthorityId, CertificateId } from '../../domain/ids.ts';
import type { CertificateQuery, CertificateStore } from '../../domain/ports/stores/certificates.ts';
import { fromHex, fromJson, fromMs, fromMsOrNull, toFlag, toHex, toJson, toMsOrNull, unindexed } from '../columns.ts';
import { type Builder, each, pick, sized, statement } from '../prepared.ts';
import { allOf, type Session } from '../session.ts';
import type { CertificateRow } from '../tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'order_id',
  'issuance_id',
  'issuer_id',
  'authority_id',
  'serial',
  'names_json',
  'der',
  'upstream_chain_json',
  'issuer_hash',
  'is_withheld',
  'sha256',
  'key_hash',
  'not_before',
  'not_after',
  'state',
  'revoked_at',
  'revocation_reason',
  'created_at',
] as const satisfies readonly (keyof CertificateRow)[];

export const certificateStatements = {
  insert: statement((db, p: CertificateRow) => db.insertInto('certificates').values(pick(p, columns))),
  get: statement((db, p: { id: CertificateId }) => db.selectFrom('certificates').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('certificates').selectAll().where('number', '=', p.number),
  ),
  listByIds: sized((size) =>
    statement((db, p: { ids: readonly CertificateId[] }) =>
      db.selectFrom('certificates').selectAll().where('id', 'in', each(p.ids, size)),
    ),
  ),
  listBySerial: statement((db, p: { serial: string }) =>
    db.selectFrom('certificates').selectAll().where('serial', '=', p.serial),
  ),
  moveToRevoked: statement((db, p: { id: CertificateId; at: number; reason: RevocationReason }) =>
    db
      .updateTable('certificates')
      .set({ state: 'revoked', revoked_at: p.at, revocation_reason: p.reason })
      .where('id', '=', p.id)
      .where('state', '=', 'valid'),
  ),
  raiseToKeyCompromise: statement((db, p: { id: CertificateId }) =>
    db
      .updateTable('certificates')
      .set({ revocation_reason: 'keyCompromise' })
      .where('id', '=', p.id)
      .where('state', '=', 'revoked')
      .where('revocation_reason', '!=', 'keyCompromise'),
  ),
  // What is null is written out, not bound, so that the partial index is known to fit.
  listWithoutKeyHash: statement((db, p: { after: number; limit: number }) =>
    db
      .selectFrom('certificates')
      .select(['id', 'number', 'der'])
      .where('key_hash', 'is', sql.lit(null))
      .where('number', '>', p.after)
      .orderBy('number')
      .limit(p.limit),
  ),
  updateKeyHash: statement((db, p: { id: CertificateId; keyHash: Uint8Array }) =>
    db.updateTable('certificates').set({ key_hash: p.keyHash }).where('id', '=', p.id),
  ),
  // The state is written out, not bound, so that the partial index is known to fit.
  listRevoked: statement((db, p: { authorityId: AuthorityId; now: number }) =>
    db
      .selectFrom('certificates')
      .select(['serial', 'revoked_at', 'revocation_reason'])
      .where('authority_id', '=', p.authorityId)
      .where('state', '=', sql.lit('revoked'))
      .where('not_after', '>', p.now),
  ),
};

export function createCertificateStore(session: Session): CertificateStore {
  const q = certificateStatements;
  return {
    async insert(certificate) {
      const numbered = { ...certificate, number: await session.nextNumber('certificates') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async get(id) {
      return optionalCertificate(await session.first(q.get, { id }));
    },
    async getByNumber(number) {
      return optionalCertificate(await session.first(q.getByNumber, { number }));
    },
    async listByIds(ids) {
      return (await allOf(session, q.listByIds, ids)).map(fromRow);
    },
    async listBySerial(serial) {
      return (await session.all(q.listBySerial, { serial })).map(fromRow);
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(fromRow);
    },
    async moveToRevoked(id, at, reason) {
      return (await session.run(q.moveToRevoked, { id, at: at.getTime(), reason })) === 1;
    },
    async raiseToKeyCompromise(id) {
      return (await session.run(q.raiseToKeyCompromise, { id })) === 1;
    },
    async listWithoutKeyHash(query) {
      return session.all(q.listWithoutKeyHash, query);
    },
    async updateKeyHash(id, keyHash) {
      await session.run(q.updateKeyHash, { id, keyHash: fromHex(keyHash) });
    },
    async listRevoked(authorityId, now) {
      const rows = await session.all(q.listRevoked, { authorityId, now: now.getTime() });
      return rows.map((row) => ({
        serial: row.serial,
        revokedAt: fromMsOrNull(row.revoked_at),
        revocationReason: row.revocation_reason,
      }));
    },
  };
}

/**
 * A name is looked up among the orders that ever asked for it; of their certificates those remain that carry it. (Names
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
        .where('certificates.order_id', 'in', (orders) =>
          orders
            .selectFrom('order_names')
            .innerJoin('orders', 'orders.number', 'order_names.order_number')
            .select('orders.id')
            .where('order_names.name', '=', name ?? ''),
        )
        .where('certificates.names_json', 'like', `%"${name}"%`),
    )
    .$if(dialect !== undefined, (some) =>
      some.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('orders')
            .select('orders.id')
            .whereRef('orders.id', '=', 'certificates.order_id')
            .where('orders.dialect', '=', dialect ?? ''),
        ),
      ),
    )
    .$if(before !== undefined, (query) => query.where('certificates.number', '<', before ?? 0))
    .$if(accountId !== null && !isNarrowed, (query) => query.where('certificates.account_id', '=', accountId))
    .$if(accountId !== null && isNarrowed, (query) => query.where(unindexed('certificates.account_id'), '=', accountId))
    .$if(orderId !== undefined, (query) => query.where('certificates.order_id', '=', orderId ?? null))
    .$if(withheld === false, (query) => query.where('certificates.is_withheld', '=', sql.lit(0)))
    .$if(serial !== undefined, (query) => query.where('certificates.serial', '=', serial ?? ''))
    .$if(keyHash !== undefined, (query) => query.where('certificates.key_hash', '=', fromHex(keyHash ?? '')))
    .orderBy('certificates.number', 'desc')
    .limit(limit);
}

function toRow(certificate: Certificate): CertificateRow {
  return {
    number: certificate.number,
    id: certificate.id,
    account_id: certificate.accountId,
    order_id: certificate.orderId,
    issuance_id: certificate.issuanceId,
    issuer_id: certificate.issuerId,
    authority_id: certificate.authorityId,
    serial: certificate.serial,
    names_json: toJson(certificate.names),
    der: certificate.der,
    upstream_chain_json: certificate.upstreamChain && chainToJson(certificate.upstreamChain),
    issuer_hash: certificate.issuerHash === null ? null : fromHex(certificate.issuerHash),
    is_withheld: toFlag(certificate.isWithheld),
    sha256: certificate.sha256,
    key_hash: certificate.keyHash === null ? null : fromHex(certificate.keyHash),
    not_before: certificate.notBefore.getTime(),
    not_after: certificate.notAfter.getTime(),
    state: certificate.state,
    revoked_at: toMsOrNull(certificate.revokedAt),
    revocation_reason: certificate.revocationReason,
    created_at: certificate.createdAt.getTime(),
  };
}

function chainToJson(chain: readonly Uint8Array[]): string {
  return toJson(chain.map((der) => der.toBase64()));
}

function chainFromJson(text: string): readonly Uint8Array[] {
  return fromJson<readonly string[]>(text).map((der) => Uint8Array.fromBase64(der));
}

function optionalCertificate(row: CertificateRow | undefined): Certificate | undefined {
  return row && fromRow(row);
}

function fromRow(row: CertificateRow): Certificate {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    orderId: row.order_id,
    issuanceId: row.issuance_id,
    issuerId: row.issuer_id,
    authorityId: row.authority_id,
    serial: row.serial,
    names: fromJson(row.names_json),
    der: row.der,
    upstreamChain: row.upstream_chain_json === null ? null : chainFromJson(row.upstream_chain_json),
    issuerHash: row.issuer_hash === null ? null : toHex(row.issuer_hash),
    isWithheld: row.is_withheld === 1,
    sha256: row.sha256,
    keyHash: row.key_hash === null ? null : toHex(row.key_hash),
    notBefore: fromMs(row.not_before),
    notAfter: fromMs(row.not_after),
    state: row.state,
    revokedAt: fromMsOrNull(row.revoked_at),
    revocationReason: row.revocation_reason,
    createdAt: fromMs(row.created_at),
  };
}
