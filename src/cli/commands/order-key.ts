/** `order private-key`: the key that certmux made for the certificate of an order. */
import { type Command, Option } from 'commander';
import { addCommand, type Cli, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { type PassphraseOptions, passphraseOf, withPassphrase } from '../passphrase.ts';

const formats = ['pem', 'pfx', 'jks'] as const;

interface KeyOptions extends PassphraseOptions {
  readonly format: (typeof formats)[number];
  readonly output: string;
}

export function addOrderKey(group: Command, cli: Cli): void {
  const command = withPassphrase(
    addCommand(group, {
      usage: 'private-key <order>',
      summary: 'Write the key that certmux made for an order to a file',
      description:
        'Writes the key of the newest certificate, where certmux made it (not from a CSR of yours), to a new file that only you can read. pem is ' +
        'the key alone, not encrypted; pfx (Windows) and jks (Java) hold key, certificate and chain under a passphrase. Only for the account ' +
        'itself, never for an operator; each time is noted in the audit log.',
      examples: [
        ['certmux order private-key 10000017 --output www.key', 'for a web server'],
        ['certmux order private-key 10000017 --format pfx --output www.pfx', 'asks for a passphrase, twice'],
      ],
    }),
  )
    .addOption(
      new Option('--format <format>', 'pem (only the key), pfx or jks (with the certificate)')
        .choices(formats)
        .default('pem'),
    )
    .requiredOption('-o, --output <file>', 'where the key is written; never over another file');
  remoteAction<KeyOptions>(cli, command, async ({ client, args, options, output, terminal }) => {
    const { format, output: file } = options;
    if (format === 'pem' && options.passphraseFile !== undefined)
      throw new UsageError('--passphrase-file: a pem has no passphrase', 'use --format pfx or jks');
    // Before it is asked for: who got a key is in the audit log.
    const taken = new UsageError(`${file} is there already`, 'name another file with --output, or remove it first');
    if ((await terminal.readFile(file)) !== undefined) throw taken;
    const { number, certificate } = await client.orders.show({ order: args[0] ?? '' });
    if (certificate === null)
      throw new UsageError(`order ${number} has no certificate yet`, `see: certmux order show ${number}`);
    const passphrase = format === 'pem' ? undefined : await passphraseOf(terminal, options, { isNew: true });
    if (format !== 'pem' && passphrase === undefined)
      throw new UsageError(`a ${format} needs a passphrase`, 'use --passphrase-file');
    const key = await client.certificates.privateKey({
      certificate: String(certificate.number),
      format,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    const bytes = Buffer.from(key.base64, 'base64');
    if (!(await terminal.writeSecretFile(file, bytes))) throw taken;
    const written = { mediaType: key.mediaType, fileName: key.fileName, file, sizeBytes: bytes.length };
    output.show(written, () => [`Wrote the key of certificate ${certificate.number} to ${file}.`]);
  });
}
