/** Port for front doors: mailboxes. */
import type { Caller } from '../caller.ts';
import type { Mailbox, StoppedMailboxCursor } from '../outgoing-mail.ts';
import type { Counting, Page } from '../page.ts';

/** Every condition must hold. */
export interface StoppedMailboxFilter {
  /** Part of the address. */
  readonly text?: string;
  /** By its reader, or by an operator. */
  readonly by?: 'reader' | 'operator';
}

export interface Mailboxes {
  /** Mailboxes whose readers want no mail, or that an operator stopped; the latest first. For operators. */
  listStopped(
    caller: Caller,
    query: StoppedMailboxFilter & Counting & { readonly limit: number; readonly before?: StoppedMailboxCursor },
  ): Promise<Page<Mailbox, StoppedMailboxCursor>>;
  stop(caller: Caller, address: string): Promise<Mailbox>;
  /** The mailbox gets mail again. @throws {CertError} notFound for one that was not stopped */
  lift(caller: Caller, address: string): Promise<Mailbox>;
}
