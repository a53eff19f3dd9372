/** The schema of the embedded engine: how it is brought up to date, and how tables look from outside. */
import type { CopiedColumn, CopiedTable } from '../../copy/side.ts';
import { type MigrationTarget, migrate } from '../../migrate.ts';
import { migrations } from '../../migrations/index.ts';
import type { RestoredTarget } from '../../restored.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder, sqliteSchema } from './dialect.ts';

export function migrationTarget(connection: Connection, title = ''): MigrationTarget {
  return {
    title,
    value: async (sql) => connection.value(sql),
    db: connection.db,
    dialect: sqliteSchema,
    execute: (query) => connection.execute(query),
    applied() {
      connection.exec(
        'CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY NOT NULL, applied_at INTEGER NOT NULL) STRICT',
      );
      return connection.select((db) => db.selectFrom('migrations').select('name')).map((row) => row.name);
    },
    async transaction(work) {
      connection.exec('BEGIN IMMEDIATE');
      try {
        await work();
        connection.exec('COMMIT');
      } catch (error) {
        connection.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

/** A database that may have been made from a backup. */
export function restoredTarget(connection: Connection): RestoredTarget {
  return {
    db: connection.db,
    value: (sql) => connection.value(sql),
    run: (sql, values) => connection.changer(sql)(values),
    // They are read from the setting: `Numbers` in `sessions.ts`.
    continueNumbers() {},
    // Each start begins them again.
    endUsedNumbers() {},
    transaction: (work) => migrationTarget(connection).transaction(work),
  };
}

/** Every table of this version with its columns and its key, as the migrations make them. */
export async function tablesOfThisVersion(): Promise<readonly CopiedTable[]> {
  const connection = new Connection(':memory:', { db: createSqliteBuilder(), readOnly: false, pragmas: '' });
  try {
    await migrate(migrations, migrationTarget(connection), new Date(0));
    return tablesIn(connection);
  } finally {
    connection.close();
  }
}

const types = { TEXT: 'text', INTEGER: 'integer', BLOB: 'blob' } as const satisfies Record<
  string,
  CopiedColumn['type']
>;

/** The tables that a file has. */
export function tablesIn(connection: Connection): readonly CopiedTable[] {
  const names = connection.rows(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  return [...names].map(([name]) => {
    const found = [
      ...connection.rows(`SELECT name, type, pk FROM pragma_table_info('${String(name).replaceAll("'", "''")}')`),
    ];
    const key = found.filter(([, , place]) => Number(place) > 0).toSorted((a, b) => Number(a[2]) - Number(b[2]));
    return {
      name: String(name),
      columns: found.map(([column, type]) => ({ name: String(column), type: typeOf(String(type)) })),
      key: key.map(([column]) => String(column)),
    };
  });
}

function typeOf(type: string): CopiedColumn['type'] {
  return type in types ? types[type as keyof typeof types] : 'text';
}
