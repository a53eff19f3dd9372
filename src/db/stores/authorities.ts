/** Our own authorities and the newest list of what each has revoked. */
import type { Authority, Crl } from '../../domain/authority.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { AuthorityStore } from '../../domain/ports/stores/authorities.ts';
import { fromMs } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { AuthorityRow, CrlRow } from '../tables.ts';

const columns = [
  'id',
  'issuer_id',
  'role',
  'key_kind',
  'parent_id',
  'subject',
  'certificate',
  'not_after',
  'created_at',
] as const satisfies readonly (keyof AuthorityRow)[];

const crlColumns = [
  'authority_id',
  'number',
  'der',
  'this_update',
  'next_update',
] as const satisfies readonly (keyof CrlRow)[];

export const authorityStatements = {
  insert: statement((db, p: AuthorityRow) => db.insertInto('authorities').values(pick(p, columns))),
  list: statement((db, _: object) => db.selectFrom('authorities').selectAll().orderBy('created_at').orderBy('id')),
  /** RFC 5280 §5.2.3: CRL numbers only grow. A publisher that was overtaken must not put its older list back. */
  putCrl: statement((db, p: CrlRow) =>
    db
      .insertInto('crls')
      .values(pick(p, crlColumns))
      .onConflict((conflict) =>
        conflict
          .column('authority_id')
          .doUpdateSet(pick(p, ['number', 'der', 'this_update', 'next_update']))
          .whereRef('crls.number', '<', 'excluded.number'),
      ),
  ),
  getCrl: statement((db, p: { authorityId: AuthorityId }) =>
    db.selectFrom('crls').selectAll().where('authority_id', '=', p.authorityId),
  ),
};

export function createAuthorityStore(session: Session): AuthorityStore {
  const q = authorityStatements;
  return {
    async insert(authority) {
      await session.run(q.insert, toRow(authority));
    },
    async list() {
      return (await session.all(q.list, {})).map(fromRow);
    },
    async putCrl(crl) {
      return (await session.run(q.putCrl, crlToRow(crl))) === 1;
    },
    async getCrl(authorityId) {
      const row = await session.first(q.getCrl, { authorityId });
      return row && crlFromRow(row);
    },
  };
}

function toRow(authority: Authority): AuthorityRow {
  return {
    id: authority.id,
    issuer_id: authority.issuerId,
    role: authority.role,
    key_kind: authority.keyKind,
    parent_id: authority.parentId,
    subject: authority.subject,
    certificate: authority.certificate,
    not_after: authority.notAfter.getTime(),
    created_at: authority.createdAt.getTime(),
  };
}

function fromRow(row: AuthorityRow): Authority {
  return {
    id: row.id,
    issuerId: row.issuer_id,
    role: row.role,
    keyKind: row.key_kind,
    parentId: row.parent_id,
    subject: row.subject,
    certificate: row.certificate,
    notAfter: fromMs(row.not_after),
    createdAt: fromMs(row.created_at),
  };
}

function crlToRow(crl: Crl): CrlRow {
  return {
    authority_id: crl.authorityId,
    number: crl.number,
    der: crl.der,
    this_update: crl.thisUpdate.getTime(),
    next_update: crl.nextUpdate.getTime(),
  };
}

function crlFromRow(row: CrlRow): Crl {
  return {
    authorityId: row.authority_id,
    number: row.number,
    der: row.der,
    thisUpdate: fromMs(row.this_update),
    nextUpdate: fromMs(row.next_update),
  };
}
