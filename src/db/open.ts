/** Opens the database that the configuration names and brings its schema up to date. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, DiskSpace, Log, Randomness } from '../domain/ports/system.ts';
import { openSqlite } from './engine/sqlite/open.ts';

export interface DatabaseOptions {
  /** The database file; made, with its folder, when it does not exist. One process at a time: a second is refused. */
  readonly path: string;
  readonly clock: Clock;
  /** For the ids of jobs, which the store makes itself. */
  readonly random: Randomness;
  readonly log: Log;
  /** Default: nothing is reserved. */
  readonly space?: DiskSpace;
}

/** @throws when another process uses the database, or a newer version of certmux has written to it */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // Accounts, password hashes and the audit log: for the owner alone.
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  return openSqlite(options);
}
