/**
 * What each month came to, by account. Money is from sums that are kept with the ledger, in the transaction of each line; how many
 * orders and certificates there were is counted by the projection (decision 0032), or looked up where there are few.
 */
import type { Account, AccountMonth } from '../../domain/account.ts';
import { seesAllAccounts } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { earliestMonth, monthAfter, monthText } from '../../domain/month.ts';
import type { Page } from '../../domain/page.ts';
import type { MonthSpan, MonthTotals, Reports } from '../../domain/ports/reports.ts';
import type { MonthCount } from '../../domain/ports/stores/orders.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountOf, findAccount } from '../scope.ts';

/** The most months of one report: each is a row of every account. */
const mostMonths = 120;

type Sums = Omit<MonthTotals, 'account' | 'month'>;
const none: Sums = { chargedMinor: 0, refundedMinor: 0, creditedMinor: 0, orders: 0, certificates: 0 };

export function createReports({ database: { read } }: AppContext): Reports {
  async function accountsOf(...[caller, { account, limit, before }]: Parameters<Reports['months']>) {
    if (account !== undefined) return only(await findAccount(read, caller, account));
    if (!seesAllAccounts(caller)) return only(await accountOf(read, caller));
    const found = await read.accounts.list({ limit: limit + 1, ...(before === undefined ? {} : { before }) });
    return pageOf(found, limit, ({ number }) => number);
  }

  return {
    async months(caller, query) {
      const { from, until } = query;
      requireSpan({ from, until });
      const { items: accounts, next } = await accountsOf(caller, query);
      const ids = accounts.map(({ id }) => id);
      const [sums, counts] = await Promise.all([
        read.ledger.listMonths(ids, { from, until }),
        read.orders.countMonths(ids, { from, until }),
      ]);
      const totals = totalsOf(sums, counts);
      const items = accounts.flatMap((account) => rowsOf(account, totals.get(account.id)));
      return { items, next };
    },
  };
}

function only(account: Account): Page<Account> {
  return { items: [account], next: null };
}

function totalsOf(
  sums: readonly AccountMonth[],
  counts: readonly MonthCount[],
): ReadonlyMap<AccountId, ReadonlyMap<number, Sums>> {
  const totals = new Map<AccountId, Map<number, Sums>>();
  for (const { accountId, month, ...part } of [...sums, ...counts]) {
    const ofAccount = totals.get(accountId) ?? new Map<number, Sums>();
    totals.set(accountId, ofAccount.set(month, { ...(ofAccount.get(month) ?? none), ...part }));
  }
  return totals;
}

function rowsOf(
  { id, number, name, currency }: Account,
  months: ReadonlyMap<number, Sums> = new Map(),
): readonly MonthTotals[] {
  const latestFirst = [...months].toSorted(([a], [b]) => b - a);
  return latestFirst.map(([month, sums]) => ({ account: { id, number, name, currency }, month, ...sums }));
}

/** @throws {CertError} invalidField */
function requireSpan({ from, until }: MonthSpan): void {
  if (!(until >= earliestMonth))
    throw refuse('fieldInvalid', { field: 'until', value: quoted(monthText(until)), expected: expected.month });
  const first = monthAfter(until, 1 - mostMonths);
  if (from <= until && from >= first) return;
  const between = expectedOf.monthBetween(monthText(first), monthText(until));
  throw refuse('fieldInvalid', { field: 'from', value: quoted(monthText(from)), expected: between });
}
