/** Store of authorities. The contract of every store is in `stores.ts`. */
import type { Authority } from '../../authority.ts';

export interface AuthorityStore {
  insert(authority: Authority): Promise<void>;
  list(): Promise<readonly Authority[]>;
  /** The sealed private key; not that of an authority until there is one with this id. */
  insertKey(id: string, sealed: Uint8Array, at: Date): Promise<void>;
  sealedKey(id: string): Promise<Uint8Array | undefined>;
}
