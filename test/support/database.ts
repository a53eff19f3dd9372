/** A database of its own for a test: a file in a temporary folder or, where `npm run test:postgres` names a server, one there. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import type { DatabaseOptions } from '../../src/db/options.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../src/domain/ports/system.ts';
import { awaited, copyDatabase, createDatabase, dropDatabase, postgresUrl } from './postgres.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from './system.ts';

export interface TempDatabase {
  readonly database: Database;
  /** As `openDatabase` takes it. */
  readonly path: string;
  /** Closes the database and removes it. */
  remove(): Promise<void>;
}

export interface TestSystem extends Pick<DatabaseOptions, 'firstNumbers' | 'tenancy'> {
  readonly clock?: Clock;
  readonly random?: Randomness;
  readonly log?: Log;
}

/** A database that was filled so and closed, to be opened as often as needed: migrations take longer than most tests. */
export type DatabaseImage = { readonly bytes: Uint8Array } | { readonly template: string };

export async function openTempDatabase(system: TestSystem = {}): Promise<TempDatabase> {
  migrated ??= imageOfDatabase();
  return openCopyOf(await migrated, system);
}

let migrated: Promise<DatabaseImage> | undefined;

export async function imageOfDatabase(
  fill: (database: Database) => Promise<void> = async () => {},
): Promise<DatabaseImage> {
  const system = { clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() };
  const place = await newPlace();
  const database = await openDatabase({ path: place.path, ...system });
  await fill(database);
  await database.close();
  if (postgresUrl !== undefined) return { template: place.path };
  const bytes = readFileSync(place.path);
  await place.remove();
  return { bytes };
}

/** The content of an open database, which is closed for it and then gone. */
export async function closedImage({ database, path, remove }: TempDatabase): Promise<DatabaseImage> {
  await database.close();
  if (postgresUrl !== undefined) return { template: path };
  const bytes = readFileSync(path);
  await remove();
  return { bytes };
}

export async function openCopyOf(image: DatabaseImage, system: TestSystem = {}): Promise<TempDatabase> {
  const place = await newPlace(image);
  const {
    clock = createFakeClock(),
    random = createFakeRandomness(),
    log = createFakeLog(),
    firstNumbers = {},
    tenancy,
  } = system;
  const options = { path: place.path, clock, random, log, firstNumbers };
  const database = awaitedDatabase(await openDatabase(tenancy === undefined ? options : { ...options, tenancy }));
  return {
    database,
    path: place.path,
    async remove() {
      await database.close();
      await place.remove();
    },
  };
}

/** A clock moved by hand waits for its transactions, also while they pause before they are run again. */
function awaitedDatabase(database: Database): Database {
  if (postgresUrl === undefined) return database;
  return {
    read: database.read,
    write: (work, options) => awaited(() => database.write(work, options)),
    get isFull() {
      return database.isFull;
    },
    nextNumber: (of) => database.nextNumber(of),
    isExclusive: database.isExclusive,
    node: database.node,
    alone: (work) => awaited(() => database.alone(work)),
    signals: database.signals,
    usedNumbers: database.usedNumbers,
    get writeCounts() {
      return database.writeCounts;
    },
    close: () => database.close(),
  };
}

interface Place {
  readonly path: string;
  remove(): Promise<void>;
}

async function newPlace(image?: DatabaseImage): Promise<Place> {
  if (postgresUrl !== undefined) {
    const path =
      image !== undefined && 'template' in image ? await copyDatabase(image.template) : await createDatabase();
    return { path, remove: () => dropDatabase(path) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'certmux-db-'));
  const path = join(folder, 'certmux.db');
  if (image !== undefined && 'bytes' in image) writeFileSync(path, image.bytes, { mode: 0o600 });
  return { path, remove: async () => rmSync(folder, { recursive: true, force: true }) };
}
