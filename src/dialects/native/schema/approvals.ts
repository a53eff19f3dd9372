/** Requests for approval: what somebody asks for, and who decided. */
import { z } from 'zod';
import { mostEnded } from '../../../domain/certificate-terms.ts';
import { approvalActions } from '../../../domain/ports/order-pages.ts';
import { actionsOf } from './actions.ts';
import { actor } from './actors.ts';
import { reasons } from './certificates.ts';
import { countedPageRequest, endpoint, firstNames, money, pageOf, reference, time } from './shapes.ts';

const states = z.enum(['submitted', 'pending', 'approved', 'rejected']);
const asks = z.enum(['new', 'reissue', 'duplicate', 'revoke']);

export const approvalRequest = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    accountName: z.string(),
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

const terms = z
  .object({
    certificateNumber: z.int().nullable().meta({ description: 'Null: it is not issued.' }),
    names: z.array(z.string()).meta({ description: 'All of them.' }),
    key: z
      .object({
        kind: z.string().meta({ description: '`RSA 2048`, `P-256`, `Ed25519` and the like.' }),
        sha256: z
          .string()
          .meta({ description: 'Of the SubjectPublicKeyInfo, lower-case hex: equal where the key stays.' }),
      })
      .nullable()
      .meta({ description: 'Null: there is no key yet.' }),
    validity: z
      .object({
        days: z.number().meta({ description: 'With at most two decimals.' }),
        notAfter: time.meta({ description: 'Of one that is not issued: if it were signed now.' }),
      })
      .nullable()
      .meta({ description: 'Null: an upstream decides, or there is no key yet.' }),
    organization: z
      .object({
        name: z.string(),
        isVerified: z.boolean().meta({ description: 'Now, for the level of the certificate.' }),
      })
      .nullable()
      .meta({ description: 'Null: its subject names none.' }),
  })
  .meta({ id: 'CertificateTerms' });

const changedNames = z
  .object({ added: z.array(z.string()), removed: z.array(z.string()), kept: z.array(z.string()) })
  .meta({ id: 'ChangedNames', description: 'From `before` to `after`.' });

const endedCertificate = z
  .object({ number: z.int(), serial: z.string(), names: firstNames, nameCount: z.int(), notAfter: time })
  .meta({ id: 'EndedCertificate' });

const why = z.string().nullable().meta({ description: 'Why you may not approve it now; null: you may.' });

const approvalPage = approvalDetails
  .extend({
    before: terms.nullable().meta({
      description:
        'The certificate that stands until now, of this order or of the one that it renews; null: there is none.',
    }),
    after: terms.nullable().meta({ description: 'What is issued, or would be; null: it asks for a revocation.' }),
    names: z.array(z.string()).meta({ description: 'All of them.' }),
    changedNames,
    price: money.nullable().meta({ description: 'Null: of a revocation.' }),
    ends: z.array(endedCertificate).meta({
      description: `The valid certificates that the revocation would end, newest first, at most ${mostEnded}; empty for anything else.`,
    }),
    why,
    actions: actionsOf(approvalActions),
  })
  .meta({ id: 'ApprovalPage' });

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
    response: pageOf(approvalRequest.extend({ why }).meta({ id: 'ListedApprovalRequest' })),
  }),
  show: endpoint({
    id: 'approvals.show',
    method: 'GET',
    path,
    summary: { en: 'Show a request for approval, and what it changes', zh: '审批申请详情及其变更内容' },
    request: z.strictObject({ approval: reference('request') }),
    response: approvalPage,
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
