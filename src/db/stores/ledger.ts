/** The append-only ledger; the balance beside it in `accounts` changes in the same call. */

import { sql } from 'kysely';
import type { LedgerEntry } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { LedgerStore } from '../../domain/ports/stores/ledger.ts';
import { fromMs } from '../columns.ts';
import { pick, statement } from '../prepared.ts';
import type { Session } from '../session.ts';
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
      .updateTable('accounts')
      .set((row) => ({ balance_minor: row('balance_minor', '+', p.amount) }))
      .where('id', '=', p.id)
      .where((row) => row(row('balance_minor', '+', p.amount), '>=', 0))
      .returning('balance_minor'),
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
  return {
    async append(entry) {
      const account = await session.first(q.changeBalance, { id: entry.accountId, amount: entry.amountMinor });
      if (account === undefined) return undefined;
      const appended = { ...entry, balanceAfterMinor: account.balance_minor };
      await session.run(q.insert, toRow(appended));
      return appended;
    },
    async list(accountId, limit) {
      return (await session.all(q.list, { accountId, limit })).map(fromRow);
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
