/** What a front door asks of the keys of an account's software. */
import type { Role } from '../account.ts';
import type { AccountId, UserId } from '../ids.ts';

export interface NewCredential {
  readonly accountId: AccountId | null;
  readonly userId: UserId | null;
  readonly dialect: string;
  readonly label: string;
  readonly roles: readonly Role[];
  readonly allowedAddresses: readonly string[] | null;
}
