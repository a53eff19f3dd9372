/** Store of authorities. The contract of every store is in `stores.ts`. */
import type { Authority, AuthorityRequest, ReplacedCertificate } from '../../authority.ts';
import type { AuthorityId } from '../../ids.ts';

export interface AuthorityStore {
  insert(authority: Authority): Promise<void>;
  list(): Promise<readonly Authority[]>;
  get(id: AuthorityId): Promise<Authority | undefined>;
  /** As it is now, read in the same transaction: where it hangs, its certificate, its key's place, and its times. */
  change(authority: Authority): Promise<void>;
  /** The sealed private key; not that of an authority until there is one with this id. */
  insertKey(id: string, sealed: Uint8Array, at: Date): Promise<void>;
  sealedKey(id: string): Promise<Uint8Array | undefined>;
  removeKey(id: string): Promise<void>;
  /** A certificate that an authority had before: chains that were handed out end in it. */
  insertReplaced(replaced: ReplacedCertificate): Promise<void>;
  /** The newest first. */
  listReplaced(id: AuthorityId): Promise<readonly ReplacedCertificate[]>;
  insertRequest(request: AuthorityRequest): Promise<void>;
  /** Those that wait, the oldest first: as many as the operator made. */
  listRequests(): Promise<readonly AuthorityRequest[]>;
  removeRequest(id: AuthorityId): Promise<void>;
}
