/** Optional capability of an issuer: its authorities change while it runs. What is decided about them is the core's. */
import type { AuthoritySigner, OwnKeyKind } from '../authority.ts';
import type { AuthorityId } from '../ids.ts';
import type { CrlIssuer, Issuer } from './issuer.ts';

export interface AuthorityKeeper extends CrlIssuer {
  /** The O of the names that are made here. */
  readonly organization: string;
  /** Makes a key; it is durable when this resolves. A crash before the row that names it leaves a key that nothing uses. */
  makeKey(id: AuthorityId, keyKind: OwnKeyKind): Promise<{ readonly spki: Uint8Array }>;
  /** Of an authority whose key is here, or of a key that no authority has yet. */
  signerOf(id: AuthorityId): Promise<AuthoritySigner>;
  /** After a change of the authorities by this process: the next certificate is signed by what stands now. */
  refresh(): Promise<void>;
  /** The key is gone: what is kept of it in memory goes too. */
  forgetKey(id: AuthorityId): void;
}

export function keepsAuthorities(issuer: Issuer): issuer is AuthorityKeeper {
  return 'makeKey' in issuer;
}
