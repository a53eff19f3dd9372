/** `ca sign-request|sign-list`: what needs the key of a root that is in a file. They need no server. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RevocationReason } from '../../domain/certificate.ts';
import { addCommand, type Cli, localAction, readInputFile } from '../command.ts';
import { UsageError } from '../failure.ts';
import type { OfflineSigning } from '../local.ts';
import { type PassphraseOptions, passphraseOf, withPassphrase } from '../passphrase.ts';
import type { Terminal } from '../terminal.ts';
import { momentText } from '../words.ts';

interface SigningOptions extends PassphraseOptions {
  readonly key: string;
  readonly certificate: string;
  readonly output: string;
}

const reasons: readonly RevocationReason[] = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];

export function addOfflineCaCommands(ca: Command, cli: Cli): void {
  const request = signingCommand(ca, {
    usage: 'sign-request <csr>',
    summary: 'Sign a request with the key of a root in a file',
    description:
      'Makes the certificate of a CA below, as certmux would: path length, key usages, serverAuth, and where the list of the root is: --pki-url and --authority, or --crl-url. ' +
      'Runs without a server, so that the key can stay on a machine without a network.',
    examples: [
      [
        'certmux ca sign-request ca.csr --key root.key --certificate root.pem --pki-url http://certs.example.com/pki --authority ca_01… --output ca.pem',
        'then: certmux ca install ca.pem',
      ],
    ],
  })
    .option('--days <days>', 'how long it is valid; never longer than the root', days, 3650)
    .option('--path-length <n>', 'how many CAs may be below', count, 0)
    .option('--pki-url <url>', 'where /pki/ of the server is reached: with --authority, stands in the certificate')
    .option('--authority <id>', 'the id of the root on the server')
    .option('--crl-url <url>', 'where the list of the root is, of one that no server has');
  localAction<
    SigningOptions & { days: number; pathLength: number; pkiUrl?: string; authority?: string; crlUrl?: string }
  >(cli, request, async ({ args: [csr = ''], options, output, terminal }) => {
    const { days: life, pathLength, pkiUrl, authority, crlUrl } = options;
    if (crlUrl === undefined && (pkiUrl === undefined || authority === undefined))
      throw new UsageError(
        'the certificate must say where the list of the root is',
        'use --pki-url and --authority, or --crl-url',
      );
    const pem = await cli.local.signCaRequest({
      ...(await signingOf(terminal, options)),
      csr: await readInputFile(terminal, csr),
      days: life,
      pathLength,
      pkiUrl,
      authority,
      crlUrl,
    });
    await terminal.writeFile(options.output, Buffer.from(pem));
    output.show({ file: options.output }, () => [`Wrote the certificate to ${options.output}.`]);
  });

  const list = signingCommand(ca, {
    usage: 'sign-list',
    summary: 'Make a list with the key of a root in a file',
    description:
      'Makes the list of revoked certificates of the root. Entries and number go on from --previous. Runs without a server.',
    examples: [
      [
        'certmux ca sign-list --key root.key --certificate root.pem --previous root.crl --output new.crl',
        'then: certmux ca list upload ca_01… new.crl',
      ],
    ],
  })
    .option('--previous <file>', 'the list before')
    .option('--number <n>', 'its number, where there is no list before', listNumber)
    .option('--revoke <file...>', 'certificates that are revoked now')
    .addOption(new Option('--reason <reason>', 'why they are').choices(reasons).default('unspecified'))
    .option('--days <days>', 'until when the next one must be there', days, 180);
  localAction<
    SigningOptions & { previous?: string; number?: number; revoke?: string[]; reason: RevocationReason; days: number }
  >(cli, list, async ({ options, output, terminal }) => {
    const { previous, number, revoke = [], reason, days: life } = options;
    const revoked: string[] = [];
    for (const file of revoke) revoked.push(await readInputFile(terminal, file));
    const made = await cli.local.signCaList({
      ...(await signingOf(terminal, options)),
      previous: previous === undefined ? undefined : await readInputFile(terminal, previous),
      number,
      revoked,
      reason,
      days: life,
    });
    await terminal.writeFile(options.output, Buffer.from(made.pem));
    const { pem: _, ...shown } = made;
    output.show({ file: options.output, ...shown }, () => [
      `Wrote list ${made.number} with ${made.entries} entries to ${options.output}. The next one must be there by ${momentText(made.nextUpdate)}.`,
    ]);
  });
}

function signingCommand(ca: Command, help: Parameters<typeof addCommand>[1]): Command {
  return withPassphrase(addCommand(ca, help))
    .requiredOption('--key <file>', 'the key of the root, as ca root export has written it')
    .requiredOption('--certificate <file>', 'the certificate of the root')
    .requiredOption('-o, --output <file>', 'the file to write');
}

async function signingOf(terminal: Terminal, options: SigningOptions): Promise<OfflineSigning> {
  const key = await readInputFile(terminal, options.key);
  const isEncrypted = key.includes('ENCRYPTED');
  return {
    keyFile: options.key,
    key,
    passphrase: isEncrypted ? await passphraseOf(terminal, options, { isNew: false }) : undefined,
    certificate: await readInputFile(terminal, options.certificate),
  };
}

function days(text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('must be a number of days');
}

function count(text: string): number {
  if (/^[0-9]$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a number from 0 to 9');
}

function listNumber(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a number');
}
