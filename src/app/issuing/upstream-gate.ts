/** Breaker and budget of our account at an upstream, in the transactions around each call. */
import type { Stores } from '../../domain/ports/stores/index.ts';
import {
  afterAnswer,
  afterFault,
  afterOrder,
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

/** Counts an order. Otherwise the time before which no other is left. */
export async function countOrder({ clock }: AppContext, tx: Stores, terms: UpstreamTerms): Promise<Date | undefined> {
  const now = clock.now();
  const known = (await tx.upstreamAccounts.get(terms.account)) ?? newUpstreamAccount(terms.account, now);
  const counted = afterOrder(known, terms, now);
  if (counted.kind === 'spent') return counted.until;
  await tx.upstreamAccounts.put(counted.account);
  return undefined;
}

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
  const known = (await tx.upstreamAccounts.get(account)) ?? newUpstreamAccount(account, now);
  const failed = afterFault(known, fault, now);
  await tx.upstreamAccounts.put(failed);
  if (known.openUntil === null && failed.openUntil !== null) await record(context, tx, 'upstream.stopped', failed);
  return failed.openUntil;
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
