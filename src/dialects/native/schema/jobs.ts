/** The jobs of the queue, and what an operator does about those that do not succeed. */
import { z } from 'zod';
import { jobKinds } from '../../../domain/job.ts';
import { job } from './server.ts';
import { countedPageRequest, endpoint, pageOf } from './shapes.ts';

const kind = z.enum(jobKinds as readonly [string, ...string[]]);
const oneJob = z.strictObject({
  job: z.string().min(1).max(200).meta({ description: 'Id of a job that failed, or whose last run failed.' }),
});

const changed = z
  .object({
    done: z.int(),
    refused: z.int().meta({ description: 'Left as they are, each for a reason of its own; ask for one to read it.' }),
    isMore: z.boolean().meta({ description: 'There are more than the 1,000 of one call: ask again.' }),
  })
  .meta({ id: 'JobsChanged' });

export const jobListApi = {
  list: endpoint({
    id: 'jobs.list',
    method: 'GET',
    path: '/api/v1/jobs',
    summary: { en: 'List jobs, by kind and subject', zh: '任务列表（按类型和对象排序）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      cursor: z.string().max(500).optional().meta({ description: '`nextCursor` of the page before.' }),
      state: z
        .enum(['waiting', 'running', 'failed'])
        .optional()
        .meta({ description: '`failed`: given up after many tries. `waiting` for its time: `runAt` is the next try.' }),
      kind: kind.optional(),
      subject: z.string().min(1).max(400).optional().meta({ description: 'Id of what it works on, exactly.' }),
    }),
    response: pageOf(job),
  }),
  retry: endpoint({
    id: 'jobs.retry',
    method: 'POST',
    path: '/api/v1/jobs/:job/retry',
    summary: { en: 'Run a job again now that failed', zh: '立即重试失败的任务' },
    request: oneJob,
    response: job,
  }),
  discard: endpoint({
    id: 'jobs.discard',
    method: 'POST',
    path: '/api/v1/jobs/:job/discard',
    summary: { en: 'Give a job up and remove it', zh: '放弃并删除任务' },
    request: oneJob,
    response: job,
  }),
  retryAll: endpoint({
    id: 'jobs.retryAll',
    method: 'POST',
    path: '/api/v1/jobs/retry',
    summary: { en: 'Run all jobs of a kind again that were given up', zh: '重试某一类已放弃的任务' },
    request: z.strictObject({ kind }),
    response: changed,
  }),
  discardAll: endpoint({
    id: 'jobs.discardAll',
    method: 'POST',
    path: '/api/v1/jobs/discard',
    summary: { en: 'Remove all jobs of a kind that were given up', zh: '删除某一类已放弃的任务' },
    request: z.strictObject({ kind }),
    response: changed,
  }),
} as const;
