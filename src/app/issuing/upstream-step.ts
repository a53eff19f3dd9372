/**
 * One step of an issuance at an upstream. A transaction commits what is about to be done, the intent before the first call;
 * then one call; then a transaction keeps what came of it. A crash at any point leaves a row from which the next run continues,
 * and no second order.
 */
import { type Reason, reason } from '../../domain/errors.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Job } from '../../domain/job.ts';
import type { Order } from '../../domain/order.ts';
import { canCancel, isUpstream, type UpstreamIssuer, type UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { openUpstreamStates } from '../../domain/states.ts';
import { laneOfIssuer } from '../../domain/upstream-account.ts';
import { faultWaitMs, type UpstreamOrder } from '../../domain/upstream-order.ts';
import { type AppContext, profileOf } from '../context.ts';
import { coverageAt } from '../orders/coverage.ts';
import { proofsOf } from '../orders/order-view.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { restIssuance } from './rest.ts';
import { keepAnswer, type UpstreamAnswer } from './upstream-answer.ts';
import { isStopping, messageOf, untilAborted } from './upstream-call.ts';
import { countOrder, noteFault, waitForUpstream } from './upstream-gate.ts';
import { certifiedOrganization, proveAgain } from './work-to-sign.ts';

const hourMs = 3_600_000;

type Call = 'begin' | 'resume' | 'cancel';

/** The next call, or the job's outcome without a call. */
type Step =
  | { readonly call: Call; readonly order: Order; readonly issuance: Issuance; readonly reference: string | null }
  | { readonly outcome: JobOutcome; readonly wakes?: true };

export async function driveUpstream(
  context: AppContext,
  job: Job,
  { id, issuerId }: Issuance,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { database, clock, log, queue } = context;
  const issuer = context.issuers.get(issuerId);
  if (issuer === undefined || !isUpstream(issuer)) return waitForIssuer(context, id);
  const lane = laneOfIssuer(issuerId);
  if (job.lane !== lane) {
    // It was queued while its issuer was not configured.
    await database.write((tx) => tx.jobs.enqueue({ kind: 'issue', subject: id, runAt: clock.now(), lane }));
    queue.wake();
    return { kind: 'done' };
  }
  const step = await database.write((tx) => nextStep(context, tx, issuer, id));
  if ('outcome' in step) {
    if (step.wakes === true) queue.wake();
    return step.outcome;
  }
  try {
    const outcome = await untilAborted(signal, callUpstream(context, issuer, step, signal));
    return await keepAnswer(context, issuer, id, outcome);
  } catch (thrown) {
    if (isStopping(signal)) throw thrown;
    log.warn({ err: thrown, issuer: issuerId, issuance: id, call: step.call }, 'an upstream did not answer');
    return database.write((tx) => keepFault(context, tx, { issuer, id, fault: messageOf(thrown) }));
  }
}

async function nextStep(context: AppContext, tx: Stores, issuer: UpstreamIssuer, id: IssuanceId): Promise<Step> {
  const issuance = await tx.issuances.get(id);
  const order = issuance && (await tx.orders.get(issuance.orderId));
  if (issuance === undefined || order === undefined) return { outcome: { kind: 'done' } };
  const found = await tx.upstreamOrders.get(id);
  if (found === undefined) return firstStep(context, tx, issuer, { order, issuance });
  const { reference } = found;
  if (!openUpstreamStates.some((state) => state === found.state)) return { outcome: { kind: 'done' } };
  const stop =
    found.state === 'cancelling' ? undefined : await reasonToStop(context, tx, { issuer, order, issuance, found });
  if (stop !== undefined) {
    // It queues this very job again, to cancel.
    await failIssuance(context, tx, issuance, stop);
    return { outcome: { kind: 'done' }, wakes: true };
  }
  const until = await waitForUpstream(context, tx, issuer.upstream);
  if (until !== undefined) return { outcome: { kind: 'again', at: until } };
  return { call: found.state === 'cancelling' ? 'cancel' : 'resume', order, issuance, reference };
}

/** Asks whether it may still be issued, and commits the intent: from here on `begin` is called once, or never. */
async function firstStep(
  context: AppContext,
  tx: Stores,
  issuer: UpstreamIssuer,
  { order, issuance }: { readonly order: Order; readonly issuance: Issuance },
): Promise<Step> {
  if (issuance.state !== 'issuing') return { outcome: { kind: 'done' } };
  const now = context.clock.now();
  const proofs = await proofsOf(tx, issuance);
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
  const away = await waitForUpstream(context, tx, terms);
  if (away !== undefined) return { outcome: { kind: 'again', at: away } };
  const spentUntil = await countOrder(context, tx, terms);
  if (spentUntil !== undefined) {
    const spent = reason('upstreamBudgetSpent', { issuer: issuerId, until: spentUntil.toISOString() });
    await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: spent });
    return { outcome: { kind: 'again', at: spentUntil } };
  }
  if (issuance.rest !== null) await tx.issuances.updateRest(issuance.id, null);
  await tx.upstreamOrders.insert({
    issuanceId: issuance.id,
    issuerId,
    account: terms.account,
    state: 'issuing',
    reference: null,
    begunAt: now,
    deadline: new Date(now.getTime() + terms.deadlineHours * hourMs),
    faults: 0,
    lastFault: null,
    evidence: null,
    endedAt: null,
  });
  return { call: 'begin', order, issuance, reference: null };
}

/** The reason why the certificate is no longer wanted; the operator sees it where it is only late. */
async function reasonToStop(
  context: AppContext,
  tx: Stores,
  {
    issuer,
    order,
    issuance,
    found,
  }: {
    readonly issuer: UpstreamIssuer;
    readonly order: Order;
    readonly issuance: Issuance;
    readonly found: UpstreamOrder;
  },
): Promise<Reason | undefined> {
  const account = await tx.accounts.get(order.accountId);
  if (account?.state !== 'active') return reason('accountSuspended', {});
  const { deadlineHours: hours, afterDeadline } = issuer.upstream;
  if (context.clock.now() < found.deadline) return undefined;
  const overdue = reason('upstreamOverdue', { issuer: issuer.id, hours });
  if (afterDeadline === 'fail') return overdue;
  await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: overdue });
  return undefined;
}

async function callUpstream(
  context: AppContext,
  issuer: UpstreamIssuer,
  { call, order, issuance, reference }: Extract<Step, { call: Call }>,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const { id: issuanceId, csr, profileId, names, validity } = issuance;
  if (call === 'cancel' && canCancel(issuer)) {
    if ((await issuer.cancel({ issuanceId, reference }, signal)) === 'cancelled') return { kind: 'cancelled' };
  }
  if (csr === null) throw new Error(`issuance ${issuanceId} is at an upstream without a CSR`);
  const request: UpstreamRequest = {
    issuanceId,
    profile: profileOf(context, profileId),
    csr,
    names: names.map(({ identifier }) => identifier),
    organization: await certifiedOrganization(context, { order, issuance }),
    validity,
    coverageUntil: (await coverageAt(context.database.read, order, context.clock.now())).until,
  };
  return call === 'begin' ? issuer.begin(request, signal) : issuer.resume(request, reference, signal);
}

/** No answer: whether the upstream acted is for `resume` to find out. */
async function keepFault(
  context: AppContext,
  tx: Stores,
  { issuer, id, fault }: { readonly issuer: UpstreamIssuer; readonly id: IssuanceId; readonly fault: string },
): Promise<JobOutcome> {
  const openUntil = await noteFault(context, tx, issuer.upstream, fault);
  await tx.upstreamOrders.updateFault(id, fault);
  const faults = (await tx.upstreamOrders.get(id))?.faults ?? 1;
  const atMs = context.clock.now().getTime() + faultWaitMs(faults);
  return { kind: 'again', at: new Date(Math.max(atMs, openUntil?.getTime() ?? 0)) };
}

/** The issuer is missing: the operator sees which one. An issuance that is no longer wanted is checked as rarely. */
async function waitForIssuer(context: AppContext, id: IssuanceId): Promise<JobOutcome> {
  const { database, clock } = context;
  return database.write(async (tx) => {
    const issuance = await tx.issuances.get(id);
    const order = issuance && (await tx.orders.get(issuance.orderId));
    if (issuance === undefined || order === undefined) return { kind: 'done' };
    const again: JobOutcome = { kind: 'again', at: new Date(clock.now().getTime() + hourMs) };
    if (issuance.state !== 'issuing') {
      const isCancelling = (await tx.upstreamOrders.get(id))?.state === 'cancelling';
      return isCancelling ? again : { kind: 'done' };
    }
    const missing = reason('issuerUnavailable', { issuer: issuance.issuerId });
    const at = await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: missing });
    return at === undefined ? { kind: 'done' } : again;
  });
}
