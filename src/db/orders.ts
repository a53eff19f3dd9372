/** Orders. Their names are indexed by the issuances that ask for them, in `order_names`. */
import { sql } from 'kysely';
import type { IssuanceId, OrderId } from '../domain/ids.ts';
import { defaultNotices, type ExpiryNotices, type Order, type OrderState } from '../domain/order.ts';
import type { OrderQuery, OrderStore } from '../domain/stores.ts';
import { fromJson, fromJsonOrNull, fromMs, fromMsOrNull, toFlag, toJson, toJsonOrNull, toMsOrNull } from './columns.ts';
import { type Builder, each, pick, sized, statement } from './prepared.ts';
import type { Session } from './session.ts';
import type { OrderRow } from './tables.ts';

const columns = [
  'number',
  'id',
  'account_id',
  'credential_id',
  'dialect',
  'product_id',
  'state',
  'coverage_unit',
  'coverage_count',
  'coverage_from',
  'coverage_until',
  'total_minor',
  'currency',
  'renewal_of',
  'renewed_by',
  'renewal_mark',
  'is_auto_renewed',
  'notices_json',
  'organization_json',
  'organization_id',
  'container_id',
  'custom_values_json',
  'alternative_reference',
  'contact_json',
  'issuance_id',
  'extension_json',
  'notify_url',
  'created_at',
] as const satisfies readonly (keyof OrderRow)[];

interface Move {
  id: OrderId;
  from: readonly OrderState[];
  to: OrderState;
  coverageFrom: number | null;
  coverageUntil: number | null;
}

export const orderStatements = {
  insert: statement((db, p: OrderRow) => db.insertInto('orders').values(pick(p, columns))),
  get: statement((db, p: { id: OrderId }) => db.selectFrom('orders').selectAll().where('id', '=', p.id)),
  getByNumber: statement((db, p: { number: number }) =>
    db.selectFrom('orders').selectAll().where('number', '=', p.number),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('orders')
        .set((row) => ({
          state: p.to,
          coverage_from: row.fn.coalesce(row.val(p.coverageFrom), 'coverage_from'),
          coverage_until: row.fn.coalesce(row.val(p.coverageUntil), 'coverage_until'),
        }))
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateIssuance: statement((db, p: { id: OrderId; issuanceId: IssuanceId; addMinor: number }) =>
    db
      .updateTable('orders')
      .set((row) => ({ issuance_id: p.issuanceId, total_minor: row('total_minor', '+', p.addMinor) }))
      .where('id', '=', p.id),
  ),
  updateExtension: statement((db, p: { id: OrderId; extension: string }) =>
    db.updateTable('orders').set({ extension_json: p.extension }).where('id', '=', p.id),
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

export function createOrderStore(session: Session): OrderStore {
  const q = orderStatements;
  const get = async (id: OrderId) => optionalOrder(await session.first(q.get, { id }));
  return {
    get,
    // One connection writes: inside its transaction every row is as good as locked.
    getForUpdate: get,
    async insert(order) {
      const numbered = { ...order, number: await session.nextNumber('orders') };
      await session.run(q.insert, toRow(numbered));
      return numbered;
    },
    async getByNumber(number) {
      return optionalOrder(await session.first(q.getByNumber, { number }));
    },
    async list(query) {
      return (await session.select((db) => listQuery(db, query))).map(fromRow);
    },
    async move(id, from, to, change = {}) {
      const coverageFrom = toMsOrNull(change.coverageFrom);
      const coverageUntil = toMsOrNull(change.coverageUntil);
      return (await session.run(q.move(from.length), { id, from, to, coverageFrom, coverageUntil })) === 1;
    },
    async updateIssuance(id, issuanceId, addMinor) {
      await session.run(q.updateIssuance, { id, issuanceId, addMinor });
    },
    async updateExtension(id, extension) {
      await session.run(q.updateExtension, { id, extension: toJson(extension) });
    },
    async listEnding(now, limit) {
      return (await session.all(q.listEnding, { now: now.getTime(), limit })).map(fromRow);
    },
  };
}

/** Each filter has an index that is in order of the number, so that a page costs the same at any size. */
export function listQuery(db: Builder, { accountId, dialect, state, name, before, limit }: OrderQuery) {
  const base =
    name === undefined
      ? db.selectFrom('orders').selectAll('orders').orderBy('orders.number', 'desc')
      : db
          .selectFrom('order_names')
          .innerJoin('orders', 'orders.number', 'order_names.order_number')
          .selectAll('orders')
          .where('order_names.name', '=', name)
          .orderBy('order_names.order_number', 'desc');
  return (
    base
      .$if(name !== undefined && before !== undefined, (query) =>
        query.where(sql.ref<number>('order_names.order_number'), '<', before ?? 0),
      )
      .$if(before !== undefined, (query) => query.where('orders.number', '<', before ?? 0))
      .$if(accountId !== null, (query) => query.where('orders.account_id', '=', accountId))
      .$if(dialect !== undefined, (query) => query.where('orders.dialect', '=', dialect ?? ''))
      .$if(state !== undefined, (query) => query.where('orders.state', '=', sql.lit(state)))
      // Says nothing new, but is how SQLite recognises that the indexes of orders that are not active fit.
      .$if(state !== undefined && state !== 'active', (query) => query.where('orders.state', '!=', sql.lit('active')))
      .limit(limit)
  );
}

function toRow(order: Order): OrderRow {
  return {
    number: order.number,
    id: order.id,
    account_id: order.accountId,
    credential_id: order.credentialId,
    dialect: order.dialect,
    product_id: order.productId,
    state: order.state,
    coverage_unit: order.coverage.unit,
    coverage_count: order.coverage.count,
    coverage_from: toMsOrNull(order.coverageFrom),
    coverage_until: toMsOrNull(order.coverageUntil),
    total_minor: order.totalMinor,
    currency: order.currency,
    renewal_of: order.renewalOf,
    renewed_by: order.renewedBy,
    renewal_mark: order.renewalMark,
    is_auto_renewed: toFlag(order.isAutoRenewed),
    notices_json: isDefault(order.notices) ? null : toJson(order.notices),
    organization_json: toJsonOrNull(order.organization),
    organization_id: order.organizationId,
    container_id: order.containerId,
    custom_values_json: order.customValues.length === 0 ? null : toJson(order.customValues),
    alternative_reference: order.alternativeReference,
    contact_json: toJsonOrNull(order.contact),
    issuance_id: order.issuanceId,
    notify_url: order.notifyUrl,
    extension_json: toJson(order.extension),
    created_at: order.createdAt.getTime(),
  };
}

function isDefault({ isOff, addresses, message }: ExpiryNotices): boolean {
  return isOff === defaultNotices.isOff && addresses.length === 0 && message === '';
}

function optionalOrder(row: OrderRow | undefined): Order | undefined {
  return row && fromRow(row);
}

function fromRow(row: OrderRow): Order {
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    credentialId: row.credential_id,
    dialect: row.dialect,
    productId: row.product_id,
    state: row.state,
    coverage: { unit: row.coverage_unit, count: row.coverage_count },
    coverageFrom: fromMsOrNull(row.coverage_from),
    coverageUntil: fromMsOrNull(row.coverage_until),
    totalMinor: row.total_minor,
    currency: row.currency,
    renewalOf: row.renewal_of,
    renewedBy: row.renewed_by,
    renewalMark: row.renewal_mark,
    isAutoRenewed: row.is_auto_renewed === 1,
    notices: fromJsonOrNull(row.notices_json) ?? defaultNotices,
    organization: fromJsonOrNull(row.organization_json),
    organizationId: row.organization_id,
    containerId: row.container_id,
    customValues: fromJsonOrNull(row.custom_values_json) ?? [],
    alternativeReference: row.alternative_reference,
    contact: fromJsonOrNull(row.contact_json),
    issuanceId: row.issuance_id,
    notifyUrl: row.notify_url,
    extension: fromJson(row.extension_json),
    createdAt: fromMs(row.created_at),
  };
}
