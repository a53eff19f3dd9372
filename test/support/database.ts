/** A database of its own for a test, in a temporary folder. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import type { DatabaseOptions } from '../../src/db/options.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../src/domain/ports/system.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from './system.ts';

export interface TempDatabase {
  readonly database: Database;
  readonly path: string;
  /** Closes the database and removes its folder. */
  remove(): Promise<void>;
}

export interface TestSystem extends Pick<DatabaseOptions, 'firstNumbers' | 'tenancy'> {
  readonly clock?: Clock;
  readonly random?: Randomness;
  readonly log?: Log;
}

export async function openTempDatabase(system: TestSystem = {}): Promise<TempDatabase> {
  migrated ??= bytesOfDatabase();
  return openCopyOf(await migrated, system);
}

let migrated: Promise<Uint8Array> | undefined;

/** The file of a database that was filled so and closed, to be opened as often as needed: migrations take longer than most tests. */
export async function bytesOfDatabase(
  fill: (database: Database) => Promise<void> = async () => {},
): Promise<Uint8Array> {
  const folder = newFolder();
  const path = join(folder, 'certmux.db');
  const system = { clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() };
  const database = await openDatabase({ path, ...system });
  await fill(database);
  await database.close();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  return bytes;
}

export async function openCopyOf(bytes: Uint8Array, system: TestSystem = {}): Promise<TempDatabase> {
  const folder = newFolder();
  const path = join(folder, 'certmux.db');
  writeFileSync(path, bytes, { mode: 0o600 });
  const {
    clock = createFakeClock(),
    random = createFakeRandomness(),
    log = createFakeLog(),
    firstNumbers = {},
    tenancy,
  } = system;
  const options = { path, clock, random, log, firstNumbers };
  const database = await openDatabase(tenancy === undefined ? options : { ...options, tenancy });
  return {
    database,
    path,
    async remove() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'certmux-db-'));
}
