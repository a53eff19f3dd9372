/** Next step once all names are proved: the issuance continues, rests until somebody has done their part, or ends. */
import type { Issuance } from '../../domain/issuance.ts';
import type { Job } from '../../domain/job.ts';
import { stateAt } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import type { NameProof } from '../orders/order-view.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { lapse, restIssuance } from './rest.ts';
import { queueUpstream } from './upstream-end.ts';

/** `job`: to be adopted after the commit. `isQueued`: an upstream's lane has it. `lookAgainAt`: it rests until then. */
export interface Advanced {
  readonly job?: Job;
  readonly isQueued?: true;
  readonly lookAgainAt?: Date;
}

/**
 * Moves an issuance whose names are all proved into `ready`, and on into `issuing` where nothing else is missing. What is
 * missing is noted, and the issuance awaits validation (again), where the validate job looks after it.
 */
export async function advance(
  context: AppContext,
  tx: Stores,
  { issuance, proofs }: { readonly issuance: Issuance; readonly proofs: readonly NameProof[] },
): Promise<Advanced> {
  const now = context.clock.now();
  const order = await tx.orders.get(issuance.orderId);
  // The sweep ends the order and this issuance: a certificate of it would end before it begins. A wrong clock ends nothing.
  const isOver = order !== undefined && stateAt(order, now) === 'ended' && context.clockGuard.fault() === undefined;
  if (order === undefined || isOver) return {};
  const answer = await mayBeIssued(context, tx, { order, issuance, proofs });
  if (answer.kind === 'never') {
    await failIssuance(context, tx, issuance, answer.reason);
    return {};
  }
  if (answer.kind === 'unproved') {
    await lapse(tx, issuance, now);
    // What it needs changed a moment ago: the next look sees it.
    return { lookAgainAt: new Date(now.getTime() + 60_000) };
  }
  if (answer.kind === 'rest') {
    const lookAgainAt = await restIssuance(context, tx, { order, issuance, ...answer });
    return lookAgainAt === undefined ? {} : { lookAgainAt };
  }
  const isReady =
    issuance.state === 'ready' ||
    (await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'authorize'), 'ready'));
  if (!isReady || !answer.mayBegin) return {};
  const { plan } = answer;
  const from = statesAccepting(issuanceTransitions, 'begin');
  if (plan === null) {
    if (!(await tx.issuances.move(issuance.id, from, 'issuing'))) return {};
    await queueUpstream(context, tx, issuance);
    return { isQueued: true };
  }
  if (!(await tx.issuances.move(issuance.id, from, 'issuing', { plan }))) return {};
  const job = await tx.jobs.enqueueClaimed({ kind: 'issue', subject: issuance.id, now });
  return job === undefined ? {} : { job };
}
