/** How an account at an upstream stands: breaker, budgets, what is under way. Read from the database, so that every node says the same. */
import { isPrepaid, modeOf, type UpstreamIssuer, wantsProofs } from '../../domain/ports/issuer.ts';
import type { BudgetStanding, IssuerOfUpstream, SubjectSpent, UpstreamSummary } from '../../domain/ports/upstreams.ts';
import { newUpstreamAccount, type UpstreamAccount } from '../../domain/upstream-account.ts';
import { leftAgainAt, type UpstreamBudget } from '../../domain/upstream-budget.ts';
import { isLow } from '../../domain/upstream-watch.ts';
import type { AppContext } from '../context.ts';
import { balanceOf, comparisonOf } from './upstream-watched.ts';

export type StandingContext = Pick<AppContext, 'database' | 'clock' | 'issuers'>;

/** Events of one account that are looked through for the one that opened its breaker. */
const mostEvents = 20;

/** Every account that is configured or was used, by name. @param subjects so many of each budget */
export async function standings(context: StandingContext, subjects: number): Promise<readonly UpstreamSummary[]> {
  const { database, issuers } = context;
  const known = await database.read.upstreamAccounts.list();
  const configured = upstreamIssuers(issuers).map(({ upstream }) => upstream.account);
  const names = new Set([...configured, ...known.map(({ account }) => account)]);
  const orders = await database.read.upstreamOrders.countOpen();
  const rows = [...names].toSorted().map((name) => {
    return known.find(({ account }) => account === name) ?? newUpstreamAccount(name);
  });
  return Promise.all(rows.map((account) => standingOf(context, account, { subjects, orders })));
}

/** Undefined where nobody knows the account. */
export async function standing(
  context: StandingContext,
  name: string,
  subjects: number,
): Promise<UpstreamSummary | undefined> {
  const { read } = context.database;
  const isConfigured = upstreamIssuers(context.issuers).some(({ upstream }) => upstream.account === name);
  const known = (await read.upstreamAccounts.get(name)) ?? (isConfigured ? newUpstreamAccount(name) : undefined);
  if (known === undefined) return undefined;
  return standingOf(context, known, { subjects, orders: await read.upstreamOrders.countOpen() });
}

/** Those that order themselves: a pool is none. */
export function upstreamIssuers(issuers: AppContext['issuers']): readonly UpstreamIssuer[] {
  return [...issuers.values()].filter((issuer) => 'upstream' in issuer);
}

interface Counted {
  readonly subjects: number;
  readonly orders: Awaited<ReturnType<AppContext['database']['read']['upstreamOrders']['countOpen']>>;
}

async function standingOf(
  context: StandingContext,
  account: UpstreamAccount,
  { subjects, orders }: Counted,
): Promise<UpstreamSummary> {
  const own = upstreamIssuers(context.issuers).filter(({ upstream }) => upstream.account === account.account);
  const open = orders.filter((one) => one.account === account.account);
  return {
    account,
    openSince: account.openUntil === null ? null : await openedAt(context, account.account),
    issuers: own.map(issuerOf),
    orders: open.map(({ state, orders: count }) => ({ state, count })),
    budgets: await budgetsOf(context, account.account, { own, subjects }),
    balance: await balanceStanding(context, account.account, own),
    comparison: await comparisonOf(context.database.read, account.account),
  };
}

async function balanceStanding({ database }: StandingContext, account: string, own: readonly UpstreamIssuer[]) {
  const prepaid = own.find((one) => isPrepaid(one));
  const balance = prepaid === undefined ? null : await balanceOf(database.read, account);
  if (prepaid === undefined || balance === null) return null;
  const { balanceWarning: warning } = prepaid;
  return { ...balance, warning, isLow: isLow(balance.amount, warning) };
}

function issuerOf(issuer: UpstreamIssuer): IssuerOfUpstream {
  const { id, upstream: terms, ca } = issuer;
  return { id, terms, mode: wantsProofs(issuer) ? 'relay' : modeOf(issuer), ca: ca ?? null };
}

/** The last time that it was closed before; null where the events of that are no longer near. */
async function openedAt({ database }: StandingContext, account: string): Promise<Date | null> {
  const events = await database.read.events.list({ accountId: null, subject: account, limit: mostEvents });
  return events.find(({ kind }) => kind === 'upstream.stopped')?.at ?? null;
}

/** Issuers that share an account share what is spent; of a budget that they have differently the tighter one counts. */
async function budgetsOf(
  context: StandingContext,
  account: string,
  { own, subjects }: { readonly own: readonly UpstreamIssuer[]; readonly subjects: number },
): Promise<readonly BudgetStanding[]> {
  const budgets = new Map<string, UpstreamBudget>();
  for (const budget of own.flatMap(({ upstream }) => upstream.budgets)) {
    const before = budgets.get(budget.name);
    if (before === undefined || budget.limit < before.limit) budgets.set(budget.name, budget);
  }
  const found = await Promise.all([...budgets.values()].map((one) => budgetStanding(context, account, one, subjects)));
  return found.toSorted((one, other) => one.left / one.budget.limit - other.left / other.budget.limit);
}

async function budgetStanding(
  { database, clock }: StandingContext,
  account: string,
  budget: UpstreamBudget,
  limit: number,
): Promise<BudgetStanding> {
  const { read } = database;
  const of = { account, budget: budget.name };
  const since = new Date(clock.now().getTime() - budget.windowSeconds * 1000);
  const largest = await read.upstreamSpendings.largest(of, since, limit);
  const subjects = await Promise.all(
    largest.map(async ({ subject, spent }): Promise<SubjectSpent> => {
      if (spent < budget.limit) return { subject, spent, leftAgainAt: null };
      const counted = await read.upstreamSpendings.count({ ...of, subject }, since, budget.limit);
      return { subject, spent, leftAgainAt: leftAgainAt(budget, counted) ?? null };
    }),
  );
  const spent = subjects[0]?.spent ?? 0;
  return { budget, spent, left: Math.max(0, budget.limit - spent), subjects };
}
