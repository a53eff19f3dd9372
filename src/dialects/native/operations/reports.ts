/** What each month came to. */
import { monthAfter, monthOf, monthText, parseMonth } from '../../../domain/month.ts';
import type { MonthTotals } from '../../../domain/ports/reports.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { pageQueryOf, pageToWire, pageWithTotal } from '../paging.ts';
import { reportsApi } from '../schema/reports.ts';
import type { WireMonthTotals } from '../schema.ts';
import { handled } from '../services.ts';
import { moneyToWire } from '../values.ts';

/** Months of a report by default, the present one included. */
const usualMonths = 12;

function monthTotalsToWire({ account, month, ...totals }: MonthTotals): WireMonthTotals {
  const amount = (minor: number) => moneyToWire({ minor, currency: account.currency });
  return {
    accountId: account.id,
    accountNumber: account.number,
    accountName: account.name,
    month: monthText(month),
    charged: amount(totals.chargedMinor),
    refunded: amount(totals.refundedMinor),
    net: amount(totals.chargedMinor - totals.refundedMinor),
    credited: amount(totals.creditedMinor),
    orders: totals.orders,
    certificates: totals.certificates,
  };
}

export const reportOperations = [
  handled(reportsApi.months, async (input, { caller, services }) => {
    const until = (input.until === undefined ? undefined : parseMonth(input.until)) ?? monthOf(services.clock.now());
    const from = (input.from === undefined ? undefined : parseMonth(input.from)) ?? monthAfter(until, 1 - usualMonths);
    const span = { ...withDefined({ account: input.account }), from, until };
    const page = await pageWithTotal(input, {
      from: pageQueryOf(input).before,
      read: (limit, before) => services.reports.months(caller, { limit, ...withDefined({ before }), ...span }),
    });
    return pageToWire(page, monthTotalsToWire);
  }),
];
