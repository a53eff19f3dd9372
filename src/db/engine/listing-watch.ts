/** Has the projection of orders brought up to date now and then, so that the next search need not wait for what was missed. */
import type { Log } from '../../domain/ports/system.ts';
import type { Session } from '../session.ts';
import { haveManyOrders } from '../stores/large-accounts.ts';

const transactionsBetween = 256;

/** @returns to be called after each commit, with the number of its transactions */
export function createListingWatch({ reading, log }: { readonly reading: Session; readonly log: Log }) {
  let since = 0;
  let isUnderWay = false;

  async function bringUpToDate(): Promise<void> {
    // Where there are few orders nothing reads the projection, and no thread is started for it.
    if (await haveManyOrders(reading)) await reading.isListed();
  }

  return (transactions: number): void => {
    since += transactions;
    if (since < transactionsBetween || isUnderWay) return;
    since = 0;
    isUnderWay = true;
    bringUpToDate()
      .catch((error: unknown) => log.warn({ err: error }, 'the lists of orders could not be brought up to date'))
      .finally(() => {
        isUnderWay = false;
      });
  };
}
