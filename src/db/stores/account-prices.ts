/** Changes of the prices of accounts. */
import type { AccountId } from '../../domain/ids.ts';
import type { AccountPriceStore } from '../../domain/ports/stores/account-prices.ts';
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
import { accountPrices } from '../rows/accounts.ts';
import type { Session } from '../session.ts';

export const accountPriceStatements = {
  insert: insertStatement(accountPrices),
  list: statement((db, p: { accountId: AccountId; before: number; limit: number }) =>
    db
      .selectFrom('account_prices')
      .selectAll()
      .where('account_id', '=', p.accountId)
      .where('sequence', '<', p.before)
      .orderBy('sequence', 'desc')
      .limit(p.limit),
  ),
};

export function createAccountPriceStore(session: Session): AccountPriceStore {
  const q = accountPriceStatements;
  return {
    async append(change) {
      session.write(q.insert, accountPrices.toRow(change));
    },
    async list(accountId, { limit, before = Number.MAX_SAFE_INTEGER }) {
      return (await session.all(q.list, { accountId, before, limit })).map(accountPrices.fromRow);
    },
  };
}
