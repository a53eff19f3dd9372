/** `ca import`, `ca revoke-serial`: taking over a CA that was run elsewhere, and what it had issued. */
import { type Command, Option } from 'commander';
import type { WireImportedAuthority } from '../../dialects/native/schema.ts';
import { type RevocationReason, revocationReasons } from '../../domain/certificate.ts';
import {
  addCommand,
  type Cli,
  collect,
  readFirstLine,
  readInputFile,
  readPublicFile,
  remoteAction,
  wholeNumber,
} from '../command.ts';
import type { IssuedFiles } from '../local.ts';
import { dayText, momentText } from '../words.ts';

interface ImportOptions {
  readonly certificate?: readonly string[];
  readonly passwordFile?: string;
  readonly index?: string;
  readonly issued?: string;
  readonly list?: string;
  readonly listNumber?: number;
  readonly dryRun?: true;
}

export function addCaImportCommands(ca: Command, cli: Cli): void {
  addImport(ca, cli);
  addRevokeSerial(ca, cli);
}

function addImport(ca: Command, cli: Cli): void {
  const command = addCommand(ca, {
    usage: 'import <keyfile>',
    summary: 'Take over a CA that was run elsewhere',
    description:
      'Makes a CA an authority of this server: its key is sealed here, what it has revoked stays listed, the numbers of its lists go on, ' +
      'and none of its serial numbers is used again. All is checked first; then it is done as a whole or not at all. Stop the old CA ' +
      'beforehand: two that issue under one name use the same numbers. For operators.',
    examples: [
      ['certmux ca import ca.key --certificate ca.pem --index index.txt --list crl.pem --dry-run', 'what would come'],
      ['certmux ca import ca.key --certificate ca.pem --index index.txt --list crl.pem', 'an openssl ca'],
      ['certmux ca import ca.p12 --password-file pass.txt --issued newcerts --list crl.pem', 'PKCS#12, and a folder'],
    ],
  })
    .option('--certificate <file>', 'of the CA and of those above it; may be repeated', collect)
    .option('--password-file <file>', 'the password of the key file')
    .option('--index <file>', 'index.txt of openssl ca: what it has issued')
    .option('--issued <folder>', 'the certificates that it has issued')
    .option('--list <file>', 'the last list of revoked certificates (CRL) that it has made')
    .option('--list-number <number>', 'the number of that list, where the list is lost', wholeNumber)
    .option('--dry-run', 'check everything, and change nothing');
  remoteAction<ImportOptions>(cli, command, async ({ client, args, options, output, terminal }) => {
    const { certificate = [], passwordFile, index, issued, list, listNumber = null, dryRun } = options;
    const read = (file: string) => readInputFile(terminal, file);
    const parts = {
      key: await read(args[0] ?? ''),
      password: passwordFile === undefined ? null : await readFirstLine(terminal, passwordFile),
      certificates: await Promise.all(certificate.map(read)),
      list: list === undefined ? null : await readPublicFile(terminal, list),
      listNumber,
    };
    const examined = await client.authorityImport.examine(parts);
    const files: IssuedFiles = { index, folder: issued, issuer: examined.pem };
    const isKnown = index !== undefined || issued !== undefined;
    // All of it is read before anything is sent: a fault is found here, with its file and line.
    const found = { total: 0, revoked: 0, others: 0 };
    for await (const { serials, others } of cli.local.readIssued(files)) {
      found.total += serials.length;
      found.revoked += serials.filter(({ revokedAt }) => revokedAt !== null).length;
      found.others += others;
    }
    const warnings = examined.warnings.filter(({ key }) => !(isKnown && key === 'importWithoutSerials'));
    if (dryRun === true) {
      output.show({ ...examined, serials: found, warnings }, () => [
        `Would take over ${examined.subject}:`,
        ...linesOf(examined),
        `  serials  ${found.total} read, ${found.revoked} of them revoked; ${found.others} certificates of others left out`,
        ...warnings.map(({ message }) => `note: ${message}`),
        'Nothing was changed.',
      ]);
      return;
    }
    let upload: string | null = null;
    if (isKnown) {
      for await (const { serials } of cli.local.readIssued(files)) {
        ({ upload } = await client.authorityImport.addSerials({ upload, serials: [...serials] }));
      }
    }
    const taken = await client.authorityImport.take({ ...parts, upload });
    output.show(taken, () => [
      `Took over ${taken.subject} as ${taken.authority?.id ?? ''}:`,
      ...linesOf(taken),
      `  serials  ${taken.serials.total}, ${taken.serials.revoked} of them revoked`,
      ...taken.warnings.map(({ message }) => `note: ${message}`),
    ]);
  });
}

function linesOf({ role, keyKind, notAfter, above, list, nextListNumber }: WireImportedAuthority): readonly string[] {
  const last =
    list === null ? 'none' : `number ${list.number} of ${momentText(list.thisUpdate)}, ${list.entries} entries`;
  return [
    `  role     ${role}, ${keyKind}, until ${dayText(notAfter)}`,
    ...above.map((subject) => `  under    ${subject}`),
    `  list     ${last}; the next has the number ${nextListNumber}`,
  ];
}

function addRevokeSerial(ca: Command, cli: Cli): void {
  const command = addCommand(ca, {
    usage: 'revoke-serial <authority> <serial>',
    summary: 'Revoke a certificate that a CA had issued before it came here',
    description:
      'Revokes it by its serial number; the next list, which is made at once, has it. For a certificate that was issued here use ' +
      'certificate revoke. For operators.',
    examples: [['certmux ca revoke-serial ca_01… 1A2B --reason keyCompromise', 'the id is in ca show']],
  }).addOption(new Option('--reason <reason>', 'why').choices(Object.keys(revocationReasons)).default('unspecified'));
  remoteAction<{ reason: RevocationReason }>(cli, command, async ({ client, args, options, output }) => {
    const [authority = '', serial = ''] = args;
    const revoked = await client.authorityImport.revokeSerial({ authority, serial, reason: options.reason });
    output.show(revoked, () => [
      `Revoked the serial number ${revoked.serial} (${revoked.reason ?? 'unspecified'}); the next list has it.`,
    ]);
  });
}
