/**
 * Marks a database that was put back otherwise than by `certmux restore`: a dump of a server, a copied file. Nothing else is changed; its
 * next start does what follows (`db/restored.ts`). No server may use it meanwhile.
 */
import { markPostgres } from '../db/engine/postgres/mark.ts';
import { markSqlite } from '../db/engine/sqlite/mark.ts';
import { isServer } from '../db/open.ts';

export async function markRestored({
  database,
  madeAt,
}: {
  readonly database: string;
  readonly madeAt: string;
}): Promise<{ readonly database: string; readonly madeAt: string }> {
  const title = isServer(database) ? await markPostgres(database, { madeAt }) : await markSqlite(database, { madeAt });
  return { database: title, madeAt };
}
