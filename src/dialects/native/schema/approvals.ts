/** Requests for approval: what somebody asks for, and who decided. */
import { z } from 'zod';
import { actor } from './actors.ts';
import { reasons } from './certificates.ts';
import { countedPageRequest, endpoint, firstNames, pageOf, reference, time } from './shapes.ts';

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
        '1, and more when what it asks for changed while it waited, as when an ACME client comes back with another key.',
    }),
    revocation: z
      .object({
        certificateId: z.string().nullable().meta({ description: 'Null: every certificate of the order.' }),
        reason: reasons,
      })
      .nullable(),
    requestedBy: actor.nullable().meta({ description: 'Null: the platform itself.' }),
    requestedFrom: z.string().nullable().meta({ description: 'An IP address; null: the platform itself.' }),
    comments: z.string().meta({ description: 'Comment of the requester for the approver.' }),
    decisions: z
      .array(z.object({ approve: z.boolean(), by: actor.nullable(), note: z.string(), at: time }))
      .meta({ description: 'Oldest first; empty where nobody had to be asked. `by` null: what it was about ended.' }),
    createdAt: time,
  })
  .meta({ id: 'ApprovalRequest' });

const approvalDetails = approvalRequest
  .extend({
    csrKey: z
      .object({
        algorithm: z.string().meta({ description: '`RSA 2048`, `P-256`, `Ed25519` and the like.' }),
        bits: z.int(),
        sha256: z.string().meta({ description: 'Of the SubjectPublicKeyInfo, lower-case hex.' }),
      })
      .nullable()
      .meta({ description: 'The key of the CSR that this version has; null: there is none yet.' }),
    acme: z
      .object({
        credentialNumber: z.int(),
        directory: z.string(),
        account: z.string().meta({ description: 'The last part of the URL of the ACME account.' }),
        contact: z.string(),
        key: z
          .object({ number: z.int(), name: z.string(), keyId: z.string() })
          .nullable()
          .meta({ description: 'The external account key that bound it; null: none was needed.' }),
      })
      .nullable()
      .meta({
        description:
          'The ACME account that requests; null: no ACME client does. The approval is for the names and the product: its client may come back with another key.',
      }),
  })
  .meta({ id: 'ApprovalDetails' });

export const decisionVersion = z.int().min(1).default(1).meta({
  description: 'The version that was looked at; refused if the request is at another by now.',
});

const path = '/api/v1/approvals/:approval';
const decision = z.strictObject({
  approval: reference('request'),
  note: z.string().max(1000).default(''),
  version: decisionVersion,
});

export const approvalsApi = {
  list: endpoint({
    id: 'approvals.list',
    method: 'GET',
    path: '/api/v1/approvals',
    summary: { en: 'List requests for approval, newest first', zh: '审批申请列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      waiting: z.enum(['true', 'false']).optional().meta({ description: '`true`: only those nobody has decided.' }),
      asks: asks.optional(),
      decidable: z.literal('true').optional().meta({ description: '`true`: only those that you may approve now.' }),
      mine: z
        .literal('true')
        .optional()
        .meta({ description: '`true`: only those that you, or a key of yours, requested.' }),
      account: reference('account').optional(),
      order: z.string().min(1).max(200).optional().meta({ description: 'Number of the order: every request of it.' }),
    }),
    response: pageOf(approvalRequest),
  }),
  show: endpoint({
    id: 'approvals.show',
    method: 'GET',
    path,
    summary: { en: 'Show a request for approval', zh: '审批申请详情' },
    request: z.strictObject({ approval: reference('request') }),
    response: approvalDetails,
  }),
  approve: endpoint({
    id: 'approvals.approve',
    method: 'POST',
    path: `${path}/approve`,
    summary: { en: 'Approve it, or take the first of two steps', zh: '批准申请（或其第一步）' },
    request: decision,
    response: approvalDetails,
  }),
  withdraw: endpoint({
    id: 'approvals.withdraw',
    method: 'POST',
    path: `${path}/withdraw`,
    summary: { en: 'Take back what it asks for, before it is done', zh: '撤回申请' },
    request: z.strictObject({ approval: reference('request') }),
    response: approvalDetails,
  }),
  reject: endpoint({
    id: 'approvals.reject',
    method: 'POST',
    path: `${path}/reject`,
    summary: { en: 'Reject it', zh: '拒绝申请' },
    request: decision,
    response: approvalDetails,
  }),
} as const;
