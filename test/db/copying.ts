/** What the tests of copies share. */
import { DatabaseSync } from 'node:sqlite';
import { type CopyProgress, type DatabaseCopy, openCopy } from '../../src/db/copy/copy.ts';
import { createFakeClock } from '../support/system.ts';

export interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly report?: (progress: CopyProgress) => void;
  readonly signal?: AbortSignal;
}

/** A copy that was opened and has done nothing yet. */
export function openAnyCopy({ from, to, signal = new AbortController().signal }: Wanted): Promise<DatabaseCopy> {
  return openCopy({ from, to, clock: createFakeClock(), signal });
}

/** All steps of a copy. */
export async function copyAll(wanted: Wanted) {
  const { report = () => {} } = wanted;
  const copy = await openAnyCopy(wanted);
  try {
    await copy.copyRows(report);
    const nextNumbers = await copy.complete();
    await copy.compare(report);
    await copy.finish();
    return { ...copy, nextNumbers };
  } finally {
    await copy.close();
  }
}

/** Changes the file behind everybody's back. */
export function changeFile(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  db.close();
}

export function schemaOfFile(path: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  const schema = db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all();
  db.close();
  return schema;
}
