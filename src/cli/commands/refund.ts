/** `order refund`, `order refunds`, and `account ledger`, where it stands. */
import { type Command, Option } from 'commander';
import { api, type WireLedgerEntry } from '../../dialects/native/schema.ts';
import { minorUnits } from '../amount.ts';
import { addCommand, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import type { Column } from '../table.ts';
import { momentText, optionalActorText } from '../words.ts';

export const ledgerColumns: readonly Column<WireLedgerEntry>[] = [
  { title: 'WHEN', value: ({ at }) => momentText(at) },
  { title: 'WHAT', value: ({ kind }) => kind },
  { title: 'AMOUNT', value: ({ amount }) => amount.amount, align: 'right' },
  { title: 'BALANCE', value: ({ balanceAfter }) => balanceAfter.amount, align: 'right' },
  { title: 'BY', value: ({ by }) => optionalActorText(by) ?? '', isFlexible: true },
  { title: 'NOTE', value: ({ note, orderId }) => note || (orderId ?? ''), isFlexible: true },
];

const withOrders: typeof ledgerColumns = [
  ...ledgerColumns.slice(0, -1),
  { title: 'ORDER', value: ({ orderId }) => orderId ?? '' },
  { title: 'NOTE', value: ({ note }) => note, isFlexible: true },
];

export function addRefundCommand(order: Command, cli: Cli): void {
  const refund = addCommand(order, {
    usage: 'refund <order>',
    summary: 'Refund an order that has its certificate',
    description:
      'Gives back all that was charged for the order and not given back yet, or a part. The ledger gets a line with the order and the note; ' +
      'the order and its certificates stay as they are. An order without a certificate is cancelled instead. Needs the operator.',
    examples: [
      ['certmux order refund 10000017 --note "ordered twice"', 'all that is left'],
      ['certmux order refund 10000017 --amount 20.00 --note "agreed by telephone"', 'a part'],
    ],
  })
    .requiredOption('--note <text>', 'why; it stands in the ledger')
    .option('--amount <amount>', 'how much; all that is left by default');
  remoteAction<{ note: string; amount?: string }>(cli, refund, async ({ client, args, options, output }) => {
    const { note, amount } = options;
    const reference = { order: args[0] ?? '' };
    const { currency } = amount === undefined ? { currency: '' } : (await client.orders.show(reference)).total;
    const part = amount === undefined ? {} : { minor: minorUnits(amount, currency), currency };
    const entry = await client.refunds.create({ ...reference, ...part, note });
    output.show(entry, () => [`${entry.amount.amount} was refunded; the balance is now ${entry.balanceAfter.amount}.`]);
  });
}

interface RefundListOptions extends PageOptions {
  readonly account?: string;
  readonly order?: string;
  readonly from?: string;
  readonly until?: string;
}

export function addRefundsCommand(order: Command, cli: Cli): void {
  const refunds = addPageOptions(
    addCommand(order, {
      usage: 'refunds',
      summary: 'List refunds',
      description:
        'Lists what was given back, newest first: for orders that stay, and for those that ended without a certificate.',
      examples: [
        ['certmux order refunds', 'of every account that you may see'],
        ['certmux order refunds --account 100001', 'of one account'],
      ],
    }),
  )
    .option('--account <account>', 'only of this account: id or number')
    .option('--order <order>', 'only for this order: id or number')
    .option('--from <time>', 'at this time (UTC) or later, such as 2026-06-01')
    .option('--until <time>', 'before this time');
  remoteAction<RefundListOptions>(
    cli,
    refunds,
    async ({ client, options: { account, order: ofOrder, from, until, ...options }, output }) =>
      output.list({
        endpoint: api.refunds.list,
        page: options,
        read: (page) => client.refunds.list({ ...page, account, order: ofOrder, from, until }),
        columns: withOrders,
        none: 'There are none.',
      }),
  );
}

interface LedgerOptions extends PageOptions {
  readonly kind?: WireLedgerEntry['kind'];
  readonly order?: string;
  readonly from?: string;
  readonly until?: string;
}

export function addLedgerCommand(account: Command, cli: Cli): void {
  const ledger = addPageOptions(
    addCommand(account, {
      usage: 'ledger <account>',
      summary: "List the lines of an account's ledger",
      description: 'Lists credits, charges and refunds, newest first, each with its order.',
      examples: [
        ['certmux account ledger 100001', 'by number; ids work as well'],
        ['certmux account ledger 100001 --csv > ledger.csv', 'all of it'],
        ['certmux account ledger 100001 --kind refund --from 2026-11-01', 'what was given back'],
      ],
    }),
  )
    .addOption(new Option('--kind <kind>', 'only these').choices(['credit', 'charge', 'refund']))
    .option('--order <order>', 'only those of this order')
    .option('--from <time>', 'at this time (UTC) or later, such as 2026-06-01')
    .option('--until <time>', 'before this time');
  remoteAction<LedgerOptions>(cli, ledger, async ({ client, args, options, output }) => {
    const { kind, order, from, until } = options;
    await output.list({
      endpoint: api.accounts.ledger,
      page: options,
      read: (page) => client.accounts.ledger({ ...page, account: args[0] ?? '', kind, order, from, until }),
      columns: withOrders,
      none: 'Nothing was credited or charged yet.',
    });
  });
}
