/** Handing an issuance to its upstream's lane, and giving it up: the customer cancelled, or the account was suspended. */
import type { Issuance } from '../../domain/issuance.ts';
import { laneOfIssuer, laneOfKind } from '../../domain/job.ts';
import { isLocal } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting, upstreamOrderTransitions } from '../../domain/states.ts';

import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import type { AppContext } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';

/** The lane of its issue job: an upstream's own, so that a slow one holds up nobody else. */
export function issueLane({ issuers }: AppContext, issuerId: string): string {
  const issuer = issuers.get(issuerId);
  return issuer !== undefined && !isLocal(issuer) ? laneOfIssuer(issuerId) : laneOfKind('issue');
}

/** Part of the transaction that moves it to `issuing`. The queue is woken after the commit. */
export async function queueUpstream(
  { clock }: AppContext,
  tx: Stores,
  { id, issuerId }: Pick<Issuance, 'id' | 'issuerId'>,
): Promise<void> {
  await tx.jobs.enqueue({ kind: 'issue', subject: id, runAt: clock.now(), lane: laneOfIssuer(issuerId) });
}

/** An order of which its upstream knows nothing is searched for so long, since a search may lag behind. */
const searchDays = 14;
const dayMs = 86_400_000;

/**
 * The search for an order that was to be cancelled is over, and neither the order nor its certificate was found: the operator has
 * it from now on.
 */
export async function loseIfOverdue(
  { clock }: AppContext,
  tx: Stores,
  { issuanceId, deadline, lastFault }: UpstreamOrder,
): Promise<boolean> {
  const now = clock.now();
  if (now < deadline) return false;
  const from = statesAccepting(upstreamOrderTransitions, 'lose');
  if (!(await tx.upstreamOrders.move(issuanceId, from, 'lost', { endedAt: now }))) return false;
  const issuance = await tx.issuances.get(issuanceId);
  const order = issuance && (await tx.orders.get(issuance.orderId));
  if (order !== undefined) {
    await recordChange(tx, null, 'upstream.lost', order, { now, issuance: issuanceId, lastFault });
  }
  return true;
}

/** What became of a lost order is known by now: it is cancelled there, or what was issued is withheld and revoked. The queue is woken after the commit. */
export async function reopenLost(
  { clock }: AppContext,
  tx: Stores,
  { id, issuerId }: Pick<Issuance, 'id' | 'issuerId'>,
): Promise<void> {
  const now = clock.now();
  const from = statesAccepting(upstreamOrderTransitions, 'reopen');
  const deadline = new Date(now.getTime() + searchDays * dayMs);
  if (!(await tx.upstreamOrders.reopen(id, from, { state: 'cancelling', deadline }))) return;
  await tx.jobs.enqueue({ kind: 'issue', subject: id, runAt: now, lane: laneOfIssuer(issuerId) });
}

/**
 * Cancels an issuance that is `issuing` at an upstream. Ours signs within a moment, and is too late to cancel.
 * @returns false, and changes nothing, where it is not
 */
export async function abandonIssuance(context: AppContext, tx: Stores, issuance: Issuance): Promise<boolean> {
  if (issuance.plan !== null) return false;
  const from = statesAccepting(issuanceTransitions, 'abandon');
  if (!(await tx.issuances.move(issuance.id, from, 'cancelled'))) return false;
  await releaseUpstream(context, tx, issuance);
  return true;
}

/**
 * Its issuance ended without it: the job cancels at the upstream, and withholds a certificate that comes all the same. Where
 * nothing was sent yet there is nothing to do.
 */
export async function releaseUpstream(
  { clock }: AppContext,
  tx: Stores,
  { id, issuerId }: Pick<Issuance, 'id' | 'issuerId'>,
): Promise<void> {
  const from = statesAccepting(upstreamOrderTransitions, 'abandon');
  const deadline = new Date(clock.now().getTime() + searchDays * dayMs);
  if (await tx.upstreamOrders.move(id, from, 'cancelling', { deadline })) {
    await tx.jobs.enqueue({ kind: 'issue', subject: id, runAt: clock.now(), lane: laneOfIssuer(issuerId) });
    return;
  }
  if ((await tx.upstreamOrders.get(id)) === undefined) await tx.jobs.finish('issue', id);
}

/** True if an upstream may have it: it is no issuer of ours, by today's configuration. */
export function mayBeUpstreams(
  { issuers }: AppContext,
  { plan, issuerId }: Pick<Issuance, 'plan' | 'issuerId'>,
): boolean {
  const issuer = issuers.get(issuerId);
  return plan === null && (issuer === undefined || !isLocal(issuer));
}
