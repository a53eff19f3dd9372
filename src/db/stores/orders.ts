/** Orders. Their names are indexed by the issuances that ask for them, in `order_names`. */

import { type Compilable, sql } from 'kysely';
import { type AccountId, type IssuanceId, isId, numberOf, type OrderId } from '../../domain/ids.ts';
import { type Order, referenceSeparator } from '../../domain/order.ts';
import type { Page } from '../../domain/page.ts';
import type { ChangedOrder } from '../../domain/ports/orders.ts';
import type { ChangesQuery, OrderQuery, OrderStore, StoredOrderSearch } from '../../domain/ports/stores/orders.ts';
import type { OrderState } from '../../domain/states.ts';
import type { Inserted, TableOf } from '../codec.ts';
import { type Flag, toJson, toMsOrNull } from '../fields.ts';
import { type Key, keyOf, numberedIdStatements, numberedIdStore, updateNoun, updatesByNumberOf } from '../numbered.ts';
import { type Builder, each, inPieces, pick, sized, statement } from '../prepared.ts';
import { type OrderRow, orders } from '../rows/orders.ts';
import { allOf, type Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { countFilteredOrders, findFilteredOrders } from './filtered-orders.ts';
import { inSlices } from './in-slices.ts';
import { hasManyOrders, selectAmong } from './large-accounts.ts';
import { endOf } from './late-lists.ts';
import { countMonths } from './listed-months.ts';
import { searchListed } from './listed-orders.ts';
import {
  type ChangedRow,
  changedFromRow,
  changedQuery,
  eventsBeforeQuery,
  laterSubjectsQuery,
} from './order-changes.ts';
import { countQuery, notActive, numbersQuery } from './order-search.ts';

/** Columns of an order that may change, apart from its state. */
const changing = [
  'renewed_by',
  'renewal_mark',
  'is_auto_renewed',
  'reminders_json',
  'custom_values_json',
  'alternative_reference',
  'dialect_data_json',
] as const satisfies readonly (keyof OrderRow)[];

/** Events are in the order of their commits, and clocks are set back: a later event may be older by this much. */
const disorderMs = 60_000;

interface Move extends Key<OrderId> {
  from: readonly OrderState[];
  to: OrderState;
  isListed: Flag;
  coverageFrom: number | null;
  coverageUntil: number | null;
  certificateUntil: number | null;
}

export const orderStatements = {
  ...numberedIdStatements(orders),
  // A number may be drawn long before: then the list of open orders has passed it already.
  insert: statement((db, p: Inserted<TableOf<typeof orders>>) =>
    db.insertInto('orders').values({
      ...pick(p, orders.columns),
      is_listed: sql<Flag>`case when ${p.state} = 'open' and ${p.number} <= ${endOf('orders')} then 1 else ${p.is_listed} end`,
    }),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('orders')
        .set((row) => ({
          state: p.to,
          is_listed: p.isListed,
          coverage_from: row.fn.coalesce(row.val(p.coverageFrom), 'coverage_from'),
          coverage_until: row.fn.coalesce(row.val(p.coverageUntil), 'coverage_until'),
          certificate_until: row.fn.coalesce(row.val(p.certificateUntil), 'certificate_until'),
        }))
        .where('number', '=', p.number)
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateIssuance: statement(
    (db, p: Key<OrderId> & { issuanceId: IssuanceId; issuanceNumber: number; addMinor: number }) =>
      db
        .updateTable('orders')
        .set((row) => ({
          issuance_id: p.issuanceId,
          issuance_number: p.issuanceNumber,
          total_minor: row('total_minor', '+', p.addMinor),
        }))
        .where('number', '=', p.number)
        .where('id', '=', p.id),
  ),
  addPaid: statement((db, p: Key<OrderId> & { minor: number }) =>
    db
      .updateTable('orders')
      .set((row) => ({ paid_minor: row('paid_minor', '+', p.minor) }))
      .where('number', '=', p.number)
      .where('id', '=', p.id),
  ),
  lastEvent: statement((db, p: { upTo: number }) =>
    db
      .selectFrom('events')
      .select(['sequence', 'at'])
      .where('sequence', '<=', p.upTo)
      .orderBy('sequence', 'desc')
      .limit(1),
  ),
  insertReferences: sized((size) =>
    statement((db, p: { accountId: AccountId; orderNumber: number; references: readonly string[] }) =>
      db
        .insertInto('order_references')
        .values(
          each(p.references, size).map((reference) => ({
            account_id: p.accountId,
            reference,
            order_number: p.orderNumber,
          })),
        )
        .onConflict((conflict) => conflict.doNothing()),
    ),
  ),
  removeReferences: sized((size) =>
    statement((db, p: { accountId: AccountId; orderNumber: number; references: readonly string[] }) =>
      db
        .deleteFrom('order_references')
        .where('account_id', '=', p.accountId)
        .where('reference', 'in', each(p.references, size))
        .where('order_number', '=', p.orderNumber),
    ),
  ),
  updateCertificateUntil: statement((db, p: Key<OrderId> & { until: number }) =>
    db.updateTable('orders').set({ certificate_until: p.until }).where('number', '=', p.number).where('id', '=', p.id),
  ),
  updateRenewedBy: statement((db, p: Key<OrderId> & { renewedBy: OrderId }) =>
    db.updateTable('orders').set({ renewed_by: p.renewedBy }).where('number', '=', p.number).where('id', '=', p.id),
  ),
  clearRenewedBy: statement((db, p: Key<OrderId> & { by: OrderId }) =>
    db
      .updateTable('orders')
      .set({ renewed_by: null })
      .where('number', '=', p.number)
      .where('id', '=', p.id)
      .where('renewed_by', '=', p.by),
  ),
  updateDialectData: statement((db, p: Key<OrderId> & { dialectData: string }) =>
    db
      .updateTable('orders')
      .set({ dialect_data_json: p.dialectData })
      .where('number', '=', p.number)
      .where('id', '=', p.id),
  ),
  // The state is written out, not bound, so that the partial index is known to fit.
  listEnding: statement((db, p: { now: number; limit: number }) =>
    db
      .selectFrom('orders')
      .selectAll()
      .where('state', '=', sql.lit('active'))
      .where('coverage_until', '<=', p.now)
      .orderBy('coverage_until')
      .limit(p.limit),
  ),
};

const updates = updatesByNumberOf(orders, changing);

export function createOrderStore(session: Session): OrderStore {
  const q = orderStatements;
  const numbered = numberedIdStore(session, orders, q);
  return {
    ...numbered,
    async insert(order) {
      const inserted = await numbered.insert(order);
      await putReferences(session, inserted, null);
      return inserted;
    },
    // One connection writes: inside its transaction every row is as good as locked.
    getForUpdate: numbered.get,
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(orders.fromRow);
    },
    async listFiltered(query) {
      const found = await findFilteredOrders(session, query);
      const items = await ordersOf(
        session,
        found.map(({ number }) => number),
      );
      const byNumber = new Map(items.map((order) => [order.number, order]));
      return found.flatMap(({ number, place, issuanceId }) => {
        const order = byNumber.get(number);
        return order === undefined ? [] : [{ order, issuanceId: issuanceId ?? order.issuanceId, place }];
      });
    },
    countFiltered: (filter) => countFilteredOrders(session, filter),
    async search(search) {
      const { accountId, offset, limit } = search;
      const listed = await byListings(session, accountId, () => searchListed(session, search));
      if (listed !== undefined) return { items: await ordersOf(session, listed.numbers), total: listed.total };
      const numbers = await pageOfNumbers(session, search);
      const items = await ordersOf(
        session,
        numbers.map(({ number }) => number),
      );
      // The first page shows whether there is another.
      if (offset === 0 && numbers.length < limit) return { items, total: items.length };
      const [count] = await selectAmong(session, accountId, (db) => countQuery(db, search));
      return { items, total: Number(count?.total ?? 0) };
    },
    countMonths: (accountIds, span) => countMonths(session, accountIds, span),
    async listChanged(query) {
      return listChanged(session, query);
    },
    async move(id, from, to, change = {}) {
      const coverageFrom = toMsOrNull(change.coverageFrom);
      const coverageUntil = toMsOrNull(change.coverageUntil);
      const isListed: Flag = to === 'active' ? 0 : 1;
      const certificateUntil = toMsOrNull(change.certificateUntil);
      const values = { ...keyOf(id), from, to, isListed, coverageFrom, coverageUntil, certificateUntil };
      return (await session.run(q.move(from.length), values)) === 1;
    },
    async updateCertificateUntil(id, until) {
      session.write(q.updateCertificateUntil, { ...keyOf(id), until: until.getTime() });
    },
    async updateIssuance(id, issuanceId, addMinor) {
      session.write(q.updateIssuance, { ...keyOf(id), issuanceId, issuanceNumber: numberOf(issuanceId), addMinor });
    },
    async addPaid(id, minor) {
      session.write(q.addPaid, { ...keyOf(id), minor });
    },
    async updateRenewedBy(id, renewedBy) {
      session.write(q.updateRenewedBy, { ...keyOf(id), renewedBy });
    },
    async clearRenewedBy(id, by) {
      session.write(q.clearRenewedBy, { ...keyOf(id), by });
    },
    async updateDialectData(id, dialectData) {
      session.write(q.updateDialectData, { ...keyOf(id), dialectData: toJson(dialectData) });
    },
    async listEnding(now, limit) {
      return (await session.all(q.listEnding, { now: now.getTime(), limit })).map(orders.fromRow);
    },
    async update(id, change) {
      const now = await numbered.get(id);
      await updateNoun(session, orders, updates, { now, change });
      if (now !== undefined && change.alternativeReference !== undefined)
        await putReferences(session, { ...now, alternativeReference: change.alternativeReference }, now);
    },
  };
}

/** Lists the customer's numbers of the order, in place of those that it had. */
async function putReferences(
  session: Session,
  { accountId, number: orderNumber, alternativeReference }: Order,
  before: Order | null,
): Promise<void> {
  const [known, references] = [partsOf(before?.alternativeReference ?? null), partsOf(alternativeReference)];
  const { insertReferences, removeReferences } = orderStatements;
  const removed = known.filter((part) => !references.includes(part));
  const about = { accountId, orderNumber };
  if (removed.length > 0) session.write(removeReferences(removed.length), { ...about, references: removed });
  if (references.length > 0) session.write(insertReferences(references.length), { ...about, references });
}

function partsOf(reference: string | null): readonly string[] {
  return reference === null ? [] : [...new Set(reference.split(referenceSeparator))];
}

/** Sorted by the end of their certificates, orders that have none come last: they are not in the index of those ends. */
async function pageOfNumbers(session: Session, search: StoredOrderSearch): Promise<readonly { number: number }[]> {
  const { accountId, limit, offset, sort: [first, ...others] = [] } = search;
  const numbers = (wanted: StoredOrderSearch, hasCertificate?: boolean) =>
    selectAmong(session, accountId, (db) => numbersQuery(db, wanted, hasCertificate));
  if (first?.by !== 'certificateUntil') return numbers(search);
  const ending = await numbers(search, true);
  if (ending.length === limit) return ending;
  const [count] = await selectAmong(session, accountId, (db) => countQuery(db, search, true));
  const skipped = Math.max(0, offset - Number(count?.total ?? 0));
  const page = { limit: limit - ending.length, offset: skipped, sort: others };
  return [...ending, ...(await numbers({ ...search, ...page }, false))];
}

/** The orders of these numbers, in their order. */
async function ordersOf(session: Session, numbers: readonly number[]): Promise<readonly Order[]> {
  return inSlices(numbers, async (some) => {
    const rows = await allOf(session, orderStatements.listByNumbers, some);
    const found = new Map(rows.map((row) => [row.number, orders.fromRow(row)]));
    return some.flatMap((number) => found.get(number) ?? []);
  });
}

/**
 * Walks the account's events backwards, from the last one before `until` to the first one after `from`, a page of them at a
 * time. An order stands where the latest of its events between the two does, so that it is on one page only.
 */
async function listChanged(
  session: Session,
  { accountId, dialect, from, until, before, limit }: ChangesQuery,
): Promise<Page<Omit<ChangedOrder, 'now'>>> {
  const [fromMs, untilMs] = [from.getTime(), until.getTime()];
  const start = before ?? (await lastSequenceAt(session, untilMs + disorderMs)) + 1;
  const isLarge = await hasManyOrders(session, accountId);
  const select = <R>(build: (db: Builder) => Compilable<R>) =>
    isLarge ? session.beside(build) : session.select(build);
  const events = await select((db) => eventsBeforeQuery(db, { accountId, before: start, limit }));
  const subjects = events.filter(({ at }) => at >= fromMs && at <= untilMs).map(({ subject }) => subject);
  const listed = [...new Set(subjects)].filter((subject) => isId('order', subject));
  const again = new Set<string>();
  for (const ids of before === undefined ? [] : inPieces(listed)) {
    const span = { ids, start, fromMs, untilMs };
    for (const { subject } of await select((db) => laterSubjectsQuery(db, span))) again.add(subject);
  }
  const ids = listed.filter((id) => !again.has(id));
  const rows = new Map<string, ChangedRow>();
  for (const piece of inPieces(ids))
    for (const row of await select((db) => changedQuery(db, { ids: piece, dialect }))) rows.set(row.id, row);
  const items = ids.flatMap((id) => rows.get(id) ?? []).map(changedFromRow);
  const last = events.at(-1);
  const isOver = last === undefined || events.length < limit || last.at < fromMs - disorderMs;
  return { items, next: isOver ? null : last.sequence };
}

/** The sequence of the last event no later than the moment; 0: there is none. Halves what is left, as events have no index by time. */
async function lastSequenceAt(session: Session, atMs: number): Promise<number> {
  const newest = await session.first(orderStatements.lastEvent, { upTo: Number.MAX_SAFE_INTEGER });
  if (newest === undefined || newest.at <= atMs) return newest?.sequence ?? 0;
  let low = 0;
  let high = newest.sequence;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const event = await session.first(orderStatements.lastEvent, { upTo: middle });
    if (event === undefined || event.at <= atMs) low = middle;
    else high = middle;
  }
  return low;
}

/** Each filter has an index that is in order of the number, so that a page costs the same at any size. */
export function listQuery(db: Builder, query: OrderQuery) {
  const { accountId, dialect, state, name, before, limit } = query;
  const base =
    name === undefined
      ? db.selectFrom('orders').selectAll('orders').orderBy('orders.number', 'desc')
      : db
          .selectFrom('order_names')
          .innerJoin('orders', 'orders.number', 'order_names.order_number')
          .selectAll('orders')
          .where('order_names.name', '=', name)
          .orderBy('order_names.order_number', 'desc');
  // Those of a name are few: what state they are in is seen in their rows.
  const isOfFew = state !== undefined && state !== 'active' && name === undefined;
  return base
    .$if(name !== undefined && before !== undefined, (some) =>
      some.where(sql.ref<number>('order_names.order_number'), '<', before ?? 0),
    )
    .$if(isOfFew, (some) =>
      some.where('orders.number', 'in', notActive({ accountId, dialect, before, limit, states: [state ?? 'open'] })),
    )
    .$if(before !== undefined && !isOfFew, (some) => some.where('orders.number', '<', before ?? 0))
    .$if(accountId !== null && !isOfFew, (some) => some.where('orders.account_id', '=', accountId))
    .$if(dialect !== undefined && !isOfFew, (some) => some.where('orders.dialect', '=', dialect ?? ''))
    .$if(state !== undefined && !isOfFew, (some) => some.where('orders.state', '=', sql.lit(state)))
    .limit(limit);
}
