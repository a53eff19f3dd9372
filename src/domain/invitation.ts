/** A link, good once, by which a user chooses a password: the first one, when they were invited, or another, when it is reset. */
import type { User } from './account.ts';
import type { Id } from './ids.ts';
import { isMailbox } from './mailbox.ts';

export interface Invitation {
  /** True if it takes the place of a password that there may be. */
  readonly isReset: boolean;
  /** Also that of its mail, which counts once however often it is tried. */
  readonly id: Id<'invitation'>;
  /** The mailbox that the link goes to, lower case; null: it was shown to whoever made it. */
  readonly address: string | null;
  /** SHA-256 of the link's secret; null until a mail carries one. */
  readonly secretHash: Uint8Array | null;
  readonly sentAt: Date | null;
  readonly expiresAt: Date;
}

/** The mailbox in which a user is reached, lower case: their own, else a user name that is one. Undefined where there is none. */
export function mailboxOf({ person, username }: Pick<User, 'person' | 'username'>): string | undefined {
  return [person.email, username].find(isMailbox)?.toLowerCase();
}
