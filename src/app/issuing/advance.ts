/** Next step once all names are proved: the issuance continues, rests until somebody has done their part, or ends. */
import type { Reason } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Job } from '../../domain/job.ts';
import { type Order, stateAt } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import type { NameProof } from '../orders/order-view.ts';
import { nextCaaCheck, queueCaaCheck } from './caa-gate.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { lapse, restIssuance } from './rest.ts';
import { queueUpstream } from './upstream-end.ts';

/** Between two runs of one CAA check. */
const betweenRunsMs = 1000;

/** `job`: to be adopted after the commit. `isQueued`: the queue has it. `lookAgainAt`: it rests until then; `checkCaaAt`: in its CAA check. */
export interface Advanced {
  readonly job?: Job;
  readonly isQueued?: true;
  readonly lookAgainAt?: Date;
  readonly checkCaaAt?: Date;
}

/**
 * Moves an issuance whose names are all proved into `ready`, and on into `issuing` where nothing else is missing. What is
 * missing is noted, and the issuance awaits validation (again), where the validate job looks after it.
 */
export async function advance(
  context: AppContext,
  tx: Stores,
  {
    issuance,
    proofs,
    isCaaCheck = false,
  }: { readonly issuance: Issuance; readonly proofs: readonly NameProof[]; readonly isCaaCheck?: boolean },
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
  if (!isReady) return {};
  if (answer.kind === 'caa') {
    const checkCaaAt = await awaitCaa(context, tx, { order, issuance, unknown: answer.unknown, isCaaCheck });
    if (checkCaaAt === undefined) return {};
    if (isCaaCheck) return { checkCaaAt };
    await queueCaaCheck(context, tx, issuance, checkCaaAt);
    return { isQueued: true };
  }
  if (!answer.mayBegin) return {};
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

/** @returns when its CAA records are to be looked up; undefined where they could not be for too long, and it failed */
async function awaitCaa(
  context: AppContext,
  tx: Stores,
  {
    order,
    issuance,
    unknown,
    isCaaCheck,
  }: {
    readonly order: Order;
    readonly issuance: Issuance;
    readonly unknown: Reason | null;
    readonly isCaaCheck: boolean;
  },
): Promise<Date | undefined> {
  const now = context.clock.now();
  // At once for the first time; a run that has not got to all names leaves others their turn.
  if (unknown === null) return isCaaCheck ? new Date(now.getTime() + betweenRunsMs) : now;
  const rest = { order, issuance, turn: 'customer', reason: unknown, staysReady: true } as const;
  return (await restIssuance(context, tx, rest)) && nextCaaCheck(issuance, now);
}
