/** Orders at upstreams, and our accounts there. */

import { sql } from 'kysely';
import type { IssuanceId } from '../../domain/ids.ts';
import type { UpstreamAccountStore, UpstreamOrderStore } from '../../domain/ports/stores/upstreams.ts';
import { notedUpstreamStates, type UpstreamOrderState } from '../../domain/states.ts';
import { toMsOrNull } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { type Builder, each, pick, sized, statement } from '../prepared.ts';
import {
  evidenceJson,
  relayJson,
  routeJson,
  type UpstreamAccountRow,
  type UpstreamOrderRow,
  upstreamAccounts,
  upstreamOrders,
} from '../rows/upstreams.ts';
import type { Session } from '../session.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

interface Move {
  id: IssuanceId;
  from: readonly UpstreamOrderState[];
  to: UpstreamOrderState;
  evidence: string | null;
  endedAt: number | null;
  deadline: number | null;
}

/** The states are written out, not bound, so that the partial index is known to fit. */
function noted(db: Builder) {
  const states = notedUpstreamStates.map((state) => sql.lit(state));
  return db.selectFrom('upstream_orders').selectAll().where('state', 'in', states);
}

interface Page {
  limit: number;
  begunAt: number;
  id: IssuanceId | '';
}

/** Of those that began in one moment the last id is the first. */
function after(query: ReturnType<typeof noted>, p: Page) {
  return query
    .where('begun_at', '<=', p.begunAt)
    .where((row) => row.or([row('begun_at', '<', p.begunAt), row('issuance_id', '<', p.id as IssuanceId)]))
    .orderBy('begun_at', 'desc')
    .orderBy('issuance_id', 'desc')
    .limit(p.limit);
}

export const upstreamStatements = {
  insertOrder: insertStatement(upstreamOrders),
  getOrder: statement((db, p: { id: IssuanceId }) =>
    db.selectFrom('upstream_orders').selectAll().where('issuance_id', '=', p.id),
  ),
  moveOrder: sized((size) =>
    statement((db, p: Move) =>
      db
        .updateTable('upstream_orders')
        .set((row) => ({
          state: p.to,
          evidence_json: row.fn.coalesce(row.val(p.evidence), 'evidence_json'),
          ended_at: row.fn.coalesce(row.val(p.endedAt), 'ended_at'),
          deadline: row.fn.coalesce(row.val(p.deadline), 'deadline'),
        }))
        .where('issuance_id', '=', p.id)
        .where('state', 'in', each(p.from, size)),
    ),
  ),
  reassign: sized((size) =>
    statement(
      (
        db,
        p: Pick<UpstreamOrderRow, 'issuer_id' | 'account' | 'begun_at' | 'deadline' | 'route_json'> & {
          id: IssuanceId;
          from: readonly UpstreamOrderState[];
          to: UpstreamOrderState;
        },
      ) =>
        db
          .updateTable('upstream_orders')
          .set({
            ...pick(p, ['issuer_id', 'account', 'begun_at', 'deadline', 'route_json']),
            state: p.to,
            reference: null,
            faults: 0,
            last_fault: null,
          })
          .where('issuance_id', '=', p.id)
          .where('state', 'in', each(p.from, size)),
    ),
  ),
  reopen: sized((size) =>
    statement(
      (
        db,
        p: {
          id: IssuanceId;
          from: readonly UpstreamOrderState[];
          to: UpstreamOrderState;
          deadline: number;
        },
      ) =>
        db
          .updateTable('upstream_orders')
          .set({ state: p.to, ended_at: null, deadline: p.deadline })
          .where('issuance_id', '=', p.id)
          .where('state', 'in', each(p.from, size)),
    ),
  ),
  updateReference: statement((db, p: { id: IssuanceId; reference: string | null }) =>
    db
      .updateTable('upstream_orders')
      .set((row) => ({ reference: row.fn.coalesce(row.val(p.reference), 'reference'), faults: 0 }))
      .where('issuance_id', '=', p.id),
  ),
  updateFault: statement((db, p: { id: IssuanceId; fault: string }) =>
    db
      .updateTable('upstream_orders')
      .set((row) => ({ faults: row('faults', '+', 1), last_fault: p.fault }))
      .where('issuance_id', '=', p.id),
  ),
  listNoted: statement((db, p: Page) => after(noted(db), p)),
  listInState: statement((db, p: Page & { state: UpstreamOrderState }) =>
    after(noted(db).where('state', '=', p.state), p),
  ),
  listOpen: statement((db, p: { account: string; limit: number }) =>
    noted(db).where('account', '=', p.account).where('ended_at', 'is', null).orderBy('begun_at').limit(p.limit),
  ),
  countOpen: statement((db, _: object) =>
    noted(db)
      .clearSelect()
      .select((row) => ['account', 'state', row.fn.countAll<number>().as('orders')])
      .where('ended_at', 'is', null)
      .groupBy(['account', 'state'])
      .orderBy('account'),
  ),
  updateRelay: statement((db, p: { id: IssuanceId; relay: string }) =>
    db.updateTable('upstream_orders').set({ relay_json: p.relay }).where('issuance_id', '=', p.id),
  ),
  getAccount: statement((db, p: { account: string }) =>
    db.selectFrom('upstream_accounts').selectAll().where('account', '=', p.account),
  ),
  putAccount: statement((db, p: UpstreamAccountRow) =>
    db
      .insertInto('upstream_accounts')
      .values(pick(p, upstreamAccounts.columns))
      .onConflict((conflict) => conflict.column('account').doUpdateSet(pick(p, upstreamAccounts.columns))),
  ),
  listAccounts: statement((db, _: object) => db.selectFrom('upstream_accounts').selectAll().orderBy('account')),
};

/** Later than any row (ECMA-262 §21.4.1.1). */
const lastMoment = 8_640_000_000_000_000;

export function createUpstreamOrderStore(session: Session): UpstreamOrderStore {
  const q = upstreamStatements;
  return {
    async insert(order) {
      session.write(q.insertOrder, upstreamOrders.toRow(order));
    },
    async get(id) {
      const row = await session.first(q.getOrder, { id });
      return row && upstreamOrders.fromRow(row);
    },
    async move(id, from, to, { endedAt, evidence, deadline } = {}) {
      const values: Move = {
        id,
        from,
        to,
        evidence: evidence === undefined ? null : evidenceJson.write(evidence),
        endedAt: toMsOrNull(endedAt),
        deadline: toMsOrNull(deadline),
      };
      return (await session.run(q.moveOrder(from.length), values)) === 1;
    },
    async reassign(id, from, { state: to, issuerId, account, begunAt, deadline, route }) {
      const values = {
        id,
        from,
        to,
        issuer_id: issuerId,
        account,
        begun_at: begunAt.getTime(),
        deadline: deadline.getTime(),
        route_json: routeJson.write(route),
      };
      return (await session.run(q.reassign(from.length), values)) === 1;
    },
    async reopen(id, from, { state: to, deadline }) {
      const values = { id, from, to, deadline: deadline.getTime() };
      return (await session.run(q.reopen(from.length), values)) === 1;
    },
    async updateReference(id, reference) {
      session.write(q.updateReference, { id, reference });
    },
    async updateFault(id, fault) {
      session.write(q.updateFault, { id, fault });
    },
    async updateRelay(id, relay) {
      session.write(q.updateRelay, { id, relay: relayJson.write(relay) });
    },
    async listNoted({ limit, state, after: last }) {
      const page: Page = { limit, begunAt: last?.begunAt.getTime() ?? lastMoment, id: last?.issuanceId ?? '' };
      const rows =
        state === undefined ? session.all(q.listNoted, page) : session.all(q.listInState, { ...page, state });
      return (await rows).map(upstreamOrders.fromRow);
    },
    countNoted: ({ state }) =>
      totalOfList(session, (db) => {
        const all = noted(db).limit(countedLimit);
        return state === undefined ? all : all.where('state', '=', state);
      }),
    async countOpen() {
      const rows = await session.all(q.countOpen, {});
      return rows.map(({ account, state, orders }) => ({ account, state, orders: Number(orders) }));
    },
    async listOpen(account, limit) {
      return (await session.all(q.listOpen, { account, limit })).map(upstreamOrders.fromRow);
    },
  };
}

export function createUpstreamAccountStore(session: Session): UpstreamAccountStore {
  const q = upstreamStatements;
  return {
    async get(account) {
      const row = await session.first(q.getAccount, { account });
      return row && upstreamAccounts.fromRow(row);
    },
    async put(account) {
      session.write(q.putAccount, upstreamAccounts.toRow(account));
    },
    async list() {
      return (await session.all(q.listAccounts, {})).map(upstreamAccounts.fromRow);
    },
  };
}
