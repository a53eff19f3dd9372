/** Room for what an account leaves waiting, asked inside the transaction that adds to it. */
import type { Account } from '../../domain/account.ts';
import { refuse } from '../../domain/errors.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

/** @throws {CertError} tooManyPendingOrders, tooManyUnprovedNames: nothing was changed */
export async function requirePendingRoom(
  { clock, pendingLimitsOf }: Pick<AppContext, 'clock' | 'pendingLimitsOf'>,
  tx: Stores,
  account: Pick<Account, 'id' | 'number'>,
  added: { readonly orders: number; readonly names: number },
): Promise<void> {
  const { pendingOrders, unprovedNames } = pendingLimitsOf(account);
  const waiting = await tx.issuances.countAwaiting(account.id);
  if (waiting.orders + added.orders > pendingOrders) {
    throw refuse('tooManyPendingOrders', { pending: waiting.orders, limit: pendingOrders });
  }
  const pending = waiting.names + (await tx.authorizations.countPending(account.id, clock.now()));
  if (pending + added.names > unprovedNames) {
    throw refuse('tooManyUnprovedNames', { added: added.names, pending, limit: unprovedNames });
  }
}
