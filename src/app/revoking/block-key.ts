/** Blocking a key, inside the transaction of whatever blocks it, and telling the operator once that is durable. */
import { type BlockedKey, isClaim } from '../../domain/blocked-key.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Actor, recordAccount } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';

/** @returns undefined, and nothing changes, where it is blocked there already */
export async function blockKey(
  tx: Stores,
  by: Actor,
  key: Omit<BlockedKey, 'number' | 'actor'>,
): Promise<BlockedKey | undefined> {
  const row = { ...key, actor: by.actor };
  const blocked = (await tx.blockedKeys.insert(row)) ?? (await claimInstead(tx, row));
  if (blocked === undefined) return undefined;
  const { fingerprint, accountId, source, note, certificateId, createdAt: at } = blocked;
  await recordAccount(tx, by, 'key.blocked', {
    accountId,
    subject: fingerprint,
    data: { source, note, certificate: certificateId, everywhere: accountId === null },
    at,
  });
  return blocked;
}

/**
 * A claim of compromise replaces a block that the account may lift itself; otherwise whoever blocked the key
 * beforehand could take their claim back. Undefined where there is a claim already.
 */
async function claimInstead(tx: Stores, key: Omit<BlockedKey, 'number'>): Promise<BlockedKey | undefined> {
  const { fingerprint, accountId, source } = key;
  if (!isClaim(source)) return undefined;
  const known = await tx.blockedKeys.get(fingerprint, accountId);
  if (known === undefined || isClaim(known.source)) return undefined;
  return (await tx.blockedKeys.remove(fingerprint, accountId)) ? tx.blockedKeys.insert(key) : undefined;
}

/** To be called after the commit. Whoever watches the log learns of it at once; `certmux key list` shows it from then on. */
export function alarm({ log }: Pick<AppContext, 'log'>, compromised: readonly BlockedKey[]): void {
  for (const { fingerprint, accountId, source, certificateId, actor } of compromised) {
    log.warn(
      { key: fingerprint, account: accountId, source, certificate: certificateId, actor },
      'a key is reported as compromised: look at its certificates with certmux key list --certificates',
    );
  }
}
