/**
 * Which issuer serves an order: the configured one, or the first of a pool that is well, has budget left and suits the order. A pool moves
 * on only while nothing was sent that may have been accepted (design §5).
 */
import { type Reason, reason } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { laneOfIssuer } from '../../domain/job.ts';
import type { IssuerPool, UpstreamIssuer } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { statesAccepting, upstreamOrderTransitions } from '../../domain/states.ts';
import type { UpstreamOrder, UpstreamRoute } from '../../domain/upstream-order.ts';
import { type AppContext, profileOf } from '../context.ts';
import { type SpendingOrder, spentBudget } from './upstream-budgets.ts';

export type Passed = UpstreamRoute['passed'][number];

/** `none`: all of them have refused it for good, or none takes it before `until`. */
export type Choice =
  | { readonly kind: 'chosen'; readonly issuer: UpstreamIssuer; readonly passed: readonly Passed[] }
  | { readonly kind: 'none'; readonly until: Date | null; readonly passed: readonly Passed[] };

/** The newest that are kept with an order. */
const mostPassed = 20;

/** @param spendingAt what the order would spend at that issuer: whether it renews a certificate depends on it */
export async function chooseIssuer(
  context: AppContext,
  tx: Stores,
  pool: IssuerPool,
  {
    issuance,
    passed: before,
    spendingAt,
  }: {
    readonly issuance: Pick<Issuance, 'id' | 'names' | 'csr' | 'profileId' | 'sealedKey'>;
    readonly passed: readonly Passed[];
    readonly spendingAt: (issuer: UpstreamIssuer) => Promise<SpendingOrder>;
  },
): Promise<Choice> {
  const now = context.clock.now();
  const passed: Passed[] = [...before];
  const waits: Date[] = [];
  for (const issuer of pool.members) {
    const earlier = before.findLast((one) => one.issuer === issuer.id);
    const isOver = earlier !== undefined && (earlier.until === null || earlier.until > now);
    const objection = isOver ? earlier : await objectionTo(context, tx, issuer, { issuance, spendingAt });
    if (objection === undefined) return { kind: 'chosen', issuer, passed: passed.slice(-mostPassed) };
    if (objection.until !== null) waits.push(objection.until);
    if (!isOver) passed.push({ issuer: issuer.id, at: now, ...objection });
  }
  const [first = null] = waits.toSorted((one, other) => one.getTime() - other.getTime());
  return { kind: 'none', until: first, passed: passed.slice(-mostPassed) };
}

async function objectionTo(
  context: AppContext,
  tx: Stores,
  issuer: UpstreamIssuer,
  {
    issuance: { names, csr, profileId, sealedKey },
    spendingAt,
  }: {
    readonly issuance: Pick<Issuance, 'names' | 'csr' | 'profileId' | 'sealedKey'>;
    readonly spendingAt: (issuer: UpstreamIssuer) => Promise<SpendingOrder>;
  },
): Promise<{ readonly reason: Reason; readonly until: Date | null } | undefined> {
  const identifiers = names.map(({ identifier }) => identifier);
  const profile = profileOf(context, profileId);
  const ordered = { isKeyOurs: sealedKey !== null };
  const unsuited = csr === null ? undefined : issuer.objectionTo?.({ names: identifiers, csr, profile, ordered });
  if (unsuited !== undefined) return { reason: unsuited, until: null };
  const { upstream: terms, id } = issuer;
  const account = await tx.upstreamAccounts.get(terms.account);
  const openUntil = account?.openUntil ?? null;
  if (openUntil !== null && openUntil > context.clock.now()) {
    const away = { issuer: id, until: openUntil.toISOString(), fault: account?.lastFault ?? '' };
    return { reason: reason('upstreamAway', away), until: openUntil };
  }
  const spent = await spentBudget(context, tx, terms, await spendingAt(issuer));
  if (spent === undefined) return undefined;
  const { until } = spent;
  return { reason: reason('upstreamBudgetSpent', { issuer: id, until: until.toISOString() }), until };
}

/**
 * Gives the order back to its pool, which tries the next of its issuers at once. The queue is woken after the commit.
 * @returns false, and changes nothing, where no pool chose the issuer, or the order is no longer under way
 */
export async function passOver(
  { clock }: AppContext,
  tx: Stores,
  { issuance, upstreamOrder }: { readonly issuance: Issuance; readonly upstreamOrder: UpstreamOrder },
  { reason: why, until }: Pick<Passed, 'reason' | 'until'>,
): Promise<boolean> {
  const { route, issuerId, account, begunAt, deadline } = upstreamOrder;
  if (route === null) return false;
  const now = clock.now();
  const passed = [...route.passed, { issuer: issuerId, reason: why, at: now, until }].slice(-mostPassed);
  const to = { state: 'choosing', issuerId, account, begunAt, deadline, route: { ...route, passed } } as const;
  if (!(await tx.upstreamOrders.reassign(issuance.id, statesAccepting(upstreamOrderTransitions, 'passOver'), to))) {
    return false;
  }
  await tx.issuances.updateIssuer(issuance.id, route.pool);
  await tx.jobs.enqueue({ kind: 'issue', subject: issuance.id, runAt: now, lane: laneOfIssuer(route.pool) });
  return true;
}
