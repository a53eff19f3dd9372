/** Brings the schema of a server's database up to date; one process at a time does. */
import type { Compilable } from 'kysely';
import { type MigrationTarget, migrate } from '../../migrate.ts';
import { migrations } from '../../migrations/index.ts';
import type { DatabaseOptions } from '../../options.ts';
import { toSqlValue } from '../../prepared.ts';
import { Connection } from './connection.ts';
import { postgresSchema, sequenceName } from './dialect.ts';
import type { Statements } from './statements.ts';

/** Any number, the same in every process: "cert" and "migr". */
const migrationLock = 'pg_advisory_lock(1667592820, 1835624306)';

const oldestVersion = 15;

/** @throws when the server is too old, the database cannot hold every text, or a newer version of certmux has written to it */
export async function prepareSchema(
  { db }: Pick<Statements, 'db'>,
  { path: url, clock, log, firstNumbers = {} }: Pick<DatabaseOptions, 'path' | 'clock' | 'log' | 'firstNumbers'>,
): Promise<void> {
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} });
  const run = (text: string, values: readonly (string | number | null | Uint8Array)[] = []) =>
    connection.send({ name: undefined, text, values });
  const execute = async (query: Compilable<unknown>) => {
    const { sql, parameters } = query.compile();
    await run(sql, parameters.map(toSqlValue));
  };
  try {
    await checkServer(async (setting) => String((await run(`show ${setting}`)).rows[0]?.[0]));
    await run(`select ${migrationLock}`);
    const target: MigrationTarget = {
      db,
      dialect: postgresSchema,
      execute,
      async applied() {
        await run('create table if not exists migrations (name text primary key, applied_at bigint not null)');
        return (await run('select name from migrations')).rows.map(([name]) => String(name));
      },
      async transaction(work) {
        await run('begin');
        try {
          await work();
          await run('commit');
        } catch (error) {
          await run('rollback');
          throw error;
        }
      },
    };
    const applied = await migrate(migrations, target, clock.now());
    if (applied.length > 0) log.info({ migrations: applied }, 'database schema brought up to date');
    for (const [table, first] of Object.entries(firstNumbers)) {
      await run(`select setval('${sequenceName(table)}', $1::bigint, false) where not exists (select from ${table})`, [
        first,
      ]);
    }
  } finally {
    await connection.close();
  }
}

async function checkServer(show: (setting: string) => Promise<string>): Promise<void> {
  const version = Math.floor(Number(await show('server_version_num')) / 10_000);
  if (version < oldestVersion) {
    throw new Error(`the database server is PostgreSQL ${version}; certmux needs ${oldestVersion} or later`);
  }
  const encoding = await show('server_encoding');
  if (encoding !== 'UTF8') {
    throw new Error(
      `the encoding of the database is ${encoding}; make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`,
    );
  }
}
