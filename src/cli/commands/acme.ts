/** `acme key create|list|show|revoke`: the keys by which ACME clients are bound to an account, with what to enter in each client. */
import type { Command } from 'commander';
import type { WireAcmeKey } from '../../dialects/native/schema.ts';
import { addCommand, addGroup, type Cli, remoteAction } from '../command.ts';
import { type Column, factLines } from '../table.ts';
import { momentText } from '../words.ts';

const columns: readonly Column<WireAcmeKey>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'KEY ID', value: ({ keyId }) => keyId },
  { title: 'CREATED', value: ({ createdAt }) => momentText(createdAt) },
  { title: 'STATE', value: ({ revokedAt }) => (revokedAt === null ? 'valid' : `revoked ${momentText(revokedAt)}`) },
];

interface Settings {
  readonly directoryUrl: string;
  readonly keyId: string;
  readonly hmacKey: string;
}

/** What is typed, or stands in the configuration, for each client. */
const clients: readonly (readonly [name: string, lines: (settings: Settings) => readonly string[]])[] = [
  [
    'certbot',
    ({ directoryUrl, keyId, hmacKey }) => [
      `certbot certonly --server ${directoryUrl} --eab-kid ${keyId} --eab-hmac-key ${hmacKey} -d NAME`,
    ],
  ],
  [
    'acme.sh',
    ({ directoryUrl, keyId, hmacKey }) => [
      `acme.sh --register-account --server ${directoryUrl} --eab-kid ${keyId} --eab-hmac-key ${hmacKey}`,
      `acme.sh --issue --server ${directoryUrl} -d NAME --webroot DIRECTORY`,
    ],
  ],
  [
    'lego',
    ({ directoryUrl, keyId, hmacKey }) => [
      `lego --server ${directoryUrl} --eab --kid ${keyId} --hmac ${hmacKey} --email MAIL --domains NAME --http run`,
    ],
  ],
  [
    'Caddy',
    ({ directoryUrl, keyId, hmacKey }) => [
      '{',
      `    acme_ca ${directoryUrl}`,
      '    acme_eab {',
      `        key_id ${keyId}`,
      `        mac_key ${hmacKey}`,
      '    }',
      '}',
    ],
  ],
  [
    'Traefik',
    ({ directoryUrl, keyId, hmacKey }) => [
      'certificatesResolvers:',
      '  certmux:',
      '    acme:',
      `      caServer: ${directoryUrl}`,
      '      eab:',
      `        kid: ${keyId}`,
      `        hmacEncoded: ${hmacKey}`,
    ],
  ],
  [
    'cert-manager',
    ({ directoryUrl, keyId, hmacKey }) => [
      `# kubectl create secret generic certmux-eab --from-literal=secret=${hmacKey}`,
      'spec:',
      '  acme:',
      `    server: ${directoryUrl}`,
      '    externalAccountBinding:',
      `      keyID: ${keyId}`,
      '      keySecretRef: { name: certmux-eab, key: secret }',
    ],
  ],
  [
    'win-acme',
    ({ directoryUrl, keyId, hmacKey }) => [
      `wacs.exe --baseuri ${directoryUrl} --eab-key-identifier ${keyId} --eab-key ${hmacKey} --host NAME`,
    ],
  ],
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

  const create = addCommand(key, {
    usage: 'create <name>',
    summary: 'Create a key and print what to enter in each client',
    description:
      'Makes a key for ACME clients. Each of them makes an account of its own with it; all order the same product.',
    examples: [
      ['certmux acme key create "web servers" --account 100001 --product encryption365:100', 'for one account'],
    ],
  })
    .option('--account <account>', "id or number; default: the caller's own")
    .requiredOption('--product <code>', 'what its clients order: front door and code (certmux product list)')
    .option('--organization <organization>', 'for products that name one: id or number');
  remoteAction<{ account?: string; product: string; organization?: string }>(
    cli,
    create,
    async ({ client, args, options, output }) => {
      const created = await client.acmeKeys.create({
        account: options.account ?? null,
        name: args[0] ?? '',
        productCode: options.product,
        organization: options.organization ?? null,
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
        ...clients.flatMap(([title, lines]) => [
          '',
          `${title}:`,
          ...lines({ directoryUrl, keyId, hmacKey }).map((line) => `  ${line}`),
        ]),
      ]);
    },
  );

  const list = addCommand(key, {
    usage: 'list',
    summary: 'List the keys',
    description: 'Lists the keys of the account, revoked ones too.',
    examples: [['certmux acme key list', 'a table']],
  });
  remoteAction(cli, list, async ({ client, output }) => {
    const { items } = await client.acmeKeys.list({});
    output.list(
      { items, nextCursor: null },
      columns,
      'There are no ACME keys yet. Create one: certmux acme key create --help',
    );
  });

  const show = addCommand(key, {
    usage: 'show <key>',
    summary: 'Show a key, without its secret',
    description: 'Shows what a key orders and whether it is still valid.',
    examples: [['certmux acme key show 3', 'by number; ids work as well']],
  });
  remoteAction(cli, show, async ({ client, args, output }) => {
    const shown = await client.acmeKeys.show({ key: args[0] ?? '' });
    output.show(shown, () => factLines(factsOf(shown)));
  });

  const revoke = addCommand(key, {
    usage: 'revoke <key>',
    summary: 'Revoke a key: its clients order nothing any more',
    description: 'Ends what the clients of a key may order. Certificates stay as they are.',
    examples: [['certmux acme key revoke 3', 'by number']],
  });
  remoteAction(cli, revoke, async ({ client, args, output }) => {
    const revoked = await client.acmeKeys.revoke({ key: args[0] ?? '' });
    output.show(revoked, () => [`Revoked the ACME key ${revoked.number} (${revoked.name}).`]);
  });
}

function factsOf(key: WireAcmeKey): readonly (readonly [string, string | null])[] {
  return [
    ['Key', `${key.number} (${key.id})`],
    ['Name', key.name],
    ['Key id', key.keyId],
    ['Product', key.productId],
    ['Organization', key.organizationId],
    ['Coverage', `${key.coverage.count} ${key.coverage.unit}`],
    ['Created', momentText(key.createdAt)],
    ['Revoked', key.revokedAt === null ? null : momentText(key.revokedAt)],
  ];
}
