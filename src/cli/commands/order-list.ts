/** `order list`: orders by what an operator asks for. */
import type { Command } from 'commander';
import { orderStandings, orderStates, orderTurns } from '../../dialects/native/schema/orders.ts';
import { api, type WireOrderSummary } from '../../dialects/native/schema.ts';
import { addCommand, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import {
  addFilterOptions,
  type FilterOptions,
  filterOf,
  isByEnd,
  isYes,
  severalOption,
  type YesOrNo,
  yesOrNoOption,
} from '../list-filters.ts';
import type { Column } from '../table.ts';
import { dayText, momentText, namesText, optionalActorText } from '../words.ts';

type OrderColumn = Column<WireOrderSummary>;

const number: OrderColumn = { title: 'NUMBER', value: (order) => String(order.number), align: 'right' };
const names: OrderColumn = { title: 'NAMES', value: namesText, isFlexible: true };
const state: OrderColumn = { title: 'STATE', value: (order) => order.state };
const product: OrderColumn = { title: 'PRODUCT', value: ({ productCode }) => productCode };
const account: OrderColumn = { title: 'ACCOUNT', value: ({ accountName }) => accountName, isFlexible: true };
const orderedBy: OrderColumn = {
  title: 'ORDERED BY',
  value: (order) => optionalActorText(order.orderedBy) ?? '–',
  isFlexible: true,
};
const placed: OrderColumn = { title: 'PLACED', value: ({ createdAt }) => dayText(createdAt) };

const columns: readonly OrderColumn[] = [
  number,
  names,
  state,
  { title: 'SUMMARY', value: ({ summary }) => summary, isFlexible: true },
  product,
  account,
  orderedBy,
  placed,
];

const columnsByEnd: readonly OrderColumn[] = [
  number,
  names,
  state,
  { title: 'ENDS', value: ({ certificate }) => dayText(certificate?.notAfter ?? null) },
  { title: 'ISSUER', value: ({ issuerId }) => issuerId },
  product,
  account,
];

const columnsOfFailing: readonly OrderColumn[] = [
  number,
  { title: 'NAME', value: ({ failing }) => failing?.name ?? '–', isFlexible: true },
  { title: 'METHOD', value: ({ failing }) => failing?.method ?? '–' },
  { title: 'SINCE', value: ({ failing }) => (failing?.since == null ? '–' : momentText(failing.since)) },
  { title: 'FOUND', value: ({ failing }) => failing?.text ?? '–', isFlexible: true },
  account,
  product,
];

interface ListOptions extends PageOptions, FilterOptions {
  readonly namePart?: string;
  readonly failing?: true;
  readonly failingCode?: string;
  readonly standing?: readonly string[];
  readonly turn?: readonly string[];
  readonly text?: string;
  readonly container?: string;
  readonly organization?: string;
  readonly reference?: string;
  readonly serial?: string;
  readonly renewed?: YesOrNo;
}

export function addOrderList(group: Command, cli: Cli): void {
  const list = addFilterOptions(
    addPageOptions(
      addCommand(group, {
        usage: 'list',
        summary: 'List orders',
        description:
          'Lists orders, newest first, with whose turn it is. Every option narrows the list. One of the options about ends sorts by the end ' +
          'of the certificate that counts; --failing shows what the last check found.',
        examples: [
          ['certmux order list --state open', 'what is not finished'],
          ['certmux order list --name www.example.com', 'of one host'],
          ['certmux order list --failing', 'whose validation fails now, and why'],
          ['certmux order list --turn customer', 'what waits for the customer'],
          ['certmux order list --state active --ends-within 30', 'what ends within 30 days, soonest first'],
          ['certmux order list --account 100001 --from 2026-11-01 --to 2026-11-30 --csv', 'of an account, of a month'],
        ],
      }),
    ),
    orderStates.options,
  )
    .option('--name <name>', 'only those that requested exactly this name')
    .option('--name-part <text>', 'only those with a name that contains this, at least three letters')
    .option('--failing', 'only those whose validation fails now')
    .option('--failing-code <code>', 'with --failing: only those with this code, such as dnsNoRecord')
    .addOption(severalOption('--standing <standing>', 'only those that stand so (repeatable)', orderStandings))
    .addOption(severalOption('--turn <who>', 'only those in the hands of these (repeatable)', orderTurns))
    .option('--text <text>', 'only those with this in a name or their reference, or with this number')
    .option('--container <container>', 'id or number')
    .option('--organization <organization>', 'id or number')
    .option('--reference <reference>', 'only with exactly this reference')
    .option('--serial <hex>', 'only of the certificate with this serial')
    .addOption(yesOrNoOption('--renewed <answer>', 'only those that were renewed, or were not'));
  remoteAction<ListOptions>(cli, list, async ({ client, options, output }) => {
    const {
      namePart,
      failing,
      failingCode,
      standing,
      turn,
      text,
      container,
      organization,
      reference,
      serial,
      renewed,
    } = options;
    if (namePart !== undefined && namePart.length < 3)
      throw new UsageError(
        `--name-part ${JSON.stringify(namePart)} is too short`,
        'at least three letters find something',
      );
    if (failingCode !== undefined && failing === undefined)
      throw new UsageError('--failing-code needs --failing', 'name both');
    const filter = {
      ...filterOf(options),
      namePart,
      failing: failing && ('true' as const),
      failingCode,
      standing: standing?.join(','),
      turn: turn?.join(','),
      text,
      container,
      organization,
      reference,
      serial,
      isRenewed: isYes(renewed),
    };
    const isNarrowed = Object.values(filter).some((value) => value !== undefined);
    await output.list({
      endpoint: api.orders.list,
      page: options,
      read: (page) => client.orders.list({ ...page, ...filter }),
      columns: failing ? columnsOfFailing : isByEnd(options) ? columnsByEnd : columns,
      none: isNarrowed ? 'No orders were found.' : 'No orders were found. Place one: certmux order place --help',
    });
  });
}
