/**
 * Lists of certificates by any of their filters, like those of orders (`filtered-orders.ts`): those of a name or a serial are few and found
 * in the tables, others by the projection where there are many orders.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { CertificateStanding } from '../../domain/certificate.ts';
import { type Total, totalOf } from '../../domain/page.ts';
import type { ListPlace } from '../../domain/ports/list-filters.ts';
import type { FilteredCertificatesQuery } from '../../domain/ports/stores/certificates.ts';
import { fromMs } from '../fields.ts';
import { asId } from '../forms.ts';
import { idForm } from '../id-bytes.ts';
import type { Builder } from '../prepared.ts';
import type { Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { listQuery } from './certificate-lists.ts';
import { anyOf, escaped } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';
import { hasPart, partCondition, termNumber } from './filtered-orders.ts';
import { hasManyOrders, selectAmong } from './large-accounts.ts';
import { walkOf } from './list-walk.ts';
import type { TextCondition } from './listed-texts.ts';
import { shownIssuance } from './order-search.ts';

export interface FoundCertificate {
  readonly number: number;
  readonly place: ListPlace;
}

export async function findFilteredCertificates(
  session: Session,
  query: FilteredCertificatesQuery,
): Promise<readonly FoundCertificate[]> {
  const { accountId } = query;
  const listed = isOfFew(query)
    ? undefined
    : await byListings(session, accountId, async () => {
        const listing = await listingOf(session, query);
        return listing === undefined ? [] : session.beside((db) => listedCertificatesQuery(db, query, listing));
      });
  const rows = listed ?? (await selectAmong(session, accountId, (db) => certificatesQuery(db, query)));
  return rows.map(({ number, at }) => ({ number, place: { at: fromMs(at), number } }));
}

/** Of all pages of such a list. */
export async function countFilteredCertificates(
  session: Session,
  filter: Omit<FilteredCertificatesQuery, 'limit' | 'before'>,
): Promise<Total> {
  const { accountId } = filter;
  const query = { ...filter, limit: countedLimit };
  const listed = isOfFew(query)
    ? undefined
    : await byListings(session, accountId, async () => {
        const listing = await listingOf(session, query);
        if (listing === undefined) return totalOf(0);
        return totalOfList(session, (db) => listedCertificatesQuery(db, query, listing).clearOrderBy(), true);
      });
  const isMany = await hasManyOrders(session, accountId);
  return listed ?? totalOfList(session, (db) => certificatesQuery(db, query).clearOrderBy(), isMany);
}

function isOfFew({ name, serial, keyHash }: FilteredCertificatesQuery): boolean {
  return [name, serial, keyHash].some((one) => one !== undefined);
}

/** By the tables. */
export function certificatesQuery(db: Builder, query: FilteredCertificatesQuery) {
  const { productId, issuerId, standings, text, isReplaced, now, before: _, limit, ...narrowed } = query;
  const walk = walkOf(query, {
    created: 'certificates.created_at',
    ends: 'certificates.not_after',
    number: 'certificates.number',
  });
  const { accountId, dialect, name, serial, keyHash, withheld } = narrowed;
  const wanted = Object.fromEntries(
    Object.entries({ accountId, dialect, name, serial, keyHash, withheld }).filter(([, value]) => value !== undefined),
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
          ...(isReplaced === undefined ? [] : [replacement('certificates.number', isReplaced)]),
          ...(text === undefined ? [] : [hasNamePart('certificates.number', text), shownWith(text)]),
          ...walk.conditions,
        ]),
      ),
    limit,
  );
}

/** What a list is narrowed by in the projection; undefined: nothing that is listed has such an account, or such a product. */
async function listingOf(session: Session, query: FilteredCertificatesQuery): Promise<Listing | undefined> {
  const { accountId, productId, text } = query;
  const account = accountId === null ? undefined : await termNumber(session, idForm('account').toBytes(accountId));
  const product = productId === undefined ? undefined : await termNumber(session, idForm('product').toBytes(productId));
  if (account === null || product === null) return undefined;
  const part = text === undefined ? undefined : { value: text, looked: hasPart('names', text) };
  const orders = part && (await partCondition(session, part, { account, accountId }));
  return { account, product, orders };
}

interface Listing {
  /** Terms; undefined: any. */
  readonly account: number | undefined;
  readonly product: number | undefined;
  /** Of which orders they are. */
  readonly orders: Pick<TextCondition, 'condition' | 'isOfFew'> | undefined;
}

function listedCertificatesQuery(db: Builder, query: FilteredCertificatesQuery, { account, product, orders }: Listing) {
  const { dialect, withheld, issuerId, standings, text, isReplaced, now, limit } = query;
  // A plus keeps the index of the account from being what finds the rows, where their orders do.
  const plus = orders?.isOfFew === true ? sql`+` : sql``;
  const walk = walkOf(query, { created: 'created_at', ends: 'not_after', number: 'number' });
  const isRevoked = sql<SqlBool>`is_revoked = 1`;
  const dialectOf = sql`select one.dialect from orders as one where one.number = certificate_listings.order_number`;
  return walk.page(
    db
      .selectFrom('certificate_listings')
      .select(['number', sql<number>`${sql.ref(walk.column)}`.as('at')])
      .where((row) =>
        row.and([
          ...(account === undefined ? [] : [sql<SqlBool>`${plus}account = ${account}`]),
          ...(product === undefined ? [] : [sql<SqlBool>`product = ${product}`]),
          ...(issuerId === undefined ? [] : [sql<SqlBool>`issuer = ${issuerId}`]),
          ...(standings === undefined ? [] : [standsAsAnyOf(standings, { isRevoked, notAfter: 'not_after', now })]),
          ...(withheld === false ? [sql<SqlBool>`is_withheld = 0`] : []),
          ...(isReplaced === undefined ? [] : [replacement('certificate_listings.number', isReplaced)]),
          ...(orders === undefined
            ? []
            : [sql<SqlBool>`order_number in (select number from order_listings where ${orders.condition})`]),
          ...(text === undefined ? [] : [hasNamePart('certificate_listings.number', text)]),
          ...(dialect === undefined ? [] : [sql<SqlBool>`(${dialectOf}) = ${dialect}`]),
          ...walk.conditions,
        ]),
      ),
    limit,
  );
}

/** A later certificate of its order, or of one that renews it, is in its place. Duplicates stand beside the others. */
function replacement(column: string, isReplaced: boolean): RawBuilder<SqlBool> {
  const replaced = sql`exists (
    select 1 from certificates as old inner join issuances as its on its.number = old.issuance_number
    where old.number = ${sql.ref(column)} and its.kind <> 'duplicate' and (
      exists (select 1 from issuances as later where later.order_number = old.order_number
        and later.kind <> 'new' and later.kind <> 'duplicate' and later.certificate_number > old.number)
      or exists (select 1 from orders as renewal where renewal.renewal_of = old.order_id and renewal.coverage_from is not null)))`;
  return isReplaced ? sql`${replaced}` : sql`not ${replaced}`;
}

/** One of its own names has the part. */
function hasNamePart(column: string, part: string): RawBuilder<SqlBool> {
  const text = `%${escaped(part.toLowerCase())}%`;
  return sql`exists (select 1 from certificates as named where named.number = ${sql.ref(column)} and named.names_json like ${text} escape '\\')`;
}

/** One of the names that its order shows has it as well: those have an index where there are many orders. */
function shownWith(part: string): RawBuilder<SqlBool> {
  return sql`exists (select 1 from orders inner join issuances as shown on shown.number = ${shownIssuance}
    where orders.number = certificates.order_number and ${hasPart('shown.names_text', part)})`;
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
