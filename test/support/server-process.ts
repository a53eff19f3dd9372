/** The real server as a process of its own, so that it can be killed, measured and restarted. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createDatabase, postgresUrl } from './postgres.ts';

export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Time from the start of the process until it was ready. */
  readonly readyMs: number;
  /** SIGKILL: nothing is put in order. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
}

export interface ServerProcessOptions {
  /** Holds configuration, data and log. */
  readonly directory: string;
  readonly port: number;
  /** Further settings, as the configuration file names them. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly nodeOptions?: readonly string[];
  /** Log file of the server; in the directory by default. */
  readonly logFile?: string;
  /** Condition on the answer of `/readyz` for the server to be up; success by default. */
  readonly isUp?: (readiness: Response) => boolean | Promise<boolean>;
  /** That its keys and passwords cost nothing (`cheap-server.ts`). */
  readonly isCheap?: boolean;
  /** Further variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** As `bin/certmux` sets it. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));
const entry = fileURLToPath(new URL('../../src/boot/certmux.ts', import.meta.url));
const cheapEntry = fileURLToPath(new URL('./cheap-server.ts', import.meta.url));

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { directory, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const configFile = join(directory, 'certmux.yaml');
  // JSON is YAML.
  const config = {
    ...(postgresUrl === undefined ? {} : { database: await databaseOf(directory) }),
    listen: [url],
    dataDirectory: join(directory, 'data'),
    authority: { allowLocalPkiUrl: true },
    log: { level: 'warn' },
    storage: { reserveMiB: 0 },
    ...options.config,
  };
  await writeFile(configFile, JSON.stringify(config));
  const startedMs = performance.now();
  const main = options.isCheap === true ? cheapEntry : entry;
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), main, 'serve', '--config', configFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...options.environment },
  });
  const logFile = options.logFile ?? join(directory, 'server.log');
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await waitUntilUp(url, child, { logFile, isUp: options.isUp ?? (({ ok }) => ok) });
  const readyMs = performance.now() - startedMs;

  return {
    url,
    child,
    readyMs,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

const databases = new Map<string, Promise<string>>();

/** The database of the server with this directory: its file, or one of its own on the server of `npm run test:postgres`, which ends with it. */
export async function databaseOf(directory: string): Promise<string> {
  if (postgresUrl === undefined) return join(directory, 'data', 'certmux.db');
  const made = databases.get(directory) ?? createDatabase();
  databases.set(directory, made);
  return made;
}

async function waitUntilUp(
  url: string,
  child: ChildProcess,
  { logFile, isUp }: Required<Pick<ServerProcessOptions, 'logFile' | 'isUp'>>,
): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended before it was ready:\n${await readFile(logFile, 'utf8')}`);
    }
    const isReady = await fetch(`${url}/readyz`)
      .then(isUp)
      .catch(() => false);
    if (isReady) return;
    await sleep(20);
  }
}

/** A port that is free now. Between this and its use another process could take it; on a test machine none does. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** The operator's token that the first start wrote. */
export async function operatorToken(directory: string): Promise<string> {
  const { token } = JSON.parse(await readFile(join(directory, 'data', 'operator.json'), 'utf8'));
  return token;
}
