/** The words of `status`, derived from the order, the requested issuance, and its certificate. */
import type { OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import type { IssuanceState, OrderState } from '../../domain/states.ts';

export const statuses = ['PENDING', 'COMPLETE', 'CANCELLED', 'FAILED', 'REISSUED'] as const;
export type Status = (typeof statuses)[number];

/** Status of an order that is over, for any issuances. */
const byOrder = {
  open: undefined,
  active: undefined,
  // The certificates were delivered and stay what they were.
  ended: undefined,
  revoked: 'CANCELLED',
  rejected: 'CANCELLED',
  cancelled: 'CANCELLED',
  failed: 'FAILED',
} as const satisfies Record<OrderState, Status | undefined>;

const byIssuance = {
  awaitingApproval: 'PENDING',
  awaitingValidation: 'PENDING',
  ready: 'PENDING',
  issuing: 'PENDING',
  issued: 'COMPLETE',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const satisfies Record<IssuanceState, Status>;

/** @param isSuperseded true if a later issuance that the customer requested has replaced it or is about to */
export function statusOf({ order, issuance, certificate }: OrderView | OrderSummary, isSuperseded: boolean): Status {
  const over = byOrder[order.state];
  if (over !== undefined) return over;
  if (certificate?.state === 'revoked') return 'CANCELLED';
  const own = byIssuance[issuance.state];
  return isSuperseded && own === 'COMPLETE' ? 'REISSUED' : own;
}

/**
 * Progress of each of the three steps. Clients hide the challenges until `application` is done, so it is from the start; where an
 * upstream makes them, once it has.
 */
export function progressOf({ issuance, product, organization, order, authorizations }: OrderView): {
  readonly application: Step;
  readonly dcv: Step;
  readonly issued: Step;
  readonly ov?: Step;
} {
  const isProved = ['ready', 'issuing', 'issued'].includes(issuance.state);
  const isIssued = issuance.state === 'issued';
  const isPreparing = authorizations.some(({ checkedBy, state }) => checkedBy !== null && state === 'pending');
  const isApplied = isProved || !isPreparing || authorizations.some(({ challenges }) => challenges.length > 0);
  const steps = { application: step(isApplied), dcv: step(isProved), issued: step(isIssued) };
  if (product.level === 'dv') return steps;
  const { level } = product;
  const isVerified =
    order.state !== 'open' ||
    isIssued ||
    (organization?.validations.some(
      (validation) => validation.state === 'valid' && (validation.level === level || validation.level === 'ev'),
    ) ??
      false);
  return { ...steps, ov: step(isVerified) };
}

interface Step {
  readonly status: 'done' | 'notdone';
}

function step(isDone: boolean): Step {
  return { status: isDone ? 'done' : 'notdone' };
}
