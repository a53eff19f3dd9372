/** Signing by our own authorities: right after the plan is committed, or later by a job. */

import { isUpstream, type LocalIssuer } from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { keyHashOf } from '../../pki/csr.ts';
import { type AppContext, issuerOf, profileOf } from '../context.ts';
import { certifiedOrganization } from './certified-organization.ts';
import { failIssuance } from './failure.ts';
import { type IssuedContent, storeCertificate } from './store-certificate.ts';
import type { IssueWork } from './work-to-sign.ts';

/** How long whoever commits a plan works on it by itself; longer than the work may take. Then it is taken up by others. */
const signingMs = 120_000;
const takenUpAtOnce = 1000;

/** Until when the caller of `signSoon` works on it. Part of the transaction that commits the plan. */
export function signingUntil({ clock }: AppContext): Date {
  return new Date(clock.now().getTime() + signingMs);
}

/**
 * Signs right after the commit of the plan, by what that transaction stored: none of it changes while the issuance is
 * `issuing`. Its row is its job: after a crash `takeUpSigning` finds it.
 */
export function signSoon(context: AppContext, work: IssueWork): void {
  const { id: subject } = work.issuance;
  context.queue.perform({ kind: 'issue', subject, run: (signal) => sign(context, work, signal) });
}

/** Queues what was to be signed and nobody works on any more. @returns how many there were */
export async function takeUpSigning({ clock }: AppContext, tx: Stores, which: 'all' | 'overdue'): Promise<number> {
  const now = clock.now();
  let count = 0;
  for (;;) {
    // Those that were queued just now are not listed again.
    const found = await tx.issuances.listSigning(which === 'all' ? 'all' : now, takenUpAtOnce);
    for (const subject of found) await tx.jobs.enqueue({ kind: 'issue', subject, runAt: now });
    count += found.length;
    if (found.length < takenUpAtOnce) return count;
  }
}

/** The plan was committed with the step to `issuing`: after a crash the same serial is signed again. */
export async function sign(context: AppContext, work: IssueWork, signal: AbortSignal): Promise<JobOutcome> {
  const { issuance } = work;
  if (issuance.state !== 'issuing' || issuance.plan === null || issuance.csr === null) return { kind: 'done' };
  const { plan, csr } = issuance;
  const names = issuance.names.map((name) => name.identifier);
  const organization = await certifiedOrganization(context, work);
  const outcome = await localIssuerOf(context, issuance.issuerId).sign(
    { issuanceId: issuance.id, profile: profileOf(context, issuance.profileId), csr, names, organization, plan },
    signal,
  );
  const hasMore = await context.database.write(async (tx) => {
    if (outcome.kind === 'refused') {
      await failIssuance(context, tx, issuance, outcome.reason);
      return false;
    }
    const content: IssuedContent = {
      authorityId: plan.authorityId,
      issuerHash: null,
      serial: plan.serial,
      notBefore: plan.notBefore,
      notAfter: plan.notAfter,
      names: names.map(({ value }) => value),
      keyHash: keyHashOf(csr),
      der: outcome.der,
      upstreamChain: outcome.chain,
    };
    return (await storeCertificate(context, tx, { ...work, content })) === 'followed';
  });
  if (hasMore) context.queue.wake();
  return { kind: 'done' };
}

/** @throws {CertError} unavailable where it is not configured any more, or is another kind of issuer by now */
function localIssuerOf(context: AppContext, issuerId: string): LocalIssuer {
  const issuer = issuerOf(context, issuerId);
  if (isUpstream(issuer)) throw new Error(`the issuer ${issuerId} signed by a plan once, and is an upstream now`);
  return issuer;
}
