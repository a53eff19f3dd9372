/** What the operator makes for a new customer: an account with money, and a user who may sign in. */

import type { NativeClient } from '../dialects/native/client.ts';
import type { WireAccount } from '../dialects/native/schema.ts';
import { base32 } from '../domain/ids.ts';
import type { Randomness } from '../domain/system.ts';
import type { Login } from './customer.ts';

export interface NewCustomer {
  readonly account: WireAccount;
  readonly login: Login;
}

const openingBalance = { minor: 500_000, currency: 'CNY' } as const;

export async function makeCustomer(
  operator: NativeClient,
  { random, signal }: { readonly random: Randomness; readonly signal: AbortSignal },
): Promise<NewCustomer> {
  const { currency } = openingBalance;
  const { id } = await operator.accounts.create({ name: 'Quickstart Hosting', currency }, { signal });
  await operator.accounts.credit({ account: id, ...openingBalance, note: 'opening balance' }, { signal });
  const login: Login = { username: 'quickstart', password: base32(random.bytes(15)) };
  await operator.users.create({ account: id, ...login }, { signal });
  return { account: await operator.accounts.show({ account: id }, { signal }), login };
}
