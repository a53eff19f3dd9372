/** `order change|csr|duplicate|withdraw|issuances|checks`: what is changed, added or taken back after an order was placed. */
import { type Command, Option } from 'commander';
import { checksOfNames } from '../../dialects/native/schema/checks.ts';
import { api, type WireIssuance, type WireNameChecks } from '../../dialects/native/schema.ts';
import { type WithdrawableKind, withdrawableKinds } from '../../domain/ports/approvals.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addProofOptions, type CertificationOptions } from '../certification.ts';
import {
  addCommand,
  addPageOptions,
  type Cli,
  collect,
  type PageOptions,
  readPublicFile,
  remoteAction,
} from '../command.ts';
import { addFieldOption, type FieldOptions } from '../custom-values.ts';
import { UsageError } from '../failure.ts';
import { orderLines } from '../order-page.ts';
import type { Column } from '../table.ts';
import { dayText, momentText, namesText } from '../words.ts';

type Check = WireNameChecks['checks'][number] & Pick<WireNameChecks, 'name' | 'authorizationId'>;

const issuanceColumns: readonly Column<WireIssuance>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'NAMES', value: ({ names }) => namesText({ names, nameCount: names.length }), isFlexible: true },
  {
    title: 'CERTIFICATE',
    value: ({ certificate }) => (certificate === null ? '–' : String(certificate.number)),
    align: 'right',
  },
  { title: 'ENDS', value: ({ certificate }) => dayText(certificate?.notAfter ?? null) },
  { title: 'MADE', value: ({ createdAt }) => dayText(createdAt) },
];

const checkColumns: readonly Column<Check>[] = [
  { title: 'LAST', value: ({ checkedAt }) => momentText(checkedAt) },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'METHOD', value: ({ method }) => method },
  { title: 'TIMES', value: ({ count }) => String(count), align: 'right' },
  { title: 'SINCE', value: ({ firstAt }) => momentText(firstAt) },
  { title: 'FOUND', value: ({ proved, problem }) => (proved ? 'the proof' : (problem ?? 'nothing')), isFlexible: true },
];

export function addOrderChanges(group: Command, cli: Cli): void {
  addChange(group, cli);
  addCsr(group, cli);
  addDuplicate(group, cli);
  addWithdraw(group, cli);
  addIssuances(group, cli);
  addChecks(group, cli);
}

function addChange(group: Command, cli: Cli): void {
  const change = addFieldOption(
    addCommand(group, {
      usage: 'change <order>',
      summary: 'Change what nobody must approve: custom fields, reference, renewal',
      description:
        'Changes what is named, and nothing else. An empty value clears a custom field that is not required.',
      examples: [
        ['certmux order change 10000017 --field "Cost centre=4711"', 'by label; ids and numbers work as well'],
        ['certmux order change 10000017 --no-auto-renew', 'it ends with its coverage'],
      ],
    }),
    'a custom field and its value (repeatable)',
  )
    .option('--reference <text>', 'your own word for the order; empty: none')
    .option('--auto-renew', 'order the same again before the coverage ends')
    .option('--no-auto-renew', 'do not');
  remoteAction<FieldOptions & { reference?: string; autoRenew?: boolean }>(
    cli,
    change,
    async ({ client, args, options: { field, reference, autoRenew: isAutoRenewed }, output, terminal }) => {
      const customFields = field === undefined ? undefined : [...field];
      const wanted = withDefined({ customFields, isAutoRenewed, reference });
      if (Object.keys(wanted).length === 0) {
        throw new UsageError('nothing is named that should change', 'name it: certmux order change --help');
      }
      const order = await client.orders.change({ order: args[0] ?? '', ...wanted });
      output.show(order, () => orderLines(order, terminal));
    },
  );
}

function addCsr(group: Command, cli: Cli): void {
  const csr = addCommand(group, {
    usage: 'csr <order>',
    summary: 'Give the CSR to an order that was placed without one',
    description: 'The order goes on with it. It takes a CSR once; another key later is a reissue.',
    examples: [['certmux order csr 10000017 --csr www.csr', 'a file; - is standard input']],
  }).requiredOption('--csr <file>', 'PKCS#10 as PEM, base64 or DER; - is standard input');
  remoteAction<{ csr: string }>(cli, csr, async ({ client, args, options, output, terminal }) => {
    const text = await readPublicFile(terminal, options.csr);
    const order = await client.orders.provideCsr({ order: args[0] ?? '', csr: text });
    output.show(order, () => orderLines(order, terminal));
  });
}

function addDuplicate(group: Command, cli: Cli): void {
  const duplicate = addProofOptions(
    addCommand(group, {
      usage: 'duplicate <order>',
      summary: 'Get one more certificate beside the newest',
      description:
        'Asks for a certificate with another key for the same names, or fewer: for a second server. It costs nothing and ends with the ' +
        'newest one, which stays valid. order issuances lists them all.',
      examples: [['certmux order duplicate 10000017 --csr second.csr', 'for the names it has']],
    }),
  )
    .requiredOption('--csr <file>', 'PKCS#10 as PEM, base64 or DER; - is standard input')
    .option('--name <name>', 'a name to certify (repeatable); default: the names it has', collect);
  remoteAction<CertificationOptions>(cli, duplicate, async ({ client, args, options, output, terminal }) => {
    const csr = await readPublicFile(terminal, options.csr);
    const { name: names, method, address } = options;
    const order = await client.orders.duplicate({ order: args[0] ?? '', csr, names, method, address });
    output.show(order, () => orderLines(order, terminal));
  });
}

function addWithdraw(group: Command, cli: Cli): void {
  const withdraw = addCommand(group, {
    usage: 'withdraw <order>',
    summary: 'Take back what waits for an approver or for proofs',
    description:
      'Takes back what was requested last and is not done: the order itself, which is refunded, a reissue, a duplicate, or a request for ' +
      'revocation. Certificates stay as they are.',
    examples: [
      ['certmux order withdraw 10000017', 'whichever was requested last'],
      ['certmux order withdraw 10000017 --what revocation', 'the certificate stays valid'],
    ],
  }).addOption(new Option('--what <kind>', 'only this').choices(withdrawableKinds));
  remoteAction<{ what?: WithdrawableKind }>(cli, withdraw, async ({ client, args, options, output, terminal }) => {
    const order = await client.orders.withdraw({ order: args[0] ?? '', what: options.what });
    output.show(order, () => orderLines(order, terminal));
  });
}

function addIssuances(group: Command, cli: Cli): void {
  const list = addPageOptions(
    addCommand(group, {
      usage: 'issuances <order>',
      summary: 'List the attempts to get certificates for an order',
      description: 'Lists the first attempt, reissues and duplicates, newest first, each with its certificate.',
      examples: [['certmux order issuances 10000017', 'with the numbers of the certificates']],
    }),
  );
  remoteAction<PageOptions>(cli, list, async ({ client, args, options, output }) =>
    output.list({
      endpoint: api.orders.issuances,
      page: options,
      read: (page) => client.orders.issuances({ ...page, order: args[0] ?? '' }),
      columns: issuanceColumns,
      none: 'There are none.',
    }),
  );
}

function addChecks(group: Command, cli: Cli): void {
  const checks = addPageOptions(
    addCommand(group, {
      usage: 'checks <order>',
      summary: 'Show every check of the names of an order',
      description:
        'Shows for each name what was looked for, when, and what was found; looks that found the same are one line with their number. ' +
        '--json says what was asked and what came back. --limit counts names.',
      examples: [['certmux order checks 10000017', 'why it is not proved yet']],
    }),
  );
  remoteAction<PageOptions>(cli, checks, async ({ client, args, options, output }) =>
    output.list({
      endpoint: checksOfNames,
      page: options,
      async read(page) {
        const { items, nextCursor } = await client.checks.ofOrder({ ...page, order: args[0] ?? '' });
        const flat = items.flatMap(({ name, authorizationId, checks: all }) =>
          all.map((check): Check => ({ ...check, name, authorizationId })),
        );
        return { items: flat, nextCursor };
      },
      columns: checkColumns,
      none: 'Nobody has looked for a proof of its names yet.',
    }),
  );
}
