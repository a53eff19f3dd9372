/**
 * Blocked keys: checked when a key arrives, and again in the transaction that commits to signing
 * it. Exact on any number of nodes: one look-up by an index in the transaction, some 5 µs with a list of 300,000 keys.
 */
import { type BlockSource, shortFingerprint } from '../../domain/blocked-key.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { KeyFlaw } from '../../domain/messages/words.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { keyHashOf, parseCsr } from '../../pki/csr.ts';
import { fingerprintsOf, hashesOf, modulusHashOf, publishedIn } from '../../pki/key-fingerprint.ts';
import type { PublicKey } from '../../pki/public-key.ts';
import type { SubscriberKey } from '../orders/subscriber-key.ts';

const flaws = {
  revocation: 'it is reported as compromised',
  proof: 'it is reported as compromised',
  decision: 'it is blocked',
  list: 'it is on a list of compromised and weak keys',
} as const satisfies Record<BlockSource, KeyFlaw>;

/** The objection to certifying the key of the CSR for this account; undefined when there is none. */
export async function objectionToBlockedKey(
  stores: Pick<Stores, 'blockedKeys'>,
  { accountId, csr }: { readonly accountId: AccountId; readonly csr: Uint8Array },
): Promise<Reason | undefined> {
  return objectionToBlockedPublicKey(stores, { accountId, publicKey: parseCsr(csr).publicKey });
}

/** The objection to any use of the key by this account, also as a key to a front door. */
export async function objectionToBlockedPublicKey(
  stores: Pick<Stores, 'blockedKeys'>,
  { accountId, publicKey }: { readonly accountId: AccountId; readonly publicKey: PublicKey },
): Promise<Reason | undefined> {
  const fingerprints = fingerprintsOf(publicKey);
  const modulusHash = modulusHashOf(publicKey);
  const key = shortFingerprint(fingerprints[0]);
  if (publishedIn([fingerprints[0], modulusHash]) !== undefined) {
    return reason('keyBlocked', { key, flaw: 'its private key is published in a document' });
  }
  const blocked = await stores.blockedKeys.findApplying({ fingerprints, modulusHash }, accountId);
  return blocked && reason('keyBlocked', { key, flaw: flaws[blocked.source] });
}

/** The same of a key that arrives, which must not be one that certmux made either. */
export async function objectionToArrivedKey(
  stores: Pick<Stores, 'blockedKeys' | 'madeKeys'>,
  { accountId, csr, sealedKey }: Pick<SubscriberKey, 'csr' | 'sealedKey'> & { readonly accountId: AccountId },
): Promise<Reason | undefined> {
  if (csr === null) return undefined;
  return (await objectionToBlockedKey(stores, { accountId, csr })) ?? objectionToMadeKey(stores, { csr, sealedKey });
}

/**
 * A key that certmux made for an order is certified there only, so that nobody who fetched such a key, or only saw its CSR, gets
 * another certificate for it. Nobody knows a key that certmux makes before its order is stored, so this is checked for
 * keys that arrive, and never again.
 */
export async function objectionToMadeKey(
  stores: Pick<Stores, 'madeKeys'>,
  { csr, sealedKey }: Pick<SubscriberKey, 'csr' | 'sealedKey'>,
): Promise<Reason | undefined> {
  if (csr === null || sealedKey !== null) return undefined;
  const made = await Promise.all(hashesOf(parseCsr(csr).publicKey).map((hash) => stores.madeKeys.get(hash)));
  if (made.every((one) => one === undefined)) return undefined;
  return reason('keyMadeHere', { key: shortFingerprint(keyHashOf(csr)) });
}
