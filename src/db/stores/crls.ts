/** Revocation lists, their entries in pieces. A piece of a list that was put is never changed: the next list has another version of it. */
import { sql } from 'kysely';
import type { Crl } from '../../domain/authority.ts';
import { type AuthorityId, type CertificateId, numberOf } from '../../domain/ids.ts';
import type { CrlStore } from '../../domain/ports/stores/crls.ts';
import type { RowOf } from '../codec.ts';
import { fromMs } from '../fields.ts';
import { nextTurn } from '../next-turn.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import { crlPieces, crls } from '../rows/certificates.ts';
import type { Session } from '../session.ts';

type PieceRow = RowOf<typeof crlPieces>;
type CrlRow = RowOf<typeof crls>;
interface OfAuthority {
  readonly authorityId: AuthorityId;
}

export const crlStatements = {
  get: statement((db, p: OfAuthority) => db.selectFrom('crls').selectAll().where('authority_id', '=', p.authorityId)),
  getNumber: statement((db, p: OfAuthority) =>
    db.selectFrom('crls').select(['number', 'revision']).where('authority_id', '=', p.authorityId),
  ),
  getSummary: statement((db, p: OfAuthority) =>
    db
      .selectFrom('crls')
      .select(['number', 'this_update', 'next_update', 'size_bytes'])
      .where('authority_id', '=', p.authorityId),
  ),
  /** Those of the list of that number. */
  countEntries: statement((db, p: OfAuthority & { number: number }) =>
    db
      .selectFrom('crl_pieces')
      .select((row) => row.fn.sum<number | string | null>('entries').as('entries'))
      .where('authority_id', '=', p.authorityId)
      .where('from_number', '<=', p.number)
      .where((row) => row.or([row('until_number', 'is', null), row('until_number', '>', p.number)])),
  ),
  getUpdates: statement((db, p: OfAuthority) =>
    db
      .selectFrom('crls')
      .select(['size_bytes', 'this_update', 'next_update'])
      .where('authority_id', '=', p.authorityId),
  ),
  /** Something was staged. */
  touch: statement((db, p: CrlRow) =>
    db
      .insertInto('crls')
      .values(pick(p, crls.columns))
      .onConflict((conflict) =>
        conflict.column('authority_id').doUpdateSet((row) => ({ revision: row('crls.revision', '+', 1) })),
      ),
  ),
  /** Where nothing was ever staged, there is no row yet. */
  putFirst: statement((db, p: CrlRow) =>
    db
      .insertInto('crls')
      .values(pick(p, crls.columns))
      .onConflict((conflict) => conflict.column('authority_id').doNothing()),
  ),
  /** RFC 5280 §5.2.3: CRL numbers only grow. A publisher that was overtaken must not put its older list back. */
  put: statement((db, p: CrlRow & { before: number }) =>
    db
      .updateTable('crls')
      .set(pick(p, ['number', 'head', 'tail', 'size_bytes', 'this_update', 'next_update']))
      .where('authority_id', '=', p.authority_id)
      .where('number', '=', p.before)
      .where('revision', '=', p.revision),
  ),
  putFormer: statement((db, p: CrlRow) =>
    db
      .insertInto('crls')
      .values(pick(p, crls.columns))
      .onConflict((conflict) =>
        conflict
          .column('authority_id')
          .doUpdateSet(pick(p, ['number', 'head', 'tail', 'size_bytes', 'this_update', 'next_update']))
          .where('crls.number', '<', p.number),
      ),
  ),
  putMade: statement((db, p: CrlRow) =>
    db
      .insertInto('crls')
      .values(pick(p, crls.columns))
      .onConflict((conflict) =>
        conflict.column('authority_id').doUpdateSet((row) => ({
          ...pick(p, ['number', 'head', 'tail', 'size_bytes', 'this_update', 'next_update']),
          revision: row('crls.revision', '+', 1),
        })),
      ),
  ),
  endAllPieces: statement((db, p: OfAuthority & { number: number }) =>
    db
      .updateTable('crl_pieces')
      .set({ until_number: p.number })
      .where('authority_id', '=', p.authorityId)
      .where('until_number', 'is', null),
  ),
  listVersions: statement((db, p: OfAuthority & { number: number; after: number; limit: number }) =>
    db
      .selectFrom('crl_pieces')
      .select(['piece', 'from_number', 'entries'])
      .where('authority_id', '=', p.authorityId)
      .where('piece', '>', p.after)
      .where('from_number', '<=', p.number)
      .where((row) => row.or([row('until_number', 'is', null), row('until_number', '>', p.number)]))
      .orderBy('piece')
      .limit(p.limit),
  ),
  getVersion: statement((db, p: OfAuthority & { piece: number; fromNumber: number }) =>
    db
      .selectFrom('crl_pieces')
      .select('der')
      .where('authority_id', '=', p.authorityId)
      .where('piece', '=', p.piece)
      .where('from_number', '=', p.fromNumber),
  ),
  // A piece that gets more entries has a version of the next list: what is in that one only is in no list yet.
  newestWith: statement((db, p: { number: number }) =>
    db
      .selectFrom('certificates as certificate')
      .innerJoin('crl_pieces as piece', (join) =>
        join
          .onRef('piece.authority_id', '=', 'certificate.authority_id')
          .onRef('piece.piece', '=', 'certificate.crl_piece'),
      )
      .innerJoin('crls as list', 'list.authority_id', 'certificate.authority_id')
      .select(['list.number', 'list.this_update'])
      .where('certificate.number', '=', p.number)
      .where('certificate.crl_piece', '>', sql.lit(0))
      .where('piece.until_number', 'is', null)
      .whereRef('piece.from_number', '<=', 'list.number')
      .limit(sql.lit(1)),
  ),
  getPiece: statement((db, p: OfAuthority & { piece: number }) =>
    db
      .selectFrom('crl_pieces')
      .selectAll()
      .where('authority_id', '=', p.authorityId)
      .where('piece', '=', p.piece)
      .where('until_number', 'is', null)
      .limit(sql.lit(1)),
  ),
  newestPieceEndingAt: statement((db, p: OfAuthority & { endsAt: number }) =>
    db
      .selectFrom('crl_pieces')
      .selectAll()
      .where('authority_id', '=', p.authorityId)
      .where('ends_at', '=', p.endsAt)
      .where('until_number', 'is', null)
      .orderBy('piece', 'desc')
      .limit(sql.lit(1)),
  ),
  newestPiece: statement((db, p: OfAuthority) =>
    db
      .selectFrom('crl_pieces')
      .select('piece')
      .where('authority_id', '=', p.authorityId)
      .orderBy('piece', 'desc')
      .limit(sql.lit(1)),
  ),
  replacePiece: statement((db, p: OfAuthority & { piece: number; number: number }) =>
    db
      .updateTable('crl_pieces')
      .set({ until_number: p.number })
      .where('authority_id', '=', p.authorityId)
      .where('piece', '=', p.piece)
      .where('from_number', '<', p.number)
      .where('until_number', 'is', null),
  ),
  putPiece: statement((db, p: PieceRow) =>
    db
      .insertInto('crl_pieces')
      .values(pick(p, crlPieces.columns))
      .onConflict((conflict) =>
        conflict
          .columns(['authority_id', 'piece', 'from_number'])
          .doUpdateSet(pick(p, ['ends_at', 'entries', 'der', 'until_number'])),
      ),
  ),
  endPieces: statement((db, p: OfAuthority & { before: number; number: number; limit: number }) =>
    db
      .updateTable('crl_pieces')
      .set({ until_number: p.number })
      .where('authority_id', '=', p.authorityId)
      .where('until_number', 'is', null)
      .where('piece', 'in', (row) =>
        row
          .selectFrom('crl_pieces as over')
          .select('over.piece')
          .where('over.authority_id', '=', p.authorityId)
          .where('over.until_number', 'is', null)
          .where('over.ends_at', '<', p.before)
          .orderBy('over.ends_at')
          .limit(p.limit),
      ),
  ),
  removeReplaced: statement((db, p: OfAuthority & { number: number; limit: number }) =>
    db
      .deleteFrom('crl_pieces')
      .where('authority_id', '=', p.authorityId)
      .where((row) =>
        row(
          row.refTuple('piece', 'from_number'),
          'in',
          row
            .selectFrom('crl_pieces as old')
            .select(['old.piece', 'old.from_number'])
            .where('old.authority_id', '=', p.authorityId)
            .where('old.until_number', '<', p.number)
            .orderBy('old.until_number')
            .limit(p.limit)
            .$asTuple('piece', 'from_number'),
        ),
      ),
  ),
  // Written out, not bound, so that the partial index is known to fit.
  listUnlisted: statement((db, p: OfAuthority & { endedAfter: number; limit: number }) =>
    db
      .selectFrom('certificates')
      .select(['id', 'serial', 'revoked_at', 'revocation_reason', 'not_after', 'crl_piece'])
      .where('authority_id', '=', p.authorityId)
      .where('state', '=', sql.lit('revoked'))
      .where('crl_piece', '<=', sql.lit(0))
      .where('not_after', '>=', p.endedAfter)
      .orderBy('not_after')
      .orderBy('number')
      .limit(p.limit),
  ),
  markListed: sized((size) =>
    statement((db, p: { piece: number; numbers: readonly number[] }) =>
      db.updateTable('certificates').set({ crl_piece: p.piece }).where('number', 'in', each(p.numbers, size)),
    ),
  ),
};

/** Read between two turns: some hundred KiB. */
const piecesAtOnce = 16;
const versionsAtOnce = 500;
const removedAtOnce = 500;

interface Version {
  readonly fromNumber: number;
  readonly der: Uint8Array;
}

interface Pieces {
  readonly ders: readonly Uint8Array[];
  readonly entries: number;
}

export function createCrlStore(session: Session): CrlStore {
  const q = crlStatements;
  /** Versions of pieces that were put, and so never change: those of the list that was read last. */
  const versions = new Map<AuthorityId, ReadonlyMap<number, Version>>();
  const newest = new Map<AuthorityId, Crl>();

  async function nextNumber(authorityId: AuthorityId): Promise<number> {
    return ((await session.first(q.getNumber, { authorityId }))?.number ?? 0) + 1;
  }

  /** @param putNumber the newest list that was put: what later ones have may still change */
  async function piecesOf(authorityId: AuthorityId, number: number, putNumber: number): Promise<Pieces> {
    const known = versions.get(authorityId);
    const kept = new Map<number, Version>();
    const ders: Uint8Array[] = [];
    let entries = 0;
    let read = 0;
    for (let after = 0; ; ) {
      const page = await session.all(q.listVersions, { authorityId, number, after, limit: versionsAtOnce });
      for (const { piece, from_number: fromNumber, entries: some } of page) {
        after = piece;
        const earlier = known?.get(piece);
        const isKnown = earlier?.fromNumber === fromNumber;
        const der = isKnown
          ? earlier.der
          : (await session.first(q.getVersion, { authorityId, piece, fromNumber }))?.der;
        if (!isKnown && ++read % piecesAtOnce === 0) await nextTurn();
        // A later list has replaced it meanwhile: whoever reads finds too few bytes, or that another list was put.
        if (der === undefined) continue;
        ders.push(der);
        entries += some;
        if (fromNumber <= putNumber) kept.set(piece, { fromNumber, der });
      }
      if (page.length < versionsAtOnce) break;
      await nextTurn();
    }
    versions.set(authorityId, kept);
    return { ders, entries };
  }

  return {
    async get(authorityId) {
      for (let missed = 0; ; ) {
        const row = await session.first(q.get, { authorityId });
        if (row === undefined || row.size_bytes === 0) return undefined;
        const known = newest.get(authorityId);
        if (known?.number === row.number) return known;
        const { revision: _, ...signed } = crls.fromRow(row);
        const { ders: pieces } = await piecesOf(authorityId, row.number, row.number);
        const crl: Crl = { ...signed, pieces };
        if (sizeOf(crl) === crl.sizeBytes) {
          newest.set(authorityId, crl);
          return crl;
        }
        // It was replaced while it was read, unless it is still the newest.
        if (missed === row.number) throw new Error(`list ${row.number} of ${authorityId} is not whole`);
        missed = row.number;
      }
    },
    async next(authorityId) {
      const row = await session.first(q.getNumber, { authorityId });
      const putNumber = row?.number ?? 0;
      const { ders: pieces, entries } = await piecesOf(authorityId, putNumber + 1, putNumber);
      return { number: putNumber + 1, revision: row?.revision ?? 0, pieces, entries };
    },
    async updatesOf(authorityId) {
      const row = await session.first(q.getUpdates, { authorityId });
      if (row === undefined || row.size_bytes === 0) return undefined;
      return { thisUpdate: fromMs(row.this_update), nextUpdate: fromMs(row.next_update) };
    },
    async summaryOf(authorityId) {
      const row = await session.first(q.getSummary, { authorityId });
      if (row === undefined || row.size_bytes === 0) return undefined;
      const { number, this_update: thisUpdate, next_update: nextUpdate, size_bytes: sizeBytes } = row;
      const entries = Number((await session.first(q.countEntries, { authorityId, number }))?.entries ?? 0);
      return { number, thisUpdate: fromMs(thisUpdate), nextUpdate: fromMs(nextUpdate), sizeBytes, entries };
    },
    async newestWith(certificateId) {
      const row = await session.first(q.newestWith, { number: numberOf(certificateId) });
      return row === undefined ? undefined : { number: row.number, thisUpdate: fromMs(row.this_update) };
    },
    async listUnlisted(authorityId, { endedAfter, limit }) {
      const rows = await session.all(q.listUnlisted, { authorityId, endedAfter: endedAfter.getTime(), limit });
      return rows.map(({ id, serial, revoked_at, revocation_reason, not_after, crl_piece }) => ({
        id,
        serial,
        revokedAt: revoked_at === null ? null : fromMs(revoked_at),
        revocationReason: revocation_reason,
        notAfter: fromMs(not_after),
        piece: crl_piece === 0 ? null : -crl_piece,
      }));
    },
    async getPiece(authorityId, piece) {
      return pieceOf(await session.first(q.getPiece, { authorityId, piece }));
    },
    async newestPieceEndingAt(authorityId, endsAt) {
      return pieceOf(await session.first(q.newestPieceEndingAt, { authorityId, endsAt: endsAt.getTime() }));
    },
    async nextPieceNumber(authorityId) {
      return ((await session.first(q.newestPiece, { authorityId }))?.piece ?? 0) + 1;
    },
    async putPiece(authorityId, piece) {
      const number = await nextNumber(authorityId);
      session.write(q.replacePiece, { authorityId, piece: piece.piece, number });
      session.write(q.putPiece, crlPieces.toRow({ ...piece, authorityId, fromNumber: number, untilNumber: null }));
      session.write(q.touch, crls.toRow({ ...nothingPut, authorityId, revision: 1 }));
    },
    async markListed(piece, certificates: readonly CertificateId[]) {
      if (certificates.length === 0) return;
      session.write(q.markListed(certificates.length), { piece, numbers: certificates.map(numberOf) });
    },
    async endPieces(authorityId, endedBefore, limit) {
      const number = await nextNumber(authorityId);
      const ended = await session.run(q.endPieces, { authorityId, before: endedBefore.getTime(), number, limit });
      if (ended > 0) session.write(q.touch, crls.toRow({ ...nothingPut, authorityId, revision: 1 }));
      return ended;
    },
    async putFormer(crl) {
      // Its entries come as serials of their own; what stands for those of a list that came as a file counts no more.
      session.write(q.endAllPieces, { authorityId: crl.authorityId, number: crl.number + 1 });
      session.write(q.putFormer, crls.toRow({ ...crl, revision: 0 }));
    },
    async put(crl, revision) {
      const { authorityId, number } = crl;
      const row = crls.toRow({ ...crl, revision });
      const isFirst = number === 1 && revision === 0;
      const changed = await (isFirst
        ? session.run(q.putFirst, row)
        : session.run(q.put, { ...row, before: number - 1 }));
      if (changed !== 1) return false;
      session.write(q.removeReplaced, { authorityId, number, limit: removedAtOnce });
      return true;
    },
    async headOf(authorityId) {
      const row = await session.first(q.get, { authorityId });
      if (row === undefined || row.number === 0) return undefined;
      const { number, head, tail } = crls.fromRow(row);
      return { number, head, isWhole: tail.length === 0 };
    },
    async putMade(crl, entries) {
      const { authorityId, number, nextUpdate } = crl;
      session.write(q.endAllPieces, { authorityId, number });
      const piece = ((await session.first(q.newestPiece, { authorityId }))?.piece ?? 0) + 1;
      // Without bytes, since they are in the head: it counts.
      const counting = { authorityId, piece, fromNumber: number, untilNumber: null, endsAt: nextUpdate, entries };
      session.write(q.putPiece, crlPieces.toRow({ ...counting, der: nothing }));
      session.write(q.putMade, crls.toRow({ ...crl, revision: 1 }));
      session.write(q.removeReplaced, { authorityId, number, limit: removedAtOnce });
    },
  };
}

const never = new Date(0);
const nothing = new Uint8Array();
const nothingPut = { number: 0, head: nothing, tail: nothing, sizeBytes: 0, thisUpdate: never, nextUpdate: never };

function pieceOf(row: PieceRow | undefined) {
  if (row === undefined) return undefined;
  const { piece, endsAt, entries, der } = crlPieces.fromRow(row);
  return { piece, endsAt, entries, der };
}

function sizeOf({ head, pieces, tail }: Crl): number {
  return pieces.reduce((size, { length }) => size + length, head.length + tail.length);
}
