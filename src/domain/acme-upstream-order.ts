/**
 * An issuance at an ACME CA, step by step. Each step is stored before the request that could act, so that what became of a lost reply is
 * found out, and nothing is bought twice (RFC 8555 §7.4).
 */
import type { IssuanceId } from './ids.ts';

/**
 * `order`: nothing is known of an order. `prove`: there is one, and its names are being validated. `finalize`: the CSR may have been sent;
 * no other order is placed before this one is seen to be over. `download`: it is issued.
 */
export type AcmeUpstreamStep = 'order' | 'prove' | 'finalize' | 'download';

export interface AcmeUpstreamOrder {
  readonly issuanceId: IssuanceId;
  /** Our account at the CA, and the directory, under which it was placed. */
  readonly account: string;
  readonly directory: string;
  readonly step: AcmeUpstreamStep;
  /** In step `order`: the one that the CA gave instead of a new one, and that another issuance of ours has. */
  readonly orderUrl: string | null;
  readonly finalizeUrl: string | null;
  readonly authorizationUrls: readonly string[];
  readonly certificateUrl: string | null;
  /** The certificate that it replaces (RFC 9773 §4.1), as it was sent; null: none, or the CA refused it. */
  readonly replaces: string | null;
  readonly profile: string | null;
  /** Challenges that the CA was asked to look at, each with the time. */
  readonly respondedTo: readonly { readonly url: string; readonly at: Date }[];
  /** When the CSR was first sent. Null: it never was. */
  readonly finalizedAt: Date | null;
  /** How often the CA refused the CSR, and showed the order as if it had never come. */
  readonly finalizeRefusals: number;
  readonly placedAt: Date | null;
  readonly expiresAt: Date | null;
  /** Orders of this issuance that the CA let end before they were finalized. */
  readonly endedOrders: number;
  /** What the CA objected to last, as it said it. */
  readonly lastProblem: string | null;
}
