/** The command line without a process: what it prints, what it writes, and the native server behind it without a socket. */
import type { LocalCommands } from '../../src/cli/local.ts';
import { runCli } from '../../src/cli/run.ts';
import type { FoundConnection, Terminal } from '../../src/cli/terminal.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

export interface CliWorld {
  readonly fetch: Terminal['fetch'];
  /** The same by default. */
  readonly fetchOpenEnded?: Terminal['fetchOpenEnded'];
  readonly connection: Partial<FoundConnection>;
  readonly files: Map<string, string>;
  readonly stdin: string;
  /** What the person answers when asked for a secret; undefined: there is nobody. */
  readonly answer: string | undefined;
  readonly columns: number;
  readonly isTty: boolean;
  /** English by default. */
  readonly language?: Terminal['language'];
  readonly colours: boolean;
  readonly local: Partial<LocalCommands>;
  readonly now: string;
  /** The clock of `now`, standing still, by default. */
  readonly clock: Clock;
}

export interface CliOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files by path, written ones included. */
  readonly files: ReadonlyMap<string, string>;
}

const notHere = () => Promise.reject(new Error('not in this test'));

/** Runs one command line in the world. The words of `line` are divided at blanks; a list is taken as it is. */
export async function run(line: string | readonly string[], world: Partial<CliWorld> = {}): Promise<CliOutcome> {
  const files = new Map(world.files);
  let stdout = '';
  let stderr = '';
  const terminal: Terminal = {
    stdout: (data) => {
      stdout += typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
    },
    stderr: (text) => {
      stderr += text;
    },
    isTty: world.isTty ?? false,
    columns: world.columns ?? 120,
    colours: world.colours ?? false,
    language: world.language ?? 'en',
    clock: world.clock ?? createFakeClock(world.now ?? '2026-06-01T12:00:00Z'),
    random: createFakeRandomness(7),
    fetch: world.fetch ?? notHere,
    fetchOpenEnded: world.fetchOpenEnded ?? world.fetch ?? notHere,
    readConnection: async (flags) => {
      const { url = world.connection?.url, token = world.connection?.token } = flags;
      return {
        file: `${flags.data ?? 'data'}/operator.json`,
        isOfFile: flags.url === undefined && flags.token === undefined,
        ...(url === undefined ? {} : { url }),
        ...(token === undefined ? {} : { token }),
      };
    },
    readStdin: async () => world.stdin ?? '',
    askSecret: async () => world.answer,
    readFile: async (path) => files.get(path),
    async *readLines(path) {
      yield* (files.get(path) ?? '').trimEnd().split('\n');
    },
    writeSecretFile: async (path, bytes) => {
      if (files.has(path)) return false;
      files.set(path, Buffer.from(bytes).toString('latin1'));
      return true;
    },
    writeFile: async (path, bytes) => {
      files.set(path, Buffer.from(bytes).toString('latin1'));
    },
  };
  const local: LocalCommands = {
    version: '0.0.0-test',
    readIssued: async function* () {
      yield { serials: [], others: 0 };
    },
    serve: notHere,
    init: notHere,
    quickstart: notHere,
    checkConfig: notHere,
    copyDatabase: notHere,
    backup: notHere,
    restore: notHere,
    verify: notHere,
    markRestored: notHere,
    resetOperator: notHere,
    signCompromiseReport: notHere,
    get: notHere,
    installTimer: notHere,
    installRoots: notHere,
    uninstallRoots: notHere,
    keepRootKey: notHere,
    holdsRootKey: notHere,
    signCaRequest: notHere,
    signCaList: notHere,
    pathOf: (path) => `/somewhere/${path}`,
    ...world.local,
  };
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const exitCode = await runCli(argv, local, terminal);
  return { exitCode, stdout, stderr, files };
}
