/** Searches that the projection of orders answers (decision 0032), where there are many orders. */
import type { AccountId } from '../../domain/ids.ts';
import { ListingsLost } from '../listings-lost.ts';
import type { Session } from '../session.ts';
import { hasManyOrders } from './large-accounts.ts';

/**
 * @param accountId null: of all accounts
 * @param look undefined: the projection does not answer this one
 * @returns undefined: the search goes by the tables
 */
export async function byListings<T>(
  session: Session,
  accountId: AccountId | null,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!(await hasManyOrders(session, accountId)) || !(await session.isListed())) return undefined;
  try {
    return await look();
  } catch (error) {
    if (error instanceof ListingsLost) return undefined;
    throw error;
  }
}
