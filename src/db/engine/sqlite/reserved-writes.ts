/**
 * Keeps ordinary writes from the last of the disk, and gives what is reserved to those that may use it. What the engine says of
 * a full disk becomes a refusal that every front door can tell: nothing of the transaction is left, and it may be tried again.
 */
import { isDiskFull, refuse } from '../../../domain/errors.ts';
import type { Database, Stores, WriteOptions } from '../../../domain/ports/stores/index.ts';
import type { DiskSpace } from '../../../domain/ports/system.ts';

export function createReservedWrite(write: Database['write'], space: DiskSpace): Database['write'] {
  async function fromReserve<T>(...[work, options]: Parameters<typeof write<T>>): Promise<T> {
    try {
      return await write(work, options);
    } catch (error) {
      if (!isDiskFull(error) || !(await space.release())) throw storageError(error);
      return write(work, options).catch((again: unknown) => {
        throw storageError(again);
      });
    }
  }

  return <T>(work: (tx: Stores) => Promise<T>, options: WriteOptions<T> = {}) => {
    if (options.mayUseReserve === true) return fromReserve(work, options);
    if (space.isShort) return Promise.reject(refuse('diskFull', {}));
    return write(work, options).catch((error: unknown) => {
      throw storageError(error);
    });
  };
}

function storageError(error: unknown): unknown {
  return isDiskFull(error) ? refuse('diskFull', {}, { cause: error }) : error;
}
