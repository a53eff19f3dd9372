/** What certmux keeps its rows in, and how they are counted. */
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { startPostgres } from '../../scripts/postgres-server.ts';
import type { Stored } from './peer.ts';

export interface StorageKind {
  readonly name: string;
  open(folder: string): Promise<CertmuxStorage>;
}

interface CertmuxStorage {
  /** For its configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of processes beside its own. */
  readonly pids: readonly number[];
  /** @param dataDirectory of the first process */
  count(dataDirectory: string): Promise<Stored>;
  close(): Promise<void>;
}

export const fileStorage: StorageKind = {
  name: 'SQLite, WAL, fdatasync before each answer',
  async open() {
    return {
      settings: {},
      pids: [],
      async count(dataDirectory) {
        const reader = new DatabaseSync(join(dataDirectory, 'certmux.db'), { readOnly: true });
        const tables = reader.prepare(
          `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`,
        );
        const names = tables.all().map(({ name }) => String(name));
        const countIn = (table: string) => Number(reader.prepare(`select count(*) as n from "${table}"`).get()?.n);
        const stored = await countTables(names, async (table) => countIn(table));
        reader.close();
        return stored;
      },
      close: async () => {},
    };
  },
};

/** As it is installed, but for more room before a checkpoint. */
const durable = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
};

export const postgresStorage: StorageKind = {
  name: 'PostgreSQL 18, fsync and synchronous_commit on',
  async open(folder) {
    // The server may run as another user.
    await chmod(folder, 0o755);
    const server = await startPostgres({ parent: folder, settings: durable });
    return {
      settings: { database: server.url },
      pids: [server.pid],
      async count() {
        const client = new pg.Client({ connectionString: server.url });
        await client.connect();
        try {
          const { rows } = await client.query(`select tablename as name from pg_tables where schemaname = 'public'`);
          return await countTables(
            rows.map(({ name }) => String(name)),
            async (table) => Number((await client.query(`select count(*) as n from "${table}"`)).rows[0].n),
          );
        } finally {
          await client.end();
        }
      },
      close: server.stop,
    };
  },
};

async function countTables(names: readonly string[], countIn: (table: string) => Promise<number>): Promise<Stored> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, await countIn(name));
  return {
    certificates: counts.get('certificates') ?? 0,
    rows: [...counts.values()].reduce((sum, each) => sum + each, 0),
  };
}
