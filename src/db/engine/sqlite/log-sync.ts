/**
 * Brings what is committed to the disk. SQLite would do it inside COMMIT and hold up the event loop for as long as the
 * disk takes (0.1 ms to tens of them); here the thread pool waits. Nothing that the disk does not hold yet is shown or
 * acknowledged: reads and commits wait for the sync under way.
 */

import { closeSync, fdatasync, openSync } from 'node:fs';
import { refuse } from '../../../domain/errors.ts';

export interface LogSync {
  /** Resolves when everything committed before the call is on the disk. Once it rejects it does so for ever. */
  sync(): Promise<void>;
  /** The sync under way; undefined when all that is committed is on the disk. Rejects like `sync`. */
  readonly underWay: Promise<void> | undefined;
  close(): void;
}

/** @param path the write-ahead log; it exists as long as the database is open */
export function createLogSync(path: string): LogSync {
  const file = openSync(path, 'r+');
  let underWay: Promise<void> | undefined;

  async function sync(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      fdatasync(file, (error) => (error === null ? resolve() : reject(refuse('diskFailed', {}, { cause: error }))));
    });
    // Left as it is after a failure: what the disk holds then nobody knows, and asking again would say that all is well
    // (the kernel reports a lost page once). Everything is refused until a restart reads what is really there.
    underWay = undefined;
  }

  return {
    sync() {
      underWay ??= sync();
      return underWay;
    },
    get underWay() {
      return underWay;
    },
    close: () => closeSync(file),
  };
}
