/** `credential create|list|change|revoke`: the keys that software uses. */
import type { Command } from 'commander';
import { api, type WireCredential } from '../../dialects/native/schema.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addGroup, addPageOptions, type Cli, collect, type PageOptions, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { isYes, type YesOrNo, yesOrNoOption } from '../list-filters.ts';
import { type RoleOptions, roleOption } from '../roles.ts';
import { type Column, factLines } from '../table.ts';
import { momentText, optionalActorText } from '../words.ts';

function stateText({ revokedAt, expiresAt }: WireCredential): string {
  if (revokedAt !== null) return `revoked ${momentText(revokedAt)}`;
  return expiresAt === undefined ? 'valid' : `until ${momentText(expiresAt)}`;
}

const columns: readonly Column<WireCredential>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'API', value: ({ dialect }) => dialect },
  { title: 'LABEL', value: ({ label }) => label, isFlexible: true },
  { title: 'KEY', value: ({ publicId }) => publicId },
  { title: 'ROLES', value: ({ roles }) => roles.join(', '), isFlexible: true },
  { title: 'HELD BY', value: ({ holder }) => holder?.name ?? '–', isFlexible: true },
  { title: 'MADE BY', value: ({ createdBy }) => optionalActorText(createdBy) ?? '–', isFlexible: true },
  { title: 'ACCOUNT', value: ({ accountId }) => accountId ?? 'operator' },
  { title: 'LAST USED', value: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : momentText(lastUsedAt)) },
  { title: 'STATE', value: stateText },
  { title: 'ID', value: ({ id }) => id },
];

interface CredentialListOptions extends PageOptions {
  readonly user?: string;
  readonly acmeKey?: string;
  readonly dialect?: string;
  readonly text?: string;
  readonly unusedSince?: string;
  readonly revoked?: YesOrNo;
}

export function addCredentialCommands(program: Command, cli: Cli): void {
  const credential = addGroup(program, {
    usage: 'credential',
    summary: 'Credentials: the keys that software uses',
    description: 'A credential opens one API for one account. Its secret is shown when it is made and never again.',
  });

  const create = addCommand(credential, {
    usage: 'create',
    summary: 'Create a key to one API',
    description:
      'Makes a key and prints what to enter in the client, under the names that the client uses: client_id and access_token for ' +
      'Encryption365; customer_id, auth_token and the signfile to place for WoSign; OpenApiKey for httpsok; ' +
      'X-DC-DEVKEY for DigiCert; api_token for Racent; a token for the native API. Without --role a native ' +
      'token only reads and a key to another API orders. You must hold every role that you give.',
    examples: [
      [
        'certmux credential create --account 100001 --dialect encryption365 --label "panel on web1"',
        'for a panel plug-in',
      ],
      [
        'certmux credential create --account 100001 --dialect wosign --allow-address 203.0.113.7',
        'for a platform, from its address only',
      ],
      ['certmux credential create --account 100001 --role requester --role approver', 'a token for the native API'],
      ['certmux credential create --user operator --label ops', "another operator's token"],
    ],
  })
    .option('--account <account>', "id or number; default: the caller's own")
    .option('--dialect <name>', 'the API it opens', 'native')
    .option('--label <text>', 'where it is used, for the list', '')
    .option('--user <user>', 'who holds it: it may do no more than they, and ends with them')
    .addOption(roleOption())
    .option('--expires-at <time>', 'refused from then on: 2027-01-31T12:00:00Z; default: it has no end')
    .option('--allow-address <cidr>', 'only from these addresses (repeatable)', collect);
  remoteAction<
    RoleOptions & {
      account?: string;
      dialect: string;
      label: string;
      user?: string;
      expiresAt?: string;
      allowAddress?: string[];
    }
  >(cli, create, async ({ client, options, output }) => {
    const created = await client.credentials.create({
      account: options.account ?? null,
      dialect: options.dialect,
      label: options.label,
      allowedAddresses: options.allowAddress ?? null,
      ...withDefined({ user: options.user, expiresAt: options.expiresAt }),
      ...(options.role === undefined ? {} : { roles: [...options.role] }),
    });
    output.show(created, () => [
      `Created a credential for ${created.credential.dialect} (${created.credential.id}).`,
      'Enter this in the client now: it is shown only this once.',
      '',
      ...factLines(Object.entries(created.clientSettings)),
    ]);
  });

  const list = addPageOptions(
    addCommand(credential, {
      usage: 'list',
      summary: 'List the credentials',
      description: 'Lists keys with their last use, newest first. Look here for keys that nobody uses any more.',
      examples: [
        ['certmux credential list', 'a table'],
        ['certmux credential list --json', 'for a program'],
        ['certmux credential list --unused-since 2026-06-01 --revoked no', 'keys that nobody uses'],
      ],
    }),
  )
    .option('--user <user>', 'only those that this user holds: id, number or user name')
    .option('--acme-key <key>', 'only ACME accounts that this ACME key has bound: id or number')
    .option('--dialect <api>', 'only those that open this API')
    .option('--text <text>', 'only with this in the label or the public half, or with this number')
    .option('--unused-since <date>', 'only those not used since this day (UTC)')
    .addOption(yesOrNoOption('--revoked <answer>', 'only those that are revoked, or are not'));
  remoteAction<CredentialListOptions>(cli, list, async ({ client, options, output }) => {
    const { user, acmeKey, dialect, text, unusedSince, revoked } = options;
    const filter = { user, acmeKey, dialect, text, unusedSince, revoked: isYes(revoked) };
    await output.list({
      endpoint: api.credentials.list,
      page: options,
      read: (page) => client.credentials.list({ ...page, ...filter }),
      columns,
      none: 'There are no credentials yet. Create one: certmux credential create --account <account>',
    });
  });

  const change = addCommand(credential, {
    usage: 'change <credential>',
    summary: 'Change the label, the roles, the end or the addresses of a key',
    description: 'Changes what is named. Roles replace the ones before; the key itself stays the same.',
    examples: [
      ['certmux credential change 100012 --label "panel on web2"', 'by number; ids work as well'],
      ['certmux credential change 100012 --role viewer', 'only reads from now on'],
      ['certmux credential change 100012 --expires-at 2027-01-31T12:00:00Z', 'refused from then on'],
      ['certmux credential change 100012 --allow-address 203.0.113.0/24', 'only from there'],
    ],
  })
    .option('--label <text>', 'where it is used')
    .option('--expires-at <time>', 'refused from then on: 2027-01-31T12:00:00Z; never: it has no end')
    .option('--allow-address <cidr>', 'only from these addresses (repeatable); anywhere: from all', collect)
    .addOption(roleOption());
  type ChangeOptions = RoleOptions & { label?: string; expiresAt?: string; allowAddress?: string[] };
  remoteAction<ChangeOptions>(cli, change, async ({ client, args, options, output }) => {
    const { label, role, expiresAt, allowAddress } = options;
    if (Object.keys(withDefined({ label, role, expiresAt, allowAddress })).length === 0) {
      throw new UsageError('nothing is named that should change', 'name it: certmux credential change --help');
    }
    const changed = await client.credentials.change({
      credential: args[0] ?? '',
      ...withDefined({ label, expiresAt: expiresAt === 'never' ? null : expiresAt }),
      ...(role === undefined ? {} : { roles: [...role] }),
      ...(allowAddress === undefined
        ? {}
        : { allowedAddresses: allowAddress.includes('anywhere') ? null : allowAddress }),
    });
    output.show(changed, () =>
      factLines([
        ['Credential', changed.id],
        ['Label', changed.label],
        ['Roles', changed.roles.join(', ')],
        ['Until', changed.expiresAt === undefined ? null : momentText(changed.expiresAt)],
        ['Only from', changed.allowedAddresses === null ? null : changed.allowedAddresses.join(', ')],
      ]),
    );
  });

  const revoke = addCommand(credential, {
    usage: 'revoke <credential>',
    summary: 'Revoke a key at once and for good',
    description: 'Revokes a key. Use it when the key leaked or its software is gone. Certificates stay as they are.',
    examples: [['certmux credential revoke crd_01…', 'by the id in the list']],
  });
  remoteAction(cli, revoke, async ({ client, args, output }) => {
    const revoked = await client.credentials.revoke({ credential: args[0] ?? '' });
    output.show(revoked, () => [`Revoked ${revoked.id}${revoked.label === '' ? '' : ` (${revoked.label})`}.`]);
  });
}
