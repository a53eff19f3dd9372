/** Store of blocked keys. The contract of every store is in `stores.ts`. */
import type { BlockedKey, BlockSource } from '../../blocked-key.ts';
import type { AccountId, IssuanceId } from '../../ids.ts';
import type { PageQuery, Total } from '../../page.ts';

export interface BlockedKeyQuery extends PageQuery {
  /** Blocks of the account, blocks that hold everywhere, or both and of every account. */
  readonly scope: AccountId | 'everywhere' | 'all';
  readonly fingerprint?: string;
  readonly source?: BlockSource;
  /** Part of the note. */
  readonly text?: string;
}

export interface BlockedKeyStore {
  /** Undefined, and nothing changes, where the fingerprint is blocked in that place already. */
  insert(key: Omit<BlockedKey, 'number'>): Promise<BlockedKey | undefined>;
  /** In the account, or everywhere (null): only where it was blocked there itself. */
  get(fingerprint: string, accountId: AccountId | null): Promise<BlockedKey | undefined>;
  /** Blocks on a key with these fingerprints for the account: its own or global ones. Read for every order. */
  findApplying(
    key: { readonly fingerprints: readonly string[]; readonly modulusHash: string | null },
    accountId: AccountId,
  ): Promise<BlockedKey | undefined>;
  list(query: BlockedKeyQuery): Promise<readonly BlockedKey[]>;
  /** How many all pages of that list have. */
  count(query: Omit<BlockedKeyQuery, 'limit' | 'before'>): Promise<Total>;
  /** False when it was not blocked there. */
  remove(fingerprint: string, accountId: AccountId | null): Promise<boolean>;
}

/** Keys that were made here, each for one issuance: the hash of the key, and of an RSA key that of its modulus as well. */
export interface MadeKeyStore {
  insert(keyHash: string, issuanceId: IssuanceId): Promise<void>;
  get(keyHash: string): Promise<IssuanceId | undefined>;
}
