/** Port for front doors: the keys of an account's software. */

import type { Credential } from '../account.ts';
import type { Caller, Reference } from '../caller.ts';
import type { AccountId, UserId } from '../ids.ts';
import type { KeySignature } from '../key-signature.ts';
import type { Counting, EitherWayQuery, Page, PageQuery } from '../page.ts';
import type { Role } from '../role.ts';

export interface NewCredential {
  readonly accountId: AccountId | null;
  readonly userId: UserId | null;
  readonly dialect: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly allowedAddresses: readonly string[] | null;
  /** In the future. It has no end by default. */
  readonly expiresAt?: Date;
}

export interface CredentialChange {
  readonly label?: string;
  readonly roles?: readonly Role[];
  /** In the future; null: it has no end. Who sets another end must hold the roles that the key keeps. */
  readonly expiresAt?: Date | null;
  /** CIDR; null: from anywhere. Who sets others must hold the roles that the key keeps. */
  readonly allowedAddresses?: readonly string[] | null;
}

/** Every condition must hold. */
export interface CredentialFilter {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** Held by this user: id, number or user name. */
  readonly user?: string;
  /** ACME accounts that this external account key has bound. */
  readonly externalAccountKey?: Reference;
  /** The API it opens. */
  readonly dialect?: string;
  /** Part of the label or of the public half, or the number. */
  readonly text?: string;
  /** Not used since; one that was never used counts from when it was made. */
  readonly unusedSince?: Date;
  readonly isRevoked?: boolean;
}

export interface Credentials {
  /**
   * The secret is in the answer and nowhere else. A requester makes, changes and revokes keys that they hold themselves, in a session; whoever
   * manages them those of the account.
   * @throws {CertError} forbidden, notFound, fieldInvalid
   */
  create(caller: Caller, request: NewCredential): Promise<{ readonly credential: Credential; readonly secret: string }>;
  list(caller: Caller, page: EitherWayQuery): Promise<Page<Credential>>;
  /** The same of some, newest first; a requester's are their own. @throws {CertError} notFound for another account's, and for another account's user */
  find(caller: Caller, query: PageQuery & Counting & CredentialFilter): Promise<Page<Credential>>;
  /** By id or number; a requester's are their own. @throws {CertError} notFound, forbidden */
  get(caller: Caller, idOrNumber: string): Promise<Credential>;
  change(caller: Caller, idOrNumber: string, change: CredentialChange): Promise<Credential>;
  /** By id or number. */
  revoke(caller: Caller, idOrNumber: string): Promise<Credential>;
  /** Changes what its front door keeps with the key that the caller came in by. @throws {CertError} notFound for somebody without one */
  changeOwn(caller: Caller, change: Pick<Credential, 'dialectData'>): Promise<Credential>;
  /** Revokes the key that the caller came in by (RFC 8555 §7.3.6). @throws {CertError} notFound for somebody without one */
  revokeOwn(caller: Caller): Promise<Credential>;
  /**
   * Replaces the public key that the caller came in by (RFC 8555 §7.3.5); the credential stays the same. Of two who replace the
   * same key one does.
   * @param change.proof a signature by the new key
   * @throws {CertError} unauthenticated for a wrong signature, invalidField for the same key or another `oldKey` than the present one, conflict for one that is registered, badKey,
   * notFound for a caller without a public key, wrongState for one that was revoked meanwhile
   */
  changeKey(
    caller: Caller,
    change: { readonly oldKey: Uint8Array; readonly publicKey: Uint8Array; readonly proof: KeySignature },
  ): Promise<Credential>;
}
