/** From proved names on: the issuance rests until it may be issued, then its plan is committed and the signing queued. */
import { reason } from '../domain/errors.ts';
import { type Issuance, issuanceTransitions } from '../domain/issuance.ts';
import { type Order, stateAt } from '../domain/order.ts';
import { isCertifiable, organizationLevels } from '../domain/organization.ts';
import type { ValidationLevel } from '../domain/profile.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import type { Job } from '../domain/work.ts';
import { objectionToBlockedKey } from './blocked-keys.ts';
import { type AppContext, issuerOf, profileOf } from './context.ts';
import { coverageAt } from './coverage.ts';
import { failIssuance } from './failure.ts';
import { askFor } from './organizations.ts';
import { planIssuance } from './plan.ts';

/**
 * Moves an issuance whose names are all proved into `ready`, and on into `issuing` where nothing else is missing.
 * @returns the job to adopt after the commit; undefined while it rests, or when it came to an end
 */
export async function advance(context: AppContext, tx: Stores, issuance: Issuance): Promise<Job | undefined> {
  const { csr, validity } = issuance;
  const now = context.clock.now();
  const order = await tx.orders.get(issuance.orderId);
  // The sweep ends the order and this issuance: a certificate of it would end before it begins.
  if (order === undefined || stateAt(order, now) === 'ended') return undefined;
  const { level } = profileOf(context, issuance.profileId);
  if (!(await isOrganizationVerified(tx, order, { level, now }))) {
    await askAgain(context, tx, order, level);
    return undefined;
  }
  if (validity !== null && 'until' in validity && validity.until <= now) {
    await failIssuance(context, tx, issuance, reason('validityPassed', { until: validity.until.toISOString() }));
    return undefined;
  }
  await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'authorize'), 'ready');
  if (csr === null) return undefined;
  const objection = await objectionToBlockedKey(tx, { accountId: issuance.accountId, csr });
  if (objection !== undefined) {
    await failIssuance(context, tx, issuance, objection);
    return undefined;
  }
  const plan = await planOf(context, tx, { order, issuance: { ...issuance, csr } });
  await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'begin'), 'issuing', { plan });
  return tx.jobs.enqueueClaimed({ kind: 'issue', subject: issuance.id, now });
}

/**
 * The operator's turn: the next look is queued with their decision. They were asked when the issuance was placed; where the
 * verification ran out since then, nobody would know that it is waited for. Whom they refused, the customer asks for again.
 */
async function askAgain(
  context: AppContext,
  tx: Stores,
  { organizationId }: Order,
  level: ValidationLevel,
): Promise<void> {
  const organization = organizationId === null ? undefined : await tx.organizations.get(organizationId);
  if (organization === undefined) return;
  const isRefused = organization.validations.some((one) => one.level === level && one.state === 'rejected');
  const levels = isRefused ? [] : organizationLevels.filter((one) => one === level);
  await askFor(context, tx, { actor: 'system', requestId: null }, { organization, levels });
}

/** The plan of an issuance that begins to be signed in this transaction. */
export async function planOf(
  context: AppContext,
  tx: Stores,
  {
    order,
    issuance,
  }: {
    readonly order: Order;
    readonly issuance: Pick<Issuance, 'validity' | 'profileId' | 'issuerId'> & { readonly csr: Uint8Array };
  },
) {
  const { until } = await coverageAt(tx, order, context.clock.now());
  return planIssuance(context, {
    csr: issuance.csr,
    validity: issuance.validity,
    coverageUntil: until,
    profile: profileOf(context, issuance.profileId),
    issuer: issuerOf(context, issuance.issuerId),
  });
}

/** Whether the certificate may name its subject. Reads nothing for DV. */
export async function isOrganizationVerified(
  tx: Stores,
  { organizationId }: Order,
  { level, now }: { readonly level: ValidationLevel; readonly now: Date },
): Promise<boolean> {
  if (level === 'dv' || organizationId === null) return true;
  return isCertifiable((await tx.organizations.get(organizationId)) ?? null, level, now);
}
