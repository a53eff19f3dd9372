/**
 * An issuance at an upstream: the intent, committed before the first call, and what became of it. One for each issuance of an
 * upstream issuer; those of the embedded CA have none.
 */
import type { Reason } from './errors.ts';
import type { IssuanceId } from './ids.ts';
import type { Transitions } from './transition.ts';

export type UpstreamOrderState =
  | 'preparing' // relay: the order is placed, its challenges are not known yet
  | 'proving' // relay: the customer places what the upstream wants to find
  | 'issuing' // the upstream's turn
  | 'cancelling' // nobody wants it any more; a certificate may come all the same
  | 'issued'
  | 'refused'
  | 'cancelled'
  | 'unfit' // its certificate is not what was ordered, and was refused
  | 'withheld'; // its certificate came when nobody wanted it any more: stored, not delivered, revoked

export type UpstreamOrderEvent =
  | 'prepared'
  | 'proved'
  | 'issue'
  | 'refuse'
  | 'abandon'
  | 'cancel'
  | 'misfit'
  | 'withhold';

const underWay = { refuse: 'refused', abandon: 'cancelling', misfit: 'unfit', withhold: 'withheld' } as const;

export const upstreamOrderTransitions: Transitions<UpstreamOrderState, UpstreamOrderEvent> = {
  preparing: { prepared: 'proving', proved: 'issuing', ...underWay },
  proving: { prepared: 'proving', proved: 'issuing', ...underWay },
  issuing: { issue: 'issued', ...underWay },
  cancelling: { cancel: 'cancelled', refuse: 'refused', misfit: 'unfit', withhold: 'withheld' },
  issued: {},
  refused: {},
  cancelled: {},
  unfit: {},
  withheld: {},
};

export const openUpstreamStates = ['preparing', 'proving', 'issuing', 'cancelling'] as const;

/** What came back and was refused, as it came. */
export interface UpstreamEvidence {
  readonly der: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly reason: Reason;
  readonly at: Date;
}

export interface UpstreamOrder {
  readonly issuanceId: IssuanceId;
  readonly issuerId: string;
  /** Of the upstream: what its breaker and its budget are kept by. */
  readonly account: string;
  readonly state: UpstreamOrderState;
  /** The upstream's own name of the order; null until it has answered once. */
  readonly reference: string | null;
  readonly begunAt: Date;
  /** After this it fails, or the operator decides (`UpstreamTerms.afterDeadline`). */
  readonly deadline: Date;
  /** Faults in a row: what the next try waits by. */
  readonly faults: number;
  readonly lastFault: string | null;
  readonly evidence: UpstreamEvidence | null;
  readonly endedAt: Date | null;
}

const faultWaitsSeconds = [5, 15, 60, 300, 900, 3600];

/** How long the next try waits after so many faults in a row. An upstream that is away for hours is asked hourly. */
export function faultWaitMs(faults: number): number {
  return (faultWaitsSeconds[Math.min(faults, faultWaitsSeconds.length) - 1] ?? 0) * 1000;
}
