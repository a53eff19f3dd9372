/** Whose turn an order is, with the times that its jobs and its upstream set. */
import type { Issuance, Rest } from '../../domain/issuance.ts';
import { hasCsr, type OrderTurn, turnHolderOf, turnReason, turnSince } from '../../domain/order-turn.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { type AppContext, profileOf } from '../context.ts';
import { isRelayed } from '../issuing/relay.ts';
import { isOpenEnded } from '../issuing/rest.ts';

const dayMs = 86_400_000;

/** Reads nothing of an order for which there is nothing to do. */
export async function turnOf(context: AppContext, view: OrderView): Promise<OrderTurn | null> {
  const who = turnHolderOf(view);
  if (who === 'nobody') return null;
  const [nextAt, deadline] = await Promise.all([nextLook(context, view), deadlineOf(context, view)]);
  return { who, since: turnSince(view), nextAt, deadline, reason: turnReason(view.issuance) };
}

/** The run of its job that comes next; one that runs now is next as well. */
async function nextLook({ database: { read }, clock }: AppContext, { issuance }: OrderView): Promise<Date | null> {
  if (issuance.state === 'awaitingApproval' || (issuance.state === 'ready' && !hasCsr(issuance))) return null;
  const jobs = await Promise.all(
    (['validate', 'checkCaa', 'issue'] as const).map((kind) => read.jobs.get(kind, issuance.id)),
  );
  const times = jobs.flatMap((job) => {
    if (job === undefined || job.state === 'failed') return [];
    return [job.state === 'running' ? clock.now().getTime() : job.runAt.getTime()];
  });
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Those of an upstream are its own; a rest, and the proofs of names, have the days of the profile. */
async function deadlineOf(context: AppContext, view: OrderView): Promise<Date | null> {
  const { issuance, authorizations } = view;
  const { state, rest } = issuance;
  if (rest !== null) return isOpenEnded(rest) ? null : daysAfter(context, issuance, rest);
  const isAtUpstream = state === 'issuing' && issuance.plan === null;
  const isRelaying = isRelayed(authorizations.map((authorization) => ({ authorization })));
  if (isAtUpstream || isRelaying) {
    const deadline = (await context.database.read.upstreamOrders.get(issuance.id))?.deadline;
    if (deadline !== undefined) return deadline;
  }
  return state === 'awaitingValidation' ? daysAfter(context, issuance, { since: turnSince(view) }) : null;
}

function daysAfter(context: AppContext, { profileId }: Issuance, { since }: Pick<Rest, 'since'>): Date {
  return new Date(since.getTime() + profileOf(context, profileId).validationDays * dayMs);
}
