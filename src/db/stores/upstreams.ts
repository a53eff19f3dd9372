/** Orders at upstreams, and our accounts there. */

import { sql } from 'kysely';
import type { IssuanceId } from '../../domain/ids.ts';
import type { UpstreamAccountStore, UpstreamOrderStore } from '../../domain/ports/stores/upstreams.ts';
import type { UpstreamAccount } from '../../domain/upstream-account.ts';
import type { UpstreamEvidence, UpstreamOrder, UpstreamOrderState } from '../../domain/upstream-order.ts';
import { fromJson, fromMs, fromMsOrNull, toJson, toMsOrNull } from '../columns.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
import type { UpstreamAccountRow, UpstreamOrderRow } from '../tables.ts';

const orderColumns = [
  'issuance_id',
  'issuer_id',
  'account',
  'state',
  'reference',
  'begun_at',
  'deadline',
  'faults',
  'last_fault',
  'evidence_json',
  'ended_at',
] as const satisfies readonly (keyof UpstreamOrderRow)[];

const accountColumns = [
  'account',
  'faults',
  'last_fault',
  'open_until',
  'budget_from',
  'orders_in_period',
] as const satisfies readonly (keyof UpstreamAccountRow)[];

interface Move {
  id: IssuanceId;
  from: readonly UpstreamOrderState[];
  to: UpstreamOrderState;
  evidence: string | null;
  endedAt: number | null;
}

export const upstreamStatements = {
  insertOrder: statement((db, p: UpstreamOrderRow) => db.insertInto('upstream_orders').values(pick(p, orderColumns))),
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
        }))
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
  // The states are written out, not bound, so that the partial index is known to fit.
  listNoted: statement((db, p: { limit: number }) =>
    db
      .selectFrom('upstream_orders')
      .selectAll()
      .where(
        'state',
        'in',
        (['preparing', 'proving', 'issuing', 'cancelling', 'unfit'] as const).map((state) => sql.lit(state)),
      )
      .orderBy('begun_at', 'desc')
      .limit(p.limit),
  ),
  getAccount: statement((db, p: { account: string }) =>
    db.selectFrom('upstream_accounts').selectAll().where('account', '=', p.account),
  ),
  putAccount: statement((db, p: UpstreamAccountRow) =>
    db
      .insertInto('upstream_accounts')
      .values(pick(p, accountColumns))
      .onConflict((conflict) => conflict.column('account').doUpdateSet(pick(p, accountColumns))),
  ),
  listAccounts: statement((db, _: object) => db.selectFrom('upstream_accounts').selectAll().orderBy('account')),
};

export function createUpstreamOrderStore(session: Session): UpstreamOrderStore {
  const q = upstreamStatements;
  return {
    async insert(order) {
      await session.run(q.insertOrder, {
        issuance_id: order.issuanceId,
        issuer_id: order.issuerId,
        account: order.account,
        state: order.state,
        reference: order.reference,
        begun_at: order.begunAt.getTime(),
        deadline: order.deadline.getTime(),
        faults: order.faults,
        last_fault: order.lastFault,
        evidence_json: order.evidence && evidenceToJson(order.evidence),
        ended_at: toMsOrNull(order.endedAt),
      });
    },
    async get(id) {
      const row = await session.first(q.getOrder, { id });
      return row && orderFromRow(row);
    },
    async move(id, from, to, { endedAt, evidence } = {}) {
      const values: Move = {
        id,
        from,
        to,
        evidence: evidence === undefined ? null : evidenceToJson(evidence),
        endedAt: toMsOrNull(endedAt),
      };
      return (await session.run(q.moveOrder(from.length), values)) === 1;
    },
    async updateReference(id, reference) {
      await session.run(q.updateReference, { id, reference });
    },
    async updateFault(id, fault) {
      await session.run(q.updateFault, { id, fault });
    },
    async listNoted(limit) {
      return (await session.all(q.listNoted, { limit })).map(orderFromRow);
    },
  };
}

export function createUpstreamAccountStore(session: Session): UpstreamAccountStore {
  const q = upstreamStatements;
  return {
    async get(account) {
      const row = await session.first(q.getAccount, { account });
      return row && accountFromRow(row);
    },
    async put(account) {
      await session.run(q.putAccount, {
        account: account.account,
        faults: account.faults,
        last_fault: account.lastFault,
        open_until: toMsOrNull(account.openUntil),
        budget_from: account.budgetFrom.getTime(),
        orders_in_period: account.ordersInPeriod,
      });
    },
    async list() {
      return (await session.all(q.listAccounts, {})).map(accountFromRow);
    },
  };
}

interface EvidenceJson extends Pick<UpstreamEvidence, 'reason'> {
  readonly der: string;
  readonly chain: readonly string[];
  readonly at: number;
}

function evidenceToJson({ der, chain, reason, at }: UpstreamEvidence): string {
  const json: EvidenceJson = {
    der: der.toBase64(),
    chain: chain.map((one) => one.toBase64()),
    reason,
    at: at.getTime(),
  };
  return toJson(json);
}

function evidenceFromJson(text: string): UpstreamEvidence {
  const { der, chain, reason, at } = fromJson<EvidenceJson>(text);
  return {
    der: Uint8Array.fromBase64(der),
    chain: chain.map((one) => Uint8Array.fromBase64(one)),
    reason,
    at: fromMs(at),
  };
}

function orderFromRow(row: UpstreamOrderRow): UpstreamOrder {
  return {
    issuanceId: row.issuance_id,
    issuerId: row.issuer_id,
    account: row.account,
    state: row.state,
    reference: row.reference,
    begunAt: fromMs(row.begun_at),
    deadline: fromMs(row.deadline),
    faults: row.faults,
    lastFault: row.last_fault,
    evidence: row.evidence_json === null ? null : evidenceFromJson(row.evidence_json),
    endedAt: fromMsOrNull(row.ended_at),
  };
}

function accountFromRow(row: UpstreamAccountRow): UpstreamAccount {
  return {
    account: row.account,
    faults: row.faults,
    lastFault: row.last_fault,
    openUntil: fromMsOrNull(row.open_until),
    budgetFrom: fromMs(row.budget_from),
    ordersInPeriod: row.orders_in_period,
  };
}
