/**
 * CAA records before a certificate of ours is signed (BR §3.2.2.8): a job looks them up while the issuance is `ready`, and the
 * transaction that plans the certificate decides by what was stored. A failed look-up allows nothing, and is repeated; a prohibition
 * ends the issuance.
 */
import type { CaaIdentity } from '../../domain/caa.ts';
import { type CaaKnowledge, type CaaSubject, caaNamesOf, caaVerdict } from '../../domain/caa-check.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { nextCheckSeconds } from '../../domain/job.ts';
import type { Answer } from '../../domain/may-be-issued.ts';
import type { LocalIssuer } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { commonZone } from '../../domain/zone-rest.ts';
import type { AppContext } from '../context.ts';
import type { Requester } from '../orders/key-terms.ts';

/** What is known of the names, for an issuer of ours and whoever it would issue for. */
export async function caaKnowledgeOf(
  context: AppContext,
  stores: Stores,
  subjects: readonly CaaSubject[],
  terms: { readonly issuer: LocalIssuer; readonly requester: Requester },
): Promise<CaaKnowledge> {
  const checks = await stores.caaChecks.listNewest(caaNamesOf(subjects));
  return { checks, identity: await identityOf(context, stores, terms), now: context.clock.now() };
}

/** A client that has an account URL is known by it (RFC 8657 §3). Whoever orders by other front doors has none, which no record can name. */
async function identityOf(
  { proofMakers, publicUrl }: AppContext,
  stores: Stores,
  { issuer, requester }: { readonly issuer: LocalIssuer; readonly requester: Requester },
): Promise<CaaIdentity> {
  const { caaDomains: domains } = issuer;
  const credential = requester.credentialId === null ? undefined : await stores.credentials.get(requester.credentialId);
  const accountUrl = credential && proofMakers.get(credential.dialect)?.accountUrlOf?.(credential, publicUrl);
  return { domains, accountUrl: accountUrl ?? null };
}

/** Undefined: nothing speaks against it, or its profile does not ask. */
export async function answerOfCaa(
  context: AppContext,
  stores: Stores,
  subjects: readonly CaaSubject[],
  terms: { readonly issuer: LocalIssuer; readonly requester: Requester },
): Promise<Answer | undefined> {
  const verdict = caaVerdict(subjects, await caaKnowledgeOf(context, stores, subjects, terms));
  switch (verdict.kind) {
    case 'allowed':
      return undefined;
    case 'look':
      return { kind: 'caa', unknown: null };
    case 'unknown':
      return { kind: 'caa', unknown: verdict.reason };
    case 'forbidden':
      return { kind: 'never', reason: verdict.reason };
    default:
      return verdict satisfies never;
  }
}

/** In the caller's transaction; the queue is woken after the commit. */
export async function queueCaaCheck(
  { publicSuffixes }: Pick<AppContext, 'publicSuffixes'>,
  tx: Stores,
  { id, accountId, names }: Pick<Issuance, 'id' | 'accountId' | 'names'>,
  runAt: Date,
): Promise<void> {
  const zone = commonZone(
    names.map(({ identifier }) => identifier),
    publicSuffixes,
  );
  await tx.jobs.enqueue({ kind: 'checkCaa', subject: id, runAt, owner: accountId, zone });
}

/** Looks again by the schedule of other checks. */
export function nextCaaCheck({ rest }: Pick<Issuance, 'rest'>, now: Date): Date {
  const since = rest?.since ?? now;
  return new Date(since.getTime() + nextCheckSeconds((now.getTime() - since.getTime()) / 1000) * 1000);
}
