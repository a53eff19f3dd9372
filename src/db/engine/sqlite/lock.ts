/**
 * One process at a time on one data folder. The lock is an exclusive transaction on an empty database beside the real
 * one: the operating system drops it when the process dies, however it dies, which a file with a process id cannot do.
 */
import { DatabaseSync } from 'node:sqlite';
import { refuse } from '../../../domain/errors.ts';

export interface ProcessLock {
  release(): void;
}

/** @throws when another process (or another opening in this one) holds the lock */
export function lockForThisProcess(path: string): ProcessLock {
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    throw refuse('dataDirectoryInUse', { database: path }, { cause });
  }
  return { release: () => lock.close() };
}

/** Reports whether this is the error of a lock that another process holds. */
export function isLockTaken(error: unknown): boolean {
  return error instanceof Error && isBusy(error.cause);
}

/** SQLITE_BUSY (5) in the low byte, whatever the extended code. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}
