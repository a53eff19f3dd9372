/** The job that turns a ready issuance into a certificate. */

import type { AuthorityId } from '../domain/ids.ts';
import { isId, newId } from '../domain/ids.ts';
import { type Issuance, type IssuancePlan, issuanceTransitions } from '../domain/issuance.ts';
import type { IssueOutcome } from '../domain/issuer.ts';
import { type Order, orderTransitions } from '../domain/order.ts';
import { coverageEnd } from '../domain/product.ts';
import type { Stores } from '../domain/stores.ts';
import { statesAccepting } from '../domain/transition.ts';
import type { JobHandler, JobOutcome } from '../domain/work.ts';
import { thumbprint } from '../pki/thumbprint.ts';
import { type AppContext, issuerOf, profileOf } from './context.ts';
import { failIssuance } from './failure.ts';

export function createIssueHandler(context: AppContext): JobHandler {
  return async (job, signal) => {
    const { read } = context.database;
    const issuance = isId('issuance', job.subject) ? await read.issuances.get(job.subject) : undefined;
    // The plan was committed with the step to `issuing`: from here on a crash resumes with the same serial.
    if (issuance?.state !== 'issuing' || issuance.plan === null || issuance.csr === null) return { kind: 'done' };
    const order = await read.orders.get(issuance.orderId);
    if (order === undefined) return { kind: 'done' };
    const outcome = await issuerOf(context, issuance.issuerId).begin(
      {
        issuanceId: issuance.id,
        profile: profileOf(context, issuance.profileId),
        csr: issuance.csr,
        names: issuance.names.map((name) => name.identifier),
        organization: order.organization,
        plan: issuance.plan,
      },
      signal,
    );
    return settle(context, { issuance, plan: issuance.plan }, outcome);
  };
}

async function settle(
  context: AppContext,
  { issuance, plan }: { readonly issuance: Issuance; readonly plan: IssuancePlan },
  outcome: IssueOutcome,
): Promise<JobOutcome> {
  if (outcome.kind === 'pending') return { kind: 'again', at: outcome.retryAt };
  return context.database.write(async (tx) => {
    if (outcome.kind === 'issued') await storeCertificate(context, tx, { issuance, plan, outcome });
    else await failIssuance(context, tx, issuance, outcome.reason);
    await tx.jobs.finish('issue', issuance.id);
    return { kind: 'finished' };
  });
}

async function storeCertificate(
  context: AppContext,
  tx: Stores,
  input: {
    readonly issuance: Issuance;
    readonly plan: IssuancePlan;
    readonly outcome: Extract<IssueOutcome, { kind: 'issued' }>;
  },
): Promise<void> {
  const { issuance, plan, outcome } = input;
  const now = context.clock.now();
  const certificateId = newId('certificate', context);
  const moved = await tx.issuances.move(issuance.id, statesAccepting(issuanceTransitions, 'complete'), 'issued', {
    certificateId,
  });
  if (!moved) return;
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
    notBefore: plan.notBefore,
    notAfter: plan.notAfter,
    state: 'valid',
    revokedAt: null,
    revocationReason: null,
    createdAt: now,
  });
  const order = await tx.orders.getForUpdate(issuance.orderId);
  if (order !== undefined) await activate(tx, order, now);
  await tx.events.append({
    kind: 'certificate.issued',
    accountId: issuance.accountId,
    actor: 'system',
    subject: issuance.orderId,
    data: { certificate: certificate.id, serial: plan.serial, names: certificate.names, notAfter: plan.notAfter },
    requestId: null,
    at: now,
  });
}

/** The first certificate starts the coverage; later ones leave it. */
async function activate(tx: Stores, order: Order, now: Date): Promise<void> {
  const coverage =
    order.coverageFrom === null ? { coverageFrom: now, coverageUntil: coverageEnd(now, order.coverage) } : undefined;
  await tx.orders.move(order.id, statesAccepting(orderTransitions, 'certificateIssued'), 'active', coverage);
}
