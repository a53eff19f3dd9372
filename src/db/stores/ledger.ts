/** The append-only ledger; the balance beside it changes in the same call. */

import { sql } from 'kysely';
import type { LedgerEntry } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { LedgerStore } from '../../domain/ports/stores/ledger.ts';
import { fromMs } from '../columns.ts';
import { each, pick, sized, statement } from '../prepared.ts';
import { allOf, type Session } from '../session.ts';
import type { LedgerRow } from '../tables.ts';

const columns = [
  'id',
  'account_id',
  'kind',
  'amount_minor',
  'balance_after_minor',
  'currency',
  'order_id',
  'note',
  'at',
] as const satisfies readonly (keyof LedgerRow)[];

export const ledgerStatements = {
  /** The condition is in the statement itself, so that two charges at once cannot both take the last coin. */
  changeBalance: statement((db, p: { id: AccountId; amount: number }) =>
    db
      .updateTable('balances')
      .set((row) => ({ amount_minor: row('amount_minor', '+', p.amount) }))
      .where('account_id', '=', p.id)
      .where((row) => row(row('amount_minor', '+', p.amount), '>=', 0))
      .returning('amount_minor'),
  ),
  listBalances: sized((size) =>
    statement((db, p: { ids: readonly AccountId[] }) =>
      db.selectFrom('balances').selectAll().where('account_id', 'in', each(p.ids, size)),
    ),
  ),
  insert: statement((db, p: LedgerRow) => db.insertInto('ledger').values(pick(p, columns))),
  list: statement((db, p: { accountId: AccountId; limit: number }) =>
    db
      .selectFrom('ledger')
      .select(columns)
      .where('account_id', '=', p.accountId)
      .orderBy('sequence', 'desc')
      .limit(p.limit),
  ),
  sum: statement((db, p: { accountId: AccountId }) =>
    db
      .selectFrom('ledger')
      .select(sql<number>`coalesce(sum(amount_minor), 0)`.as('total'))
      .where('account_id', '=', p.accountId),
  ),
};

export function createLedgerStore(session: Session): LedgerStore {
  const q = ledgerStatements;
  const listBalances = async (accountIds: readonly AccountId[]) => {
    const rows = await allOf(session, q.listBalances, accountIds);
    return new Map(rows.map((row) => [row.account_id, row.amount_minor]));
  };
  return {
    async append(entry) {
      const balance = await session.first(q.changeBalance, { id: entry.accountId, amount: entry.amountMinor });
      if (balance === undefined) return undefined;
      const appended = { ...entry, balanceAfterMinor: balance.amount_minor };
      await session.run(q.insert, toRow(appended));
      return appended;
    },
    async list(accountId, limit) {
      return (await session.all(q.list, { accountId, limit })).map(fromRow);
    },
    listBalances,
    async balance(accountId) {
      return (await listBalances([accountId])).get(accountId) ?? 0;
    },
    async sum(accountId) {
      return (await session.first(q.sum, { accountId }))?.total ?? 0;
    },
  };
}

function toRow(entry: LedgerEntry): LedgerRow {
  return {
    id: entry.id,
    account_id: entry.accountId,
    kind: entry.kind,
    amount_minor: entry.amountMinor,
    balance_after_minor: entry.balanceAfterMinor,
    currency: entry.currency,
    order_id: entry.orderId,
    note: entry.note,
    at: entry.at.getTime(),
  };
}

function fromRow(row: LedgerRow): LedgerEntry {
  return {
    id: row.id,
    accountId: row.account_id,
    kind: row.kind,
    amountMinor: row.amount_minor,
    balanceAfterMinor: row.balance_after_minor,
    currency: row.currency,
    orderId: row.order_id,
    note: row.note,
    at: fromMs(row.at),
  };
}
