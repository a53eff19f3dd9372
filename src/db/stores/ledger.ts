/** The append-only ledger; the balance beside it changes in the same call. */

import { sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { LedgerStore } from '../../domain/ports/stores/ledger.ts';
import { insertStatement } from '../numbered.ts';
import { each, sized, statement } from '../prepared.ts';
import { ledger } from '../rows/events.ts';
import { allOf, type Session } from '../session.ts';

export const ledgerStatements = {
  insert: insertStatement(ledger),
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
  list: statement((db, p: { accountId: AccountId; before: number; limit: number }) =>
    db
      .selectFrom('ledger')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('sequence', '<', p.before)
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
      await session.run(q.insert, ledger.toRow(appended));
      return appended;
    },
    async list(accountId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.list, { accountId, before, limit })).map(ledger.fromRow);
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
