/** Port for front doors: the keys of an account's software. */

import type { Credential } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { AccountId, UserId } from '../ids.ts';
import type { EitherWayQuery, Page } from '../page.ts';
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

export interface Credentials {
  /** The secret is in the answer and nowhere else. @throws {CertError} forbidden, notFound, fieldInvalid */
  create(caller: Caller, request: NewCredential): Promise<{ readonly credential: Credential; readonly secret: string }>;
  list(caller: Caller, page: EitherWayQuery): Promise<Page<Credential>>;
  change(
    caller: Caller,
    idOrNumber: string,
    change: { readonly label?: string; readonly roles?: readonly Role[] },
  ): Promise<Credential>;
  /** By id or number. */
  revoke(caller: Caller, idOrNumber: string): Promise<Credential>;
}
