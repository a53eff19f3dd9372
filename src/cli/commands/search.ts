/** `search`: anything by whatever somebody has in hand. */
import type { Command } from 'commander';
import type { WireFound } from '../../dialects/native/schema.ts';
import { addCommand, type Cli, remoteAction, wholeNumber } from '../command.ts';
import { type Column, tableLines } from '../table.ts';
import { dayText, namesText } from '../words.ts';

interface Row {
  readonly kind: 'order' | 'certificate' | WireFound['objects'][number]['kind'];
  readonly number: number | null;
  readonly names: string;
  readonly state: string;
  readonly more: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'NUMBER', value: ({ number }) => (number === null ? '' : String(number)), align: 'right' },
  { title: 'NAMES', value: ({ names }) => names, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'MORE', value: ({ more }) => more, isFlexible: true },
];

function rowsOf({ orders, certificates, objects }: WireFound): readonly Row[] {
  return [
    ...orders.map(
      (order): Row => ({
        kind: 'order',
        number: order.number,
        names: namesText(order),
        state: order.state,
        more: [order.accountName, order.reference].filter((text) => text !== null).join(', '),
      }),
    ),
    ...certificates.map(
      (certificate): Row => ({
        kind: 'certificate',
        number: certificate.number,
        names: namesText(certificate),
        state: certificate.state,
        more: `ends ${dayText(certificate.notAfter)}, serial ${certificate.serial}`,
      }),
    ),
    ...objects.map(
      ({ kind, number, title, state, id }): Row => ({ kind, number, names: title, state: state ?? '', more: id }),
    ),
  ];
}

export function addSearchCommand(program: Command, cli: Cli): void {
  const search = addCommand(program, {
    usage: 'search <text>',
    summary: 'Find anything by whatever you have in hand',
    description:
      'Finds orders and certificates by a name or part of one, a serial, a SHA-1 or SHA-256 thumbprint, a number or id, a reference, an ' +
      'e-mail address; accounts, domains, organizations, users, keys and approvals by name or number; a request by its id. An operator ' +
      'searches all accounts for what is exact; for parts of names, references and addresses name one with --account.',
    examples: [
      ['certmux search www.example.com', 'a name'],
      ['certmux search 0A:1B:2C…', 'a serial or a thumbprint, as browsers show it'],
      ['certmux search "ticket 4711" --account 100001', 'the reference of an order, as the operator'],
    ],
  }).option('--limit <count>', 'how many of each kind at most, 1 to 50', wholeNumber, 20);
  remoteAction<{ limit: number }>(cli, search, async ({ client, args, options: { limit }, output, terminal }) => {
    const found = await client.search.find({ q: args[0] ?? '', limit });
    const rows = rowsOf(found);
    if (!output.json && rows.length === 0) {
      terminal.stderr('Nothing was found.\n');
      return;
    }
    output.show(found, () => tableLines(columns, rows, terminal.isTty ? terminal.columns : Number.POSITIVE_INFINITY));
    if (!output.json && found.hasMore) terminal.stderr('There is more: write more of it, or raise --limit.\n');
  });
}
