/** Operation of the server: its authorities, the jobs that failed, the master key. */
import type { Operation } from '../../domain/ports/operation.ts';
import type { AppContext } from '../context.ts';
import { createKeyEncryption } from './key-encryption.ts';

export function createOperation(context: AppContext): Operation {
  const { read } = context.database;
  return {
    ...createKeyEncryption(context),

    async authorities() {
      return read.authorities.list();
    },

    async failedJobs() {
      return read.jobs.listFailed(100);
    },
  };
}
