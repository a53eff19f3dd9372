/** Issued certificates. */

import { hash } from 'node:crypto';
import type { Certificate, RevocationReason } from '../../domain/certificate.ts';
import type { CertificateId } from '../../domain/ids.ts';
import type { CertificateStore } from '../../domain/ports/stores/certificates.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { nextTurn } from '../next-turn.ts';
import { type Key, keyOf, numberedIdStatements, numberedIdStore } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { certificates } from '../rows/certificates.ts';
import { allOf, type Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { listQuery } from './certificate-lists.ts';
import { countFilteredCertificates, findFilteredCertificates } from './filtered-certificates.ts';
import { inSlices } from './in-slices.ts';
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
    countFiltered: (filter) => countFilteredCertificates(session, filter),
    async listFiltered(query) {
      const places = new Map(
        (await findFilteredCertificates(session, query)).map(({ number, place }) => [number, place]),
      );
      return inSlices([...places.keys()], async (some) => {
        const rows = await allOf(session, q.listByNumbers, some);
        const found = new Map(rows.map((row) => [row.number, certificates.fromRow(row)]));
        return some.flatMap((number) => {
          const [certificate, place] = [found.get(number), places.get(number)];
          return certificate === undefined || place === undefined ? [] : [{ certificate, place }];
        });
      });
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
