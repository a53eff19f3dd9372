/**
 * The deadline of an order at an upstream that has named the end of a limit: it does not run until then (docs/decisions/0041). From that
 * time on the order has its whole time; a wait that would outlast the order is none, and the deadline stays.
 */
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import { type AppContext, profileOf } from '../context.ts';
import { coverageAt } from '../orders/coverage.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Waiting {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly upstreamOrder: Pick<UpstreamOrder, 'begunAt' | 'deadline'>;
}

/** Any number of looks until then give the same. It waits no longer than a customer has to prove names: nobody watches it for ever. */
export async function deadlineAfterLimit(
  context: AppContext,
  tx: Stores,
  { order, issuance, upstreamOrder: { begunAt, deadline } }: Waiting,
  { until, deadlineHours }: { readonly until: Date | null; readonly deadlineHours: number },
): Promise<Date> {
  if (until === null) return deadline;
  const { validationDays } = profileOf(context, issuance.profileId);
  const { until: coverageUntil } = await coverageAt(tx, order, context.clock.now());
  const isWithin = until < coverageUntil && until.getTime() - begunAt.getTime() <= validationDays * dayMs;
  return isWithin ? new Date(Math.max(deadline.getTime(), until.getTime() + deadlineHours * hourMs)) : deadline;
}

/** The same for one that its upstream has in hand, and stored. A customer's time for proofs, and the end of a search, stay as they are. */
export async function deferDeadline(
  context: AppContext,
  tx: Stores,
  rows: Waiting & { readonly upstreamOrder: UpstreamOrder },
  limit: Parameters<typeof deadlineAfterLimit>[3],
): Promise<UpstreamOrder> {
  const { upstreamOrder } = rows;
  const { issuanceId, state } = upstreamOrder;
  if (state !== 'issuing' && state !== 'preparing') return upstreamOrder;
  const deadline = await deadlineAfterLimit(context, tx, rows, limit);
  if (deadline <= upstreamOrder.deadline) return upstreamOrder;
  if (!(await tx.upstreamOrders.move(issuanceId, [state], state, { deadline }))) return upstreamOrder;
  return { ...upstreamOrder, deadline };
}
