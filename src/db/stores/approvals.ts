/** Requests for approval. */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Approval } from '../../domain/approval.ts';
import { type AccountId, type ApprovalId, numberOf } from '../../domain/ids.ts';
import type { ApprovalSortKey } from '../../domain/ports/approvals.ts';
import type { ApprovalFilter, ApprovalPage, ApprovalStore } from '../../domain/ports/stores/approvals.ts';
import type { ApprovalState } from '../../domain/states.ts';
import { unindexed } from '../fields.ts';
import { asId } from '../forms.ts';
import { numberedStatements, numberedStore } from '../numbered.ts';
import { type Builder, each, sized, statement } from '../prepared.ts';
import { approvals, decisionsJson } from '../rows/approvals.ts';
import { allOf, type Session } from '../session.ts';
import { byListings } from './by-listings.ts';
import { bound, escaped, hasCustomField, ofOrdersIn, wholeSort } from './conditions.ts';
import { inSlices } from './in-slices.ts';
import { selectAmong } from './large-accounts.ts';
import { searchListedApprovals } from './listed-approvals.ts';

/** Nobody has decided yet. */
const waiting = ['submitted', 'pending'] as const satisfies readonly ApprovalState[];

interface Move {
  id: ApprovalId;
  from: readonly ApprovalState[];
  to: ApprovalState;
  decisions: string;
}

export const approvalStatements = {
  ...numberedStatements(approvals),
  listByNumbers: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db.selectFrom('approvals').selectAll().where('number', 'in', each(p.ids, size)),
    ),
  ),
  getNewestOfOrder: statement((db, p: { orderNumber: number }) =>
    db.selectFrom('approvals').selectAll().where('order_number', '=', p.orderNumber).orderBy('number', 'desc').limit(1),
  ),
  listNewestOfOrders: sized((size) =>
    statement((db, p: { ids: readonly number[] }) =>
      db
        .selectFrom('approvals')
        .selectAll()
        .where('number', 'in', (newest) =>
          newest
            .selectFrom('approvals as older')
            .select((row) => row.fn.max('older.number').as('number'))
            .where('older.order_number', 'in', each(p.ids, size))
            .groupBy('older.order_number'),
        ),
    ),
  ),
  listWaitingOfOrder: statement((db, p: { orderNumber: number }) =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('order_number', '=', p.orderNumber)
      .where('state', 'in', waiting)
      .orderBy('number', 'desc'),
  ),
  raiseVersion: statement((db, p: { id: ApprovalId; requestedFrom: string }) =>
    db
      .updateTable('approvals')
      .set((row) => ({ version: row('version', '+', 1), requested_from: p.requestedFrom }))
      .where('id', '=', p.id)
      .where('state', 'in', waiting),
  ),
  move: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('approvals')
        .set({ state: p.to, decisions_json: p.decisions })
        .where('id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
};

export function createApprovalStore(session: Session): ApprovalStore {
  const q = approvalStatements;
  return {
    ...numberedStore(session, approvals, q),
    async search(page) {
      const { accountId, limit, offset, before } = page;
      const listed = await byListings(session, accountId, () => searchListedApprovals(session, page));
      if (listed !== undefined) return { items: await approvalsOf(session, listed.numbers), total: listed.total };
      // To walk or sort all requests of an account with all that they hold takes several times as long.
      const found = await selectAmong(session, accountId, (db) => numbersQuery(db, page));
      const items = await approvalsOf(
        session,
        found.map(({ number }) => number),
      );
      // The first page shows whether there is another.
      if (offset === 0 && before === undefined && items.length < limit) return { items, total: items.length };
      const [count] = await selectAmong(session, accountId, (db) => countQuery(db, page));
      return { items, total: Number(count?.n ?? 0) };
    },
    async listWaitingOfOrder(orderId) {
      return (await session.all(q.listWaitingOfOrder, { orderNumber: numberOf(orderId) })).map(approvals.fromRow);
    },
    async getNewestOfOrder(orderId) {
      const row = await session.first(q.getNewestOfOrder, { orderNumber: numberOf(orderId) });
      return row && approvals.fromRow(row);
    },
    async listNewestOfOrders(orderIds) {
      return (await allOf(session, q.listNewestOfOrders, orderIds.map(numberOf))).map(approvals.fromRow);
    },
    async raiseVersion(id, requestedFrom) {
      return (await session.run(q.raiseVersion, { id, requestedFrom })) === 1;
    },
    async move(id, from, to, decision) {
      const row = await session.first(q.get, { id });
      if (row === undefined || !from.includes(row.state)) return false;
      const decisions = decisionsJson.write([...approvals.fromRow(row).decisions, decision]);
      return (await session.run(q.move(from.length), { id, from, to, decisions })) === 1;
    },
  };
}

/** The requests of these numbers, in their order. */
async function approvalsOf(session: Session, numbers: readonly number[]): Promise<readonly Approval[]> {
  return inSlices(numbers, async (some) => {
    const rows = await allOf(session, approvalStatements.listByNumbers, some);
    const byNumber = new Map(rows.map((row) => [row.number, approvals.fromRow(row)]));
    return some.flatMap((number) => byNumber.get(number) ?? []);
  });
}

const sortColumns = {
  number: sql.ref('approvals.number'),
  asks: sql.ref('approvals.asks'),
  state: sql.ref('approvals.state'),
  orderNumber: sql.ref('approvals.order_number'),
  commonName: sql`(select subject.names_text ${subject()})`,
} as const satisfies Record<ApprovalSortKey, RawBuilder<unknown>>;

export function numbersQuery(db: Builder, query: ApprovalPage) {
  return sortedPage(db, query).select('approvals.number');
}

function countQuery(db: Builder, filter: ApprovalFilter) {
  return filtered(db, filter).select((row) => row.fn.countAll<number>().as('n'));
}

function sortedPage(db: Builder, { limit, offset, before, sort, ...filter }: ApprovalPage) {
  let query = filtered(db, filter).$if(before !== undefined, (some) =>
    some.where('approvals.number', '<', before ?? 0),
  );
  for (const { by, descending } of wholeSort(sort)) query = query.orderBy(sortColumns[by], descending ? 'desc' : 'asc');
  return query.limit(limit).offset(offset);
}

/** The issuance that the request is about. The first of an order has no index by the order, which names it itself. */
function subject() {
  return sql`from issuances as subject where subject.id = approvals.issuance_id and (
    subject.number = (select ordered.first_issuance_number from orders as ordered where ordered.number = approvals.order_number)
    or (subject.order_number = approvals.order_number and subject.kind <> 'new'))`;
}

/** The first of the names between blanks. */
const firstName = sql`substr(subject.names_text, 2, instr(substr(subject.names_text, 2), ' ') - 1)`;

function hasCommonName({ value, isExact }: NonNullable<ApprovalFilter['commonName']>) {
  const text = escaped(value.toLowerCase());
  // All of a name has an index, of all names that orders ask for.
  const isNamed = sql`approvals.order_number in (
    select order_names.order_number from order_names where order_names.name = ${value.toLowerCase()})`;
  return sql<SqlBool>`${isExact ? isNamed : sql`true`} and exists (select 1 ${subject()} and ${firstName} like ${isExact ? text : `%${text}%`} escape '\\')`;
}

/** The most frequent query is for those that wait: their index is named by its own condition, written out. */
function filtered(db: Builder, filter: ApprovalFilter) {
  const { accountId, dialect, states, asks, containers, orderIds, requestedBy, customField, commonName } = filter;
  const isOfFew = orderIds !== undefined || requestedBy !== undefined;
  const isOfWaiting = states?.every((state) => (waiting as readonly ApprovalState[]).includes(state)) === true;
  return (
    db
      .selectFrom('approvals')
      .$if(isOfWaiting, (query) =>
        query.where(
          'approvals.state',
          'in',
          waiting.map((state) => sql.lit(state)),
        ),
      )
      .$if(states !== undefined, (query) => query.where('approvals.state', 'in', states ?? []))
      .$if(asks !== undefined, (query) => query.where('approvals.asks', 'in', asks ?? []))
      // Those of some orders are few: the index of the account would be looked through for them.
      .$if(orderIds !== undefined, (query) =>
        query.where('approvals.order_number', 'in', (orderIds ?? []).map(numberOf)),
      )
      .$if(accountId !== null && !isOfFew, (query) => query.where('approvals.account_id', '=', accountId))
      .$if(accountId !== null && isOfFew, (query) =>
        query.where(unindexed('approvals.account_id'), '=', asId('account', accountId)),
      )
      .$if(dialect !== undefined, (query) =>
        query.where(({ exists, selectFrom }) =>
          exists(
            selectFrom('orders')
              .select('orders.number')
              .whereRef('orders.number', '=', 'approvals.order_number')
              .where('orders.dialect', '=', dialect ?? ''),
          ),
        ),
      )
      .$if(requestedBy !== undefined, (query) =>
        query.where(sql<SqlBool>`approvals.requested_by in (${bound(requestedBy ?? [])})`),
      )
      .$if(customField !== undefined, (query) => query.where(ofCustomField(customField ?? {}, accountId)))
      .$if(containers !== undefined, (query) =>
        query.where(ofOrdersIn('approvals.order_number', containers ?? { in: [] })),
      )
      .$if(commonName !== undefined, (query) => query.where(hasCommonName(commonName ?? { value: '', isExact: true })))
  );
}

/** Orders that have custom fields are few, and have an index of their account. */
function ofCustomField(field: NonNullable<ApprovalFilter['customField']>, accountId: AccountId | null) {
  const isOfAccount = accountId === null ? sql`true` : sql`orders.account_id = ${asId('account', accountId)}`;
  return sql<SqlBool>`approvals.order_number in (
    select orders.number from orders where ${isOfAccount} and orders.custom_values_json is not null and ${hasCustomField(field)})`;
}
