/** A database of its own for a test, in a temporary folder. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../src/domain/ports/system.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from './system.ts';

export interface TempDatabase {
  readonly database: Database;
  readonly path: string;
  /** Closes the database and removes its folder. */
  remove(): Promise<void>;
}

export async function openTempDatabase(
  system: { readonly clock?: Clock; readonly random?: Randomness; readonly log?: Log } = {},
): Promise<TempDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-db-'));
  const path = join(folder, 'certmux.db');
  const { clock = createFakeClock(), random = createFakeRandomness(), log = createFakeLog() } = system;
  const database = await openDatabase({ path, clock, random, log });
  return {
    database,
    path,
    async remove() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
