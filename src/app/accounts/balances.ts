/** Balances of accounts: each is a row of its own beside the account, changed by its orders. */
import type { Account, FundedAccount } from '../../domain/account.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

export async function withBalance(stores: Stores, account: Account): Promise<FundedAccount> {
  return { ...account, balanceMinor: await stores.ledger.balance(account.id) };
}

export async function withBalances(stores: Stores, accounts: readonly Account[]): Promise<readonly FundedAccount[]> {
  const balances = await stores.ledger.listBalances(accounts.map(({ id }) => id));
  return accounts.map((account) => ({ ...account, balanceMinor: balances.get(account.id) ?? 0 }));
}
