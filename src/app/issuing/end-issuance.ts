/** Giving up an issuance before anything of it is signed here, or while an upstream takes its time. */

import { refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { refund } from '../orders/charging.ts';
import { endRequests } from '../orders/end-requests.ts';
import { abandonIssuance, mayBeUpstreams, releaseUpstream } from './upstream-end.ts';

export function isUnderWay({ state }: Issuance): boolean {
  return !['issued', 'failed', 'cancelled'].includes(state);
}

/**
 * Refunds its cost and withdraws what it waits for: the approval, the checks.
 * @returns false, and changes nothing, when it is being signed here, or over
 */
export async function endIssuance(
  context: AppContext,
  tx: Stores,
  { order, issuance, note }: { readonly order: Order; readonly issuance: Issuance; readonly note: string },
): Promise<boolean> {
  const isCancelled = await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'cancel'), 'cancelled');
  if (!isCancelled && !(await abandonIssuance(context, tx, issuance))) return false;
  // A relayed one is at its upstream before it is `issuing`.
  if (isCancelled && mayBeUpstreams(context, issuance)) await releaseUpstream(context, tx, issuance);
  await refund(context, tx, { order, issuance, note });
  await tx.jobs.finish('validate', issuance.id);
  await tx.jobs.finish('checkCaa', issuance.id);
  await endRequests(tx, {
    orderId: order.id,
    isOver: ({ asks, issuanceId }) => asks !== 'revoke' && issuanceId === issuance.id,
    note,
    at: context.clock.now(),
  });
  return true;
}

/** Everything of the order that is not being signed here yet, duplicates too. */
export async function endAllIssuances(
  context: AppContext,
  tx: Stores,
  { order, note }: { readonly order: Order; readonly note: string },
): Promise<void> {
  for (const issuance of (await tx.issuances.listOfOrder(order.id)).filter(isUnderWay)) {
    await endIssuance(context, tx, { order, issuance, note });
  }
}

/** The same at a caller's request. @throws {CertError} wrongState when it is too late */
export async function endIssuanceFor(
  context: AppContext,
  tx: Stores,
  input: { readonly order: Order; readonly issuance: Issuance; readonly note: string },
): Promise<void> {
  requireEndable(input);
  if (!(await endIssuance(context, tx, input))) throw tooLate(input);
}

interface Ended {
  readonly order: Pick<Order, 'number'>;
  readonly issuance: Pick<Issuance, 'state' | 'plan'>;
}

/** @throws {CertError} wrongState for one that is being signed here, or over */
export function requireEndable(input: Ended): void {
  const { state, plan } = input.issuance;
  const mayBeAbandoned = plan === null && statesAccepting(issuanceTransitions, 'abandon').includes(state);
  if (!mayBeAbandoned && !statesAccepting(issuanceTransitions, 'cancel').includes(state)) throw tooLate(input);
}

function tooLate({ order, issuance: { state } }: Ended): Error {
  const needed = statesAccepting(issuanceTransitions, 'cancel');
  return refuse('wrongState', { what: 'order', value: String(order.number), state, needed });
}
