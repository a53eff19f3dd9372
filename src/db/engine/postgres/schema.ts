/** Brings the schema of a server's database up to date; one process at a time does. */
import type { Compilable } from 'kysely';
import { type MigrationTarget, migrate } from '../../migrate.ts';
import { migrations } from '../../migrations/index.ts';
import type { DatabaseOptions } from '../../options.ts';
import { type Builder, toSqlValue } from '../../prepared.ts';
import { type RestoredTarget, settleRestored } from '../../restored.ts';
import { withoutPassword } from './address.ts';
import { Connection } from './connection.ts';
import { postgresSchema, sequenceName } from './dialect.ts';
import type { Statements } from './statements.ts';
import { shareDatabase } from './use-lock.ts';

/** Any number, the same in every process: "cert" and "migr". */
const migrationLock = 'pg_advisory_lock(1667592820, 1835624306)';

const oldestVersion = 15;

/** @throws when the server is too old, the database cannot hold every text, or a newer version of certmux has written to it */
export async function prepareSchema(
  { db }: Pick<Statements, 'db'>,
  {
    path: url,
    clock,
    log,
    firstNumbers = {},
    upgrade,
  }: Pick<DatabaseOptions, 'path' | 'clock' | 'log' | 'firstNumbers' | 'upgrade'>,
): Promise<void> {
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} });
  try {
    await checkServer(connection);
    await shareDatabase(connection);
    await connection.query(`select ${migrationLock}`);
    const applied = await migrate(
      migrations,
      migrationTarget(connection, db, withoutPassword(url)),
      clock.now(),
      upgrade,
    );
    if (applied.length > 0) log.info({ migrations: applied }, 'database schema brought up to date');
    const restored = await settleRestored(restoredTarget(connection, db), clock.now());
    if (restored !== undefined)
      log.warn(restored, 'the database was made from a backup: numbers go on above it, sessions have ended');
    for (const [table, first] of Object.entries(firstNumbers)) {
      await connection.query(
        `select setval('${sequenceName(table)}', $1::bigint, false) where not exists (select from ${table})`,
        [first],
      );
    }
  } finally {
    await connection.close();
  }
}

/** A migration on this connection. */
export function migrationTarget(connection: Connection, db: Builder, title = ''): MigrationTarget {
  return {
    title,
    async value(sql) {
      const value = (await connection.query(sql))[0]?.[0];
      return value === undefined ? undefined : toSqlValue(value);
    },
    db,
    dialect: postgresSchema,
    async execute(query: Compilable<unknown>) {
      const { sql, parameters } = query.compile();
      await connection.query(sql, parameters.map(toSqlValue));
    },
    async applied() {
      await connection.query(
        'create table if not exists migrations (name text primary key, applied_at bigint not null)',
      );
      return (await connection.query('select name from migrations')).map(([name]) => String(name));
    },
    async transaction(work) {
      await connection.query('begin');
      try {
        await work();
        await connection.query('commit');
      } catch (error) {
        await connection.query('rollback');
        throw error;
      }
    },
  };
}

/** A database that may have been made from a dump. */
export function restoredTarget(connection: Connection, db: Builder): RestoredTarget {
  return {
    db,
    value: (sql) => migrationTarget(connection, db).value(sql),
    run: (sql, values) => connection.query(sql, values),
    async continueNumbers(next) {
      for (const [table, number] of Object.entries(next)) {
        await connection.query(
          `select setval('${sequenceName(table)}', greatest($1::bigint, nextval('${sequenceName(table)}')), false)`,
          [number],
        );
      }
    },
    async endUsedNumbers() {
      await connection.query('delete from number_epochs');
    },
    transaction: (work) => migrationTarget(connection, db).transaction(work),
  };
}

/** @throws when the server is too old, or the database cannot hold every text */
export async function checkServer(connection: Connection): Promise<void> {
  const show = async (setting: string) => String((await connection.query(`show ${setting}`))[0]?.[0]);
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
