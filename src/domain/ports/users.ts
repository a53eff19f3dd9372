/** What a front door asks of the people who sign in. */
import type { Credential, Person, Role, User } from '../account.ts';
import type { Reference } from '../caller.ts';
import type { AccountId } from '../ids.ts';

/** Who stands behind an actor of the audit log. A key that nobody holds is a program of the account's. */
export interface ActorView {
  readonly number: number;
  readonly user: User | null;
  readonly credential: Credential | null;
}

export interface NewUser {
  readonly accountId: AccountId | null;
  readonly username: string;
  /** Null: `service`, or somebody who is to sign in later. */
  readonly password: string | null;
  readonly roles: readonly Role[];
  /** `person` unless told. */
  readonly kind?: User['kind'];
  readonly person?: Person;
  readonly container?: Reference | null;
}

export interface UserChange {
  readonly roles?: readonly Role[];
  readonly person?: Person;
  readonly container?: Reference | null;
}
