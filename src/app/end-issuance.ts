/** Giving up an issuance before anything of it is signed. */

import { approvalTransitions } from '../domain/approval.ts';
import { refuse } from '../domain/errors.ts';
import { type Issuance, issuanceTransitions } from '../domain/issuance.ts';
import type { Order } from '../domain/order.ts';
import type { Caller } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import { refund } from './charging.ts';
import type { AppContext } from './context.ts';

export function isUnderWay({ state }: Issuance): boolean {
  return !['issued', 'failed', 'cancelled'].includes(state);
}

/**
 * Gives its cost back and withdraws what was asked for it: the approval, the checks.
 * @returns false, and changes nothing, when it is being signed or over
 */
export async function endIssuance(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  { order, issuance, note }: { readonly order: Order; readonly issuance: Issuance; readonly note: string },
): Promise<boolean> {
  if (!(await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'cancel'), 'cancelled')))
    return false;
  await refund(context, tx, { order, issuance, note });
  await tx.jobs.finish('validate', issuance.id);
  const approval = await tx.approvals.getNewestOfOrder(order.id);
  if (approval?.issuanceId === issuance.id) {
    const decision = { approve: false, by: caller?.actor ?? null, note, at: context.clock.now() };
    await tx.approvals.move(approval.id, statesAccepting(approvalTransitions, 'reject'), 'rejected', decision);
  }
  return true;
}

/** The same for a caller who asked for it. @throws {CertError} wrongState when it is too late */
export async function endIssuanceFor(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: { readonly order: Order; readonly issuance: Issuance; readonly note: string },
): Promise<void> {
  if (await endIssuance(context, tx, caller, input)) return;
  const needed = statesAccepting(issuanceTransitions, 'cancel');
  throw refuse('wrongState', {
    what: 'order',
    value: String(input.order.number),
    state: input.issuance.state,
    needed,
  });
}
