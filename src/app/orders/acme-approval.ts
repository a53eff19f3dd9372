/**
 * Approval of ACME orders. Most clients give up waiting after a minute and come back with a new key: the newer CSR then takes the place
 * of the older in the request that waits, and an approval that came too late lets the next order through. It is for names and product;
 * the key may change.
 */
import type { AcmeOrder } from '../../domain/acme-order.ts';
import { finalDecision } from '../../domain/approval.ts';
import type { Caller } from '../../domain/caller.ts';
import { CertError, reason, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { ApprovalId } from '../../domain/ids.ts';
import { isApprovedByKey } from '../../domain/key-policy.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { requireMoved } from '../moved.ts';
import { objectionToArrivedKey } from '../revoking/blocked-keys.ts';
import { isSameAction } from './acme-action.ts';
import { type Earlier, earlierOf } from './acme-coverage.ts';
import { dayMs } from './coverage.ts';
import { recordChange } from './order-event.ts';
import type { SubscriberKey } from './subscriber-key.ts';

/** The approval that lets the order through; null: it needs one of its own, or none at all. */
export async function grantedApproval(
  { clock }: Pick<AppContext, 'clock'>,
  tx: Stores,
  acmeOrder: AcmeOrder,
  key: ExternalAccountKey | null,
): Promise<ApprovalId | null> {
  const { accountId, credentialId, approvalDays } = acmeOrder;
  const account = await tx.accounts.get(accountId);
  if (account === undefined || account.approval === 'automatic') return null;
  if (key !== null && isApprovedByKey(key.policy, account)) return null;
  // Each is another order, and paid: what was approved was one.
  if (acmeOrder.action?.kind === 'enroll') return null;
  const since = clock.now().getTime() - approvalDays * dayMs;
  const all = await earlierOf(tx, acmeOrder);
  for (const { acmeOrder: earlier, issuance, order } of all) {
    if (earlier.credentialId !== credentialId || !isSameAction(earlier.action, acmeOrder.action)) continue;
    const approval = await tx.approvals.getNewestOfOrder(order.id);
    if (approval?.issuanceId !== issuance.id || approval.asks === 'revoke' || approval.state !== 'approved') continue;
    const decision = finalDecision(approval);
    const isUsed = all.some(({ acmeOrder: other }) => other.approvalId === approval.id);
    if (decision !== undefined && decision.at.getTime() > since && !isUsed) return approval.id;
  }
  return null;
}

/** The newer CSR replaces the older in what waits for approval; the older ACME order is over. @throws {CertError} badKey, wrongState */
export async function joinWaiting(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { earlier, key }: { readonly earlier: Earlier; readonly key: SubscriberKey },
): Promise<void> {
  const { acmeOrder, issuance, order } = earlier;
  const objection = await objectionToArrivedKey(tx, { accountId: order.accountId, ...key });
  if (objection !== undefined) throw new CertError(objection);
  const request = (await tx.approvals.listWaitingOfOrder(order.id)).find((one) => one.issuanceId === issuance.id);
  const isReplaced = key.csr !== null && (await tx.issuances.replaceCsr(issuance.id, key.csr));
  if (!isReplaced || request === undefined || !(await tx.approvals.raiseVersion(request.id, caller.address))) {
    const value = String(order.number);
    throw refuse('wrongState', {
      what: 'approval',
      value,
      state: 'without a request',
      needed: ['submitted', 'pending'],
    });
  }
  const isMoved = await tx.acmeOrders.move(acmeOrder.id, ['placed'], 'ended', {
    problem: reason('acmeOrderSuperseded', {}),
  });
  requireMoved(isMoved, { what: 'acmeOrder', value: acmeOrder.id, state: acmeOrder.state, needed: 'placed' });
  await recordChange(tx, caller, 'order.csrProvided', order, { now: context.clock.now(), request: request.number });
}
