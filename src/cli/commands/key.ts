/** `key block|unblock|list|import|prove`: keys that must not be certified. */

import { type Command, Option } from 'commander';
import type { NativeClient } from '../../dialects/native/client.ts';
import { api, type WireBlockedKey, type WireCertificate } from '../../dialects/native/schema.ts';
import { blockSources } from '../../domain/blocked-key.ts';
import { compromiseStatement, listLinesAtOnce } from '../../domain/ports/key-register.ts';
import {
  addCommand,
  addGroup,
  addPageOptions,
  type Cli,
  type PageOptions,
  publicAction,
  readInputFile,
  readPublicFile,
  remoteAction,
} from '../command.ts';
import { UsageError } from '../failure.ts';
import type { Column } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { actorText, dayText, namesText } from '../words.ts';

const columns: readonly Column<WireBlockedKey>[] = [
  { title: 'KEY', value: ({ key }) => key },
  { title: 'WHERE', value: ({ accountId }) => accountId ?? 'everywhere' },
  { title: 'BECAUSE', value: ({ source }) => source },
  { title: 'SINCE', value: ({ createdAt }) => dayText(createdAt) },
  { title: 'BY', value: ({ blockedBy }) => actorText(blockedBy), isFlexible: true },
  { title: 'NOTE', value: ({ note }) => note, isFlexible: true },
];

const certificateColumns: readonly Column<WireCertificate>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAMES', value: namesText, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ENDS', value: ({ notAfter }) => dayText(notAfter) },
  { title: 'ACCOUNT', value: ({ accountId }) => accountId },
  { title: 'SERIAL', value: ({ serial }) => serial },
];

/** Half of what the server takes at once, so that a long line at the end of a part still fits. */
const charactersAtOnce = 32_768;

interface Place {
  readonly account?: string;
}

export function addKeyCommands(program: Command, cli: Cli): void {
  const group = addGroup(program, {
    usage: 'key',
    summary: 'Keys that must not be certified',
    description:
      'Compromised and weak keys. No certificate is issued for a blocked key, orders that wait with it fail and are refunded, and ' +
      'its certificates are found by it. An operator blocks keys everywhere; an administrator in their own account.',
  });
  addBlock(group, cli);
  addUnblock(group, cli);
  addList(group, cli);
  addImport(group, cli);
  addProve(group, cli);
}

const keyHelp =
  'The key is the SHA-256 of its SubjectPublicKeyInfo, or a file with a public key, a certificate or a CSR.';

function addBlock(group: Command, cli: Cli): void {
  const block = addCommand(group, {
    usage: 'block <key>',
    summary: 'Block a key',
    description: `Blocks a key, so that it is never certified again. ${keyHelp}`,
    examples: [
      ['certmux key block leaked.crt --revoke --note "found in a public repository"', 'and revoke its certificates'],
      ['certmux key block 8fb6bad671cfe698393c453357da61b56d757ab8c0f3fb9c87f2849e63131878', 'by its hash'],
    ],
  })
    .option('--account <account>', 'operators only: in this account; else everywhere')
    .option('--note <text>', 'for those who meet the block later', '')
    .option('--revoke', 'revoke its certificates as well, for keyCompromise');
  remoteAction<Place & { note: string; revoke?: true }>(
    cli,
    block,
    async ({ client, args, options, output, terminal }) => {
      const key = await keyOf(terminal, args[0] ?? '');
      const { account = null, note, revoke } = options;
      const blocked = await client.keys.block({ key, account, note });
      const revocations = revoke === true ? await client.keys.revokeCertificates({ key }) : null;
      output.show({ ...blocked, revocations }, () => [
        `Blocked ${blocked.key} ${placeText(blocked)}.`,
        ...(revocations === null
          ? ['See its certificates: certmux key list --certificates --key …']
          : revocationLines(revocations)),
      ]);
    },
  );
}

function revocationLines({
  revoked,
  requested,
  left,
}: Awaited<ReturnType<NativeClient['keys']['revokeCertificates']>>) {
  return [
    `Revoked ${revoked} of its certificates.`,
    ...(requested === 0 ? [] : [`${requested} wait for an approver: see certmux approval list.`]),
    ...(left === 0 ? [] : [`${left} could not be revoked now: a request waits already, or a reissue is under way.`]),
  ];
}

function addUnblock(group: Command, cli: Cli): void {
  const unblock = addCommand(group, {
    usage: 'unblock <key>',
    summary: 'Lift a block',
    description: `Lets a key be certified again. A key that was reported as compromised only an operator unblocks. ${keyHelp}`,
    examples: [['certmux key unblock wrong.csr --account 100002', 'what was blocked in one account']],
  }).option('--account <account>', 'operators only: in this account; else everywhere');
  remoteAction<Place>(cli, unblock, async ({ client, args, options: { account = null }, output, terminal }) => {
    const lifted = await client.keys.unblock({ key: await keyOf(terminal, args[0] ?? ''), account });
    output.show(lifted, () => [`Unblocked ${lifted.key} ${placeText(lifted)}.`]);
  });
}

interface KeyListOptions extends PageOptions, Place {
  readonly key?: string;
  readonly certificates?: true;
  readonly source?: WireBlockedKey['source'];
  readonly text?: string;
}

function addList(group: Command, cli: Cli): void {
  const list = addPageOptions(
    addCommand(group, {
      usage: 'list',
      summary: 'List blocked keys, or the certificates of a key',
      description:
        'Lists blocked keys, newest first. An operator sees those of every account, and with --certificates the certificates of a ' +
        'key in all of them.',
      examples: [
        ['certmux key list', 'what is blocked, and why'],
        ['certmux key list --certificates --key leaked.crt', 'every certificate of a key'],
      ],
    }),
  )
    .option('--key <key>', 'only this one: a hash or a file')
    .option('--certificates', 'the certificates of the key instead')
    .addOption(new Option('--source <source>', 'only what is blocked because of this').choices(blockSources))
    .option('--text <text>', 'only with this in the note')
    .option('--account <account>', 'operators only: what is blocked in this account');
  remoteAction<KeyListOptions>(cli, list, async ({ client, options, output, terminal }) => {
    const { account, source, text } = options;
    const key = options.key === undefined ? undefined : await keyOf(terminal, options.key);
    if (options.certificates !== true) {
      await output.list({
        endpoint: api.keys.blocked,
        page: options,
        read: (page) => client.keys.blocked({ ...page, account, key, source, text }),
        columns,
        none: 'No key is blocked.',
      });
      return;
    }
    if (key === undefined) throw new UsageError('--certificates needs a key', 'name it with --key');
    if (source !== undefined || text !== undefined)
      throw new UsageError('--source and --text are about blocked keys', 'leave out --certificates');
    await output.list({
      endpoint: api.keys.certificates,
      page: options,
      read: (page) => client.keys.certificates({ ...page, key }),
      columns: certificateColumns,
      none: 'There is no certificate of this key.',
    });
  });
}

function addImport(group: Command, cli: Cli): void {
  const add = addCommand(group, {
    usage: 'import <file>',
    summary: 'Block the keys of a list',
    description:
      'Blocks every key of a list: SHA-256 hashes of SubjectPublicKeyInfos as hex or base64, the files of openssl-blacklist ' +
      '(Debian weak keys), or keys, certificates and CSRs as PEM; # begins a comment. It is sent in parts. A part with a line that is ' +
      'no key is refused as a whole, with the number of the line; the parts before it stay. Repeating it is safe.',
    examples: [
      ['certmux key import /usr/share/openssl-blacklist/blacklist.RSA-2048', 'Debian weak keys'],
      ['certmux key import pwnedkeys.txt --note "pwnedkeys 2026-06"', 'hashes, one a line'],
    ],
  })
    .option('--account <account>', 'operators only: in this account; else everywhere')
    .option('--note <text>', 'where the list is from; the name of the file by default');
  remoteAction<Place & { note?: string }>(cli, add, async ({ client, args, options, output, terminal }) => {
    const file = args[0] ?? '';
    const { account = null, note = file.slice(-200) } = options;
    const lines = terminal.readLines(file);
    const total = { added: 0, known: 0 };
    for await (const part of partsOf(lines)) {
      const { added, known } = await client.keys.import({ ...part, account, note });
      total.added += added;
      total.known += known;
    }
    output.show(total, () => [`Blocked ${total.added} keys; ${total.known} were blocked before.`]);
  });
}

/** Parts of a list that are small enough for the server. A PEM block stays in one of them. */
async function* partsOf(
  lines: AsyncIterable<string>,
): AsyncGenerator<{ readonly text: string; readonly firstLine: number }> {
  let part: string[] = [];
  let size = 0;
  let number = 0;
  let isInBlock = false;
  const done = () => ({ text: part.join('\n'), firstLine: number - part.length + 1 });
  for await (const line of lines) {
    if (!isInBlock && (part.length >= listLinesAtOnce / 2 || size >= charactersAtOnce)) {
      yield done();
      part = [];
      size = 0;
    }
    number += 1;
    part.push(line);
    size += line.length + 1;
    if (line.startsWith('-----BEGIN ')) isInBlock = true;
    // A block without an end is cut where the server would refuse its length, and is refused for what it is.
    if (line.startsWith('-----END ') || part.length >= listLinesAtOnce) isInBlock = false;
  }
  if (part.length > 0) yield done();
}

function addProve(group: Command, cli: Cli): void {
  const prove = addCommand(group, {
    usage: 'prove <file>',
    summary: 'Report a compromised key that you hold',
    description:
      'Signs with a key that it is compromised and reports it to the server, which blocks it everywhere. The file holds the private key, ' +
      `which stays here; or a CSR that it signed with the subject CN=${compromiseStatement}. Nobody needs an account for it.`,
    examples: [
      ['certmux key prove found.key --url https://certs.example.com', 'a private key that you came by'],
      [
        `openssl req -new -key found.key -subj "/CN=${compromiseStatement}" -out proof.csr`,
        'where certmux is not at hand',
      ],
    ],
  });
  publicAction(cli, prove, async ({ client, args, output, terminal }) => {
    const text = await readInputFile(terminal, args[0] ?? '');
    const csr = /PRIVATE KEY-----/.test(text) ? await cli.local.signCompromiseReport(text) : text;
    const reported = await client.keys.report({ csr });
    output.show(reported, () => [`The key ${reported.key} is blocked. Thank you.`]);
  });
}

/** A fingerprint as it is; anything else is the name of a file. */
async function keyOf(terminal: Terminal, text: string): Promise<string> {
  const isFingerprint = /^(?:sha256[:/]{1,2})?(?:[0-9A-Fa-f:]{20,95}|[A-Za-z0-9+/]{43}=)$/.test(text);
  return isFingerprint ? text : readPublicFile(terminal, text);
}

function placeText({ accountId }: WireBlockedKey): string {
  return accountId === null ? 'everywhere' : `in ${accountId}`;
}
