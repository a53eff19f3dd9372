/** Roles that two administrators grant together, where an account separates duties. */
import { z } from 'zod';
import { actor } from './actors.ts';
import { countedPageRequest, endpoint, pageOf, reference, roles, time, userReference } from './shapes.ts';

export const roleGrant = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    subject: actor.meta({ description: 'Who gets the roles: a user or a credential.' }),
    roles: z.array(roles).meta({ description: 'All that it will have; they replace the ones before.' }),
    state: z.enum(['pending', 'confirmed', 'withdrawn']),
    proposedBy: actor,
    decidedBy: actor.nullable(),
    createdAt: time,
    decidedAt: time.nullable(),
  })
  .meta({ id: 'RoleGrant' });

const path = '/api/v1/role-grants';
const one = z.strictObject({ grant: reference('role grant') });

export const roleGrantsApi = {
  list: endpoint({
    id: 'roleGrants.list',
    method: 'GET',
    path,
    summary: { en: 'List role grants, newest first', zh: '授权申请列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      account: reference('account').optional().meta({ description: 'Default: every account that the caller may see.' }),
      state: roleGrant.shape.state.optional(),
      user: userReference.exactOptional().meta({ description: 'Only those for this user; or `credential`.' }),
      credential: reference('credential').exactOptional(),
    }),
    response: pageOf(roleGrant),
  }),
  propose: endpoint({
    id: 'roleGrants.propose',
    method: 'POST',
    path,
    summary: {
      en: 'Propose roles of a user or a credential, for another administrator to confirm',
      zh: '提交用户或凭证的授权申请，由另一名管理员确认',
    },
    status: 201,
    request: z.strictObject({
      user: userReference.exactOptional().meta({ description: 'Who gets the roles; or `credential`.' }),
      credential: reference('credential').exactOptional(),
      roles: z.array(roles).min(1),
    }),
    response: roleGrant,
  }),
  confirm: endpoint({
    id: 'roleGrants.confirm',
    method: 'POST',
    path: `${path}/:grant/confirm`,
    summary: { en: 'Confirm a role grant that somebody else proposed', zh: '确认他人提交的授权申请' },
    request: one,
    response: roleGrant,
  }),
  withdraw: endpoint({
    id: 'roleGrants.withdraw',
    method: 'POST',
    path: `${path}/:grant/withdraw`,
    summary: { en: 'Withdraw a role grant that waits', zh: '撤回授权申请' },
    request: one,
    response: roleGrant,
  }),
} as const;
