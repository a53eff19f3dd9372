/** `stats …`: what needs somebody, and how things went, in numbers; have them counted again. */
import { type Command, Option } from 'commander';
import type { WireHome, WireStatistics } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, type Cli, remoteAction } from '../command.ts';
import { momentText } from '../words.ts';

interface SpanOptions {
  readonly account?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Of a line of so many characters. */
const barWidth = 40;

const needsText: Readonly<Record<WireHome['needs'][number]['what'], string>> = {
  approvals: 'requests for approval',
  failingValidations: 'orders whose validation fails',
  issuersWithoutCa: 'issuers whose CA has no certificate yet: certmux ca request, certmux ca install',
  dueLists: 'revocation lists to be handed in for CAs whose keys are outside',
  failedJobs: 'jobs that were given up',
  organizations: 'organizations to verify',
  endingCertificates: 'orders whose certificate ends within 14 days',
  lowBalances: 'accounts at upstreams whose balance is low',
  authorityTasks: 'CAs for which something is to be done: certmux ca plan',
  authorityRequests: 'requests that wait for the CA outside',
  lowAccounts: 'accounts whose balance is low',
  lowAccount: 'balance that is low: yours',
  failedDeliveries: 'deliveries of the last week that were given up',
};

const turnText: Readonly<Record<WireHome['underWay'][number]['turn'], string>> = {
  approver: 'wait for an approver',
  customer: 'wait for the customer',
  operator: 'wait for the operator',
  server: 'the server works on',
};

export function addStatsCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'stats',
    summary: 'What needs you, and how things went, in numbers',
    description: 'Numbers of your account; an operator sees those of all accounts, or of one.',
  });

  const home = addCommand(group, {
    usage: 'home',
    summary: 'Show what needs you, and what is under way',
    description:
      'Shows only what you can do something about, the most urgent first, and where to look. Nothing is shown where there is nothing to do.',
    examples: [
      ['certmux stats home', 'every morning'],
      ['certmux stats home --json', 'with the lists that have just these items'],
    ],
  });
  remoteAction(cli, home, async ({ client, output }) => {
    const found = await client.statistics.home({});
    output.show(found, () => homeLines(found));
  });

  const charts = [
    {
      usage: 'issuance',
      summary: 'Show orders placed, certificates issued and revoked, by day',
      description: 'Counts of the last 30 days, or of other days, up to 400 of them, in UTC.',
      read: 'issuance',
      days: true,
      examples: [
        ['certmux stats issuance', 'the last 30 days'],
        ['certmux stats issuance --from 2026-11-01 --to 2026-11-30 --account 100001', 'a month of one account'],
      ],
    },
    {
      usage: 'failures',
      summary: 'Show what failed for good, by reason',
      description:
        'Counts what came to nothing in the last 30 days, or in others: issuances, reissues, renewals, and checks that ACME clients asked for.',
      read: 'failures',
      days: true,
      examples: [['certmux stats failures', 'the last 30 days']],
    },
    {
      usage: 'expiry',
      summary: 'Show how many certificates end, by week',
      description:
        'Counts active orders by the week in which their certificate ends: twelve weeks from today, or others.',
      read: 'expiry',
      days: true,
      examples: [['certmux stats expiry', 'twelve weeks from today']],
    },
    {
      usage: 'revenue',
      summary: 'Show what was charged less what was given back, by month',
      description: 'Sums of the ledger by currency, in its smallest unit; currencies are never added up.',
      read: 'revenue',
      days: false,
      examples: [
        ['certmux stats revenue', 'the last twelve months'],
        ['certmux stats revenue --from 2026-01 --to 2026-06', 'half a year'],
      ],
    },
  ] as const;
  for (const { read, days, ...help } of charts) {
    const unit = days ? 'day, such as 2026-06-01' : 'month, such as 2026-06';
    const command = addCommand(group, help)
      .addOption(new Option('--account <account>', 'id or number; default: every account that you may see'))
      .addOption(new Option('--from <when>', `the first ${unit}`))
      .addOption(new Option('--to <when>', `the last ${unit}`));
    remoteAction<SpanOptions>(cli, command, async ({ client, options, output }) => {
      const { account, from, to } = options;
      const found = await client.statistics[read]({ account, from, to });
      output.show(found, () => chartLines(found));
    });
  }

  const rebuild = addCommand(group, {
    usage: 'rebuild',
    summary: 'Count issuance, failures and issuers again from the audit log',
    description:
      'Removes what was counted and counts every event of the audit log again, while the server works. Use it if the numbers are wrong. ' +
      'Until it is done the charts say that events are still to be counted. For operators.',
    examples: [['certmux stats rebuild', 'then watch certmux stats issuance']],
  });
  remoteAction(cli, rebuild, async ({ client, output }) => {
    const begun = await client.statistics.rebuild({});
    output.show(begun, () => ['The audit log is being counted again: see certmux stats issuance.']);
  });
}

/** `10,000+` where there are more than are counted. */
function totalText({ count, isMore }: { readonly count: number; readonly isMore: boolean }): string {
  return isMore ? `${count}+` : String(count);
}

function homeLines({ needs, failures, underWay }: WireHome): readonly string[] {
  const width = Math.max(0, ...[...needs, ...failures, ...underWay].map(({ total }) => totalText(total).length));
  const line = (total: WireHome['needs'][number]['total'], text: string) =>
    `  ${totalText(total).padStart(width)} ${text}`;
  return [
    ...(needs.length === 0 ? ['Nothing needs you.'] : ['Needs you:']),
    ...needs.map(({ what, total, since }) => {
      const oldest = since === null ? '' : `, the oldest since ${momentText(since)}`;
      return line(total, `${needsText[what]}${oldest}`);
    }),
    ...(failures.length === 0 ? [] : ['', 'Why validations fail:']),
    ...failures.map(({ code, total }) => line(total, code)),
    ...(underWay.length === 0 ? [] : ['', 'Orders under way:']),
    ...underWay.map(({ turn, total }) => line(total, turnText[turn])),
  ];
}

function chartLines({ from, to, series, isUpToDate }: WireStatistics): readonly string[] {
  const most = Math.max(1, ...series.flatMap(({ points }) => points.map(([, total]) => Math.abs(total))));
  const width = Math.max(1, ...series.flatMap(({ points }) => points.map(([, total]) => String(total).length)));
  return [
    ...(series.length === 0 ? [`Nothing from ${from} to ${to}.`] : []),
    ...series.flatMap(({ key, points }) => [
      `${key}, from ${from} to ${to}: ${points.reduce((sum, [, total]) => sum + total, 0)}`,
      ...points.map(([at, total]) => {
        const bar = '#'.repeat(Math.max(1, Math.round((Math.abs(total) / most) * barWidth)));
        return `  ${at}  ${String(total).padStart(width)}  ${bar}`;
      }),
    ]),
    ...(isUpToDate ? [] : ['Many events are still to be counted: run it again in a minute.']),
  ];
}
