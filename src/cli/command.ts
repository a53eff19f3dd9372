/** How every command is built: help that teaches, the same options everywhere, one way to the server, one way out. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { createNativeClient, type NativeClient } from '../dialects/native/client.ts';
import { withDefined } from '../domain/with-defined.ts';
import { UsageError } from './failure.ts';
import type { LocalCommands } from './local.ts';
import { createOutput, type Format, type Output, type PageChoice } from './output.ts';
import type { Terminal } from './terminal.ts';

export interface Cli {
  readonly local: LocalCommands;
  readonly terminal: Terminal;
  /** Whether a program reads the output: errors are JSON as well. */
  readonly json: boolean;
  /** Commands that end otherwise than by success or by an error say so here. */
  setExitCode(code: number): void;
}

export interface CommandHelp {
  /** Name and arguments: `show <order>`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does and when it is the right one. */
  readonly description: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** Its output is only for people: it has no --json. */
  readonly isForPeople?: true;
}

export function addCommand(parent: Command, help: CommandHelp): Command {
  const command = parent
    .command(help.usage)
    .summary(help.summary)
    .description(help.description)
    .addHelpText('after', examplesText(help.examples));
  if (help.isForPeople) return command;
  return command.addOption(new Option('--json', 'print JSON for programs').helpGroup(commonHeading));
}

/** A noun: only holds commands. */
export function addGroup(parent: Command, help: Omit<CommandHelp, 'examples'>): Command {
  return parent.command(help.usage).summary(help.summary).description(help.description);
}

/** The heading of the options that every command has. */
export const commonHeading = 'Common options:';

function examplesText(examples: CommandHelp['examples']): string {
  const lines = examples.map(([command, meaning]) => `  ${command}\n      ${meaning}`);
  return `\nExamples:\n${lines.join('\n')}\n`;
}

/** What an action gets: the server, where to print, and its arguments and options. */
export interface RemoteCall<Options> {
  readonly client: NativeClient;
  readonly output: Output;
  readonly terminal: Terminal;
  readonly options: Options;
  readonly args: readonly string[];
}

interface RemoteOptions {
  readonly url?: string;
  readonly token?: string;
  readonly data?: string;
  /** Acted for in the whole call, where the command has no such option of its own. */
  readonly account?: string;
  readonly json?: true;
  readonly csv?: true;
}

const accountFlag = '--account';

/** A command that asks a server. `Options` are those that the command declared. */
export function remoteAction<Options extends object>(
  cli: Cli,
  command: Command,
  act: (call: RemoteCall<Options>) => Promise<void>,
): void {
  asking(cli, command, true, act);
}

/** A command that asks a server what it answers to everybody: it needs no token. */
export function publicAction<Options extends object>(
  cli: Cli,
  command: Command,
  act: (call: RemoteCall<Options>) => Promise<void>,
): void {
  asking(cli, command, false, act);
}

function asking<Options extends object>(
  cli: Cli,
  command: Command,
  needsToken: boolean,
  act: (call: RemoteCall<Options>) => Promise<void>,
): void {
  // Of its own a command sends it with what it asks for.
  const namesAccount = command.options.some(({ long }) => long === accountFlag);
  if (needsToken && !namesAccount) {
    command.addOption(
      new Option(`${accountFlag} <account>`, 'operators only: act for this account').helpGroup(commonHeading),
    );
  }
  command
    .addOption(new Option('--url <url>', 'the server; else CERTMUX_URL').helpGroup(commonHeading))
    .addOption(
      new Option('--token <token>', 'better in CERTMUX_TOKEN: other users see a command line').helpGroup(commonHeading),
    )
    .addOption(new Option('--data <directory>', 'where operator.json is, on the server').helpGroup(commonHeading))
    .action(async () => {
      const options = command.opts<Options & RemoteOptions>();
      const { terminal } = cli;
      const client = await connect(terminal, namesAccount ? { ...options, account: undefined } : options, needsToken);
      const output = createOutput(terminal, formatOf(options));
      await act({ client, output, terminal, options, args: command.args });
    });
}

/** A command that runs here. */
export function localAction<Options extends object>(
  cli: Cli,
  command: Command,
  act: (call: Omit<RemoteCall<Options & { readonly json?: true }>, 'client'>) => Promise<void>,
): void {
  command.action(async () => {
    const options = command.opts<Options & { readonly json?: true }>();
    const output = createOutput(cli.terminal, formatOf(options));
    await act({ output, terminal: cli.terminal, options, args: command.args });
  });
}

async function connect(
  terminal: Terminal,
  { url, token, data, account }: Omit<RemoteOptions, 'account'> & { readonly account?: string | undefined },
  needsToken: boolean,
): Promise<NativeClient> {
  const found = await terminal.readConnection({
    ...withDefined({ url, token, data }),
  });
  if (found.url === undefined) {
    throw new UsageError(
      'no server is named',
      `use --url or CERTMUX_URL, or make a server here: certmux init (${found.file})`,
    );
  }
  if (needsToken && found.token === undefined) {
    throw new UsageError('there is no token', `use CERTMUX_TOKEN or --token, or run this where ${found.file} is`);
  }
  const { language } = terminal;
  const fetch = (request: Request) =>
    isOpenEnded(request) ? terminal.fetchOpenEnded(request) : terminal.fetch(request);
  return createNativeClient({ baseUrl: checkedUrl(found.url), token: found.token, account, language, fetch });
}

/** A stream of changes goes on for as long as somebody wants it. */
function isOpenEnded({ headers }: Request): boolean {
  return headers.get('accept')?.startsWith('text/event-stream') === true;
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(
      `${JSON.stringify(text)} is not the URL of a server`,
      'write it like https://certs.example.com',
    );
  }
  return text;
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The parser of an option that takes a whole number. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

/** @throws {InvalidArgumentError} */
export function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

function formatOf({ json, csv }: { readonly json?: true; readonly csv?: true }): Format {
  if (json === true) return 'json';
  return csv === true ? 'csv' : 'text';
}

/** The option of every list. */
export function addCsvOption(command: Command): Command {
  return command.addOption(
    new Option('--csv', 'print all of it as CSV, with every field').helpGroup(commonHeading).conflicts('json'),
  );
}

/** The options of every list that has pages. */
export function addPageOptions(command: Command): Command {
  return addCsvOption(command)
    .option('--limit <count>', 'how many at most, 1 to 200', wholeNumber, 50)
    .option('--cursor <cursor>', 'go on where the list before ended');
}

export type PageOptions = PageChoice;

/**
 * A file that goes to the server: everything in it, so it must hold no private key, which would be known to others from then on.
 */
export async function readPublicFile(terminal: Terminal, path: string): Promise<string> {
  const text = await readInputFile(terminal, path);
  if (!/PRIVATE KEY/.test(text)) return text;
  throw new UsageError(
    `the file ${JSON.stringify(path)} is not to be sent: it holds a private key`,
    'name a file with only the certificate, the CSR or the list in it',
  );
}

/** A file named on the command line; `-` is standard input. */
export async function readInputFile(terminal: Terminal, path: string): Promise<string> {
  const text = await readNamedFile(terminal, path);
  const name = JSON.stringify(path);
  if (text.trim() === '') throw new UsageError(`the file ${name} is empty`, 'check the path');
  if (text.includes('\0')) throw new UsageError(`the file ${name} is neither text nor DER`, 'check the path');
  return text;
}

/** A secret in a file of its own: its first line, which may be empty. */
export async function readFirstLine(terminal: Terminal, path: string): Promise<string> {
  const text = await readNamedFile(terminal, path);
  return text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
}

async function readNamedFile(terminal: Terminal, path: string): Promise<string> {
  const text = path === '-' ? await terminal.readStdin() : await terminal.readFile(path);
  if (text === undefined) throw new UsageError(`there is no file ${JSON.stringify(path)}`, 'check the path');
  return text;
}
