/** What the process was started with. Read once, in `main.ts` and the commands, and handed on as a value. */
import { getServers } from 'node:dns';
import { availableParallelism, hostname, networkInterfaces } from 'node:os';

export interface Environment {
  /** The arguments after the script. */
  readonly arguments: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** How this program is started: the runtime and the script. */
  readonly program: readonly string[];
  readonly hostName: string;
  readonly processId: number;
  readonly cpuCount: number;
  /** Whether several threads can listen on one port, the system spreading the connections (`reusePort` of Node's `listen`). */
  readonly sharesPorts: boolean;
  /** Whether a person is likely to be looking: standard input and output are terminals. */
  readonly isInteractive: boolean;
  readonly hasColor: boolean;
  /** Width of the terminal; 80 when there is none. */
  readonly columns: number;
  /** The operating system's own resolvers, `192.0.2.53` or `[2001:db8::53]:5353`: the default where none is configured. */
  readonly resolvers: readonly string[];
  /** IPv4 addresses of this machine that others reach it by, the first network card's first. */
  readonly addresses: readonly string[];
}

export function readEnvironment(): Environment {
  const { stdin, stdout, env } = process;
  return {
    arguments: process.argv.slice(2),
    variables: { ...env },
    workingDirectory: process.cwd(),
    program: [process.execPath, process.argv[1] ?? ''],
    hostName: hostname(),
    processId: process.pid,
    cpuCount: availableParallelism(),
    sharesPorts: process.platform === 'linux' || process.platform === 'freebsd',
    isInteractive: stdin.isTTY === true && stdout.isTTY === true,
    hasColor: stdout.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb',
    columns: stdout.columns ?? 80,
    resolvers: getServers(),
    addresses: Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : [])),
    ),
  };
}
