/** Store of mailboxes. The contract of every store is in `stores.ts`. */

import type { Mailbox, StoppedMail, StoppedMailboxCursor } from '../../outgoing-mail.ts';
import type { Total } from '../../page.ts';

export interface StoredMailboxFilter {
  /** Part of the address. */
  readonly text?: string;
  /** By its reader, or by an operator. */
  readonly by?: 'reader' | 'operator';
}

export interface MailboxStore {
  /** Known from now on; of one that is known already only the token changes. */
  put(mailbox: Omit<Mailbox, 'stopped'>): Promise<void>;
  get(address: string): Promise<Mailbox | undefined>;
  getByTokenHash(tokenHash: Uint8Array): Promise<Mailbox | undefined>;
  /** Those that want no mail, the latest first. */
  listStopped(
    query: StoredMailboxFilter & { readonly limit: number; readonly before?: StoppedMailboxCursor },
  ): Promise<readonly Mailbox[]>;
  /** How many all pages of that list have. */
  countStopped(filter: StoredMailboxFilter): Promise<Total>;
  /** Says whether it got mail before. */
  stop(address: string, stopped: StoppedMail): Promise<boolean>;
  /** Says whether it had been stopped. */
  lift(address: string): Promise<boolean>;
}
