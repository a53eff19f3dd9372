/**
 * Lists of certificates by any of their filters, like those of orders (`filtered-orders.ts`): those of a name or a serial are few and found
 * in the tables, others by the projection where there are many orders.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { CertificateStanding } from '../../domain/certificate.ts';
import type { ListPlace } from '../../domain/ports/list-filters.ts';
import type { FilteredCertificatesQuery } from '../../domain/ports/stores/certificates.ts';
import { fromMs } from '../fields.ts';
import { asId } from '../forms.ts';
import { idForm } from '../id-bytes.ts';
import type { Builder } from '../prepared.ts';
import type { Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { listQuery } from './certificate-lists.ts';
import { anyOf } from './conditions.ts';
import { termNumber } from './filtered-orders.ts';
import { selectAmong } from './large-accounts.ts';
import { walkOf } from './list-walk.ts';

export interface FoundCertificate {
  readonly number: number;
  readonly place: ListPlace;
}

interface FoundRow {
  readonly number: number;
  readonly at: number;
}

export async function findFilteredCertificates(
  session: Session,
  query: FilteredCertificatesQuery,
): Promise<readonly FoundCertificate[]> {
  const { accountId, name, serial } = query;
  const isOfFew = name !== undefined || serial !== undefined;
  const listed = isOfFew ? undefined : await byListings(session, accountId, () => findListed(session, query));
  const rows = listed ?? (await selectAmong(session, accountId, (db) => certificatesQuery(db, query)));
  return rows.map(({ number, at }) => ({ number, place: { at: fromMs(at), number } }));
}

/** By the tables. */
export function certificatesQuery(db: Builder, query: FilteredCertificatesQuery) {
  const { productId, issuerId, standings, now, before: _, limit, ...narrowed } = query;
  const walk = walkOf(query, {
    created: 'certificates.created_at',
    ends: 'certificates.not_after',
    number: 'certificates.number',
  });
  const { accountId, dialect, name, serial, withheld } = narrowed;
  const wanted = Object.fromEntries(
    Object.entries({ accountId, dialect, name, serial, withheld }).filter(([, value]) => value !== undefined),
  );
  const isRevoked = sql<SqlBool>`certificates.state = 'revoked'`;
  const productOf = sql`select one.product_id from orders as one where one.number = certificates.order_number`;
  return walk.page(
    listQuery(db, { accountId, ...wanted, limit })
      .clearSelect()
      .clearOrderBy()
      .clearLimit()
      .select(['certificates.number', sql<number>`${sql.ref(walk.column)}`.as('at')])
      .where((row) =>
        row.and([
          ...(productId === undefined ? [] : [sql<SqlBool>`(${productOf}) = ${asId('product', productId)}`]),
          ...(issuerId === undefined ? [] : [sql<SqlBool>`certificates.issuer_id = ${issuerId}`]),
          ...(standings === undefined
            ? []
            : [standsAsAnyOf(standings, { isRevoked, notAfter: 'certificates.not_after', now })]),
          ...walk.conditions,
        ]),
      ),
    limit,
  );
}

/** By the projection. */
async function findListed(session: Session, query: FilteredCertificatesQuery): Promise<readonly FoundRow[]> {
  const { accountId, productId } = query;
  const account = accountId === null ? undefined : await termNumber(session, idForm('account').toBytes(accountId));
  const product = productId === undefined ? undefined : await termNumber(session, idForm('product').toBytes(productId));
  // Nothing that is listed has such an account, or such a product.
  if (account === null || product === null) return [];
  return session.beside((db) => listedCertificatesQuery(db, query, { account, product }));
}

function listedCertificatesQuery(
  db: Builder,
  query: FilteredCertificatesQuery,
  { account, product }: { readonly account: number | undefined; readonly product: number | undefined },
) {
  const { dialect, withheld, issuerId, standings, now, limit } = query;
  const walk = walkOf(query, { created: 'created_at', ends: 'not_after', number: 'number' });
  const isRevoked = sql<SqlBool>`is_revoked = 1`;
  const dialectOf = sql`select one.dialect from orders as one where one.number = certificate_listings.order_number`;
  return walk.page(
    db
      .selectFrom('certificate_listings')
      .select(['number', sql<number>`${sql.ref(walk.column)}`.as('at')])
      .where((row) =>
        row.and([
          ...(account === undefined ? [] : [sql<SqlBool>`account = ${account}`]),
          ...(product === undefined ? [] : [sql<SqlBool>`product = ${product}`]),
          ...(issuerId === undefined ? [] : [sql<SqlBool>`issuer = ${issuerId}`]),
          ...(standings === undefined ? [] : [standsAsAnyOf(standings, { isRevoked, notAfter: 'not_after', now })]),
          ...(withheld === false ? [sql<SqlBool>`is_withheld = 0`] : []),
          ...(dialect === undefined ? [] : [sql<SqlBool>`(${dialectOf}) = ${dialect}`]),
          ...walk.conditions,
        ]),
      ),
    limit,
  );
}

/** The same as `certificateStandingOf`. */
function standsAsAnyOf(
  standings: readonly CertificateStanding[],
  {
    isRevoked,
    notAfter,
    now,
  }: {
    readonly isRevoked: RawBuilder<SqlBool>;
    readonly notAfter: string;
    readonly now: Date;
  },
): RawBuilder<SqlBool> {
  // A plus keeps the index by end from being what finds the rows of a list by age.
  const end = sql`+${sql.ref(notAfter)}`;
  const conditions = {
    revoked: isRevoked,
    valid: sql<SqlBool>`(not ${isRevoked} and ${end} >= ${now.getTime()})`,
    expired: sql<SqlBool>`(not ${isRevoked} and ${end} < ${now.getTime()})`,
  } as const satisfies Record<CertificateStanding, RawBuilder<SqlBool>>;
  return anyOf(standings.map((standing) => conditions[standing]));
}
