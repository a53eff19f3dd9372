/** Has issuances checked again that wait for something besides the validation of their names (`rest.ts`), since that has changed. */
import { type AccountId, isId } from '../../domain/ids.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Resting } from '../../domain/ports/stores/issuances.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { nextTurn, rowsAtOnce } from '../in-turns.ts';
import { issueLane } from './upstream-end.ts';

const everyAccount = 'all';

/** Has every resting issuance rechecked, of the account or of all (null). The queue is woken after the commit. */
export async function wakeResting({ clock }: AppContext, tx: Stores, accountId: AccountId | null): Promise<void> {
  await tx.jobs.enqueue({ kind: 'wakeResting', subject: accountId ?? everyAccount, runAt: clock.now() });
}

/** Some at a time, since there may be very many. Cut off in the middle it begins again, which changes nothing. */
export function createWakeRestingHandler(context: AppContext): JobHandler {
  const { database, clock, queue } = context;

  async function wakePage(accountId: AccountId | null, after: Resting | undefined): Promise<Resting | undefined> {
    return database.write(async (tx) => {
      const runAt = clock.now();
      const page = await tx.issuances.listResting(accountId, withDefined({ after, limit: rowsAtOnce }));
      for (const { id, accountId: owner, state, issuerId } of page) {
        if (state === 'ready') await tx.jobs.enqueue({ kind: 'checkCaa', subject: id, runAt, owner });
        else if (state !== 'issuing') await tx.jobs.enqueue({ kind: 'validate', subject: id, runAt, owner });
        else await tx.jobs.enqueue({ kind: 'issue', subject: id, runAt, lane: issueLane(context, issuerId) });
      }
      return page.length < rowsAtOnce ? undefined : page.at(-1);
    });
  }

  return async ({ subject }, signal) => {
    const accountId = isId('account', subject) ? subject : null;
    for (let last = await wakePage(accountId, undefined); last !== undefined; last = await wakePage(accountId, last)) {
      queue.wake();
      signal.throwIfAborted();
      await nextTurn();
    }
    queue.wake();
    return { kind: 'done' };
  };
}
