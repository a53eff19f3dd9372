/** The embedded database as `certmux verify` reads it: the file of a server, running or not, or a backup. */
import { existsSync } from 'node:fs';
import { refuse } from '../../../domain/errors.ts';
import type { CheckedDatabase } from '../../checked.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { tablesIn } from './schema.ts';

/** One row of `PRAGMA integrity_check` for each flaw; the first are enough. */
const mostFlaws = 20;

/** @throws {CertError} when there is no such file, or it is of something else */
export function openSqliteToCheck(path: string): CheckedDatabase {
  if (!existsSync(path)) throw refuse('backupSourceMissing', { path });
  let opened: Connection | undefined;
  try {
    opened = new Connection(path, { db: createSqliteBuilder(), readOnly: true, pragmas: '' });
    opened.exec('PRAGMA busy_timeout = 10000');
    // One moment for all checks: the first statement begins it.
    opened.exec('BEGIN');
    opened.value('SELECT count(*) FROM sqlite_master');
  } catch (error) {
    // One that is damaged is opened all the same: what is wrong with it is the answer.
    if (opened === undefined || !isDamaged(error)) {
      opened?.close();
      throw refuse('backupSourceMissing', { path }, { cause: error });
    }
  }
  const connection = opened;
  return {
    title: path,
    all: async (form, params) => connection.all(form, params),
    rows: async (sql) => [...connection.rows(sql)],
    async migrations() {
      if (!tablesIn(connection).some(({ name }) => name === 'migrations')) return [];
      return [...connection.rows('SELECT name FROM migrations ORDER BY name')].map(([name]) => String(name));
    },
    async flaws() {
      const found = [...connection.rows(`PRAGMA integrity_check(${mostFlaws})`)].map(([flaw]) => String(flaw));
      const broken = [...connection.rows('PRAGMA foreign_key_check')].slice(0, mostFlaws);
      return [
        ...found.filter((flaw) => flaw !== 'ok'),
        ...broken.map(([table, row]) => `${table}, row ${row}: it refers to a row that is not there`),
      ];
    },
    async close() {
      connection.close();
    },
  };
}

/** SQLITE_CORRUPT. */
function isDamaged(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 11;
}
