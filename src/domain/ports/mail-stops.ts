/** Port of the page behind the link that stops mail. */

/** Content of the page behind the link. */
export interface MailboxView {
  readonly address: string;
  readonly stoppedAt: Date | null;
}

/** Requests of the page. The token of the link is the only key; an unknown token gives undefined. */
export interface MailStops {
  /** Changes nothing, however often it is called: mail scanners open every link. */
  show(token: string): Promise<MailboxView | undefined>;
  /** No mail goes to the mailbox from now on, whatever it is about. */
  stop(
    token: string,
    origin: { readonly address: string; readonly requestId: string },
  ): Promise<MailboxView | undefined>;
}
