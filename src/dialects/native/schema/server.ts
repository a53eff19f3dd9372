/** Operation of the server: the audit log, its own authorities, failed jobs. */
import { z } from 'zod';
import { actor } from './actors.ts';
import { endpoint, nothing, pageOf, pageRequest, time } from './shapes.ts';

export const event = z
  .object({
    sequence: z.int(),
    kind: z.string(),
    accountId: z.string().nullable(),
    actor,
    actedFor: z.string().optional().meta({ description: 'The account for which an operator did it.' }),
    subject: z.string(),
    data: z.record(z.string(), z.unknown()),
    requestId: z.string().nullable(),
    at: time,
  })
  .meta({ id: 'Event' });

export const authority = z
  .object({
    id: z.string(),
    issuerId: z.string(),
    role: z.enum(['root', 'intermediate']),
    keyKind: z.string(),
    parentId: z.string().nullable(),
    subject: z.string(),
    sha256: z.string().meta({ description: 'Fingerprint of the DER, lower-case hex.' }),
    notAfter: time,
    createdAt: time,
    pem: z.string(),
  })
  .meta({ id: 'Authority' });

export const job = z
  .object({
    id: z.string(),
    kind: z.string(),
    subject: z.string(),
    state: z.enum(['waiting', 'running', 'failed']),
    runAt: time,
    attempts: z.int(),
    lastError: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'Job' });

export const eventsApi = {
  list: endpoint({
    id: 'events.list',
    method: 'GET',
    path: '/api/v1/events',
    summary: { en: 'The audit log, newest first', zh: '审计日志（新的在前）' },
    request: z.strictObject({
      ...pageRequest.shape,
      subject: z.string().min(1).optional().meta({ description: 'Only what happened to this id.' }),
    }),
    response: pageOf(event),
  }),
} as const;

export const authoritiesApi = {
  list: endpoint({
    id: 'authorities.list',
    method: 'GET',
    path: '/api/v1/authorities',
    summary: { en: 'The certificate authorities of this server, with their certificates', zh: '本服务器的签发机构' },
    request: nothing,
    response: pageOf(authority),
  }),
} as const;

export const jobsApi = {
  failed: endpoint({
    id: 'jobs.failed',
    method: 'GET',
    path: '/api/v1/jobs/failed',
    summary: { en: 'List jobs that failed after many tries, the latest first', zh: '多次失败后停止的任务（新的在前）' },
    request: z.strictObject({ ...pageRequest.shape, cursor: z.string().max(500).optional() }),
    response: pageOf(job),
  }),
} as const;
