/** Marks a database file as one that was put back from a copy. */
import { existsSync } from 'node:fs';
import { refuse } from '../../../domain/errors.ts';
import { type BackupMark, markBackup } from '../../restored.ts';
import { Connection } from './connection.ts';
import { createSqliteBuilder } from './dialect.ts';
import { isLockTaken, lockForThisProcess } from './lock.ts';
import { restoredTarget } from './schema.ts';

/** @throws {CertError} when there is none, or a server works on it */
export async function markSqlite(path: string, mark: BackupMark): Promise<string> {
  if (!existsSync(path)) throw refuse('backupSourceMissing', { path });
  const lock = takeLock(path);
  try {
    const connection = new Connection(path, { db: createSqliteBuilder(), readOnly: false, pragmas: '' });
    try {
      await markBackup(restoredTarget(connection), mark);
    } finally {
      connection.close();
    }
    return path;
  } finally {
    lock.release();
  }
}

function takeLock(path: string) {
  try {
    return lockForThisProcess(path);
  } catch (error) {
    throw isLockTaken(error) ? refuse('databaseInUse', { database: path, by: null }, { cause: error }) : error;
  }
}
