/** One act on many objects. */
import { z } from 'zod';
import { endpoint, problem } from './shapes.ts';

/** Acts that one may do to many objects at once, by the call that does one: the field of it that names the object. */
export const bulkActions = {
  'acmeKeys.revoke': 'key',
  'approvals.approve': 'approval',
  'approvals.reject': 'approval',
  'approvals.withdraw': 'approval',
  'authorizations.deactivate': 'authorization',
  'certificates.revoke': 'certificate',
  'credentials.revoke': 'credential',
  'domains.activate': 'domain',
  'domains.check': 'domain',
  'domains.deactivate': 'domain',
  'domains.renew': 'domain',
  'jobs.discard': 'job',
  'jobs.retry': 'job',
  'orders.cancel': 'order',
  'orders.check': 'order',
  'orders.revoke': 'order',
  'orders.withdraw': 'order',
  'organizations.activate': 'organization',
  'organizations.deactivate': 'organization',
  'users.disable': 'user',
  'users.enable': 'user',
  'webhooks.replay': 'delivery',
} as const;

export type BulkAction = keyof typeof bulkActions;

const actions = Object.keys(bulkActions) as [BulkAction, ...BulkAction[]];

export const idsAtMost = 200;
/** Each of them is read before it is decided. */
export const decisionsAtMost = 50;

export const bulkApi = {
  act: endpoint({
    id: 'bulk.act',
    method: 'POST',
    path: '/api/v1/bulk',
    summary: { en: 'Do one thing to many objects', zh: '批量操作' },
    request: z.strictObject({
      action: z.enum(actions).meta({ description: 'The call that does it to one of them.' }),
      ids: z
        .array(z.string().min(1).max(400))
        .min(1)
        .max(idsAtMost)
        .meta({
          description: `Ids or numbers, as that call takes them; of requests for approval at most ${decisionsAtMost}, all of one product.`,
        }),
      note: z.string().max(1000).optional().meta({ description: 'Of decisions.' }),
      versions: z.record(z.string().max(400), z.int().min(1)).optional().meta({
        description:
          'Of decisions: by id, the version that was looked at. One that is at another by now is refused; without it the present one is decided.',
      }),
      reason: z.string().max(100).optional().meta({ description: 'Of revocations, as the call for one takes it.' }),
    }),
    response: z.object({
      results: z.array(
        z.object({
          id: z.string().meta({ description: 'As it was sent; each once.' }),
          status: z.int().meta({ description: 'What the call for this one alone is answered.' }),
          problem: problem.nullable(),
        }),
      ),
    }),
  }),
} as const;
