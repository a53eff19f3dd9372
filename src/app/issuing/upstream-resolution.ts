/** The operator's word for what became of an order at an upstream whose reply was lost. */

import type { Caller } from '../../domain/caller.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { canResolve, type FoundOut, type ResolvableIssuer } from '../../domain/ports/issuer.ts';
import type { UpstreamOrderView } from '../../domain/ports/upstreams.ts';
import { openUpstreamStates } from '../../domain/states.ts';
import type { AppContext } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { withinMs } from './time-limit.ts';
import { messageOf, untilAborted } from './upstream-call.ts';
import { queueUpstream, reopenLost } from './upstream-end.ts';
import { requestOf } from './upstream-request.ts';

/** A person waits for it. */
const lookLimitMs = 45_000;

/**
 * Looks at the upstream first. Then one transaction keeps what was found out, says who said so, and has the issuance driven on at once.
 * @throws {CertError} unsupported, wrongState, invalidField, unavailable
 */
export async function resolveUpstreamOrder(
  context: AppContext,
  caller: Caller,
  { upstreamOrder, issuance, order }: UpstreamOrderView,
  found: FoundOut,
): Promise<void> {
  const { database, clock, queue, issuers } = context;
  const { issuerId, issuanceId } = upstreamOrder;
  const issuer = issuers.get(issuerId);
  if (issuer === undefined || !canResolve(issuer)) throw refuse('vendorCannotResolve', { issuer: issuerId });
  const request = await requestOf(context, { order, issuance, issuer });
  const keep = await withinMs(clock, lookLimitMs, (signal) =>
    lookedAt(issuer, signal, () => issuer.resolve(request, found, signal)),
  );
  await database.write(async (tx) => {
    // A call that is under way may be the purchase itself, whose reply says more than anybody.
    const job = await tx.jobs.get('issue', issuanceId);
    if (job?.state === 'running') throw refuse('vendorOrderUnderWay', { issuance: issuanceId });
    await keep(tx);
    const reference = found === 'notOrdered' ? null : found.reference;
    await recordChange(tx, caller, 'upstream.resolved', order, { now: clock.now(), issuance: issuanceId, reference });
    const state = (await tx.upstreamOrders.get(issuanceId))?.state;
    if (state === 'lost') await reopenLost(context, tx, issuance);
    else if (openUpstreamStates.some((open) => open === state)) await queueUpstream(context, tx, issuance);
  });
  queue.wake();
}

async function lookedAt<T>(issuer: ResolvableIssuer, signal: AbortSignal, look: () => Promise<T>): Promise<T> {
  try {
    return await untilAborted(signal, look());
  } catch (thrown) {
    if (thrown instanceof CertError) throw thrown;
    throw refuse('vendorNotAnswering', { issuer: issuer.id, words: messageOf(thrown) }, { cause: thrown });
  }
}
