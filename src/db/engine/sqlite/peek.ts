/** A look into the database file of a server that may be running. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Reports whether an authority has been made in it. */
export function hasAuthority(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const has = (sql: string) => database.prepare(sql).get() !== undefined;
    return has("SELECT 1 FROM sqlite_master WHERE name = 'authorities'") && has('SELECT 1 FROM authorities');
  } finally {
    database.close();
  }
}
