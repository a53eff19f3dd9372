/** `get`: a certificate onto this machine, and the next one in time. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { forEachName } from '../../domain/errors.ts';
import { parseIdentifier } from '../../domain/identifier.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, type Cli, positiveNumber, type RemoteCall, remoteAction } from '../command.ts';
import { UsageError } from '../failure.ts';
import { type GetRequest, type GetResult, type KeyType, keyTypes, type ProofPlaceChoice } from '../get-request.ts';
import { getWords } from '../get-words.ts';
import type { Terminal } from '../terminal.ts';
import { dayText } from '../words.ts';

interface GetOptions {
  readonly webroot?: string;
  readonly standalone?: true;
  readonly port: number;
  readonly dnsHook?: string;
  readonly out: string;
  readonly keyType: KeyType;
  readonly product: string;
  readonly organization?: string;
  readonly account?: string;
  readonly reloadCommand?: string;
  readonly renewWithin?: number;
  readonly force?: true;
  readonly timeout: number;
  readonly commandTimeout: number;
  readonly watch?: true;
  readonly installTimer?: true;
  readonly dryRun?: true;
  readonly url?: string;
  readonly token?: string;
  readonly data?: string;
}

type Call = RemoteCall<GetOptions>;

export function addGetCommand(program: Command, cli: Cli): void {
  const get = addCommand(program, {
    usage: 'get <names...>',
    summary: 'Get a certificate onto this machine, and renew it',
    description:
      'Makes a key here, orders a certificate for the names, places the proof of control, waits, and stores key and certificate in a folder ' +
      'of their own. Repeat it as often as you like: it orders only when the certificate is due (or other names, another product or ' +
      'another kind of key are wanted). The key never leaves this machine.',
    examples: [
      ['certmux get www.example.com --webroot /var/www/html', 'a web server runs here already'],
      ['certmux get www.example.com example.com --standalone', 'none does: listens on port 80 meanwhile'],
      ['certmux get "*.example.com" --dns-hook ./set-record.sh', 'a wildcard; the hook sets the DNS record'],
      [
        'certmux get www.example.com --webroot /var/www/html --out /etc/certmux --reload-command "nginx -s reload" --install-timer',
        'now, and by itself from now on',
      ],
    ],
  })
    .option('--webroot <directory>', 'proof: a file in the folder that is served at http://NAME/')
    .option('--standalone', 'proof: served by this command itself')
    .option('--port <port>', 'with --standalone: the port, where port 80 is forwarded to another one', port, 80)
    .option('--dns-hook <command>', 'proof: this command sets and removes a TXT record (docs/get.md)')
    .option('--out <directory>', 'where the folders of certificates are', 'certs')
    .addOption(new Option('--key-type <type>', 'the kind of key').choices(keyTypes).default('ec256'))
    .option('--product <product>', 'what to order; see: certmux product list', 'tls-dv')
    .option('--organization <organization>', 'for OV and EV: its number or id')
    .option('--account <account>', 'operators only: order for this account')
    .option('--reload-command <command>', 'run after a change, until it succeeds once')
    .option(
      '--renew-within <days>',
      'renew so long before the end (default: 30, or a third of a short life)',
      positiveNumber,
    )
    .option('--force', 'order even if nothing is due')
    .option('--timeout <seconds>', 'how long validation may take', positiveNumber, 300)
    .option('--command-timeout <seconds>', 'how long a hook or the reload command may take', positiveNumber, 120)
    .option('--watch', 'stay, and renew in time, until Ctrl-C')
    .option('--install-timer', 'then have systemd run this twice a day')
    .option('--dry-run', 'with --install-timer: only show what would be installed');
  remoteAction<GetOptions>(cli, get, (call) => run(cli, call));
}

async function run(cli: Cli, call: Call): Promise<void> {
  const { client, options, output, terminal } = call;
  const request = requestOf(cli, call);
  const isDryRun = options.dryRun === true;
  if (isDryRun && options.installTimer !== true) {
    throw new UsageError('--dry-run goes with --install-timer', 'it shows what would be installed');
  }
  if (options.watch === true && options.installTimer === true) {
    throw new UsageError('--watch and --install-timer both renew', 'choose one of them');
  }
  if (!isDryRun) {
    const show = (result: GetResult) => output.show(result, () => resultLines(result, terminal));
    const exitCode = await cli.local.get(request, { client, watch: options.watch === true, show });
    cli.setExitCode(exitCode);
    if (exitCode !== 0) return;
  }
  if (options.installTimer !== true) return;
  const lines = await cli.local.installTimer({
    names: request.names,
    ...(await commandOf(cli, call, request)),
    dryRun: isDryRun,
  });
  for (const line of lines) (isDryRun ? terminal.stdout : terminal.stderr)(`${line}\n`);
}

function requestOf(cli: Cli, { args, options }: Call): GetRequest {
  const names = forEachName(args, String, (name) => parseIdentifier(name, 'NAME').value);
  const { out, keyType, product, account, organization, reloadCommand, renewWithin, force } = options;
  return {
    names: [...new Set(names)],
    product,
    keyType,
    place: placeOf(cli, options),
    out: cli.local.pathOf(out),
    account,
    organization,
    reloadCommand,
    renewWithinDays: renewWithin,
    force: force === true,
    timeoutSeconds: options.timeout,
    commandSeconds: options.commandTimeout,
  };
}

function placeOf(cli: Cli, { webroot, standalone, dnsHook, port: listening }: GetOptions): ProofPlaceChoice {
  const chosen: ProofPlaceChoice[] = [
    ...(webroot === undefined ? [] : [{ kind: 'webroot' as const, directory: cli.local.pathOf(webroot) }]),
    ...(standalone === undefined ? [] : [{ kind: 'standalone' as const, port: listening }]),
    ...(dnsHook === undefined ? [] : [{ kind: 'dnsHook' as const, command: dnsHook }]),
  ];
  const [only, ...others] = chosen;
  if (only !== undefined && others.length === 0) return only;
  throw new UsageError(
    only === undefined ? 'how is control of the names proved?' : 'control of the names is proved in one way',
    'use one of --webroot DIRECTORY (a web server runs here), --standalone (none does), --dns-hook COMMAND',
  );
}

/** The same run for a timer: everything written out, since it starts elsewhere and with another environment. */
async function commandOf(cli: Cli, { options, terminal }: Call, { names, place, out }: GetRequest) {
  const { url, token, data } = options;
  const found = await terminal.readConnection(withDefined({ url, token, data }));
  const placing = {
    webroot: () => ['--webroot', place.kind === 'webroot' ? place.directory : ''],
    standalone: () => ['--standalone', '--port', String(options.port)],
    dnsHook: () => ['--dns-hook', options.dnsHook ?? ''],
  }[place.kind]();
  const optional = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [flag, String(value)];
  const command = [
    'get',
    ...names,
    ...placing,
    '--out',
    out,
    '--key-type',
    options.keyType,
    '--product',
    options.product,
    ...optional('--organization', options.organization),
    ...optional('--account', options.account),
    ...optional('--reload-command', options.reloadCommand),
    ...optional('--renew-within', options.renewWithin),
    '--timeout',
    String(options.timeout),
    '--command-timeout',
    String(options.commandTimeout),
    '--data',
    cli.local.pathOf(data ?? 'data'),
  ];
  const variables = found.isOfFile ? {} : { CERTMUX_URL: found.url ?? '', CERTMUX_TOKEN: found.token ?? '' };
  return { command, variables };
}

function resultLines(result: GetResult, { language }: Terminal): readonly string[] {
  const words = getWords[language];
  const names = result.names.join(', ');
  const until = dayText(result.notAfter);
  return [
    result.isNew ? words.isNew(names, until, result.folder) : words.isKept(names, until, dayText(result.renewAt)),
    words.nginx(result.fullchain, result.key),
  ];
}

function port(text: string): number {
  const number = positiveNumber(text);
  if (number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 1 to 65535.');
}
