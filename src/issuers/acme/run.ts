/** One order in one run of its job: what the steps share, and how each ends. */
import type { AcmeAnswer, AcmeClient } from '../../dialects/acme/client/face.ts';
import type { SeenOrder } from '../../dialects/acme/client/schema.ts';
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import { reason } from '../../domain/errors.ts';
import type { UpstreamOutcome, UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { AcmeIssuerContext } from './context.ts';
import { afterEnd } from './row.ts';
import { retryAfter } from './waits.ts';

export interface Run {
  readonly context: AcmeIssuerContext;
  readonly request: UpstreamRequest;
  readonly client: AcmeClient;
  readonly signal: AbortSignal;
}

/** What a step comes to: the row as it is stored by now and another step, or the answer to the core. */
export type Step = { readonly row: AcmeUpstreamOrder } | { readonly outcome: UpstreamOutcome };

/** Orders of one issuance that may end before they are finalized: more, and something is wrong that another order does not mend. */
const mostEndedOrders = 3;

export function namesOf({ names }: UpstreamRequest): readonly string[] {
  return names.map(({ value }) => value);
}

/** Stores what was learned, and goes on from there. */
export async function keep(context: AcmeIssuerContext, row: AcmeUpstreamOrder): Promise<Step> {
  await context.rows.write((tx) => tx.acmeUpstreamOrders.put(row));
  return { row };
}

/** The same where nothing is left for the CA to look for. */
export async function keepWithoutProofs(context: AcmeIssuerContext, row: AcmeUpstreamOrder): Promise<Step> {
  await context.rows.write(async (tx) => {
    await tx.acmeUpstreamOrders.put(row);
    await tx.publishedProofs.removeOf(row.issuanceId);
  });
  return { row };
}

/** Nothing was issued by the CA's order, and nothing can be: another one is placed. */
export async function endOrder(context: AcmeIssuerContext, row: AcmeUpstreamOrder, problem: string): Promise<Step> {
  const next = afterEnd(row, problem);
  await keepWithoutProofs(context, next);
  if (next.endedOrders < mostEndedOrders) return { row: next };
  const lost = reason('caLostOrders', { issuer: context.id, count: next.endedOrders });
  return { outcome: { kind: 'refused', reason: lost, isBeforeFinalize: true } };
}

/** The CA's turn: it is asked again when it says, or a little later each time. */
export function pendingUntil({ context }: Run, row: AcmeUpstreamOrder, order: AcmeAnswer<SeenOrder>): UpstreamOutcome {
  const since = row.finalizedAt ?? row.placedAt ?? context.clock.now();
  return { kind: 'pending', reference: row.orderUrl, retryAt: retryAfter(context, { since, asked: order.retryAfter }) };
}
