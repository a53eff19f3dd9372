/** Store of authorities. The contract of every store is in `stores.ts`. */
import type { Authority } from '../../authority.ts';

export interface AuthorityStore {
  insert(authority: Authority): Promise<void>;
  list(): Promise<readonly Authority[]>;
}
