/** `report months`: what each month came to. */
import type { Command } from 'commander';
import { api, type WireMonthTotals } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<WireMonthTotals>[] = [
  { title: 'ACCOUNT', value: ({ accountNumber }) => String(accountNumber), align: 'right' },
  { title: 'NAME', value: ({ accountName }) => accountName, isFlexible: true },
  { title: 'MONTH', value: ({ month }) => month },
  { title: 'CHARGED', value: ({ charged }) => charged.amount, align: 'right' },
  { title: 'REFUNDED', value: ({ refunded }) => refunded.amount, align: 'right' },
  { title: 'NET', value: ({ net }) => net.amount, align: 'right' },
  { title: 'ORDERS', value: ({ orders }) => String(orders), align: 'right' },
  { title: 'CERTIFICATES', value: ({ certificates }) => String(certificates), align: 'right' },
];

interface MonthsOptions extends PageOptions {
  readonly account?: string;
  readonly from?: string;
  readonly until?: string;
}

export function addReportCommands(program: Command, cli: Cli): void {
  const report = addGroup(program, {
    usage: 'report',
    summary: 'Totals by account and month',
    description: 'What accounts were charged and given back, and how many orders and certificates there were.',
  });

  const months = addPageOptions(
    addCommand(report, {
      usage: 'months',
      summary: 'Show what each month came to, by account',
      description:
        'Sums of the ledger and counts of orders and certificates, by calendar month in UTC, in the currency of the account. Accounts see ' +
        'their own. --limit counts accounts.',
      examples: [
        ['certmux report months', 'the last twelve months of every account'],
        ['certmux report months --account 100001 --from 2026-01 --until 2026-06', 'half a year of one'],
        ['certmux report months --from 2026-11 --until 2026-11 --csv > november.csv', 'for the books'],
      ],
    }),
  )
    .option('--account <account>', 'id or number; default: every account that you may see')
    .option('--from <month>', 'the first month, such as 2026-01; 11 before the last by default')
    .option('--until <month>', 'the last one; this month by default');
  remoteAction<MonthsOptions>(cli, months, async ({ client, options, output }) => {
    const { account, from, until } = options;
    await output.list({
      endpoint: api.reports.months,
      page: options,
      read: (page) => client.reports.months({ ...page, account, from, until }),
      columns,
      none: 'Nothing was charged, ordered or issued in these months.',
    });
  });
}
