/** Budgets of an account at an upstream, in the transactions around each call. */
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';
import { leftAgainAt, type Spent, subjectsOf, type UpstreamBudget } from '../../domain/upstream-budget.ts';
import type { AppContext } from '../context.ts';

/** An order that is about to be placed. */
export interface SpendingOrder {
  readonly issuanceId: IssuanceId;
  readonly names: readonly Identifier[];
  /** It follows a certificate of the same upstream. */
  readonly isRenewal: boolean;
}

/** A budget that has nothing left, and when it will have. */
export interface SpentBudget {
  readonly budget: UpstreamBudget;
  readonly until: Date;
}

/** The budget that lets this order wait the longest; undefined: every one has room for it. */
export async function spentBudget(
  { clock, publicSuffixes }: AppContext,
  tx: Stores,
  { account, budgets }: UpstreamTerms,
  { names, isRenewal }: SpendingOrder,
): Promise<SpentBudget | undefined> {
  const now = clock.now();
  let longest: SpentBudget | undefined;
  for (const budget of budgets) {
    if (isRenewal && budget.isExemptForRenewal) continue;
    const since = new Date(now.getTime() - budget.windowSeconds * 1000);
    for (const subject of subjectsOf(budget, names, publicSuffixes)) {
      const counted = await tx.upstreamSpendings.count({ account, budget: budget.name, subject }, since, budget.limit);
      const until = leftAgainAt(budget, counted);
      if (until !== undefined && (longest === undefined || until > longest.until)) longest = { budget, until };
    }
  }
  return longest;
}

/** Counts it in every budget of orders and certificates: an order may be issued at any moment from now on. */
export async function spendOnOrder(
  context: AppContext,
  tx: Stores,
  terms: UpstreamTerms,
  { issuanceId, names, isRenewal }: SpendingOrder,
): Promise<void> {
  await spend(context, tx, terms, {
    issuanceId,
    names,
    budgets: terms.budgets.filter(
      ({ counts, isExemptForRenewal }) => counts !== 'failedValidation' && !(isRenewal && isExemptForRenewal),
    ),
  });
}

/** Counts names that the upstream could not validate. */
export async function spendOnFailures(
  context: AppContext,
  tx: Stores,
  terms: UpstreamTerms,
  { issuanceId, names }: Pick<SpendingOrder, 'issuanceId' | 'names'>,
): Promise<void> {
  const budgets = terms.budgets.filter(({ counts }) => counts === 'failedValidation');
  if (names.length > 0) await spend(context, tx, terms, { issuanceId, names, budgets });
}

async function spend(
  { clock, publicSuffixes }: AppContext,
  tx: Stores,
  { account }: UpstreamTerms,
  {
    issuanceId,
    names,
    budgets,
  }: Pick<SpendingOrder, 'issuanceId' | 'names'> & { readonly budgets: readonly UpstreamBudget[] },
): Promise<void> {
  const spentAt = clock.now();
  for (const budget of budgets) {
    for (const subject of subjectsOf(budget, names, publicSuffixes)) {
      await tx.upstreamSpendings.insert({ account, budget: budget.name, subject, issuanceId, spentAt });
    }
  }
}

/** Takes back what was counted for an order of which the upstream took nothing, or issues nothing. */
export async function giveBack(
  tx: Stores,
  { account, budgets }: UpstreamTerms,
  issuanceId: IssuanceId,
  counted: readonly Spent[],
): Promise<void> {
  const names = budgets.filter(({ counts }) => counted.includes(counts)).map(({ name }) => name);
  await tx.upstreamSpendings.giveBack({ account, issuanceId }, names);
}
