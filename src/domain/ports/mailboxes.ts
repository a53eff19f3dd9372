/** Port for front doors: mailboxes. */
import type { Caller } from '../caller.ts';
import type { Mailbox } from '../outgoing-mail.ts';

export interface Mailboxes {
  /** Mailboxes whose readers want no mail, or that an operator stopped; the latest first. For operators. */
  listStopped(caller: Caller): Promise<readonly Mailbox[]>;
  stop(caller: Caller, address: string): Promise<Mailbox>;
  /** The mailbox gets mail again. @throws {CertError} notFound for one that was not stopped */
  lift(caller: Caller, address: string): Promise<Mailbox>;
}
