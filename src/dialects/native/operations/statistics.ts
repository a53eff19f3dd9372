/** What needs somebody, and how things went, in numbers. */

import { monthAfter, monthOf, monthText, parseMonth } from '../../../domain/month.ts';
import type { HomeItem, HomeList, StatisticLines } from '../../../domain/ports/statistics.ts';
import { outlineOf } from '../../../domain/reason-outline.ts';
import { dayOf, startOfDay } from '../../../domain/statistics.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { statisticsApi } from '../schema/statistics.ts';
import type { WireHome, WireStatistics } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

const usualDays = 30;
const usualMonths = 12;
const daysOfWeek = 7;
/** Twelve weeks. */
const usualWeeksDays = 12 * daysOfWeek;

interface Span {
  readonly from: number;
  readonly until: number;
}

interface DaysInput {
  readonly account?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function dayText(day: number): string {
  return startOfDay(day).toISOString().slice(0, 10);
}

function dayFrom(text: string | undefined): number | undefined {
  return text === undefined ? undefined : dayOf(new Date(text));
}

function linesToWire(
  { lines, countedUntil, isUpToDate }: StatisticLines,
  { from, until }: Span,
  textOf: (at: number) => string,
): WireStatistics {
  return {
    from: textOf(from),
    to: textOf(until),
    series: lines.map(({ key, points }) => ({ key, points: points.map(({ at, total }) => [textOf(at), total]) })),
    countedUntil: optionalTimeToWire(countedUntil),
    isUpToDate,
  };
}

/** The last days, today included. */
function pastDays({ from, to }: DaysInput, { services }: Client): Span {
  const until = dayFrom(to) ?? dayOf(services.clock.now());
  return { from: dayFrom(from) ?? until - usualDays + 1, until };
}

/** The days to come, from today. */
function comingDays({ from, to }: DaysInput, { services }: Client): Span {
  const first = dayFrom(from) ?? dayOf(services.clock.now());
  return { from: first, until: dayFrom(to) ?? first + usualWeeksDays - 1 };
}

/** Days added up by the week that begins with the first of them. */
function inWeeks({ lines, ...rest }: StatisticLines, from: number): StatisticLines {
  return {
    ...rest,
    lines: lines.map(({ key, points }) => {
      const weeks = new Map<number, number>();
      for (const { at, total } of points) {
        const first = at - ((at - from) % daysOfWeek);
        weeks.set(first, (weeks.get(first) ?? 0) + total);
      }
      return { key, points: [...weeks].map(([at, total]) => ({ at, total })) };
    }),
  };
}

type WireList = WireHome['needs'][number]['list'];

/** The list of this API that has just these. */
function linkTo(of: HomeList): WireList {
  switch (of.list) {
    case 'waitingApprovals':
      return { path: '/api/v1/approvals', query: { waiting: 'true', decidable: 'true' } };
    case 'failingOrders':
      return { path: '/api/v1/orders', query: { failing: 'true', ...withDefined({ failingCode: of.code }) } };
    case 'organizationsToVerify':
      return { path: '/api/v1/organizations', query: { waiting: 'true' } };
    case 'endingOrders':
      return {
        path: '/api/v1/orders',
        query: { state: 'active', endsWithinDays: String(of.days), isRenewed: 'false' },
      };
    case 'failedDeliveries':
      return { path: '/api/v1/deliveries', query: { state: 'failed', from: dayText(dayOf(of.from)) } };
    case 'failedJobs':
      return { path: '/api/v1/jobs', query: { state: 'failed' } };
    case 'lowBalances':
      return { path: '/api/v1/upstreams', query: { lowBalance: 'true' } };
    case 'issuersWithoutCa':
      return { path: '/api/v1/issuers', query: { withoutCa: 'true' } };
    case 'authorityTasks':
      return { path: '/api/v1/authorities/plan', query: { due: 'true' } };
    case 'authorityRequests':
      return { path: '/api/v1/authorities/requests', query: {} };
    case 'dueLists':
      return { path: '/api/v1/authorities', query: { listDue: 'true' } };
    case 'lowAccounts':
      return { path: '/api/v1/accounts', query: { lowBalance: 'true' } };
    case 'lowAccount':
      return { path: `/api/v1/accounts/${of.number}`, query: {} };
    case 'ordersByTurn':
      return { path: '/api/v1/orders', query: { turn: of.turn } };
    default:
      return of satisfies never;
  }
}

type Named = Pick<DaysInput, 'account'>;

function itemToWire({ total, of }: Pick<HomeItem<string>, 'total' | 'of'>, { account }: Named) {
  const { path, query } = linkTo(of);
  // The one account is in its path.
  const ofAccount = of.list === 'lowAccount' ? {} : withDefined({ account });
  return { total: { ...total }, list: { path, query: { ...query, ...ofAccount } } };
}

export const statisticsOperations = [
  handled(statisticsApi.home, async (named, { caller, language, services }) => {
    const { at, needs, failures, underWay } = await services.statistics.home(caller, withDefined(named));
    return {
      at: timeToWire(at),
      needs: needs.map(({ what, since, ...item }) => ({
        what,
        ...itemToWire(item, named),
        since: optionalTimeToWire(since),
      })),
      failures: failures.map(({ what: code, ...item }) => ({
        code,
        text: outlineOf(code, language),
        ...itemToWire(item, named),
      })),
      underWay: underWay.map(({ what: turn, ...item }) => ({ turn, ...itemToWire(item, named) })),
    };
  }),

  handled(statisticsApi.issuance, async (input, session) => {
    const span = pastDays(input, session);
    const query = { ...span, ...withDefined({ account: input.account }) };
    return linesToWire(await session.services.statistics.issuance(session.caller, query), span, dayText);
  }),

  handled(statisticsApi.failures, async (input, session) => {
    const span = pastDays(input, session);
    const query = { ...span, ...withDefined({ account: input.account }) };
    const wire = linesToWire(await session.services.statistics.failures(session.caller, query), span, dayText);
    const series = wire.series.map(({ key, points }) => ({ key, text: outlineOf(key, session.language), points }));
    return { ...wire, series };
  }),

  handled(statisticsApi.expiry, async (input, session) => {
    const span = comingDays(input, session);
    const query = { ...span, ...withDefined({ account: input.account }) };
    const lines = await session.services.statistics.expiry(session.caller, query);
    return linesToWire(inWeeks(lines, span.from), span, dayText);
  }),

  handled(statisticsApi.revenue, async ({ account, from, to }, { caller, services }) => {
    const until = (to === undefined ? undefined : parseMonth(to)) ?? monthOf(services.clock.now());
    const first = (from === undefined ? undefined : parseMonth(from)) ?? monthAfter(until, 1 - usualMonths);
    const span = { from: first, until };
    const lines = await services.statistics.revenue(caller, { ...span, ...withDefined({ account }) });
    return linesToWire(lines, span, monthText);
  }),

  handled(statisticsApi.rebuild, async (_, { caller, services }) => {
    await services.statistics.rebuild(caller);
    return { isUpToDate: false };
  }),
];
