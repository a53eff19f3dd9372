/** Waiting for an order: for the APIs that answer a certificate in one call. */
import type { Caller } from '../../domain/caller.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { JobKind } from '../../domain/job.ts';
import type { OrderReference, OrderView } from '../../domain/ports/orders.ts';
import type { AppContext } from '../context.ts';
import { findIssuance } from '../scope.ts';
import { viewOrder } from './order-view.ts';

/** Between looks at work that is due and that nobody has begun yet. */
const stepMs = 20;

const workIn: { readonly [S in Issuance['state']]?: JobKind } = {
  awaitingValidation: 'validate',
  ready: 'issue',
  issuing: 'issue',
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
  const { clock, queue, database } = context;
  const deadline = clock.monotonicMs() + withinMs;
  for (;;) {
    const { order, issuanceId } = await findIssuance(database.read, caller, reference);
    const issuance = await database.read.issuances.get(issuanceId);
    const kind = issuance === undefined ? undefined : workIn[issuance.state];
    const leftMs = deadline - clock.monotonicMs();
    if (kind === undefined || leftMs <= 0) return viewOrder(context, order, issuanceId);
    const run = queue.settled(kind, issuanceId, leftMs);
    if (run !== undefined) {
      await run;
      continue;
    }
    const waitMs = await untilDueMs(context, kind, issuanceId);
    // Work that ended since the issuance was read above is seen at the next turn.
    const isOver = waitMs === undefined && (await database.read.issuances.get(issuanceId))?.state === issuance?.state;
    if (isOver || (kind === 'validate' && (waitMs ?? 0) > 0)) return viewOrder(context, order, issuanceId);
    await clock.sleep(Math.min(Math.max(waitMs ?? 0, stepMs), leftMs));
  }
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
