/**
 * Mail that leaves this server: how much of it a mailbox and a domain may get over all accounts, and which mailboxes want
 * none. Anybody with an account can name a stranger's address; the stranger must not pay for that with a full mailbox.
 */

/** Limits on mails in an hour and in a day, to one mailbox and to all mailboxes of one domain. */
export interface MailLimits {
  readonly perMailboxPerHour: number;
  readonly perMailboxPerDay: number;
  readonly perDomainPerHour: number;
  readonly perDomainPerDay: number;
}

export const defaultMailLimits: MailLimits = {
  perMailboxPerHour: 20,
  perMailboxPerDay: 100,
  perDomainPerHour: 200,
  perDomainPerDay: 1000,
};

/** A mailbox that was sent something, or that somebody stopped mail to. */
export interface Mailbox {
  /** Address in lower case. */
  readonly address: string;
  /** SHA-256 of what stands in the link with which its reader stops the mail. */
  readonly tokenHash: Uint8Array;
  readonly createdAt: Date;
  /** Null: it gets mail. */
  readonly stopped: StoppedMail | null;
}

/** A place in the list of mailboxes that want no mail: the last one of a page, whatever has become of it since. */
export interface StoppedMailboxCursor {
  readonly at: Date;
  readonly address: string;
}

export interface StoppedMail {
  readonly at: Date;
  /** `reader`: by the link in a mail. Else the operator who did it. */
  readonly by: string;
  /** The network address of the actor. */
  readonly from: string;
}
