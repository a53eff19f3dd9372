/** What the page behind the link that stops mail asks. */

/** What the page behind the link shows. */
export interface MailboxView {
  readonly address: string;
  readonly stoppedAt: Date | null;
}

/** What the page may ask. The token of the link is the only key; one that nobody was sent is undefined. */
export interface MailStops {
  /** Changes nothing, however often it is called: mail scanners open every link. */
  show(token: string): Promise<MailboxView | undefined>;
  /** No mail goes to the mailbox from now on, whatever it is about. */
  stop(
    token: string,
    origin: { readonly address: string; readonly requestId: string },
  ): Promise<MailboxView | undefined>;
}
