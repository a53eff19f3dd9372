/** Has the proofs of an issuance looked for now, if nobody looks already. */
import type { Issuance } from '../../domain/issuance.ts';
import type { AppContext } from '../context.ts';

export async function requestCheck({ database, clock, queue }: AppContext, { id }: Issuance): Promise<void> {
  await database.write((tx) => tx.jobs.enqueue({ kind: 'validate', subject: id, runAt: clock.now() }));
  queue.wake();
}
