/** `acme key create|list|show|change|revoke`: the keys by which ACME clients are bound to an account, with what to enter in each client. */
import type { Command } from 'commander';
import { api, type WireAcmeKey } from '../../dialects/native/schema.ts';
import { addCommand, addCsvOption, addGroup, type Cli, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { type Column, factLines } from '../table.ts';
import { clientLines } from './acme-clients.ts';
import {
  addLimitOptions,
  factsOf,
  type Lifted,
  type LimitOptions,
  liftOption,
  liftsOf,
  limitsOf,
} from './acme-key-limits.ts';

const columns: readonly Column<WireAcmeKey>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'PRODUCT', value: ({ productCode }) => productCode },
  { title: 'KEY ID', value: ({ keyId }) => keyId },
  { title: 'STATE', value: ({ revokedAt }) => (revokedAt === null ? 'valid' : 'revoked') },
];

export function addAcmeCommands(program: Command, cli: Cli): void {
  const acme = addGroup(program, {
    usage: 'acme',
    summary: 'ACME clients: certbot, acme.sh, lego, Caddy and others',
    description: 'An ACME client is given the URL of a directory and a key that binds it to an account.',
  });
  const key = addGroup(acme, {
    usage: 'key',
    summary: 'Keys that bind ACME clients to an account',
    description: 'A key says what its clients order. Its secret half is shown when it is made and never again.',
  });

  const create = addLimitOptions(
    addCommand(key, {
      usage: 'create <name>',
      summary: 'Create a key and print what to enter in each client',
      description:
        'Makes a key for ACME clients. Each of them makes an account of its own with it; all order the same product. Its limits hold for ' +
        'all of them, within those of the account.',
      examples: [
        ['certmux acme key create "web servers" --account 100001 --product tls-dv', 'for one account'],
        [
          'certmux acme key create shop --product tls-dv --allow-name shop.example --method dns-01 --max-days 30',
          'with limits',
        ],
      ],
    }),
  )
    .option('--account <account>', "id or number; default: the caller's own")
    .requiredOption('--product <code>', 'what its clients order: front door and code (certmux product list)')
    .option('--organization <organization>', 'for products that name one: id or number');
  remoteAction<LimitOptions & { account?: string; product: string; organization?: string }>(
    cli,
    create,
    async ({ client, args, options, output }) => {
      const created = await client.acmeKeys.create({
        account: options.account ?? null,
        name: args[0] ?? '',
        productCode: options.product,
        organization: options.organization ?? null,
        ...limitsOf(options),
      });
      const { directoryUrl, hmacKey } = created;
      const { keyId, name, number } = created.key;
      output.show(created, () => [
        `Created the ACME key ${number} (${name}). The HMAC key is shown only this once.`,
        '',
        ...factLines([
          ['Directory', directoryUrl],
          ['Key id', keyId],
          ['HMAC key', hmacKey],
        ]),
        ...clientLines({ directoryUrl, keyId, hmacKey }),
      ]);
    },
  );

  const list = addCommand(key, {
    usage: 'list',
    summary: 'List the keys',
    description: 'Lists the keys of the account, revoked ones too.',
    examples: [
      ['certmux acme key list', "of the caller's own account"],
      ['certmux acme key list --account 100001', 'for an operator'],
    ],
  }).option('--account <account>', "id or number; default: the caller's own");
  addCsvOption(list);
  remoteAction<{ account?: string }>(cli, list, async ({ client, options, output }) => {
    await output.list({
      endpoint: api.acmeKeys.list,
      read: async () => {
        const { items } = await client.acmeKeys.list(options.account === undefined ? {} : { account: options.account });
        return { items, nextCursor: null };
      },
      columns,
      none: 'There are no ACME keys yet. Create one: certmux acme key create --help',
    });
  });

  const show = addCommand(key, {
    usage: 'show <key>',
    summary: 'Show a key, without its secret',
    description: 'Shows what a key orders, what its clients may do, and whether it is still valid.',
    examples: [['certmux acme key show 3', 'by number; ids work as well']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const shown = await client.acmeKeys.show({ key: args[0] ?? '' });
    output.show(shown, () => factLines(factsOf(shown)));
  });

  const change = addLimitOptions(
    addCommand(key, {
      usage: 'change <key>',
      summary: 'Change the name or the limits of a key',
      description:
        'Changes what is named and leaves the rest. A list replaces the one before. It holds from now on, also for what was ordered and is not ' +
        'issued yet.',
      examples: [
        ['certmux acme key change 3 --allow-name shop.example --allow-name shop.test', 'only names under these'],
        ['certmux acme key change 3 --lift names --lift max-days', 'without these limits'],
      ],
    }),
  )
    .option('--name <text>', 'where it is used')
    .addOption(liftOption());
  remoteAction<LimitOptions & { name?: string; lift?: Lifted[] }>(
    cli,
    change,
    async ({ client, args, options, output }) => {
      const { name, lift } = options;
      const request = { ...(name === undefined ? {} : { name }), ...limitsOf(options), ...liftsOf(lift) };
      if (Object.keys(request).length === 0) {
        throw new UsageError('nothing is named that should change', 'name it: certmux acme key change --help');
      }
      const changed = await client.acmeKeys.change({ key: args[0] ?? '', ...request });
      output.show(changed, () => factLines(factsOf(changed)));
    },
  );

  const revoke = addCommand(key, {
    usage: 'revoke <key>',
    summary: 'Revoke a key: its clients order nothing any more',
    description:
      'Ends what the clients of a key may order. What they ordered before is issued; certificates stay as they are, and can still be ' +
      'downloaded and revoked.',
    examples: [['certmux acme key revoke 3', 'by number']],
  });
  remoteAction(cli, revoke, async ({ client, args, output }) => {
    const revoked = await client.acmeKeys.revoke({ key: args[0] ?? '' });
    output.show(revoked, () => [`Revoked the ACME key ${revoked.number} (${revoked.name}).`]);
  });
}
