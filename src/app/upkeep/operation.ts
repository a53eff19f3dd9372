/** Operation of the server: its authorities, the jobs that failed, its alarms, the master key. */
import type { Operation } from '../../domain/ports/operation.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { alarmsKey, keptFrom, openAlarms } from '../watching/kept-alarms.ts';
import { createKeyEncryption } from './key-encryption.ts';

export function createOperation(context: AppContext): Operation {
  const { read } = context.database;
  return {
    ...createKeyEncryption(context),

    async authorities() {
      return read.authorities.list();
    },

    async alarms() {
      return openAlarms(keptFrom(await read.settings.get(alarmsKey)));
    },

    async failedJobs(_, page) {
      const found = await read.jobs.listFailed({ ...page, limit: page.limit + 1 });
      return pageOf(found, page.limit, ({ runAt, kind, subject }) => ({ runAt, kind, subject }));
    },
  };
}
