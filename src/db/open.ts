/** Opens the database that the configuration names and brings its schema up to date. */
import type { Database } from '../domain/stores.ts';
import type { Clock, Log, Randomness } from '../domain/system.ts';

export interface DatabaseOptions {
  /** The database file; made when it does not exist. One process at a time: a second one is refused. */
  readonly path: string;
  readonly clock: Clock;
  /** For the ids of jobs, which the store makes itself. */
  readonly random: Randomness;
  readonly log: Log;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  throw new Error(`not written yet: ${options.path}`);
}
