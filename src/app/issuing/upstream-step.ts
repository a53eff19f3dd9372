/**
 * One step of an issuance at an upstream. A transaction commits what is about to be done, the intent before the first call;
 * then one call; then a transaction keeps what came of it. A crash at any point leaves a row from which the next run continues,
 * and no second order.
 */
import { type Reason, reason } from '../../domain/errors.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Job } from '../../domain/job.ts';
import { laneOfIssuer } from '../../domain/job.ts';
import type { Order } from '../../domain/order.ts';
import {
  type IssuerPool,
  isLocal,
  isPool,
  needsPreparation,
  type UpstreamIssuer,
  wantsProofs,
} from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { nextWish, type PassedOn } from '../../domain/relay.ts';
import { openUpstreamStates } from '../../domain/states.ts';

import { faultWaitMs, type UpstreamOrder } from '../../domain/upstream-order.ts';
import { type AppContext, profileOf } from '../context.ts';
import { proofsOf } from '../orders/order-view.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { restIssuance } from './rest.ts';
import { keepAnswer } from './upstream-answer.ts';
import { choiceOf, firstStep, type Preparation } from './upstream-begin.ts';
import { giveBack } from './upstream-budgets.ts';
import { isStopping, messageOf, untilAborted } from './upstream-call.ts';
import { passOver } from './upstream-choice.ts';
import { loseIfOverdue } from './upstream-end.ts';
import { noteFault, waitForUpstream } from './upstream-gate.ts';
import { callUpstream, requestOf, type UpstreamCall } from './upstream-request.ts';

const hourMs = 3_600_000;

/** The next call, or the job's outcome without a call. */
type Step = UpstreamCall | { readonly outcome: JobOutcome; readonly wakes?: true };

/** An issuance with its order and its row at the upstream, as read in the transaction. */
interface Rows {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly found: UpstreamOrder;
}

export async function driveUpstream(
  context: AppContext,
  job: Job,
  { id, issuerId }: Issuance,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { database, clock, log, queue } = context;
  const issuer = context.issuers.get(issuerId);
  if (issuer === undefined || isLocal(issuer)) return waitForIssuer(context, id);
  const lane = laneOfIssuer(issuerId);
  if (job.lane !== lane) {
    // It was queued while its issuer was not configured.
    await database.write((tx) => tx.jobs.enqueue({ kind: 'issue', subject: id, runAt: clock.now(), lane }));
    queue.wake();
    return { kind: 'done' };
  }
  const preparation = await preparationOf(context, issuer, id, signal);
  const isFree = await isFreeToLeave(context, issuer, id);
  const step = await database.write((tx) => nextStep(context, tx, issuer, { id, preparation, isFree }));
  if ('outcome' in step) {
    if (step.wakes === true) queue.wake();
    return step.outcome;
  }
  try {
    const answer = await untilAborted(signal, callUpstream(context, step, signal));
    const isLimited = answer.kind === 'notTaken' && answer.isLimit === true;
    context.meter.upstreamCalled(step.issuer.upstream.account, isLimited ? 'limited' : 'answered');
    return await keepAnswer(context, step.issuer, id, { answer, step });
  } catch (thrown) {
    if (isStopping(signal)) throw thrown;
    context.meter.upstreamCalled(step.issuer.upstream.account, 'unanswered');
    log.warn({ err: thrown, issuer: step.issuer.id, issuance: id, call: step.call }, 'an upstream did not answer');
    return database.write((tx) => keepFault(context, tx, { issuer: step.issuer, id, fault: messageOf(thrown) }));
  }
}

/** Before the first call: what the upstream will look for. Of a pool for the issuer that it would choose now. */
async function preparationOf(
  context: AppContext,
  configured: UpstreamIssuer | IssuerPool,
  id: IssuanceId,
  signal: AbortSignal,
): Promise<Preparation | undefined> {
  const { read } = context.database;
  const issuance = await read.issuances.get(id);
  const order = issuance && (await read.orders.get(issuance.orderId));
  const found = await read.upstreamOrders.get(id);
  if (issuance === undefined || order === undefined || issuance.csr === null) return undefined;
  if (found !== undefined && found.state !== 'choosing') return undefined;
  const choice = await choiceOf(context, read, configured, { order, issuance, ...(found && { found }) });
  if (choice.kind === 'none') return undefined;
  const { issuer } = choice;
  if (!needsPreparation(issuer)) return { issuerId: issuer.id, missing: undefined };
  const request = await requestOf(context, { order, issuance, issuer });
  const missing = await untilAborted(signal, issuer.missingPreparation(request, signal));
  return { issuerId: issuer.id, missing };
}

async function nextStep(
  context: AppContext,
  tx: Stores,
  configured: UpstreamIssuer | IssuerPool,
  {
    id,
    preparation,
    isFree,
  }: { readonly id: IssuanceId; readonly preparation: Preparation | undefined; readonly isFree: boolean },
): Promise<Step> {
  const issuance = await tx.issuances.get(id);
  const order = issuance && (await tx.orders.get(issuance.orderId));
  if (issuance === undefined || order === undefined) return { outcome: { kind: 'done' } };
  const found = await tx.upstreamOrders.get(id);
  if (found === undefined || found.state === 'choosing') {
    const rows = { order, issuance, preparation, ...(found && { found }) };
    const first = await firstStep(context, tx, configured, rows);
    return 'outcome' in first ? first : { ...first, order, issuance, reference: null };
  }
  if (!openUpstreamStates.some((state) => state === found.state)) return { outcome: { kind: 'done' } };
  if (isPool(configured)) {
    const isUntaken = found.state === 'cancelling' && found.route?.pool === configured.id;
    return isUntaken ? endUntaken(context, tx, found) : waitForFormerIssuer(context, tx, { order, issuance, found });
  }
  const issuer = configured;
  const rows = { order, issuance, found };
  const stop = found.state === 'cancelling' ? undefined : await reasonToStop(context, tx, issuer, rows);
  if (stop !== undefined) {
    // It queues this very job again, to cancel.
    await failIssuance(context, tx, issuance, stop);
    return { outcome: { kind: 'done' }, wakes: true };
  }
  const isRelaying = found.state === 'preparing' || found.state === 'proving';
  if (isRelaying && !wantsProofs(issuer)) return waitForMode(context, tx, rows);
  const wish = found.state === 'proving' && found.relay !== null ? await wishToPass(context, tx, rows) : undefined;
  if (wish === 'over') return { outcome: { kind: 'done' }, wakes: true };
  const until = await waitForUpstream(context, tx, issuer.upstream);
  if (until !== undefined) {
    const isLeft = isFree && found.state === 'issuing' && (await leave(context, tx, issuer, { ...rows, until }));
    return isLeft ? { outcome: { kind: 'done' }, wakes: true } : { outcome: { kind: 'again', at: until } };
  }
  const { reference } = found;
  const about = { issuer, order, issuance, reference };
  if (found.state === 'cancelling') return { call: 'cancel', ...about };
  if (found.state === 'issuing') return { call: 'resume', ...about };
  if (wish === undefined || wish === 'held') {
    return { call: 'proofsWanted', ...about, ...(wish === 'held' ? { isHeld: true } : {}) };
  }
  return { call: callOf(wish), ...about, passedOn: wish };
}

function callOf(wish: PassedOn): UpstreamCall['call'] {
  if ('removal' in wish) return 'removeName';
  return 'choice' in wish ? 'changeMethod' : 'checkProofs';
}

/** Whether a pool gave it the order, and has it still in hand. Nobody else changes that while the job runs. */
async function isFreeToLeave(
  { database: { read } }: AppContext,
  issuer: UpstreamIssuer | IssuerPool,
  id: IssuanceId,
): Promise<boolean> {
  const found = await read.upstreamOrders.get(id);
  if (isPool(issuer) || found === undefined || found.route === null) return false;
  return (await issuer.isUncommitted?.(id)) === true;
}

/** Gives an order that its issuer, which is away, cannot have issued back to the pool. */
async function leave(
  context: AppContext,
  tx: Stores,
  { id, upstream }: UpstreamIssuer,
  { issuance, found, until }: Rows & { readonly until: Date },
): Promise<boolean> {
  const fault = (await tx.upstreamAccounts.get(upstream.account))?.lastFault ?? '';
  const why = reason('upstreamAway', { issuer: id, until: until.toISOString(), fault });
  if (!(await passOver(context, tx, { issuance, upstreamOrder: found }, { reason: why, until }))) return false;
  await giveBack(tx, upstream, issuance.id, ['order', 'certificate']);
  return true;
}

/**
 * The customer's next wish, once it is known that the certificate may still be issued. `held`: it may not now, and the wish waits
 * for whoever can change that. `over`: it never may.
 */
async function wishToPass(
  context: AppContext,
  tx: Stores,
  { order, issuance, found }: Rows,
): Promise<PassedOn | 'held' | 'over' | undefined> {
  const wish = found.relay === null ? undefined : nextWish(found.relay);
  if (wish === undefined) return undefined;
  // It buys nothing, and may take out the very name that stands in the way.
  if ('removal' in wish) return wish;
  const answer = await mayBeIssued(context, tx, { order, issuance, proofs: await proofsOf(tx, issuance) });
  if (answer.kind === 'never') {
    await failIssuance(context, tx, issuance, answer.reason);
    return 'over';
  }
  if (answer.kind === 'rest') {
    const at = await restIssuance(context, tx, { order, issuance, ...answer });
    return at === undefined ? 'over' : 'held';
  }
  return wish;
}

/** The reason why the certificate is no longer wanted; the operator sees it where it is only late. */
async function reasonToStop(
  context: AppContext,
  tx: Stores,
  issuer: UpstreamIssuer,
  { order, issuance, found }: Rows,
): Promise<Reason | undefined> {
  const account = await tx.accounts.get(order.accountId);
  if (account?.state !== 'active') return reason('accountSuspended', {});
  // By a clock that is wrong nobody is late.
  if (context.clock.now() < found.deadline || context.clockGuard.fault() !== undefined) return undefined;
  if (found.state === 'proving') {
    const names = issuance.names.map(({ identifier }) => identifier.value).join(', ');
    return reason('validationExpired', { names, days: profileOf(context, issuance.profileId).validationDays });
  }
  const { deadlineHours: hours, afterDeadline } = issuer.upstream;
  const overdue = reason('upstreamOverdue', { issuer: issuer.id, hours });
  if (afterDeadline === 'fail') return overdue;
  await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: overdue });
  return undefined;
}

/** It was given up while its pool had it: it is at no upstream. */
async function endUntaken({ clock }: AppContext, tx: Stores, { issuanceId, state }: UpstreamOrder): Promise<Step> {
  const isEnded = await tx.upstreamOrders.move(issuanceId, ['cancelling'], 'cancelled', { endedAt: clock.now() });
  if (!isEnded) throw new Error(`the order of issuance ${issuanceId} is with its pool, and is ${state}`);
  return { outcome: { kind: 'done' } };
}

/** No answer: whether the upstream acted is for the next call to find out. */
async function keepFault(
  context: AppContext,
  tx: Stores,
  { issuer, id, fault }: { readonly issuer: UpstreamIssuer; readonly id: IssuanceId; readonly fault: string },
): Promise<JobOutcome> {
  const openUntil = await noteFault(context, tx, issuer.upstream, fault);
  await tx.upstreamOrders.updateFault(id, fault);
  const found = await tx.upstreamOrders.get(id);
  if (found !== undefined && (await loseIfOverdue(context, tx, found))) return { kind: 'done' };
  const nowMs = context.clock.now().getTime();
  // Its pool looks for another one at once, where it still may.
  if (found !== undefined && found.route !== null && openUntil !== null) return { kind: 'again', at: new Date(nowMs) };
  const atMs = nowMs + faultWaitMs(found?.faults ?? 1);
  return { kind: 'again', at: new Date(Math.max(atMs, openUntil?.getTime() ?? 0)) };
}

/** Its names were to be checked by the upstream, and by this configuration we would: nobody does before it is as it was. */
async function waitForMode(context: AppContext, tx: Stores, { order, issuance }: Rows): Promise<Step> {
  const changed = reason('issuerModeChanged', { issuer: issuance.issuerId });
  const at = await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: changed });
  return at === undefined ? { outcome: { kind: 'done' }, wakes: true } : { outcome: { kind: 'again', at } };
}

/** An issuer has it whose name is now that of a pool: nobody can ask after it before the configuration is as it was. */
async function waitForFormerIssuer(context: AppContext, tx: Stores, { order, issuance, found }: Rows): Promise<Step> {
  const again = { outcome: { kind: 'again', at: new Date(context.clock.now().getTime() + hourMs) } } as const;
  // One that is given up waits as well: the certificate may still come, and is to be revoked then.
  if (found.state === 'cancelling') return again;
  const pooled = reason('issuerIsPool', { issuer: issuance.issuerId });
  const at = await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: pooled });
  return at === undefined ? { outcome: { kind: 'done' }, wakes: true } : again;
}

/** The issuer is missing: the operator sees which one. An issuance that is no longer wanted is checked as rarely. */
async function waitForIssuer(context: AppContext, id: IssuanceId): Promise<JobOutcome> {
  const { database, clock } = context;
  return database.write(async (tx) => {
    const issuance = await tx.issuances.get(id);
    const order = issuance && (await tx.orders.get(issuance.orderId));
    if (issuance === undefined || order === undefined) return { kind: 'done' };
    const again: JobOutcome = { kind: 'again', at: new Date(clock.now().getTime() + hourMs) };
    if (issuance.state !== 'issuing' && issuance.state !== 'awaitingValidation') {
      const isCancelling = (await tx.upstreamOrders.get(id))?.state === 'cancelling';
      return isCancelling ? again : { kind: 'done' };
    }
    const missing = reason('issuerUnavailable', { issuer: issuance.issuerId });
    const at = await restIssuance(context, tx, { order, issuance, turn: 'operator', reason: missing });
    return at === undefined ? { kind: 'done' } : again;
  });
}
