/**
 * Fills the projection of orders and of requests for approval (decision 0032) from the audit log: whatever happens to an order is an event about it, in the same
 * transaction. A piece of events at a time; of each order the newest event counts, and the order is read as it is now, so that a piece
 * may be done again and none needs to know what changed. Certificates likewise, by the events that name them.
 */
import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { isId, numberOf, type OrderId } from '../../domain/ids.ts';
import { monthOf } from '../../domain/month.ts';
import { yearsOf } from '../../domain/product.ts';
import { fromJson, fromMs } from '../fields.ts';
import { idForm } from '../id-bytes.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import {
  type CertificateListingRow,
  type ListingMonthRow,
  type OrderListingRow,
  stateNumber,
} from '../rows/listings.ts';
import { allOf } from '../session.ts';
import { putApprovals } from './approval-fill.ts';
import { type FillSession, shelfTerm, termsOf } from './listing-terms.ts';
import { shownIssuance } from './order-search.ts';

/** Events of a piece: some milliseconds of work. */
export const eventsAtOnce = 500;

const columns = [
  'number',
  'shelf',
  'state',
  'product',
  'years',
  'credential',
  'common_name',
  'names',
  'reference',
  'emails',
  'certificate_until',
  'coverage_until',
  'created_at',
  'changed_at',
  'changed_sequence',
  'account',
  'issuer',
] as const satisfies readonly (keyof OrderListingRow)[];

const certificateColumns = [
  'number',
  'account',
  'order_number',
  'product',
  'issuer',
  'is_revoked',
  'is_withheld',
  'not_after',
  'created_at',
] as const satisfies readonly (keyof CertificateListingRow)[];

interface Dimensions {
  readonly shelf: number;
  readonly state: number;
  readonly product: number;
  readonly years: number;
}

type Counted = Dimensions & Pick<OrderListingRow, 'certificate_until' | 'account'>;

/** Orders of an account whose certificate ends on that day. */
interface AccountEnd {
  readonly account: number;
  readonly day: number;
  readonly orders: number;
}

const activeState = stateNumber('active');
const dayMs = 86_400_000;

export const orderFillStatements = {
  progress: statement((db, _: object) =>
    db.selectFrom('listing_progress').select(['sequence', 'at']).where('name', '=', 'orders'),
  ),
  eventAt: statement((db, p: { sequence: number }) =>
    db.selectFrom('events').select('at').where('sequence', '=', p.sequence),
  ),
  putProgress: statement((db, p: { sequence: number; at: number }) =>
    db
      .insertInto('listing_progress')
      .values({ name: 'orders', sequence: p.sequence, at: p.at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ sequence: p.sequence, at: p.at })),
  ),
  listEvents: statement((db, p: { after: number; upTo: number; limit: number }) =>
    db
      .selectFrom('events')
      .select(['sequence', 'kind', 'subject', 'at'])
      .select(sql<string | null>`case when kind like 'certificate.%' then data_json end`.as('certificate_json'))
      .where('sequence', '>', p.after)
      .where('sequence', '<=', p.upTo)
      .orderBy('sequence')
      .limit(p.limit),
  ),
  listOrders: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('orders')
        .innerJoin('issuances as shown', (join) => join.on(sql`shown.number`, '=', shownIssuance))
        .select([
          'orders.number',
          'orders.account_id',
          'orders.dialect',
          'orders.state',
          'orders.product_id',
          'orders.credential_id',
          'orders.coverage_unit',
          'orders.coverage_count',
          'orders.coverage_until',
          'orders.certificate_until',
          'orders.created_at',
          'orders.alternative_reference',
          'orders.contact_json',
          'orders.reminders_json',
          'shown.names_text',
          'shown.issuer_id',
        ])
        .select(
          sql<string | null>`case when orders.dialect_data_json like '%"email"%' then orders.dialect_data_json end`.as(
            'addressed_json',
          ),
        )
        .where('orders.number', 'in', each(p.ids, size)),
    ),
  ),
  listCertificates: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('certificates')
        .innerJoin('orders', 'orders.number', 'certificates.order_number')
        .select(['certificates.number', 'certificates.der', 'certificates.account_id', 'certificates.order_number'])
        .select(['certificates.issuer_id', 'certificates.state', 'certificates.is_withheld', 'orders.product_id'])
        .select(['certificates.not_after', 'certificates.created_at'])
        .where('certificates.number', 'in', each(p.ids, size)),
    ),
  ),
  listListedCertificates: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db.selectFrom('certificate_listings').select('number').where('number', 'in', each(p.ids, size)),
    ),
  ),
  putCertificate: statement((db, p: CertificateListingRow) =>
    db
      .insertInto('certificate_listings')
      .values(pick(p, certificateColumns))
      .onConflict((conflict) => conflict.column('number').doUpdateSet({ is_revoked: p.is_revoked })),
  ),
  addToMonth: statement((db, p: ListingMonthRow) =>
    db
      .insertInto('listing_months')
      .values(pick(p, ['account', 'month', 'orders', 'certificates']))
      .onConflict((conflict) =>
        conflict.columns(['account', 'month']).doUpdateSet((row) => ({
          orders: row('listing_months.orders', '+', row.ref('excluded.orders')),
          certificates: row('listing_months.certificates', '+', row.ref('excluded.certificates')),
        })),
      ),
  ),
  listListed: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('order_listings')
        .select(['number', 'shelf', 'state', 'product', 'years', 'certificate_until', 'account'])
        .where('number', 'in', each(p.ids, size)),
    ),
  ),
  put: statement((db, p: OrderListingRow) =>
    db
      .insertInto('order_listings')
      .values(pick(p, columns))
      .onConflict((conflict) =>
        conflict.column('number').doUpdateSet((row) => ({
          shelf: row.ref('excluded.shelf'),
          state: row.ref('excluded.state'),
          product: row.ref('excluded.product'),
          years: row.ref('excluded.years'),
          credential: row.ref('excluded.credential'),
          common_name: row.ref('excluded.common_name'),
          names: row.ref('excluded.names'),
          reference: row.ref('excluded.reference'),
          emails: row.ref('excluded.emails'),
          certificate_until: row.ref('excluded.certificate_until'),
          coverage_until: row.ref('excluded.coverage_until'),
          created_at: row.ref('excluded.created_at'),
          changed_at: row.ref('excluded.changed_at'),
          changed_sequence: row.ref('excluded.changed_sequence'),
          account: row.ref('excluded.account'),
          issuer: row.ref('excluded.issuer'),
        })),
      ),
  ),
  count: statement((db, p: Dimensions & { orders: number }) =>
    db
      .insertInto('order_counts')
      .values(pick(p, ['shelf', 'state', 'product', 'years', 'orders']))
      .onConflict((conflict) =>
        conflict.columns(['shelf', 'state', 'product', 'years']).doUpdateSet((row) => ({
          orders: row('order_counts.orders', '+', row.ref('excluded.orders')),
        })),
      ),
  ),
  countEnd: statement((db, p: { day: number; orders: number }) =>
    db
      .insertInto('certificate_end_counts')
      .values(pick(p, ['day', 'orders']))
      .onConflict((conflict) =>
        conflict.column('day').doUpdateSet((row) => ({
          orders: row('certificate_end_counts.orders', '+', row.ref('excluded.orders')),
        })),
      ),
  ),
  countAccountEnd: statement((db, p: AccountEnd) =>
    db
      .insertInto('account_end_counts')
      .values(pick(p, ['account', 'day', 'orders']))
      .onConflict((conflict) =>
        conflict.columns(['account', 'day']).doUpdateSet((row) => ({
          orders: row('account_end_counts.orders', '+', row.ref('excluded.orders')),
        })),
      ),
  ),
  putThumbprint: statement((db, p: { prefix: number; certificateNumber: number }) =>
    db
      .insertInto('certificate_thumbprints')
      .values({ prefix: p.prefix, certificate_number: p.certificateNumber })
      .onConflict((conflict) => conflict.columns(['prefix', 'certificate_number']).doNothing()),
  ),
};

/** What happened last to an order. */
interface Change {
  readonly at: number;
  readonly sequence: number;
}

/**
 * Goes on with the next piece of events, none beyond `upTo`.
 * @returns the sequence up to which the projection goes now
 */
export async function fillListings(session: FillSession, upTo: number): Promise<number> {
  const q = orderFillStatements;
  const done = await session.first(q.progress, {});
  const after = done?.sequence ?? 0;
  if (after >= upTo) return after;
  const events = await session.all(q.listEvents, { after, upTo, limit: eventsAtOnce });
  const last = events.at(-1);
  if (last === undefined) return after;
  const changes = new Map<OrderId, Change>();
  const certificates: number[] = [];
  for (const { subject, at, sequence, certificate_json } of events) {
    if (isId('order', subject)) changes.set(subject, { at, sequence });
    const certificate = certificate_json === null ? undefined : fromJson<{ certificate?: unknown }>(certificate_json);
    const id = certificate?.certificate;
    if (typeof id === 'string' && isId('certificate', id)) certificates.push(numberOf(id));
  }
  const termOf = termsOf(session);
  const byNumber = new Map([...changes].map(([id, change]) => [numberOf(id), change]));
  await putOrders(session, byNumber, termOf);
  await putApprovals(session, [...byNumber.keys()], termOf);
  await putCertificates(session, [...new Set(certificates)], termOf);
  session.write(q.putProgress, { sequence: last.sequence, at: last.at });
  return last.sequence;
}

async function putOrders(
  session: FillSession,
  changes: ReadonlyMap<number, Change>,
  termOf: ReturnType<typeof termsOf>,
): Promise<void> {
  const q = orderFillStatements;
  const numbers = [...changes.keys()];
  const counts = new Map<string, Dimensions & { orders: number }>();
  const ends = new Map<number, number>();
  const accountEnds = new Map<string, AccountEnd>();
  const count = ({ certificate_until: endsAt, account, ...counted }: Counted, orders: 1 | -1) => {
    countDimensions(counted, orders);
    if (endsAt === null || counted.state !== activeState) return;
    const day = Math.floor(endsAt / dayMs);
    ends.set(day, (ends.get(day) ?? 0) + orders);
    // A row of before accounts were noted is not counted: the next event about its order counts it.
    if (account === null) return;
    const key = `${account} ${day}`;
    accountEnds.set(key, { account, day, orders: (accountEnds.get(key)?.orders ?? 0) + orders });
  };
  const countDimensions = ({ shelf, state, product, years }: Dimensions, orders: 1 | -1) => {
    const key = `${shelf} ${state} ${product} ${years}`;
    const counted = counts.get(key) ?? { shelf, state, product, years, orders: 0 };
    counted.orders += orders;
    counts.set(key, counted);
  };
  const listed = new Set<number>();
  for (const row of await allOf(session, q.listListed, numbers)) {
    // A row of before months were counted has no account.
    if (row.account !== null) listed.add(row.number);
    count(row, -1);
  }
  const months = new Months('orders');
  for (const order of await allOf(session, q.listOrders, numbers)) {
    const change = changes.get(order.number);
    if (change === undefined) continue;
    const account = await termOf(idForm('account').toBytes(order.account_id));
    const row: OrderListingRow = {
      number: order.number,
      shelf: await termOf(shelfTerm(order.account_id, order.dialect)),
      state: stateNumber(order.state),
      product: await termOf(idForm('product').toBytes(order.product_id)),
      years: yearsOf({ unit: order.coverage_unit, count: order.coverage_count }),
      credential: order.credential_id === null ? null : await termOf(idForm('credential').toBytes(order.credential_id)),
      common_name: order.names_text.slice(1, order.names_text.indexOf(' ', 1)),
      names: order.names_text,
      reference: order.alternative_reference?.toLowerCase() ?? null,
      emails: emailsIn(order),
      certificate_until: order.certificate_until,
      coverage_until: order.coverage_until,
      created_at: order.created_at,
      changed_at: change.at,
      changed_sequence: change.sequence,
      account,
      issuer: order.issuer_id,
    };
    session.write(q.put, row);
    count(row, 1);
    if (!listed.has(row.number)) months.add(account, row.created_at);
  }
  for (const counted of counts.values()) if (counted.orders !== 0) session.write(q.count, counted);
  for (const [day, orders] of ends) if (orders !== 0) session.write(q.countEnd, { day, orders });
  for (const end of accountEnds.values()) if (end.orders !== 0) session.write(q.countAccountEnd, end);
  months.write(session);
}

async function putCertificates(
  session: FillSession,
  numbers: readonly number[],
  termOf: ReturnType<typeof termsOf>,
): Promise<void> {
  const q = orderFillStatements;
  const listed = new Set((await allOf(session, q.listListedCertificates, numbers)).map(({ number }) => number));
  const months = new Months('certificates');
  for (const certificate of await allOf(session, q.listCertificates, numbers)) {
    const { number, der, created_at: createdAt } = certificate;
    const account = await termOf(idForm('account').toBytes(certificate.account_id));
    for (const algorithm of ['sha1', 'sha256'] as const) {
      const prefix = thumbprintPrefix(hash(algorithm, der, 'hex'));
      session.write(q.putThumbprint, { prefix, certificateNumber: number });
    }
    session.write(q.putCertificate, {
      number,
      account,
      order_number: certificate.order_number,
      product: await termOf(idForm('product').toBytes(certificate.product_id)),
      issuer: certificate.issuer_id,
      is_revoked: certificate.state === 'revoked' ? 1 : 0,
      is_withheld: certificate.is_withheld,
      not_after: certificate.not_after,
      created_at: createdAt,
    });
    if (!listed.has(number) && certificate.is_withheld === 0) months.add(account, createdAt);
  }
  months.write(session);
}

/** New ones by account and month. */
class Months {
  readonly #of: 'orders' | 'certificates';
  readonly #rows = new Map<string, { readonly account: number; readonly month: number; count: number }>();

  constructor(of: 'orders' | 'certificates') {
    this.#of = of;
  }

  add(account: number, atMs: number): void {
    const month = monthOf(fromMs(atMs));
    const key = `${account} ${month}`;
    const row = this.#rows.get(key) ?? { account, month, count: 0 };
    row.count += 1;
    this.#rows.set(key, row);
  }

  write(session: FillSession): void {
    for (const { account, month, count } of this.#rows.values()) {
      const none = { account, month, orders: 0, certificates: 0 };
      session.write(orderFillStatements.addToMonth, { ...none, [this.#of]: count });
    }
  }
}

/** The part of a SHA-1 or SHA-256 by which its certificate is looked up: one of two that share it is told apart by its DER. */
export function thumbprintPrefix(thumbprint: string): number {
  return Number.parseInt(thumbprint.slice(0, 12), 16);
}

interface Documents {
  readonly contact_json: string | null;
  readonly reminders_json: string | null;
  /** What the dialect keeps of the order, where there is an address in it. */
  readonly addressed_json: string | null;
}

/** The e-mail addresses in the documents of an order, in lower case, one in each line; the same as `hasEmail` looks at. */
function emailsIn({
  contact_json: contact,
  reminders_json: reminders,
  addressed_json: data,
}: Documents): string | null {
  if (contact === null && reminders === null && data === null) return null;
  const found = new Set<string>();
  const add = (value: unknown) => {
    if (typeof value === 'string' && value !== '') found.add(value.toLowerCase());
  };
  if (contact !== null) add(fromJson<{ readonly email?: unknown }>(contact).email);
  const { addresses = [] } = reminders === null ? {} : fromJson<{ readonly addresses?: readonly string[] }>(reminders);
  addresses.forEach(add);
  if (data !== null) JSON.parse(data, (key, value) => (key === 'email' ? add(value) : value));
  return found.size === 0 ? null : [...found].join('\n');
}
