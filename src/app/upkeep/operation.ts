/** Operation of the server: its authorities, the jobs that failed, its alarms, the master key. */
import { totalOf } from '../../domain/page.ts';
import type { Operation } from '../../domain/ports/operation.ts';
import { withDefined } from '../../domain/with-defined.ts';
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

    async failedJobs(_, { limit, before, withTotal }) {
      const found = await read.jobs.listFailed({ limit: limit + 1, ...withDefined({ before }) });
      const page = pageOf(found, limit, ({ runAt, kind, subject }) => ({ runAt, kind, subject }));
      return withTotal === true ? { ...page, total: totalOf(await read.jobs.countListed({ state: 'failed' })) } : page;
    },
  };
}
