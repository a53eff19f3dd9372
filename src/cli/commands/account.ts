/** `account create|list|show|change|credit`: the tenants. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { accountSorts } from '../../dialects/native/schema/accounts.ts';
import { api, type WireAccount, type WireLedgerEntry } from '../../dialects/native/schema.ts';
import { madeKeysChoices } from '../../domain/account.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { minorUnits } from '../amount.ts';
import {
  addCommand,
  addGroup,
  addPageOptions,
  type Cli,
  collect,
  type PageOptions,
  remoteAction,
  wholeNumber,
} from '../command.ts';
import { UsageError } from '../failure.ts';
import { type Column, factLines, tableLines } from '../table.ts';
import { momentText } from '../words.ts';
import { addLedgerCommand, ledgerColumns } from './refund.ts';

interface AccountListOptions extends PageOptions {
  readonly text?: string;
  readonly state?: WireAccount['state'];
  readonly balanceBelow?: number;
  readonly low?: true;
  readonly sort?: (typeof accountSorts)[number];
}

const columns: readonly Column<WireAccount>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'BALANCE', value: ({ balance }) => balance.amount, align: 'right' },
  { title: 'APPROVAL', value: ({ approval }) => approval },
  { title: 'ID', value: ({ id }) => id },
];

function accountLines(account: WireAccount): string[] {
  return factLines([
    ['Account', `${account.name} (${account.state})`],
    ['Number', String(account.number)],
    ['Id', account.id],
    ['Balance', `${account.balance.amount}${account.isLow ? ' (low)' : ''}`],
    ['Low below', account.lowBalance?.amount ?? null],
    ['Approval', approvalText(account)],
    ['Made keys', account.madeKeys === 'ownCa' ? 'only for certificates of this server’s own CA' : null],
    ['Products', account.productCodes?.join(', ') ?? 'all'],
    ['Names', account.allowedNames?.join(', ') ?? 'any'],
    ['Contact', account.contactEmail === '' ? null : account.contactEmail],
    ['Created', momentText(account.createdAt)],
  ]);
}

const approvals = {
  automatic: 'automatic',
  manual: 'manual: every request waits for an approver',
  twoStep: 'twoStep: every request waits for two approvers',
} as const satisfies Record<WireAccount['approval'], string>;

function approvalText({ approval, separatesDuties }: WireAccount): string {
  return `${approvals[approval]}${separatesDuties ? '; nobody approves their own requests' : ''}`;
}

export function addAccountCommands(program: Command, cli: Cli): void {
  const account = addGroup(program, {
    usage: 'account',
    summary: 'Accounts: the tenants that order',
    description: 'An account is who calls: it has credentials, a balance, products, and rules on what it may order.',
  });

  const create = addCommand(account, {
    usage: 'create <name>',
    summary: 'Create an account',
    description:
      'Creates an account. Then give it a user (user create) or a key (credential create), and money if its products cost any ' +
      '(account credit).',
    examples: [
      ['certmux account create "Acme Hosting"', 'may order everything, for every name, without approval'],
      ['certmux account create Shop --approval manual --allow-name shop.example', 'with rules'],
    ],
  })
    .option('--currency <code>', 'ISO 4217', 'CNY')
    .addOption(
      new Option('--approval <how>', 'whether orders wait for an approver')
        .choices(Object.keys(approvals))
        .default('automatic'),
    )
    .option('--separate-duties', 'nobody approves their own requests')
    .addOption(madeKeysOption().default('anyIssuer'))
    .addOption(productOption())
    .addOption(allowNameOption())
    .option('--email <address>', 'whom to write to', '');
  remoteAction<{
    currency: string;
    approval: WireAccount['approval'];
    separateDuties?: true;
    madeKeys: WireAccount['madeKeys'];
    product?: string[];
    allowName?: string[];
    email: string;
  }>(cli, create, async ({ client, args, options, output }) => {
    const created = await client.accounts.create({
      name: args[0] ?? '',
      currency: options.currency.toUpperCase(),
      approval: options.approval,
      separatesDuties: options.separateDuties === true,
      madeKeys: options.madeKeys,
      productCodes: options.product ?? null,
      allowedNames: options.allowName ?? null,
      contactEmail: options.email,
    });
    output.show(created, () => [
      ...accountLines(created),
      '',
      `Next: certmux credential create --account ${created.number} --dialect encryption365`,
    ]);
  });

  const list = addPageOptions(
    addCommand(account, {
      usage: 'list',
      summary: 'List the accounts',
      description: 'Lists the accounts with their balances, newest first. Needs the operator.',
      examples: [
        ['certmux account list', 'a table'],
        ['certmux account list --json', 'for a program'],
        ['certmux account list --low', 'whose balance is low'],
        ['certmux account list --balance-below 1000 --sort balance', 'whose money ends, the least first'],
      ],
    }),
  )
    .option('--text <text>', 'only with this in the name or the address, or with this number')
    .addOption(new Option('--state <state>', 'only in this state').choices(['active', 'suspended']))
    .option('--balance-below <minor>', 'only with a balance below this, in minor units', wholeNumber)
    .option('--low', 'only with a balance below the threshold of the account')
    .addOption(new Option('--sort <by>', 'a minus: the other way round').choices(accountSorts));
  remoteAction<AccountListOptions>(cli, list, async ({ client, options, output }) => {
    const { text, state, balanceBelow, low, sort } = options;
    const lowBalance = low && 'true';
    await output.list({
      endpoint: api.accounts.list,
      page: options,
      read: (page) => client.accounts.list({ ...page, text, state, balanceBelow, lowBalance, sort }),
      columns,
      none: 'There are no accounts yet. Create one: certmux account create <name>',
    });
  });

  const show = addCommand(account, {
    usage: 'show <account>',
    summary: 'Show an account and its newest ledger lines',
    description: 'Shows what the account may order, its balance, and what changed the balance lately.',
    examples: [['certmux account show 100001', 'by number; ids work as well']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const reference = { account: args[0] ?? '' };
    const [shown, ledger] = await Promise.all([
      client.accounts.show(reference),
      client.accounts.ledger({ ...reference, limit: 10 }),
    ]);
    output.show({ ...shown, ledger: ledger.items }, () => [
      ...accountLines(shown),
      ...(ledger.items.length === 0 ? [] : ['', ...ledgerLines(ledger.items)]),
    ]);
  });

  const change = addCommand(account, {
    usage: 'change <account>',
    summary: 'Suspend or resume an account, or change its rules',
    description:
      'Changes what is named and leaves the rest. A suspended account is refused at every call, in every API; what it ordered before ' +
      'waits, and goes on when the account is resumed, as do names that are allowed again. A list replaces the one before.',
    examples: [
      ['certmux account change 100001 --state suspended', 'nobody of it gets in'],
      ['certmux account change 100001 --state active', 'and in again'],
      ['certmux account change 100001 --allow-name shop.example --allow-name shop.test', 'only names under these'],
      ['certmux account change 100001 --any-name --all-products', 'without limits'],
      ['certmux account change 100001 --low-balance 50.00', 'writes to its administrators once there is less'],
    ],
  })
    .addOption(new Option('--state <state>', 'whether it may call').choices(['active', 'suspended']))
    .option('--name <text>', 'what it is called')
    .addOption(new Option('--approval <how>', 'whether orders wait for an approver').choices(Object.keys(approvals)))
    .addOption(new Option('--separate-duties', 'nobody approves their own requests').conflicts('joinDuties'))
    .option('--join-duties', 'an approver may approve their own requests')
    .addOption(madeKeysOption())
    .addOption(productOption())
    .addOption(new Option('--all-products', 'every product may be ordered').conflicts('product'))
    .addOption(allowNameOption())
    .addOption(new Option('--any-name', 'any name may be ordered').conflicts('allowName'))
    .option('--email <address>', 'whom to write to; "" for nobody')
    .option(
      '--low-balance <amount>',
      'below this the balance is low, and its administrators are written to; "" for never',
    );
  remoteAction<ChangeOptions>(cli, change, async ({ client, args, options, output }) => {
    const reference = args[0] ?? '';
    const request = {
      ...changeOf(options),
      ...(await thresholdOf(options, () => client.accounts.show({ account: reference }))),
    };
    if (Object.keys(request).length === 0) {
      throw new UsageError('nothing is named that should change', 'name it: certmux account change --help');
    }
    const changed = await client.accounts.change({ account: reference, ...request });
    output.show(changed, () => accountLines(changed));
  });

  const webhookSecret = addCommand(account, {
    usage: 'webhook-secret <account>',
    summary: 'Show the secret that signs the webhook messages of an account',
    description:
      'Every webhook carries X-Certmux-Signature: sha256= and the HMAC-SHA256 of its body in hex. The key is this text. Give it to ' +
      'only the account.',
    examples: [['certmux account webhook-secret 100001', 'for the receiver of its webhooks']],
  });
  remoteAction(cli, webhookSecret, async ({ client, args, output }) => {
    const answer = await client.accounts.webhookSecret({ account: args[0] ?? '' });
    output.show(answer, () => [answer.secret]);
  });

  addLedgerCommand(account, cli);

  const credit = addCommand(account, {
    usage: 'credit <account> <amount>',
    summary: "Add money to an account's balance",
    description:
      "Adds to the balance, in the account's own currency. Orders are charged against it when they are placed. A negative amount " +
      'corrects an earlier credit; write it after --.',
    examples: [
      ['certmux account credit 100001 500.00 --note "invoice 2026-17"', 'adds 500.00'],
      ['certmux account credit 100001 --note mistake -- -50', 'takes 50.00 back'],
    ],
  }).option('--note <text>', 'kept in the ledger', '');
  remoteAction<{ note: string }>(cli, credit, async ({ client, args, options, output }) => {
    const [reference = '', amount = ''] = args;
    const { balance } = await client.accounts.show({ account: reference });
    const entry = await client.accounts.credit({
      account: reference,
      minor: minorUnits(amount, balance.currency),
      currency: balance.currency,
      note: options.note,
    });
    output.show(entry, () => [`The balance is now ${entry.balanceAfter.amount}.`]);
  });
}

function madeKeysOption(): Option {
  return new Option('--made-keys <where>', 'whose CAs certify keys that are made for it').choices([...madeKeysChoices]);
}

function productOption(): Option {
  return new Option('--product <code>', 'only these products may be ordered (repeatable)').argParser(collect);
}

function allowNameOption(): Option {
  return new Option('--allow-name <name>', 'only names under these may be ordered (repeatable)').argParser(collect);
}

interface ChangeOptions {
  readonly state?: WireAccount['state'];
  readonly name?: string;
  readonly approval?: WireAccount['approval'];
  readonly separateDuties?: true;
  readonly joinDuties?: true;
  readonly madeKeys?: WireAccount['madeKeys'];
  readonly product?: string[];
  readonly allProducts?: true;
  readonly allowName?: string[];
  readonly anyName?: true;
  readonly email?: string;
  readonly lowBalance?: string;
}

/** An amount has as many decimals as the currency of the account. */
async function thresholdOf(
  { lowBalance }: Pick<ChangeOptions, 'lowBalance'>,
  show: () => Promise<Pick<WireAccount, 'balance'>>,
): Promise<{ readonly lowBalanceMinor?: number | null }> {
  if (lowBalance === undefined) return {};
  if (lowBalance === '') return { lowBalanceMinor: null };
  const { balance } = await show();
  return { lowBalanceMinor: minorUnits(lowBalance, balance.currency) };
}

/** Only what was named; a list that is lifted becomes null. */
function changeOf(options: ChangeOptions) {
  const {
    state,
    name,
    approval,
    separateDuties,
    joinDuties,
    madeKeys,
    product,
    allProducts,
    allowName,
    anyName,
    email,
  } = options;
  return {
    ...withDefined({ state, name, approval, madeKeys }),
    ...(separateDuties === undefined ? {} : { separatesDuties: true }),
    ...(joinDuties === undefined ? {} : { separatesDuties: false }),
    ...withDefined({ productCodes: product }),
    ...(allProducts === undefined ? {} : { productCodes: null }),
    ...withDefined({ allowedNames: allowName }),
    ...(anyName === undefined ? {} : { allowedNames: null }),
    ...withDefined({ contactEmail: email }),
  };
}

function ledgerLines(items: readonly WireLedgerEntry[]): string[] {
  return tableLines(ledgerColumns, items, Number.POSITIVE_INFINITY);
}
