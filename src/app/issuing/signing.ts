/** Signing by our own authorities: right after the plan is committed, or later by a job. */

import { nextId } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import { isLocal, type LocalIssuer } from '../../domain/ports/issuer.ts';
import type { JobOutcome } from '../../domain/ports/jobs.ts';
import { keyHashOf } from '../../pki/csr.ts';
import { type AppContext, issuerOf, profileOf } from '../context.ts';
import { failIssuance } from './failure.ts';
import { type IssuedContent, type Stored, storeCertificate } from './store-certificate.ts';
import { certifiedOrganization, type IssueWork } from './work-to-sign.ts';

/** Long enough for a signature of our own, short for a caller. */
const signatureWaitMs = 2_000;

/**
 * Waits a little for everything of the order that is being signed, duplicates too, so that what is made is revoked with the
 * rest. Without this it would only be found to be too late.
 */
export async function afterSignatures({ database, queue }: AppContext, { id }: Order): Promise<void> {
  const signing = (await database.read.issuances.listOfOrder(id)).filter(({ state }) => state === 'issuing');
  await Promise.all(signing.map((issuance) => queue.settled('issue', issuance.id, signatureWaitMs)));
}

/**
 * Signs right after the commit of the transaction that inserted the issuance with its plan: nothing of it changes while it is
 * `issuing`. Its row is its job: after a crash `take-up.ts` finds it.
 */
export function signSoon(context: AppContext, work: IssueWork): Signing {
  const { id: subject } = work.issuance;
  const sinceMs = context.clock.monotonicMs();
  let stored: Stored | undefined;
  context.queue.perform({
    kind: 'issue',
    subject,
    async run(signal) {
      stored = await signNow(context, work, { signal, sinceMs });
      return { kind: 'finished' };
    },
  });
  return {
    async within(ms) {
      await context.queue.settled('issue', subject, ms);
      return stored;
    },
  };
}

/** A signature under way. */
export interface Signing {
  /**
   * What was stored, once it is on the disk; so that who waits for the certificate need not read what was just written. Undefined
   * where there is none after so long, or where something else became of it: that is for the tables to tell.
   */
  within(ms: number): Promise<Stored | undefined>;
}

/**
 * The plan was committed with the step to `issuing`: after a crash the same serial is signed again. `isQueued`: its job has a
 * row, which goes with the transaction that stores the certificate.
 */
export async function sign(context: AppContext, work: IssueWork, options: SigningOptions): Promise<JobOutcome> {
  const { state, plan, csr } = work.issuance;
  if (state !== 'issuing' || plan === null || csr === null) return { kind: 'done' };
  await signNow(context, work, options);
  return { kind: 'finished' };
}

interface SigningOptions {
  readonly signal: AbortSignal;
  readonly isQueued?: boolean;
  /** When it was to be signed, on the steady clock; now by default. */
  readonly sinceMs?: number;
}

async function signNow(
  context: AppContext,
  work: IssueWork,
  { signal, isQueued = false, sinceMs = context.clock.monotonicMs() }: SigningOptions,
): Promise<Stored | undefined> {
  const { issuance } = work;
  if (issuance.plan === null || issuance.csr === null) return undefined;
  const { plan, csr } = issuance;
  const names = issuance.names.map((name) => name.identifier);
  const organization = await certifiedOrganization(context, work);
  const [outcome, certificateId] = await Promise.all([
    localIssuerOf(context, issuance.issuerId).sign(
      { issuanceId: issuance.id, profile: profileOf(context, issuance.profileId), csr, names, organization, plan },
      signal,
    ),
    nextId('certificate', context),
  ]);
  const stored = await context.database.write(async (tx) => {
    if (isQueued) await tx.jobs.finish('issue', issuance.id);
    if (outcome.kind === 'refused') {
      await failIssuance(context, tx, issuance, outcome.reason);
      return undefined;
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
    return storeCertificate(context, tx, { ...work, certificateId, content });
  });
  if (stored !== undefined) context.meter.issued(issuance.issuerId, context.clock.monotonicMs() - sinceMs);
  if (stored?.followedAt !== undefined) context.queue.wake(stored.followedAt);
  return stored;
}

/** @throws {CertError} unavailable where it is no longer configured, or is another kind of issuer by now */
function localIssuerOf(context: AppContext, issuerId: string): LocalIssuer {
  const issuer = issuerOf(context, issuerId);
  if (!isLocal(issuer)) throw new Error(`the issuer ${issuerId} signed by a plan once, and is an upstream now`);
  return issuer;
}
