/** What accounts may still spend, beside the accounts: each balance is a row of its own, which its orders change. */
import type { Account, FundedAccount } from '../../domain/account.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

export async function withBalance(stores: Stores, account: Account): Promise<FundedAccount> {
  return { ...account, balanceMinor: await stores.ledger.balance(account.id) };
}

export async function withBalances(stores: Stores, accounts: readonly Account[]): Promise<readonly FundedAccount[]> {
  const balances = await stores.ledger.listBalances(accounts.map(({ id }) => id));
  return accounts.map((account) => ({ ...account, balanceMinor: balances.get(account.id) ?? 0 }));
}
