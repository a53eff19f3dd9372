/** Operation of the server: the audit log, its own authorities, failed jobs. */
import { z } from 'zod';
import { isEventKind } from '../../../domain/event.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { actor } from './actors.ts';
import { authority } from './authority.ts';
import { rolloverApi } from './rollover.ts';
import { countedPageRequest, endpoint, moment, pageOf, reference, time, wholeRequest } from './shapes.ts';

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
    session: z
      .string()
      .optional()
      .meta({ description: 'The session of the person who did it, as in `/api/v1/sessions`.' }),
    address: z.string().optional().meta({ description: 'From where it was done. Absent: the server did it.' }),
    at: time,
  })
  .meta({ id: 'Event' });

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
      ...countedPageRequest.shape,
      subject: z.string().min(1).max(200).optional().meta({ description: 'Only what happened to this id.' }),
      kind: z
        .string()
        .max(1000)
        .refine((text) => text.split(',').every(isEventKind), expecting(expected.eventKinds))
        .optional()
        .meta({ description: 'One or several, separated by commas: `order.placed,order.cancelled`.' }),
      actor: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({ description: 'The id of the user or key that did it; `system`.' }),
      account: reference('account').optional(),
      requestId: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .meta({ description: 'What came of this request (`X-Request-Id`).' }),
      from: moment
        .optional()
        .meta({ description: 'At this time (UTC) or later: `2026-06-01` or `2026-06-01T08:00:00Z`.' }),
      until: moment.optional().meta({ description: 'Before this time (UTC).' }),
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
    request: wholeRequest.extend({
      listDue: z
        .literal('true')
        .optional()
        .meta({ description: '`true`: only those whose next list is to be handed in.' }),
    }),
    response: pageOf(authority),
  }),
  publishCrl: endpoint({
    id: 'authorities.publishCrl',
    method: 'POST',
    path: '/api/v1/authorities/:authority/crl',
    summary: { en: 'Publish a new list of revoked certificates now', zh: '立即发布新的证书吊销列表' },
    request: z.strictObject({ authority: reference('authority') }),
    response: authority,
  }),
  ...rolloverApi,
} as const;

export const jobsApi = {
  failed: endpoint({
    id: 'jobs.failed',
    method: 'GET',
    path: '/api/v1/jobs/failed',
    summary: { en: 'List jobs that failed after many tries, the latest first', zh: '多次失败后停止的任务（新的在前）' },
    request: z.strictObject({ ...countedPageRequest.shape, cursor: z.string().max(500).optional() }),
    response: pageOf(job),
  }),
} as const;
