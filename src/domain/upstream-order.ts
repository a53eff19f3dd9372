/**
 * An issuance at an upstream: the intent, committed before the first call, and what became of it. One for each issuance of an
 * upstream issuer; those of the embedded CA have none.
 */
import type { Reason } from './errors.ts';
import type { IssuanceId } from './ids.ts';
import type { UpstreamRelay } from './relay.ts';
import type { UpstreamOrderState } from './states.ts';

/** A certificate that came back and was refused, unchanged. */
export interface UpstreamEvidence {
  readonly der: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly reason: Reason;
  readonly at: Date;
}

/** How a pool came to its choice. */
export interface UpstreamRoute {
  readonly pool: string;
  /** The issuers of the pool that were passed over, each with the reason, in the order in which they were tried. */
  readonly passed: readonly {
    readonly issuer: string;
    readonly reason: Reason;
    readonly at: Date;
    /** Not tried again before; null: it has refused this for good. */
    readonly until: Date | null;
  }[];
}

export interface UpstreamOrder {
  readonly issuanceId: IssuanceId;
  readonly issuerId: string;
  /** Our account at the upstream, under which its breaker and its budget are kept. */
  readonly account: string;
  readonly state: UpstreamOrderState;
  /** The upstream's own name of the order; null until it has answered once. */
  readonly reference: string | null;
  readonly begunAt: Date;
  /**
   * After this it fails, or the operator decides (`UpstreamTerms.afterDeadline`). While it is `proving` it is the customer's; while
   * it is `cancelling`, the end of the search for an order of which the upstream knows nothing.
   */
  readonly deadline: Date;
  /** Null: we check the names ourselves. */
  readonly relay: UpstreamRelay | null;
  /** Faults in a row: what the next try waits by. */
  readonly faults: number;
  readonly lastFault: string | null;
  readonly evidence: UpstreamEvidence | null;
  /** Null: no pool chose the issuer. */
  readonly route: UpstreamRoute | null;
  readonly endedAt: Date | null;
}

const faultWaitsSeconds = [5, 15, 60, 300, 900, 3600];

/** Wait before the next try after so many faults in a row. An upstream that is away for hours is tried hourly. */
export function faultWaitMs(faults: number): number {
  return (faultWaitsSeconds[Math.min(faults, faultWaitsSeconds.length) - 1] ?? 0) * 1000;
}
