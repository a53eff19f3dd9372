/** `status` and `progress`, projected from the order, its newest issuance and its certificate. */
import type { OrderView } from '../../domain/ports/orders.ts';
import type { IssuanceState, OrderState } from '../../domain/states.ts';

/** 1 issued, 2 under way, 3 failed. */
export type Status = 1 | 2 | 3;

/** Status of an order that is over, for any issuances. One whose coverage ended still shows its certificate. */
const byOrder = {
  open: undefined,
  active: undefined,
  ended: undefined,
  revoked: 3,
  rejected: 3,
  cancelled: 3,
  failed: 3,
} as const satisfies Record<OrderState, Status | undefined>;

const byIssuance = {
  awaitingApproval: { status: 2, progress: 5 },
  awaitingValidation: { status: 2, progress: 25 },
  ready: { status: 2, progress: 50 },
  issuing: { status: 2, progress: 75 },
  issued: { status: 1, progress: 100 },
  failed: { status: 3, progress: 0 },
  cancelled: { status: 3, progress: 0 },
} as const satisfies Record<IssuanceState, { readonly status: Status; readonly progress: number }>;

export function statusOf({ order, issuance, certificate }: OrderView): {
  readonly status: Status;
  readonly progress: number;
} {
  if (byOrder[order.state] === 3 || certificate?.state === 'revoked') return { status: 3, progress: 0 };
  return byIssuance[issuance.state];
}
