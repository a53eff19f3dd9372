/** Queues the job that looks for the proofs of an issuance, in its account's turn. */
import type { Issuance } from '../../domain/issuance.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { commonZone } from '../../domain/zone-rest.ts';
import type { AppContext } from '../context.ts';

/** In the caller's transaction; the queue is woken after the commit. */
export async function queueValidation(
  { publicSuffixes }: Pick<AppContext, 'publicSuffixes'>,
  tx: Stores,
  { id, accountId, names }: Pick<Issuance, 'id' | 'accountId' | 'names'>,
  runAt: Date,
): Promise<void> {
  const identifiers = names.map(({ identifier }) => identifier);
  const zone = commonZone(identifiers, publicSuffixes);
  await tx.jobs.enqueue({ kind: 'validate', subject: id, runAt, owner: accountId, zone });
}
