/** Marks a database on a server as one that was put back from a dump. */
import { refuse } from '../../../domain/errors.ts';
import { type BackupMark, markBackup } from '../../restored.ts';
import { withoutPassword } from './address.ts';
import { Connection } from './connection.ts';
import { createPostgresBuilder } from './dialect.ts';
import { restoredTarget } from './schema.ts';
import { takeDatabase } from './use-lock.ts';

/** @throws {CertError} when it cannot be reached, is none of certmux, or a node uses it */
export async function markPostgres(url: string, mark: BackupMark): Promise<string> {
  const title = withoutPassword(url);
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} }).catch((error: Error) => {
    const { message } = error.cause instanceof Error ? error.cause : error;
    throw refuse('databaseUnreachable', { database: title, detail: message }, { cause: error });
  });
  try {
    await takeDatabase(connection, title);
    const [there] = await connection.query(`select to_regclass('settings')::text`);
    if (there?.[0] == null) throw refuse('backupSourceMissing', { path: title });
    await markBackup(restoredTarget(connection, createPostgresBuilder()), mark);
    return title;
  } finally {
    await connection.close();
  }
}
