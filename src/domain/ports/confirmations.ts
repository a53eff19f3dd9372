/** Port of the page behind the link of a confirmation mail. */
import type { Origin } from '../caller.ts';

/** Content of the page behind the link. */
export interface ConfirmationView {
  /**
   * `open`: to be decided. `expired`: too late. `over`: nothing left to decide; the name was proved otherwise, the order
   * ended, or a newer mail took this one's place.
   */
  readonly state: 'open' | 'confirmed' | 'rejected' | 'expired' | 'over';
  readonly address: string;
  /** The names that are decided here: those that still wait, or those that were decided. Never empty. */
  readonly confirms: readonly string[];
  /** Hash of these names: the page sends it back with a decision. */
  readonly digest: string;
  /** All names of the certificate, or only the domain. */
  readonly names: readonly string[];
  readonly accountName: string;
  /** Null with the order: a domain, before any order. */
  readonly productName: string | null;
  readonly orderNumber: number | null;
  readonly requestedAt: Date;
  readonly requestedFrom: string;
  readonly expiresAt: Date;
}

/** Requests of the page. The secret of the link is the only key; an unknown secret gives undefined. */
export interface Confirmations {
  /** Changes nothing, however often it is called: mail scanners open every link. */
  show(token: string): Promise<ConfirmationView | undefined>;
  /**
   * Decides once; later decisions change nothing and answer what was decided.
   * @param digest of the view that was shown: nothing is confirmed when the names have changed since, so that nobody
   * confirms what they have not seen. Left out where nothing was shown: then the names that the mail named are confirmed.
   */
  decide(
    token: string,
    decision: 'confirm' | 'reject',
    origin: Origin,
    digest?: string,
  ): Promise<ConfirmationView | undefined>;
}
