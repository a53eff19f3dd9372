/**
 * Brings what is committed to the disk. SQLite would do it inside COMMIT and hold up the event loop for as long as the
 * disk takes (0.1 ms to tens of them); here the thread pool waits. Nothing that the disk does not hold yet is shown or
 * acknowledged: reads and commits wait for the sync under way.
 */

import { closeSync, fdatasync, openSync } from 'node:fs';
import { refuse } from '../../../domain/errors.ts';

export interface LogSync {
  /** Something is committed that the disk does not hold yet. A sync that was begun before has to have ended. */
  expect(): void;
  /** Resolves when everything committed before the call is on the disk. Once it rejects it does so for ever. */
  sync(): Promise<void>;
  /** The sync that is expected or under way; undefined when all that is committed is on the disk. Rejects like `sync`. */
  readonly underWay: Promise<void> | undefined;
  close(): void;
}

/** @param path the write-ahead log; it exists as long as the database is open */
export function createLogSync(path: string): LogSync {
  const file = openSync(path, 'r+');
  let awaited: PromiseWithResolvers<void> | undefined;
  let isBegun = false;

  function expect(): PromiseWithResolvers<void> {
    if (awaited !== undefined) return awaited;
    awaited = Promise.withResolvers();
    // Nobody may be waiting.
    awaited.promise.catch(() => undefined);
    return awaited;
  }

  function begin({ resolve, reject }: PromiseWithResolvers<void>): void {
    isBegun = true;
    fdatasync(file, (error) => {
      // Left as it is after a failure: what the disk holds then nobody knows, and asking again would say that all is well
      // (the kernel reports a lost page once). Everything is refused until a restart reads what is really there.
      if (error !== null) return reject(refuse('diskFailed', {}, { cause: error }));
      awaited = undefined;
      isBegun = false;
      resolve();
    });
  }

  return {
    expect() {
      expect();
    },
    sync() {
      const sync = expect();
      if (!isBegun) begin(sync);
      return sync.promise;
    },
    get underWay() {
      return awaited?.promise;
    },
    close: () => closeSync(file),
  };
}
