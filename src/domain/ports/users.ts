/** Port for front doors: the people who sign in. */

import type { Credential, Person, User } from '../account.ts';
import type { Caller, Reference } from '../caller.ts';
import type { AccountId, CredentialId, UserId } from '../ids.ts';
import type { Counting, EitherWayQuery, Page, PageQuery } from '../page.ts';
import type { Role } from '../role.ts';

/** The user behind an actor of the audit log. A key that nobody holds is a program of the account's. */
export interface ActorView {
  readonly number: number;
  readonly user: User | null;
  readonly credential: Credential | null;
}

/** An actor as people read of them: somebody who was removed still has their name, and a key that was revoked its label. */
export interface NamedActor {
  readonly id: string;
  /** `key`: one that nobody holds. `operator`: somebody who runs the server, whom accounts know by nothing more. `reader`: whoever reads a mailbox. */
  readonly kind: 'person' | 'service' | 'key' | 'operator' | 'system' | 'reader' | 'unknown';
  /** Empty where it is not for the caller. */
  readonly name: string;
  /** The label of the key through which it was done; null: through none. */
  readonly credential: string | null;
}

export interface NewUser {
  readonly accountId: AccountId | null;
  readonly username: string;
  /** Null: `service`, or somebody who is to sign in later. */
  readonly password: string | null;
  readonly roles: readonly Role[];
  /** `person` by default. */
  readonly kind?: User['kind'];
  readonly person?: Person;
  readonly container?: Reference | null;
  /**
   * Sends them the mail by which they choose a password. `required`: no user is made where it cannot be sent. `wherePossible`: they
   * are made without it where no mail is configured, or they have no address or a password; a full mailbox gets it later. None by
   * default.
   */
  readonly invitation?: 'required' | 'wherePossible';
}

/** An invitation that was made. */
export interface InvitationMade {
  readonly user: User;
  /** The mailbox that the mail goes to; null: the link is in this answer and nowhere else. */
  readonly address: string | null;
  readonly url: string | null;
  readonly expiresAt: Date;
}

export interface UserChange {
  readonly roles?: readonly Role[];
  readonly person?: Person;
  readonly container?: Reference | null;
}

/** Every condition must hold. */
export interface UserFilter {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** Part of the user name, of the name or of the address; or the number. */
  readonly text?: string;
  readonly state?: User['state'];
  readonly role?: Role;
}

export interface Users {
  create(caller: Caller, request: NewUser): Promise<User>;
  /** Open to every role of the account, as `user` is: orders and requests name them anyway. */
  list(caller: Caller, page: EitherWayQuery): Promise<Page<User>>;
  /** The same of some, newest first. @throws {CertError} notFound for another account's */
  find(caller: Caller, query: PageQuery & Counting & UserFilter): Promise<Page<User>>;
  /** By id, number or user name. */
  get(caller: Caller, reference: string): Promise<User>;
  change(caller: Caller, reference: string, change: UserChange): Promise<User>;
  /** Reports whether a new user may have this name: names are unique over all accounts. */
  isFree(caller: Caller, username: string): Promise<boolean>;
  /**
   * By id, number or user name. Every key of a user who is disabled is revoked, and stays revoked when they may sign in again.
   * @throws {CertError} forbidden for the caller's own user
   */
  setState(caller: Caller, reference: string, state: 'active' | 'disabled'): Promise<User>;
  /**
   * Disables a user for good and frees the user name, for any account. They are still shown to whoever asks for their id.
   * @throws {CertError} forbidden for the caller's own user; notFound for one who is removed already
   */
  remove(caller: Caller, reference: string): Promise<User>;
  /**
   * Invites a user without a password to choose one: by mail, or by a link for the caller to hand over. Good once and for seven days;
   * it replaces an earlier one.
   * @throws {CertError} wrongState for one who has a password, is a program, disabled, or cannot be reached; forbidden to whoever
   * does not hold what the user may do; unsupported, validationFailed, rateLimited where no mail can be sent
   */
  invite(caller: Caller, reference: string, by: 'mail' | 'link'): Promise<InvitationMade>;
  /**
   * Makes a link by which a user chooses another password: mailed, or for the caller to hand over. Good once and for two hours; until it
   * is used the present one works. When it is used, all of their sessions end.
   * @throws {CertError} as `invite`, but for one who has a password
   */
  resetPassword(caller: Caller, reference: string, by: 'mail' | 'link'): Promise<InvitationMade>;
  /**
   * Sets the password of a user. All of their sessions end; keys stay.
   * @throws {CertError} forbidden to whoever does not hold what the user may do; invalidField; wrongState for a program
   */
  setPassword(caller: Caller, reference: string, password: string): Promise<User>;
  /**
   * Sets another password for the caller's own person, who names the present one. All of their sessions end; keys stay.
   * @throws {CertError} invalidField, also where the present one is wrong, rateLimited after repeated failures, unavailable, notFound for a
   * key that nobody holds
   */
  changePassword(caller: Caller, change: { readonly present: string; readonly password: string }): Promise<void>;
  /** The person behind an order, a note or a request. Undefined for the platform itself and for people of other accounts. */
  actor(caller: Caller, id: UserId | CredentialId | null): Promise<ActorView | undefined>;
  /** The names of actors of a page, each once, in no order. */
  actors(caller: Caller, ids: readonly string[]): Promise<readonly NamedActor[]>;
}
