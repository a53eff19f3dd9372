/**
 * Signing later than right after its plan was committed: after a restart, or when its issuer was away. Then it is
 * checked again whether it may be, since the account, the key, the names, the clock or the authority may have changed.
 */
import { isId } from '../../domain/ids.ts';
import type { Issuance, IssuancePlan } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import { certifiedDetails, type OrganizationDetails } from '../../domain/organization.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import { type AppContext, profileOf } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { proofsOf } from '../orders/order-view.ts';
import { queueValidation } from '../proving/queue-validation.ts';
import { failIssuance } from './failure.ts';
import { mayBeIssued } from './may-be-issued.ts';
import { restIssuance } from './rest.ts';

/** Only an EV subject says what is not in the details: no other order costs a query. */
export async function certifiedOrganization(
  context: AppContext,
  { order, issuance }: IssueWork,
): Promise<OrganizationDetails | null> {
  const { organization, organizationId } = order;
  if (organizationId === null || profileOf(context, issuance.profileId).level !== 'ev') return organization;
  const verified = await context.database.read.organizations.get(organizationId);
  return verified === undefined ? organization : certifiedDetails(verified);
}

/** Input for signing. None of it changes while the issuance is `issuing`. */
export interface IssueWork {
  readonly order: Order;
  readonly issuance: Issuance;
}

/** A decision of a moment ago is not checked again. */
const freshMs = 60_000;
/** BR §7.1.2.7: notBefore lies within 48 hours of the signing. After this a plan is made again. */
const goodMs = 47 * 3_600_000;

export async function workToSign(
  context: AppContext,
  subject: string,
): Promise<IssueWork | { readonly outcome: JobOutcome } | undefined> {
  const work = await readWork(context.database.read, subject);
  if (work?.issuance.state !== 'issuing' || work.issuance.plan === null) return undefined;
  const ageMs = ageOf(context, work.issuance, work.issuance.plan);
  if (ageMs >= 0 && ageMs < freshMs) return work;
  const found = await context.database.write((tx) => askAgain(context, tx, subject));
  // It may have gone back to validation.
  if (found === undefined) context.queue.wake();
  return found;
}

async function askAgain(
  context: AppContext,
  tx: Stores,
  subject: string,
): Promise<IssueWork | { readonly outcome: JobOutcome } | undefined> {
  const work = await readWork(tx, subject);
  const plan = work?.issuance.plan;
  if (work === undefined || work.issuance.state !== 'issuing' || !plan) return undefined;
  const { order, issuance } = work;
  const isGood = ageOf(context, issuance, plan) < goodMs;
  const proofs = await proofsOf(tx, issuance);
  const answer = await mayBeIssued(context, tx, { order, issuance, proofs, ...(isGood ? { plan } : {}) });
  if (answer.kind === 'never') {
    await failIssuance(context, tx, issuance, answer.reason);
    return undefined;
  }
  if (answer.kind === 'rest') {
    const at = await restIssuance(context, tx, { order, issuance, ...answer });
    return at && { outcome: { kind: 'again', at } };
  }
  // The plan may be made again: its CAA records are looked up once its names are found proved.
  if (answer.kind === 'unproved' || answer.kind === 'caa') {
    await proveAgain(context, tx, { ...work, before: plan });
    return undefined;
  }
  if (answer.plan === null) return undefined;
  if (issuance.rest !== null) await tx.issuances.updateRest(issuance.id, null);
  const isOther = answer.plan.serial !== plan.serial;
  if (isOther && !(await planAgain(context, tx, { ...work, before: plan, plan: answer.plan }))) return undefined;
  return { order, issuance: { ...issuance, rest: null, plan: answer.plan } };
}

/** The plan, before anything was ever handed out. Its serial stays on record, in case it was signed. */
async function planAgain(
  context: AppContext,
  tx: Stores,
  { order, issuance, before, plan }: IssueWork & { readonly before: IssuancePlan; readonly plan: IssuancePlan },
): Promise<boolean> {
  const from = statesAccepting(issuanceTransitions, 'complete');
  if (!(await tx.issuances.move(issuance.id, from, 'issuing', { plan }))) return false;
  const now = context.clock.now();
  const serials = { serialBefore: before.serial, serial: plan.serial };
  await recordChange(tx, null, 'issuance.plannedAgain', order, { now, issuance: issuance.id, ...serials });
  return true;
}

/** A proof ran out, or its domain was removed: the names are looked at again. The serial stays on record here too. */
export async function proveAgain(
  context: AppContext,
  tx: Stores,
  { order, issuance, before }: IssueWork & { readonly before?: IssuancePlan },
): Promise<void> {
  const now = context.clock.now();
  const from = statesAccepting(issuanceTransitions, 'lapse');
  if (!(await tx.issuances.move(issuance.id, from, 'awaitingValidation', { validatingSince: now }))) return;
  if (issuance.rest !== null) await tx.issuances.updateRest(issuance.id, null);
  await queueValidation(context, tx, issuance, now);
  if (before === undefined) return;
  const event = { now, issuance: issuance.id, serialBefore: before.serial };
  await recordChange(tx, null, 'issuance.plannedAgain', order, event);
}

/** Since the plan was made. Negative where the clock went back. */
function ageOf({ clock, profiles }: AppContext, { profileId }: Issuance, { notBefore }: IssuancePlan): number {
  const backdateMs = (profiles.get(profileId)?.backdateSeconds ?? 0) * 1000;
  return clock.now().getTime() - notBefore.getTime() - backdateMs;
}

async function readWork(stores: Stores, subject: string): Promise<{ order: Order; issuance: Issuance } | undefined> {
  const issuance = isId('issuance', subject) ? await stores.issuances.get(subject) : undefined;
  const order = issuance === undefined ? undefined : await stores.orders.get(issuance.orderId);
  return issuance && order && { issuance, order };
}
