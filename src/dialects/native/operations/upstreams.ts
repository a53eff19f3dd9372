/** Upstreams, and what waits there: for operators. */
import { renderReason } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import type { UpstreamOrderView, UpstreamSummary } from '../../../domain/ports/upstreams.ts';
import { notedUpstreamStates } from '../../../domain/states.ts';
import { encodePem } from '../../../pki/pem.ts';
import { wholeToWire } from '../paging.ts';
import { upstreamsApi } from '../schema/upstreams.ts';
import type { WireUpstream, WireUpstreamOrder } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

function upstreamToWire({ account: kept, issuers }: UpstreamSummary): WireUpstream {
  const { account, faults, lastFault, openUntil, ordersInPeriod, budgetFrom } = kept;
  return {
    account,
    breaker: openUntil === null ? 'closed' : 'open',
    nextTryAt: optionalTimeToWire(openUntil),
    faults,
    lastFault,
    ordersInPeriod,
    budgetFrom: timeToWire(budgetFrom),
    issuers: issuers.map(({ id, terms: { deadlineHours, afterDeadline, concurrency, budget } }) => ({
      id,
      deadlineHours,
      afterDeadline,
      concurrency,
      budget,
    })),
  };
}

function upstreamOrderToWire(
  { upstreamOrder, issuance, order }: UpstreamOrderView,
  language: Language,
): WireUpstreamOrder | undefined {
  const { issuanceId, issuerId, account, reference, begunAt, deadline, faults, lastFault, evidence } = upstreamOrder;
  const state = notedUpstreamStates.find((one) => one === upstreamOrder.state);
  const rest = issuance.rest?.turn === 'operator' ? issuance.rest : null;
  if (state === undefined) return undefined;
  return {
    issuance: issuanceId,
    order: order.number,
    account: order.accountId,
    names: issuance.names.map(({ identifier }) => identifier.value),
    issuer: issuerId,
    upstream: account,
    state,
    reference,
    since: timeToWire(begunAt),
    deadline: timeToWire(deadline),
    faults,
    lastFault,
    waitsFor: rest === null ? null : renderReason(rest.reason, language),
    evidence: evidence && {
      reason: renderReason(evidence.reason, language),
      at: timeToWire(evidence.at),
      pem: encodePem('CERTIFICATE', evidence.der),
      chain: evidence.chain.map((der) => encodePem('CERTIFICATE', der)),
    },
  };
}

export const upstreamOperations = [
  handled(upstreamsApi.list, async (_, { caller, services }) =>
    wholeToWire(await services.upstreams.accounts(caller), upstreamToWire),
  ),

  handled(upstreamsApi.orders, async ({ limit, state }, { caller, services, language }) => {
    const found = await services.upstreams.orders(caller, { limit, ...(state === undefined ? {} : { state }) });
    const items = found.map((view) => upstreamOrderToWire(view, language)).filter((one) => one !== undefined);
    return { items, nextCursor: null };
  }),

  handled(upstreamsApi.closeBreaker, async ({ upstream }, { caller, services }) =>
    upstreamToWire(await services.upstreams.close(caller, upstream)),
  ),
];
