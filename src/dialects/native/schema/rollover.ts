/** How authorities follow one another: what comes, and what an operator does about it. */
import { z } from 'zod';
import { authorityStages, authorityTasks } from '../../../domain/authority-outlook.ts';
import { authorityRevocationReasons } from '../../../domain/ports/issuer.ts';
import { authority } from './authority.ts';
import { endpoint, pageOf, reference, time, wholeRequest } from './shapes.ts';

const outlook = z
  .object({
    id: z.string().nullable().meta({ description: 'Null: it is not made yet.' }),
    issuerId: z.string(),
    role: z.enum(['root', 'intermediate']),
    keyKind: z.string(),
    subject: z.string().nullable(),
    followsId: z.string().nullable().meta({ description: 'The authority that it follows; null: none.' }),
    stage: z.enum(authorityStages).meta({
      description:
        '`coming`: it will be made. `published`: it is made, and signs later. `closed`: its last list is published. `over`: it has ended.',
    }),
    madeAt: time.meta({ description: 'From then on it is at `/pki/`.' }),
    signsFrom: time,
    retiresAt: time.nullable().meta({ description: 'From then on it signs no more, and publishes its lists.' }),
    lastEndsAt: time.nullable().meta({ description: 'When the last certificate under it ends, at the latest.' }),
    lastListAt: time.nullable(),
    endsAt: time.meta({ description: 'The end of its chain.' }),
    task: z
      .object({ what: z.enum(authorityTasks), until: time })
      .nullable()
      .meta({
        description:
          'What does not happen by itself. `trustRoot`: every client is to trust it by then. `makeSuccessor`: another one is to be made with a key that is not here.',
      }),
  })
  .meta({ id: 'AuthorityOutlook' });

export const rolloverApi = {
  plan: endpoint({
    id: 'authorities.plan',
    method: 'GET',
    path: '/api/v1/authorities/plan',
    summary: { en: 'What becomes of each authority, and when', zh: '各 CA 的接替计划' },
    request: wholeRequest.extend({
      due: z.literal('true').optional().meta({ description: '`true`: only what is to be done within 180 days.' }),
    }),
    response: pageOf(outlook),
  }),
  roll: endpoint({
    id: 'authorities.roll',
    method: 'POST',
    path: '/api/v1/authorities/:authority/successor',
    summary: { en: 'Make a successor of the authority now', zh: '立即创建接替该 CA 的 CA' },
    request: z.strictObject({
      authority: reference('authority'),
      publishDays: z
        .int()
        .min(0)
        .max(3650)
        .optional()
        .meta({ description: 'It signs after so many days; 0: at once. By default those of the configuration.' }),
    }),
    response: authority,
  }),
  revoke: endpoint({
    id: 'authorities.revoke',
    method: 'POST',
    path: '/api/v1/authorities/:authority/revoke',
    summary: { en: 'Revoke an intermediate: it signs no more', zh: '吊销中级 CA，使其不再签发证书' },
    request: z.strictObject({
      authority: reference('authority'),
      reason: z.enum(authorityRevocationReasons),
    }),
    response: authority,
  }),
} as const;
