/**
 * Issuances that wait for something besides the validation of their names: a suspended account, names that may not be ordered
 * (any more), an organization, the clock. Each keeps its job, which checks again every hour; whoever changes what it waits for
 * queues the job at once. So none hangs, and none continues before it may.
 */
import type { Reason } from '../../domain/errors.ts';
import type { Issuance, Rest, Turn } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import { organizationLevels } from '../../domain/organization.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, statesAccepting } from '../../domain/states.ts';
import { type AppContext, profileOf } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { requestVerification } from '../organizations/organizations.ts';
import { failIssuance } from './failure.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface Resting {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly turn: Turn;
  readonly reason: Reason;
  /** Its names need no further look while it waits. */
  readonly staysReady?: boolean;
}

/**
 * Notes what an issuance waits for.
 * @returns when it is to be looked at again; undefined when it has waited too long, and failed
 */
export async function restIssuance(
  context: AppContext,
  tx: Stores,
  { order, issuance, turn, reason, staysReady = false }: Resting,
): Promise<Date | undefined> {
  const now = context.clock.now();
  const { id, rest: earlier, profileId } = issuance;
  const isKnown = earlier?.reason.key === reason.key && earlier.turn === turn;
  const rest: Rest = { turn, reason, since: isKnown ? earlier.since : now };
  const restedDays = (now.getTime() - rest.since.getTime()) / dayMs;
  if (!isOpenEnded(rest) && restedDays > profileOf(context, profileId).validationDays) {
    await failIssuance(context, tx, issuance, reason);
    return undefined;
  }
  if (!staysReady) await lapse(tx, issuance, now);
  await tx.issuances.updateRest(id, rest);
  if (!isKnown) await recordChange(tx, null, 'issuance.waits', order, { now, issuance: id, turn, reason });
  if (reason.key === 'awaitingOrganization') await askAgain(context, tx, order, issuance);
  return new Date(now.getTime() + hourMs);
}

/** One that was `ready` awaits validation again: its proofs ran out, or may while it rests. */
export async function lapse(
  tx: Stores,
  { id, accountId, state }: Pick<Issuance, 'id' | 'accountId' | 'state'>,
  now: Date,
): Promise<void> {
  if (state !== 'ready') return;
  const from = statesAccepting(issuanceTransitions, 'lapse');
  if (!(await tx.issuances.move(id, from, 'awaitingValidation', { validatingSince: now }))) return;
  await tx.jobs.enqueue({ kind: 'validate', subject: id, runAt: now, owner: accountId });
}

/** The operator finds organizations that wait in a list of its own, and a wrong clock says nothing of how long it was wrong. */
export function isOpenEnded({ reason: { key } }: Rest): boolean {
  return key === 'awaitingOrganization' || key === 'clockWentBack' || key === 'authorityNotYetValid';
}

/**
 * The next check is queued with the operator's decision. Verification was requested when the issuance was placed; where the
 * verification ran out since then, nobody would know that it is waited for. Whom they refused, the customer asks for again.
 */
async function askAgain(
  context: AppContext,
  tx: Stores,
  { organizationId }: Order,
  { profileId }: Issuance,
): Promise<void> {
  const organization = organizationId === null ? undefined : await tx.organizations.get(organizationId);
  if (organization === undefined) return;
  const { level } = profileOf(context, profileId);
  const isRefused = organization.validations.some((one) => one.level === level && one.state === 'rejected');
  const levels = isRefused ? [] : organizationLevels.filter((one) => one === level);
  await requestVerification(context, tx, { actor: 'system', requestId: null }, { organization, levels });
}
