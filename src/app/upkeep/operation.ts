/** Operation of the server: its authorities, the jobs that failed, the master key. */
import type { Operation } from '../../domain/ports/operation.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { createKeyEncryption } from './key-encryption.ts';

export function createOperation(context: AppContext): Operation {
  const { read } = context.database;
  return {
    ...createKeyEncryption(context),

    async authorities() {
      return read.authorities.list();
    },

    async failedJobs(_, page) {
      const found = await read.jobs.listFailed({ ...page, limit: page.limit + 1 });
      return pageOf(found, page.limit, ({ runAt, kind, subject }) => ({ runAt, kind, subject }));
    },
  };
}
