/** `serve`, `init`, `quickstart`, `config check`: what runs here instead of asking a server. */
import type { Command } from 'commander';
import { withDefined } from '../../domain/with-defined.ts';
import { addCommand, addGroup, type Cli, collect, localAction } from '../command.ts';
import { type ConfigWords, configWords } from '../config-words.ts';
import { exitCodes } from '../exit-codes.ts';
import type { InitOptions, ServeOptions, SoldThrough } from '../local.ts';
import { factLines } from '../table.ts';

const allowLocalPkiUrl = [
  '--allow-local-pki-url',
  'make a CA to try out, whose lists only this machine can fetch (authority.pkiUrl)',
] as const;

export function addServerCommands(program: Command, cli: Cli): void {
  const serve = addCommand(program, {
    usage: 'serve',
    summary: 'Run the service',
    description:
      'Runs the service until it is stopped (Ctrl-C, SIGTERM). On its first start it makes what init makes, so this is all that ' +
      'a new server needs. The log goes to standard output: text for a person, JSON lines otherwise or with --json.',
    examples: [
      ['certmux serve', 'with ./data and the defaults'],
      ['certmux serve --config certmux.yaml', 'with your configuration'],
      ['certmux serve --data /var/lib/certmux --listen 127.0.0.1:8443', 'elsewhere'],
      ['certmux serve --config node2.yaml --role worker', 'a node that only runs jobs, on a PostgreSQL database'],
    ],
  })
    .option('--config <file>', 'configuration file')
    .option('--data <directory>', 'data directory')
    .option('--listen <address>', 'port, or address:port')
    .option(...allowLocalPkiUrl)
    .option('--threads <number>', 'threads that do the work: a number, or auto for all cores')
    .option('--role <role>', 'what this node does of a PostgreSQL database: api, worker or all')
    .option('--accept-clock', 'the clock is right now, and was ahead when it showed a later time');
  localAction<ServeOptions>(cli, serve, async ({ options }) => {
    cli.setExitCode(await cli.local.serve(options));
  });

  const init = addCommand(program, {
    usage: 'init',
    summary: 'Make the data directory: keys, authorities, operator token',
    description:
      'Makes the data directory with the master key, the certificate authorities, the products and a token for the operator, and writes ' +
      'a configuration file with comments where there is none. Repeating it changes nothing that is there.',
    examples: [
      ['certmux init --pki-url http://pki.example.com/pki', 'a CA that others use'],
      ['certmux init --private-network', 'for names and addresses of a LAN'],
      ['certmux init --allow-local-pki-url', 'a CA to try out'],
      ['certmux init --config certmux.yaml --json', 'with a file of your own, in a script'],
    ],
  })
    .option('--config <file>', 'configuration file')
    .option('--data <directory>', 'data directory')
    .option('--private-network', 'for a LAN: its resolvers, its addresses, and TLS for others in it')
    .option('--pki-url <url>', 'where others reach /pki/ of this server; stands in every certificate')
    .option('--listen <address>', 'only listen there, without TLS: 127.0.0.1:8080')
    .option('--resolver <address>', 'who knows the names (repeatable); default: what this machine uses', collect)
    .option('--allow <range>', 'special-purpose addresses that names may point to as well (repeatable)', collect)
    .option('--force', 'replace a configuration file that is there')
    .option(...allowLocalPkiUrl);
  localAction<InitOptions>(cli, init, async ({ options, output }) => {
    const result = await cli.local.init(options);
    output.show(result, () => [
      result.isNew ? 'The data directory is ready.' : 'The data directory was ready already; nothing was changed.',
      '',
      ...factLines([
        ['Configuration', result.configFile],
        ['Data', result.dataDirectory],
        ['Operator token', result.operatorFile],
        ['Server', result.url],
        ...(result.operator === null
          ? []
          : ([
              ['Operator', result.operator.username],
              ['Password', `${result.operator.password}   (shown this once: note it now)`],
            ] as const)),
      ]),
      ...(result.made.length === 0 ? [] : ['', 'Made:', ...result.made.map((one) => `  ${one}`)]),
      ...(result.ca === null ? [] : ['', `Note: ${result.ca}.`]),
      '',
      `Back up the data directory now. Start the service with: certmux serve${startOptions(options)}`,
    ]);
  });

  const quickstart = addCommand(program, {
    usage: 'quickstart',
    summary: 'See the whole job done on throw-away data',
    description:
      'Starts a service on throw-away data, orders a certificate through a vendor API as a client would, places the proof, fetches ' +
      'the certificate and checks it. Use it first: it shows in seconds what certmux does. All it leaves is the certificate in a temporary folder.',
    isForPeople: true,
    examples: [
      ['certmux quickstart', 'the same as npm run quickstart'],
      ['certmux quickstart --keep', 'and go on trying things against the running service'],
      ['certmux quickstart --api wosign', 'as a client of another API'],
      ['certmux quickstart --api all', 'one API after the other'],
      ['certmux quickstart --via acme', 'with the certificate bought from a second server, by ACME'],
      ['certmux quickstart --api digicert --via racent', "or through a vendor's API, which the second server serves"],
      ['certmux quickstart --via all', 'which API can sell what comes from where'],
    ],
  })
    .option('--api <name>', 'the API to order through; all: one after the other', 'encryption365')
    .option(
      '--via <kind>',
      "where the certificate comes from: a second server, instead of certmux's own CA, by acme or the API of a vendor; all: a table",
    )
    .option('--keep', 'leave the service running until Ctrl-C');
  localAction<{ api: string; via?: string; keep?: true }>(cli, quickstart, async ({ options }) => {
    const { api, via, keep = false } = options;
    cli.setExitCode(await cli.local.quickstart({ api, keep, ...withDefined({ via }) }));
  });

  addConfigCommands(program, cli);
}

/** What `init` was called with, and `serve` needs as well. */
function startOptions({ config, data }: InitOptions): string {
  return `${config === undefined ? '' : ` --config ${config}`}${data === undefined ? '' : ` --data ${data}`}`;
}

function addConfigCommands(program: Command, cli: Cli): void {
  const config = addGroup(program, {
    usage: 'config',
    summary: 'Check the configuration',
    description: 'Works with the configuration file, without a server.',
  });
  const check = addCommand(config, {
    usage: 'check [file]',
    summary: 'Check a configuration file without starting',
    description:
      'Reads the file as the service would and names every setting that is wrong. Use it before a restart and in your own checks: it ' +
      'exits with 7 when anything is wrong.',
    examples: [
      ['certmux config check certmux.yaml', 'a file'],
      ['certmux config check', 'the file that certmux serve would use'],
    ],
  });
  localAction(cli, check, async ({ args, output }) => {
    const result = await cli.local.checkConfig(args[0]);
    const { path, problems, warnings, sold } = result;
    const words = configWords[cli.terminal.language];
    if (problems.length > 0) cli.setExitCode(exitCodes.refused);
    output.show({ ok: problems.length === 0, ...result }, () =>
      problems.length === 0
        ? [words.fine(path), ...sold.map((one) => soldLine(one, words)), ...warnings.map(words.lookAt)]
        : [words.problems(path, problems.length), ...problems.map((problem) => `  ${problem}`)],
    );
  });
}

/** `racent-main (relay): sold by native, racent; not by wosign, acme` */
function soldLine({ issuer, mode, doors }: SoldThrough, words: ConfigWords): string {
  const named = (isSold: boolean) =>
    doors.flatMap(({ dialect, standing }) => ((standing !== 'none') === isSold ? [dialect] : []));
  return `  ${words.sold({ issuer, mode, by: named(true), notBy: named(false) })}`;
}
