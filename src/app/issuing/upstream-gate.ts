/** Breaker of our account at an upstream, in the transactions around each call. */

import { laneOfIssuer } from '../../domain/job.ts';
import { wantsProofs } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import {
  afterAnswer,
  afterFault,
  afterLimit,
  leaveToCall,
  newUpstreamAccount,
  type UpstreamAccount,
  type UpstreamTerms,
} from '../../domain/upstream-account.ts';
import type { AppContext } from '../context.ts';

/** Undefined: call now. Otherwise nothing is called before then, since the upstream is away. */
export async function waitForUpstream(
  { clock }: AppContext,
  tx: Stores,
  { account }: UpstreamTerms,
): Promise<Date | undefined> {
  const now = clock.now();
  const known = await tx.upstreamAccounts.get(account);
  const leave = known === undefined ? undefined : leaveToCall(known, now);
  if (leave?.kind === 'wait') return leave.until;
  if (leave?.account !== undefined) await tx.upstreamAccounts.put(leave.account);
  return undefined;
}

/** Between looks of an order that waits for another one's probe. */
const probeWaitMs = 30_000;

/**
 * The same for an order that is about to be placed. A probe of an upstream that was away should not be one that costs money: an
 * order that is under way there probes instead, at once, where there is one. The queue is woken after the commit.
 */
export async function waitToBegin(context: AppContext, tx: Stores, terms: UpstreamTerms): Promise<Date | undefined> {
  const { clock, issuers } = context;
  const now = clock.now();
  const openUntil = (await tx.upstreamAccounts.get(terms.account))?.openUntil ?? null;
  if (openUntil === null || openUntil > now) return waitForUpstream(context, tx, terms);
  const underWay = await tx.upstreamOrders.listOpen(terms.account, candidates);
  const probe = underWay.find(({ issuerId, relay, state }) => {
    const issuer = issuers.get(issuerId);
    return issuer !== undefined && (relay === null || state === 'cancelling' || wantsProofs(issuer));
  });
  if (probe === undefined) return waitForUpstream(context, tx, terms);
  const { issuanceId: subject, issuerId } = probe;
  await tx.jobs.enqueue({ kind: 'issue', subject, runAt: now, lane: laneOfIssuer(issuerId) });
  return new Date(now.getTime() + probeWaitMs);
}

/** Orders of issuers that are no longer configured do not run: looked through before a `begin` probes after all. */
const candidates = 20;

export async function noteAnswer(context: AppContext, tx: Stores, { account }: UpstreamTerms): Promise<void> {
  const known = await tx.upstreamAccounts.get(account);
  const answered = known && afterAnswer(known);
  if (known === undefined || answered === undefined) return;
  await tx.upstreamAccounts.put(answered);
  if (known.openUntil !== null) await record(context, tx, 'upstream.resumed', known);
}

/** @returns until when nobody calls it; null where the breaker stays closed */
export async function noteFault(
  context: AppContext,
  tx: Stores,
  { account }: UpstreamTerms,
  fault: string,
): Promise<Date | null> {
  const now = context.clock.now();
  const known = (await tx.upstreamAccounts.get(account)) ?? newUpstreamAccount(account);
  const failed = afterFault(known, fault, now);
  await tx.upstreamAccounts.put(failed);
  if (known.openUntil === null && failed.openUntil !== null) await record(context, tx, 'upstream.stopped', failed);
  return failed.openUntil;
}

/** It takes no more of us before then. Several such answers in a row open the breaker. */
export async function noteLimit(
  context: AppContext,
  tx: Stores,
  { account }: UpstreamTerms,
  { limit, until }: { readonly limit: string; readonly until: Date },
): Promise<void> {
  const known = (await tx.upstreamAccounts.get(account)) ?? newUpstreamAccount(account);
  const limited = afterLimit(known, limit, { now: context.clock.now(), until });
  await tx.upstreamAccounts.put(limited);
  if (known.openUntil === null && limited.openUntil !== null) await record(context, tx, 'upstream.stopped', limited);
}

function record(
  { clock }: AppContext,
  tx: Stores,
  kind: 'upstream.stopped' | 'upstream.resumed',
  { account, faults, lastFault }: UpstreamAccount,
): Promise<void> {
  return tx.events.append({
    kind,
    accountId: null,
    actor: 'system',
    subject: account,
    data: { faults, lastFault },
    requestId: null,
    at: clock.now(),
  });
}
