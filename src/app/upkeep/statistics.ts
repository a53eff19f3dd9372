/** How things went, in numbers: counted from the audit log (decision 0043), from the projection of orders, and from the sums of the ledger. */
import { type Caller, seesAllAccounts } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { monthAfter, monthText } from '../../domain/month.ts';
import type {
  StatisticDays,
  StatisticLine,
  StatisticLines,
  StatisticMonths,
  StatisticPoint,
  Statistics,
} from '../../domain/ports/statistics.ts';
import { type StatisticSeries, startOfDay } from '../../domain/statistics.ts';
import type { AppContext } from '../context.ts';
import { accountFilter, accountOf, findAccount } from '../scope.ts';
import { countNewEvents, recountEvents } from './event-counts.ts';
import { createHome } from './home.ts';

/** A year, and a month more to compare with. */
const mostDays = 400;
const mostMonths = 120;

/** Numbers that are read as they are now. */
const ofNow = { countedUntil: null, isUpToDate: true } as const;

interface Counted {
  readonly key: string;
  readonly at: number;
  readonly total: number;
}

export function createStatistics(context: AppContext): Statistics {
  const { read } = context.database;

  async function scopeOf(caller: Caller, account: string | undefined) {
    return account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id;
  }

  async function counted(
    series: StatisticSeries,
    caller: Caller,
    { account, from, until }: StatisticDays,
  ): Promise<StatisticLines> {
    requireDays({ from, until });
    const accountId = await scopeOf(caller, account);
    const { at, isUpToDate } = await countNewEvents(context);
    const counts = await read.statistics.list(series, accountId ?? 'all', { from, until });
    const lines = linesOf(counts.map(({ key, day, total }) => ({ key, at: day, total })));
    return { lines, countedUntil: at, isUpToDate };
  }

  return {
    home: createHome(context),
    issuance: (caller, span) => counted('issuance', caller, span),
    failures: (caller, span) => counted('failures', caller, span),

    async expiry(caller, { account, from, until }) {
      requireDays({ from, until });
      const ends = await read.statistics.countEnds(await scopeOf(caller, account), { from, until });
      if (ends === undefined) throw refuse('statisticsBehind', {});
      const days = [...ends].toSorted(([one], [other]) => one - other);
      return { ...ofNow, lines: linesOf(days.map(([at, total]) => ({ key: 'certificates', at, total }))) };
    },

    async revenue(caller, { account, from, until }) {
      requireMonths({ from, until });
      const sums = await sumsOf(caller, account, { from, until });
      const inOrder = sums.toSorted((one, other) => one.at - other.at);
      return { ...ofNow, lines: linesOf(inOrder) };
    },

    rebuild: (caller) => recountEvents(context, caller),
  };

  async function sumsOf(
    caller: Caller,
    account: string | undefined,
    span: StatisticMonths,
  ): Promise<readonly Counted[]> {
    if (account === undefined && seesAllAccounts(caller)) {
      const sums = await read.ledger.sumMonths(span);
      return sums.map((one) => ({ key: one.currency, at: one.month, total: one.chargedMinor - one.refundedMinor }));
    }
    const { id, currency } =
      account === undefined ? await accountOf(read, caller) : await findAccount(read, caller, account);
    const sums = await read.ledger.listMonths([id], span);
    return sums.map((one) => ({ key: currency, at: one.month, total: one.chargedMinor - one.refundedMinor }));
  }
}

/** Points of each key, in the order in which they come; keys in the order of their sum, the largest first. */
function linesOf(counts: readonly Counted[]): readonly StatisticLine[] {
  const lines = new Map<string, StatisticPoint[]>();
  for (const { key, at, total } of counts) {
    if (total === 0) continue;
    const points = lines.get(key) ?? [];
    points.push({ at, total });
    lines.set(key, points);
  }
  const sum = ({ points }: StatisticLine) => points.reduce((all, { total }) => all + total, 0);
  return [...lines].map(([key, points]) => ({ key, points })).toSorted((one, other) => sum(other) - sum(one));
}

/** @throws {CertError} invalidField */
function requireDays({ from, until }: StatisticDays): void {
  const first = until - mostDays + 1;
  if (from <= until && from >= first) return;
  const between = expectedOf.dateBetween(dayText(first), dayText(until));
  throw refuse('fieldInvalid', { field: 'from', value: quoted(dayText(from)), expected: between });
}

/** @throws {CertError} invalidField */
function requireMonths({ from, until }: StatisticMonths): void {
  const first = monthAfter(until, 1 - mostMonths);
  if (from <= until && from >= first) return;
  const between = expectedOf.monthBetween(monthText(first), monthText(until));
  throw refuse('fieldInvalid', { field: 'from', value: quoted(monthText(from)), expected: between });
}

function dayText(day: number): string {
  return startOfDay(day).toISOString().slice(0, 10);
}
