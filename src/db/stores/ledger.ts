/** The append-only ledger; the balance beside it in `accounts` changes in the same call. */

import { sql } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { LedgerStore } from '../../domain/ports/stores/ledger.ts';
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { ledger } from '../rows/events.ts';
import type { Session } from '../session.ts';

export const ledgerStatements = {
  insert: insertStatement(ledger),
  /** The condition is in the statement itself, so that two charges at once cannot both take the last coin. */
  changeBalance: statement((db, p: { id: AccountId; amount: number }) =>
    db
      .updateTable('accounts')
      .set((row) => ({ balance_minor: row('balance_minor', '+', p.amount) }))
      .where('id', '=', p.id)
      .where((row) => row(row('balance_minor', '+', p.amount), '>=', 0))
      .returning('balance_minor'),
  ),
  list: statement((db, p: { accountId: AccountId; limit: number }) =>
    db
      .selectFrom('ledger')
      .selectAll()
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
      await session.run(q.insert, ledger.toRow(appended));
      return appended;
    },
    async list(accountId, limit) {
      return (await session.all(q.list, { accountId, limit })).map(ledger.fromRow);
    },
    async sum(accountId) {
      return (await session.first(q.sum, { accountId }))?.total ?? 0;
    },
  };
}
