/** The first step of an issuance at its upstream: whether it may be issued, and the intent, before the first call. */
import { reason } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { UpstreamIssuer } from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { newRelay } from '../../domain/relay.ts';
import type { AppContext } from '../context.ts';
import { proofsOf } from '../orders/order-view.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { isRelayed } from './relay.ts';
import { restIssuance } from './rest.ts';
import { countOrder, waitToBegin } from './upstream-gate.ts';
import { proveAgain } from './work-to-sign.ts';

const hourMs = 3_600_000;

/** `begin`: the intent is part of the transaction, and `begin` is called once it is committed, then never again. */
export type FirstStep = 'begin' | { readonly outcome: JobOutcome; readonly wakes?: true };

/**
 * One whose names we check is `issuing` by now. A relayed one is bought before its names are proved, and awaits their validation
 * until the upstream has accepted them.
 */
export async function firstStep(
  context: AppContext,
  tx: Stores,
  issuer: UpstreamIssuer,
  { order, issuance }: { readonly order: Order; readonly issuance: Issuance },
): Promise<FirstStep> {
  const proofs = await proofsOf(tx, issuance);
  const relays = isRelayed(proofs);
  if (issuance.state !== (relays ? 'awaitingValidation' : 'issuing')) return { outcome: { kind: 'done' } };
  if (issuance.csr === null) return { outcome: { kind: 'done' } };
  const answer = await mayBeIssued(context, tx, { order, issuance, proofs });
  if (answer.kind === 'never') {
    await failIssuance(context, tx, issuance, answer.reason);
    return { outcome: { kind: 'done' } };
  }
  if (answer.kind === 'rest') {
    const at = await restIssuance(context, tx, { order, issuance, ...answer });
    return { outcome: at === undefined ? { kind: 'done' } : { kind: 'again', at } };
  }
  if (answer.kind === 'unproved') {
    await proveAgain(context, tx, { order, issuance });
    return { outcome: { kind: 'done' }, wakes: true };
  }
  const { upstream: terms, id: issuerId } = issuer;
  const away = await waitToBegin(context, tx, terms);
  if (away !== undefined) return { outcome: { kind: 'again', at: away }, wakes: true };
  const spentUntil = await countOrder(context, tx, terms);
  if (spentUntil !== undefined) {
    const spent = reason('upstreamBudgetSpent', { issuer: issuerId, until: spentUntil.toISOString() });
    await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: spent });
    return { outcome: { kind: 'again', at: spentUntil } };
  }
  if (issuance.rest !== null) await tx.issuances.updateRest(issuance.id, null);
  const now = context.clock.now();
  await tx.upstreamOrders.insert({
    issuanceId: issuance.id,
    issuerId,
    account: terms.account,
    state: relays ? 'preparing' : 'issuing',
    reference: null,
    begunAt: now,
    deadline: new Date(now.getTime() + terms.deadlineHours * hourMs),
    relay: relays ? newRelay : null,
    faults: 0,
    lastFault: null,
    evidence: null,
    endedAt: null,
  });
  return 'begin';
}
