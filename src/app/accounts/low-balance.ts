/**
 * The mark of an account whose balance is below its threshold: set and taken away in the transaction that changes the balance or the
 * threshold, so that each crossing has one event, one round of mails, and one delivery to each webhook.
 */
import type { Account } from '../../domain/account.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';
import { queueUserMails } from '../outbound/user-mails.ts';
import { type Actor, recordAccount } from './account-event.ts';

type Watched = Pick<Account, 'id' | 'currency' | 'lowBalanceMinor' | 'lowSince'>;

/** @param by who changed it; null: an order did */
export async function markBalance(
  context: AppContext,
  tx: Stores,
  {
    account,
    balanceMinor,
    by,
  }: { readonly account: Watched; readonly balanceMinor: number; readonly by: Actor | null },
): Promise<void> {
  const { id, currency, lowBalanceMinor, lowSince } = account;
  const isLow = lowBalanceMinor !== null && balanceMinor < lowBalanceMinor;
  if (isLow === (lowSince !== null)) return;
  const at = context.clock.now();
  await tx.accounts.update(id, { lowSince: isLow ? at : null });
  await recordAccount(tx, by, isLow ? 'account.balanceLow' : 'account.balanceRestored', {
    accountId: id,
    subject: id,
    data: { balanceMinor, currency, lowBalanceMinor },
    at,
  });
  if (!isLow) return;
  await queueUserMails(context, tx, id);
  await queueDeliveries(context, tx, { event: 'balanceLow', account: id });
}
