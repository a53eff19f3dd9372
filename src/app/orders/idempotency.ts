/** The same request again answers what the first one made. */
import { quoted, refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Idempotency } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

/**
 * Claims the key for `objectId`, or answers what it was claimed for before.
 * @param isOver true if it failed: a client that repeats the request then wants a new try, not the old failure
 * @throws {CertError} conflict for a key that was used for another request
 */
export async function claimIdempotency<Id extends string>(
  tx: Stores,
  claimed: {
    readonly idempotency: Idempotency | null | undefined;
    readonly accountId: AccountId;
    readonly objectId: Id;
    readonly now: Date;
    readonly isOver: (earlier: Id) => Promise<boolean>;
  },
): Promise<Id | undefined> {
  const { idempotency, accountId, objectId, now, isOver } = claimed;
  if (idempotency === null || idempotency === undefined) return undefined;
  const { key, fingerprint, windowSeconds } = idempotency;
  const claim = { accountId, key, expiresAt: new Date(now.getTime() + windowSeconds * 1000) };
  const earlier = await tx.idempotency.claim({ ...claim, fingerprint, objectId, now });
  if (earlier === undefined) return undefined;
  if (earlier.fingerprint !== fingerprint) throw refuse('idempotencyKeyReused', { key: quoted(key) });
  const earlierId = earlier.objectId as Id;
  const isRetried = await isOver(earlierId);
  return isRetried && (await tx.idempotency.move({ ...claim, from: earlierId, to: objectId })) ? undefined : earlierId;
}
