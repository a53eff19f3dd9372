/** Options with which a database is opened. */
import type { Meter } from '../domain/ports/meter.ts';
import type { Clock, DiskSpace, Log, Randomness } from '../domain/ports/system.ts';
import type { Upgrade } from './migrate.ts';
import type { NumberedTable, Tenancy } from './session.ts';

export interface DatabaseOptions {
  /**
   * The database file; made, with its folder, when it does not exist. One process at a time: a second is refused. Or the address
   * of a database on a PostgreSQL server, `postgres://user:password@host/name`, which several may share.
   */
  readonly path: string;
  /** The data folder of this node, for a database on a server: it says which node this is. Absent: a node of a test. */
  readonly nodeFolder?: string;
  /** Default: true. See `Tenancy.runsJobs`. */
  readonly runsJobs?: boolean;
  readonly clock: Clock;
  /** Makes the ids of jobs, which the store creates itself. */
  readonly random: Randomness;
  readonly log: Log;
  /** Counts what became durable. */
  readonly meter?: Pick<Meter, 'committed'>;
  /** Default: nothing is reserved. */
  readonly space?: DiskSpace;
  readonly upgrade?: Upgrade | undefined;
  /** Where the numbers of a table begin while it is empty, instead of the engine's own beginning. */
  readonly firstNumbers?: FirstNumbers;
  /** Default: what the engine knows by itself. Tests stand in for an engine that several nodes share. */
  readonly tenancy?: Tenancy;
}

/** Tables with a sequence of numbers: drawn when a row is inserted, or before, for its id. */
export type Sequence = NumberedTable | 'orders' | 'issuances' | 'certificates';

export type FirstNumbers = Readonly<Partial<Record<Sequence, number>>>;
