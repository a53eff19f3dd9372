/** Upstreams, and what waits there: for operators. */
import { quoted, refuse, renderReason } from '../../../domain/errors.ts';
import { type IssuanceId, isId } from '../../../domain/ids.ts';
import type { Language } from '../../../domain/language.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { UpstreamOrderView, UpstreamSummary } from '../../../domain/ports/upstreams.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { encodePem } from '../../../pki/pem.ts';
import { wholeToWire } from '../paging.ts';
import { upstreamsApi } from '../schema/upstreams.ts';
import type { WireUpstream, WireUpstreamOrder } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

function upstreamToWire({ account: kept, issuers }: UpstreamSummary): WireUpstream {
  const { account, faults, lastFault, openUntil } = kept;
  return {
    account,
    breaker: openUntil === null ? 'closed' : 'open',
    nextTryAt: optionalTimeToWire(openUntil),
    faults,
    lastFault,
    issuers: issuers.map(({ id, terms: { deadlineHours, afterDeadline, concurrency, budgets } }) => ({
      id,
      deadlineHours,
      afterDeadline,
      concurrency,
      budgets: budgets.map(({ name, counts, per, limit, windowSeconds }) => ({
        name,
        counts,
        per,
        limit,
        windowSeconds,
      })),
    })),
  };
}

function upstreamOrderToWire(
  { upstreamOrder, issuance, order }: UpstreamOrderView,
  language: Language,
): WireUpstreamOrder {
  const { issuanceId, issuerId, account, reference, begunAt, deadline, faults, lastFault, evidence } = upstreamOrder;
  const rest = issuance.rest?.turn === 'operator' ? issuance.rest : null;
  return {
    issuance: issuanceId,
    order: order.number,
    account: order.accountId,
    names: issuance.names.map(({ identifier }) => identifier.value),
    issuer: issuerId,
    upstream: account,
    state: upstreamOrder.state,
    proofsUntil: optionalTimeToWire(upstreamOrder.relay?.proofsUntil ?? null),
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

/** @throws {CertError} invalidField for a cursor that is not ours */
function readCursor(cursor: string): IssuanceId {
  if (isId('issuance', cursor)) return cursor;
  throw refuse('fieldInvalid', { field: 'cursor', value: quoted(cursor), expected: expected.nextCursor });
}

export const upstreamOperations = [
  handled(upstreamsApi.list, async (_, { caller, services }) =>
    wholeToWire(await services.upstreams.accounts(caller), upstreamToWire),
  ),

  handled(upstreamsApi.orders, async ({ limit, state, cursor }, { caller, services, language }) => {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const { items, next } = await services.upstreams.orders(caller, { limit, ...withDefined({ state, after }) });
    return { items: items.map((view) => upstreamOrderToWire(view, language)), nextCursor: next };
  }),

  handled(upstreamsApi.order, async ({ issuance }, { caller, services, language }) =>
    upstreamOrderToWire(await services.upstreams.order(caller, issuance), language),
  ),

  handled(upstreamsApi.closeBreaker, async ({ upstream }, { caller, services }) =>
    upstreamToWire(await services.upstreams.close(caller, upstream)),
  ),
];
