/** The job that turns a ready issuance into a certificate. */

import type { Certificate } from '../../domain/certificate.ts';
import { type AuthorityId, newId } from '../../domain/ids.ts';
import { type IssuancePlan, issuanceTransitions } from '../../domain/issuance.ts';
import { type Order, orderTransitions } from '../../domain/order.ts';
import { certifiedDetails } from '../../domain/organization.ts';
import type { IssueOutcome, IssueRequest } from '../../domain/ports/issuer.ts';
import type { JobHandler, JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { statesAccepting } from '../../domain/transition.ts';
import { keyHashOf } from '../../pki/csr.ts';
import { thumbprint } from '../../pki/thumbprint.ts';
import { type AppContext, issuerOf, profileOf } from '../context.ts';
import { type CoveragePeriod, coverageAt } from '../orders/coverage.ts';
import { queueSuccession } from '../orders/succession.ts';
import { tellIssued } from '../outbound/deliveries.ts';
import { objectionToBlockedKey } from '../revoking/blocked-keys.ts';
import { revokeCertificate } from '../revoking/revoke-certificate.ts';
import { failIssuance } from './failure.ts';
import { type IssueWork, takeOver } from './handover.ts';
import { workToSign } from './work-to-sign.ts';

export function createIssueHandler(context: AppContext): JobHandler {
  return async (job, signal) => {
    // The plan was committed with the step to `issuing`: from here on a crash resumes with the same serial.
    const found = takeOver(job) ?? (await workToSign(context, job.subject));
    if (found === undefined || 'outcome' in found) return found?.outcome ?? { kind: 'done' };
    const { order, issuance } = found;
    if (issuance.state !== 'issuing' || issuance.plan === null || issuance.csr === null) return { kind: 'done' };
    const outcome = await issuerOf(context, issuance.issuerId).begin(
      {
        issuanceId: issuance.id,
        profile: profileOf(context, issuance.profileId),
        csr: issuance.csr,
        names: issuance.names.map((name) => name.identifier),
        organization: await certifiedOrganization(context, found),
        plan: issuance.plan,
      },
      signal,
    );
    return settle(context, { order, issuance, plan: issuance.plan }, outcome);
  };
}

/** Only an EV subject says what is not in the details: no other order costs a query. */
async function certifiedOrganization(
  context: AppContext,
  { order, issuance }: IssueWork,
): Promise<IssueRequest['organization']> {
  const { organization, organizationId } = order;
  if (organizationId === null || profileOf(context, issuance.profileId).level !== 'ev') return organization;
  const verified = await context.database.read.organizations.get(organizationId);
  return verified === undefined ? organization : certifiedDetails(verified);
}

async function settle(
  context: AppContext,
  work: IssueWork & { readonly plan: IssuancePlan },
  outcome: IssueOutcome,
): Promise<JobOutcome> {
  const { issuance } = work;
  if (outcome.kind === 'pending') return { kind: 'again', at: outcome.retryAt };
  const hasMore = await context.database.write(async (tx) => {
    const isQueued = outcome.kind === 'issued' && (await storeCertificate(context, tx, { ...work, outcome }));
    if (outcome.kind !== 'issued') await failIssuance(context, tx, issuance, outcome.reason);
    await tx.jobs.finish('issue', issuance.id);
    return isQueued;
  });
  if (hasMore) context.queue.wake();
  return { kind: 'finished' };
}

/** @returns whether further work was queued: somebody is told of it, something follows it */
async function storeCertificate(
  context: AppContext,
  tx: Stores,
  input: IssueWork & {
    readonly plan: IssuancePlan;
    readonly outcome: Extract<IssueOutcome, { kind: 'issued' }>;
  },
): Promise<boolean> {
  const { order, issuance, plan, outcome } = input;
  const now = context.clock.now();
  const certificateId = newId('certificate', context);
  const moved = await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'complete'), 'issued', {
    certificateId,
  });
  if (!moved) return false;
  const certificate = await tx.certificates.insert({
    id: certificateId,
    accountId: issuance.accountId,
    orderId: issuance.orderId,
    issuanceId: issuance.id,
    issuerId: issuance.issuerId,
    authorityId: plan.authorityId as AuthorityId | null,
    serial: plan.serial,
    names: issuance.names.map((name) => name.identifier.value),
    der: outcome.der,
    upstreamChain: outcome.chain,
    sha256: thumbprint(outcome.der, 'sha256'),
    keyHash: issuance.csr === null ? null : keyHashOf(issuance.csr),
    notBefore: plan.notBefore,
    notAfter: plan.notAfter,
    state: 'valid',
    revokedAt: null,
    revocationReason: null,
    createdAt: now,
  });
  const coverage = await coverageAt(tx, order, now);
  const isActive = await activate(tx, order, coverage);
  // It was signed while its order came to its end: the certificate is kept, nothing follows it and nobody is told.
  const isFollowed = isActive && (await queueSuccession(tx, { order, issuance, certificate, coverage }));
  const isTold = isActive && (await tellIssued(context, tx, { order, issuanceId: issuance.id }));
  await tx.events.append({
    kind: 'certificate.issued',
    accountId: issuance.accountId,
    actor: 'system',
    subject: issuance.orderId,
    data: { certificate: certificate.id, serial: plan.serial, names: certificate.names, notAfter: plan.notAfter },
    requestId: null,
    at: now,
  });
  await revokeIfBlocked(context, tx, { order, issuance, certificate });
  return isTold || isFollowed;
}

/**
 * Its key may have been blocked while it was signed, or while an upstream took its time: whoever blocked it saw no
 * certificate to revoke.
 */
async function revokeIfBlocked(
  context: AppContext,
  tx: Stores,
  { order, issuance, certificate }: IssueWork & { readonly certificate: Certificate },
): Promise<void> {
  const { csr, accountId } = issuance;
  if (csr === null || (await objectionToBlockedKey(tx, { accountId, csr })) === undefined) return;
  await revokeCertificate(context, tx, null, { order, certificate, reason: 'keyCompromise' });
}

/**
 * The first certificate starts the coverage; later ones leave it. Nothing else sets it, so that what was read before this
 * transaction still says whether it has begun.
 * @returns false where the order is over
 */
async function activate(tx: Stores, order: Order, { from, until }: CoveragePeriod): Promise<boolean> {
  const change = order.coverageFrom === null ? { coverageFrom: from, coverageUntil: until } : undefined;
  return tx.orders.move(order.id, statesAccepting(orderTransitions, 'certificateIssued'), 'active', change);
}
