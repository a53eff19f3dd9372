/** Store of authorities. The contract of every store is in `stores.ts`. */
import type { Authority, Crl } from '../../authority.ts';
import type { AuthorityId } from '../../ids.ts';

export interface AuthorityStore {
  insert(authority: Authority): Promise<void>;
  list(): Promise<readonly Authority[]>;
  /** The sealed private key; not that of an authority until there is one with this id. */
  insertKey(id: string, sealed: Uint8Array, at: Date): Promise<void>;
  sealedKey(id: string): Promise<Uint8Array | undefined>;
  /** Stores the list if its number is higher than the stored one's; says whether it did. */
  putCrl(crl: Crl): Promise<boolean>;
  getCrl(authorityId: AuthorityId): Promise<Crl | undefined>;
}
