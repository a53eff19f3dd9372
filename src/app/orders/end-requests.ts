/** Requests whose object came to an end: they no longer need a decision. */
import type { Approval } from '../../domain/approval.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { approvalTransitions, statesAccepting } from '../../domain/states.ts';
import { requireMoved } from '../moved.ts';

/** Ends the waiting requests of the order that are about what is over, in the name of the platform. */
export async function endRequests(
  tx: Stores,
  ended: {
    readonly orderId: OrderId;
    readonly isOver: (approval: Approval) => boolean;
    readonly note: string;
    readonly at: Date;
  },
): Promise<void> {
  const { orderId, isOver, note, at } = ended;
  const from = statesAccepting(approvalTransitions, 'reject');
  for (const approval of await tx.approvals.listWaitingOfOrder(orderId)) {
    if (!isOver(approval)) continue;
    const isMoved = await tx.approvals.move(approval.id, from, 'rejected', { approve: false, by: null, note, at });
    const { number, state } = approval;
    requireMoved(isMoved, { what: 'approval', value: String(number), state, needed: from });
  }
}
