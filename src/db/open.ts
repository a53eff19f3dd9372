/** Opens the database that the configuration names and brings its schema up to date. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '../domain/ports/stores/index.ts';
import { openPostgres } from './engine/postgres/open.ts';
import { openSqlite } from './engine/sqlite/open.ts';
import type { DatabaseOptions } from './options.ts';

/** @throws when another process uses the file, the server cannot be used, or a newer version of certmux has written to it */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (isServer(options.path)) return openPostgres(options);
  // Accounts, password hashes and the audit log: readable only by the owner.
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  return openSqlite(options);
}

/** Reports whether this is the address of a database on a PostgreSQL server, and not a file. */
export function isServer(path: string): boolean {
  return /^postgres(ql)?:\/\//.test(path);
}
