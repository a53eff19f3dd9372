/** Waiting for an order: for the APIs that answer a certificate in one call, and for challenges that an upstream makes. */
import type { Caller } from '../../domain/caller.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { JobKind } from '../../domain/job.ts';
import type { OrderReference, OrderView } from '../../domain/ports/orders.ts';
import type { AppContext } from '../context.ts';
import { isRelayed, relayingIssuerOf, relayWaitMsOf } from '../issuing/relay.ts';
import { findIssuance } from '../scope.ts';
import { viewOrder } from './order-view.ts';

/** Between looks at work that is due and that nobody has begun yet. */
const stepMs = 20;
/** The longest such time, where another node may be at it: word of its end comes, but not always. */
const longestStepMs = 200;

/** Work that the order waits for. `isPatient`: work that is not due yet is waited for as well. */
interface Awaited {
  readonly kind: JobKind;
  readonly isPatient: boolean;
}

const workIn: { readonly [S in Issuance['state']]?: Awaited } = {
  awaitingValidation: { kind: 'validate', isPatient: false },
  ready: { kind: 'checkCaa', isPatient: false },
  issuing: { kind: 'issue', isPatient: true },
};

/**
 * The order once the work that is under way or due has ended, or after `withinMs`. A look that found no proof ends the
 * waiting, since the next one is for later; an issuer that needs more time is waited for.
 */
export async function settleOrder(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  withinMs: number,
): Promise<OrderView> {
  const found = await findIssuance(context.database.read, caller, reference);
  await settleIssuance(context, found.issuanceId, withinMs);
  // A change of the order meanwhile may have given it another issuance.
  const { order, issuanceId } = await findIssuance(context.database.read, caller, reference);
  return viewOrder(context, order, issuanceId);
}

/**
 * The answer to an order that was just placed: where an upstream makes its challenges, once they are there, or after the time of its
 * terms. Then each front door says in its own form that they are being prepared.
 */
export async function whenPrepared(context: AppContext, view: OrderView): Promise<OrderView> {
  const { order, issuance, authorizations } = view;
  if (issuance.state !== 'awaitingValidation' || issuance.csr === null || !isRelayed(proofsIn(authorizations)))
    return view;
  const withinMs = relayWaitMsOf(context, issuance.issuerId);
  if (withinMs === 0) return view;
  await settleIssuance(context, issuance.id, withinMs);
  return viewOrder(context, (await context.database.read.orders.get(order.id)) ?? order, issuance.id);
}

const proofsIn = (authorizations: OrderView['authorizations']) =>
  authorizations.map((authorization) => ({ authorization }));

/** Waits for the work of an issuance that the caller may see. */
export async function settleIssuance(context: AppContext, issuanceId: IssuanceId, withinMs: number): Promise<void> {
  const { clock, queue, database } = context;
  const deadline = clock.monotonicMs() + withinMs;
  for (let looks = 0; ; looks++) {
    const issuance = await database.read.issuances.get(issuanceId);
    const work = issuance && (await workOf(context, issuance));
    if (work === undefined || clock.monotonicMs() >= deadline) return;
    const { kind, isPatient } = work;
    if ((await queue.settled(kind, issuanceId, deadline - clock.monotonicMs())) === true) continue;
    const leftMs = deadline - clock.monotonicMs();
    if (leftMs <= 0) return;
    const dueInMs = await untilDueMs(context, kind, issuanceId);
    // What is signed right after its plan has no row of the queue, and may be signed on another node.
    const isElsewhere = dueInMs === undefined && issuance?.state === 'issuing' && !database.isExclusive;
    const waitMs = isElsewhere ? 0 : dueInMs;
    // Work that ended since the issuance was read above is seen at the next turn.
    const isOver = waitMs === undefined && (await database.read.issuances.get(issuanceId))?.state === issuance?.state;
    if (isOver || (!isPatient && (waitMs ?? 0) > 0)) return;
    const nextStepMs = database.isExclusive ? stepMs : Math.min(stepMs * 2 ** looks, longestStepMs);
    await queue.endedElsewhere(kind, issuanceId, Math.min(Math.max(waitMs ?? 0, nextStepMs), leftMs));
  }
}

/** Names that an upstream checks are its job; only until it has challenges is it waited for whatever comes. */
async function workOf(context: AppContext, issuance: Issuance): Promise<Awaited | undefined> {
  const { id, state, issuerId, csr } = issuance;
  if (state !== 'awaitingValidation' || relayingIssuerOf(context, issuerId) === undefined) return workIn[state];
  if (csr === null) return undefined;
  const found = await context.database.read.upstreamOrders.get(id);
  return { kind: 'issue', isPatient: found?.state !== 'proving' };
}

/** Milliseconds until the work may begin; undefined when there is none. */
async function untilDueMs(
  { database, clock }: AppContext,
  kind: JobKind,
  subject: string,
): Promise<number | undefined> {
  const job = await database.read.jobs.get(kind, subject);
  if (job === undefined || job.state === 'failed') return undefined;
  return job.state === 'running' ? 0 : Math.max(0, job.runAt.getTime() - clock.now().getTime());
}
