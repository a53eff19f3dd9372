/** Port for front doors: mailboxes. */
import type { Caller } from '../caller.ts';
import type { Mailbox, StoppedMailboxCursor } from '../outgoing-mail.ts';
import type { Page } from '../page.ts';

export interface Mailboxes {
  /** Mailboxes whose readers want no mail, or that an operator stopped; the latest first. For operators. */
  listStopped(
    caller: Caller,
    page: { readonly limit: number; readonly before?: StoppedMailboxCursor },
  ): Promise<Page<Mailbox, StoppedMailboxCursor>>;
  stop(caller: Caller, address: string): Promise<Mailbox>;
  /** The mailbox gets mail again. @throws {CertError} notFound for one that was not stopped */
  lift(caller: Caller, address: string): Promise<Mailbox>;
}
