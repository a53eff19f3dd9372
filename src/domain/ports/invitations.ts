/** Port of the page on which somebody who was invited, or whose password is reset, chooses a password. */
import type { Origin } from '../caller.ts';

/** Content of the page behind the link. */
export interface InvitationView {
  readonly username: string;
  /** Null for an operator. */
  readonly accountName: string | null;
  readonly expiresAt: Date;
  /** There may be a password, which this one replaces. */
  readonly isReset: boolean;
}

/**
 * Requests of the page. The token of the link is the only key. Whatever the reason why a link is not good (it is unknown, used,
 * expired or replaced, or the user may not sign in), the answer is undefined.
 * @throws {CertError} rateLimited for a network from which many such links were opened
 */
export interface Invitations {
  /** Changes nothing, however often it is called: mail scanners open every link. */
  show(token: string, origin: Origin): Promise<InvitationView | undefined>;
  /**
   * Sets the password and uses the link up. Of two at once, one does.
   * @throws {CertError} invalidField for a password that is too short; the link stays good. unavailable while too many wait
   */
  accept(token: string, password: string, origin: Origin): Promise<InvitationView | undefined>;
}
