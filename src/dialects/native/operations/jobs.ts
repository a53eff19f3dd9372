/** The jobs of the queue: for operators. */
import { type JobKind, jobKinds } from '../../../domain/job.ts';
import type { JobKey } from '../../../domain/ports/stores/jobs.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { notACursor } from '../paging.ts';
import { jobListApi } from '../schema/jobs.ts';
import { handled } from '../services.ts';
import { jobToWire } from './server.ts';

function kindOf(text: string): JobKind | undefined {
  return jobKinds.find((kind) => kind === text);
}

/** @throws {CertError} invalidField for a cursor that is not ours */
function keyFromWire(cursor: string): JobKey {
  const [, kindText = '', subject] =
    /^job:([A-Za-z]+):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  const kind = kindOf(kindText);
  if (kind === undefined || subject === undefined) throw notACursor(cursor);
  return { kind, subject };
}

function keyToWire({ kind, subject }: JobKey): string {
  return Buffer.from(`job:${kind}:${subject}`).toString('base64url');
}

export const jobOperations = [
  handled(
    jobListApi.list,
    async ({ limit, cursor, total, state, subject, kind: kindText }, { caller, services, language }) => {
      const after = cursor === undefined ? undefined : keyFromWire(cursor);
      const kind = kindText === undefined ? undefined : kindOf(kindText);
      const counting = total === undefined ? {} : { withTotal: true as const };
      const query = { limit, ...counting, ...withDefined({ after, state, kind, subject }) };
      const page = await services.jobs.list(caller, query);
      const nextCursor = page.next === null ? null : keyToWire(page.next);
      return {
        items: page.items.map((job) => jobToWire(job, language)),
        nextCursor,
        ...withDefined({ total: page.total }),
      };
    },
  ),

  handled(jobListApi.retry, async ({ job }, { caller, services, language }) =>
    jobToWire(await services.jobs.retry(caller, job), language),
  ),

  handled(jobListApi.discard, async ({ job }, { caller, services, language }) =>
    jobToWire(await services.jobs.discard(caller, job), language),
  ),

  handled(jobListApi.retryAll, ({ kind }, { caller, services }) => services.jobs.retryAll(caller, kind as JobKind)),

  handled(jobListApi.discardAll, ({ kind }, { caller, services }) => services.jobs.discardAll(caller, kind as JobKind)),
];
