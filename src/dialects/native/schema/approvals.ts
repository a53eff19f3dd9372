/** Requests for approval: what somebody asks for, and who decided. */
import { z } from 'zod';
import { reasons } from './certificates.ts';
import { endpoint, firstNames, pageOf, pageRequest, reference, time } from './shapes.ts';

const states = z.enum(['submitted', 'pending', 'approved', 'rejected']);
const asks = z.enum(['new', 'reissue', 'duplicate', 'revoke']);

export const approvalRequest = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    orderId: z.string(),
    orderNumber: z.int(),
    names: firstNames,
    nameCount: z.int(),
    asks,
    state: states.meta({ description: '`submitted` is the first of two steps.' }),
    version: z.int().meta({
      description:
        'Grows when what it asks for changes while it waits, as when an ACME client comes back with another key.',
    }),
    revocation: z
      .object({
        certificateId: z.string().nullable().meta({ description: 'Null: every certificate of the order.' }),
        reason: reasons,
      })
      .nullable(),
    requestedBy: z.string().nullable().meta({ description: 'A user or a credential; null: the platform itself.' }),
    comments: z.string().meta({ description: 'Comment of the requester for the approver.' }),
    decisions: z
      .array(z.object({ approve: z.boolean(), by: z.string().nullable(), note: z.string(), at: time }))
      .meta({ description: 'Oldest first; empty where nobody had to be asked. `by` null: what it was about ended.' }),
    createdAt: time,
  })
  .meta({ id: 'ApprovalRequest' });

const path = '/api/v1/approvals/:approval';
const decision = z.strictObject({
  approval: reference('request'),
  note: z.string().max(1000).default(''),
  version: z
    .int()
    .min(1)
    .exactOptional()
    .meta({ description: 'Refused if the request is at another version by now. Default: any.' }),
});

export const approvalsApi = {
  list: endpoint({
    id: 'approvals.list',
    method: 'GET',
    path: '/api/v1/approvals',
    summary: { en: 'List requests for approval, newest first', zh: '审批申请列表（新的在前）' },
    request: z.strictObject({
      ...pageRequest.shape,
      waiting: z.enum(['true', 'false']).optional().meta({ description: '`true`: only those nobody has decided.' }),
      asks: asks.optional(),
    }),
    response: pageOf(approvalRequest),
  }),
  show: endpoint({
    id: 'approvals.show',
    method: 'GET',
    path,
    summary: { en: 'Show a request for approval', zh: '审批申请详情' },
    request: z.strictObject({ approval: reference('request') }),
    response: approvalRequest,
  }),
  approve: endpoint({
    id: 'approvals.approve',
    method: 'POST',
    path: `${path}/approve`,
    summary: { en: 'Approve it, or take the first of two steps', zh: '批准申请（或其第一步）' },
    request: decision,
    response: approvalRequest,
  }),
  reject: endpoint({
    id: 'approvals.reject',
    method: 'POST',
    path: `${path}/reject`,
    summary: { en: 'Reject it', zh: '拒绝申请' },
    request: decision,
    response: approvalRequest,
  }),
} as const;
