/** `certificate list|show|download|revoke`. */
import { type Command, Option } from 'commander';
import { api, type WireCertificate } from '../../dialects/native/schema.ts';
import { certificateStandings } from '../../domain/certificate.ts';
import { addCommand, addGroup, addPageOptions, type Cli, type PageOptions, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { addFilterOptions, type FilterOptions, filterOf, isYes, type YesOrNo, yesOrNoOption } from '../list-filters.ts';
import { type ReasonOptions, reasonOption } from '../reasons.ts';
import { revokedOrAlready } from '../revoked-already.ts';
import { type Column, factLines } from '../table.ts';
import { styled, visibleLines } from '../terminal.ts';
import { dayText, endText, momentText, namesText, optionalActorText, stateStyle } from '../words.ts';

const columns: readonly Column<WireCertificate>[] = [
  { title: 'NUMBER', value: ({ number }) => String(number), align: 'right' },
  { title: 'NAMES', value: namesText, isFlexible: true },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ENDS', value: ({ notAfter }) => dayText(notAfter) },
  { title: 'ISSUER', value: ({ issuerId }) => issuerId },
  { title: 'SERIAL', value: ({ serial }) => serial },
];

const fileFormats = ['fullchain', 'pem', 'chain', 'der', 'p7b', 'nginx', 'apache'] as const;
type FileFormat = (typeof fileFormats)[number];

function isBinary(format: FileFormat): boolean {
  return !['fullchain', 'pem', 'chain'].includes(format);
}

export function addCertificateCommands(program: Command, cli: Cli): void {
  const certificate = addGroup(program, {
    usage: 'certificate',
    summary: 'Certificates: the inventory',
    description: 'Every certificate that was issued, whichever API ordered it and whichever CA signed it.',
  });

  addList(certificate, cli);

  const show = addCommand(certificate, {
    usage: 'show <certificate>',
    summary: 'Show everything a certificate says',
    description: 'Shows the state of the certificate and all of its fields. --json has the PEM and the chain as well.',
    examples: [['certmux certificate show 10000005', 'by number; ids work as well']],
  });
  remoteAction(cli, show, async ({ client, args, output, terminal }) => {
    const shown = await client.certificates.show({ certificate: args[0] ?? '' });
    output.show(shown, () => [
      `Certificate ${shown.number}  ${styled(terminal, stateStyle(shown.state), shown.state)}`,
      '',
      ...factLines([
        ['Ends', endText(shown.notAfter, terminal.clock.now())],
        ['Revoked', shown.revokedAt === null ? null : `${momentText(shown.revokedAt)}, ${shown.revocationReason}`],
        ['Revoked by', optionalActorText(shown.revokedBy)],
        ['Order', shown.orderId],
        ['Issued by', shown.issuerId],
        ['Id', shown.id],
      ]),
      '',
      visibleLines(shown.description).trimEnd(),
    ]);
  });

  addDownload(certificate, cli);

  const revoke = addCommand(certificate, {
    usage: 'revoke <certificate>',
    summary: 'Revoke one certificate',
    description:
      'Revokes one certificate for good and publishes that in the list of revoked certificates. Its order goes on: a reissue gives ' +
      'it a new certificate. To end the order as well, use order revoke. For a certificate that is revoked already it says since when, and ends with 0.',
    examples: [['certmux certificate revoke 10000005 --reason keyCompromise', 'the key leaked']],
  }).addOption(reasonOption());
  remoteAction<ReasonOptions>(cli, revoke, async ({ client, args, options, output }) => {
    const reference = { certificate: args[0] ?? '' };
    const result = await revokedOrAlready({
      revoke: () => client.certificates.revoke({ ...reference, reason: options.reason }),
      look: () => client.certificates.show(reference),
      isRevoked: ({ state }) => state === 'revoked',
    });
    const shown = 'done' in result ? result.done : result.already;
    const what = `certificate ${shown.number} of ${namesText(shown)}`;
    output.show(shown, () => ['done' in result ? doneText(result.done, what) : alreadyText(result.already, what)]);
  });
}

interface ListOptions extends PageOptions, FilterOptions {
  readonly serial?: string;
  readonly text?: string;
  readonly replaced?: YesOrNo;
  readonly key?: string;
}

function addList(certificate: Command, cli: Cli): void {
  const list = addFilterOptions(
    addPageOptions(
      addCommand(certificate, {
        usage: 'list',
        summary: 'List certificates',
        description:
          'Lists certificates, newest first; one of the options about ends sorts by end, soonest first. Use --name to find those of one ' +
          'host, --serial for one you met in the wild.',
        examples: [
          ['certmux certificate list --name www.example.com', 'of one host'],
          ['certmux certificate list --serial 0A:1B:2C…', 'colons and capitals do not matter'],
          ['certmux certificate list --state valid --ends-within 30', 'what ends within 30 days, soonest first'],
          ['certmux certificate list --state revoked --from 2026-11-01 --csv', 'revoked ones of a month'],
        ],
      }),
    ),
    certificateStandings,
  )
    .option('--name <name>', 'only with exactly this name')
    .option('--serial <hex>', 'only with this serial')
    .option('--text <text>', 'only with a name that contains this, at least three letters')
    .addOption(yesOrNoOption('--replaced <answer>', 'only those that a later one has replaced, or has not'))
    .option('--key <sha256>', 'only for the key with this SHA-256, in hex');
  remoteAction<ListOptions>(cli, list, async ({ client, options, output }) => {
    const { serial, text, replaced, key } = options;
    const filter = { ...filterOf(options), serial, text, replaced: isYes(replaced), key };
    await output.list({
      endpoint: api.certificates.list,
      page: options,
      read: (page) => client.certificates.list({ ...page, ...filter }),
      columns,
      none: 'No certificates were found.',
    });
  });
}

function addDownload(certificate: Command, cli: Cli): void {
  const download = addCommand(certificate, {
    usage: 'download <certificate>',
    summary: 'Get a certificate as a file',
    description:
      'Writes the certificate to a file or, without --output, to standard output. fullchain is what nginx, Apache and most servers ' +
      'want: the certificate and its intermediates.',
    examples: [
      ['certmux certificate download 10000005 --output /etc/nginx/www.pem', 'for a web server'],
      ['certmux certificate download 10000005 --format der --output www.cer', 'for Windows'],
    ],
  })
    .addOption(
      new Option(
        '--format <format>',
        'fullchain, pem (only the certificate), chain (its issuers), der, p7b, or a zip for nginx or apache',
      )
        .choices(fileFormats)
        .default('fullchain'),
    )
    .option('-o, --output <file>', 'the file to write');
  remoteAction<{ format: FileFormat; output?: string }>(
    cli,
    download,
    async ({ client, args, options, output, terminal }) => {
      if (isBinary(options.format) && options.output === undefined && terminal.isTty && !output.json) {
        throw new UsageError(`${options.format} is not text`, 'name a file with --output');
      }
      const file = await client.certificates.download({ certificate: args[0] ?? '', format: options.format });
      const { mediaType, fileName, bytes } = file;
      if (options.output !== undefined) {
        await terminal.writeFile(options.output, bytes);
        const written = { mediaType, fileName, file: options.output, sizeBytes: bytes.length };
        output.show(written, () => [`Wrote ${options.output} (${bytes.length} bytes).`]);
        return;
      }
      if (output.json) output.show({ mediaType, fileName, base64: Buffer.from(bytes).toString('base64') }, () => []);
      else terminal.stdout(bytes);
    },
  );
}

function doneText({ state }: WireCertificate, what: string): string {
  if (state === 'revoked') return `Revoked ${what}.`;
  return `The revocation of ${what} waits for an approver: see certmux approval list.`;
}

/** The reason of a revocation stays, but for one: with keyCompromise the server does revoke again. */
function alreadyText({ revokedAt, revocationReason }: WireCertificate, what: string): string {
  const since = revokedAt === null ? '' : ` since ${momentText(revokedAt)}`;
  const why = revocationReason === null ? '' : ` (${revocationReason})`;
  return `${what[0]?.toUpperCase()}${what.slice(1)} is revoked already${since}${why}. Nothing was changed.`;
}
