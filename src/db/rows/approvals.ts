/** Rows of requests for approval. */
import type { Approval, ApprovalDecision } from '../../domain/approval.ts';
import { codecOf } from '../codec.ts';
import { date, fromJson, id, int32, json, jsonOf, nullable, reference, text, toJson } from '../fields.ts';

/** JSON has no dates: `at` is text in it. */
type StoredDecision = Omit<ApprovalDecision, 'at'> & { readonly at: string };

export const decisionsJson = {
  write: (decisions: readonly ApprovalDecision[]) => toJson(decisions),
  read: (stored: string): readonly ApprovalDecision[] =>
    fromJson<readonly StoredDecision[]>(stored).map((decision) => ({ ...decision, at: new Date(decision.at) })),
};

export const approvals = codecOf<Approval>()(
  'approvals',
  {
    number: int32('number'),
    id: id('id', 'approval'),
    accountId: id('account_id', 'account'),
    orderId: id('order_id', 'order'),
    issuanceId: id('issuance_id', 'issuance'),
    asks: text('asks'),
    revocation: nullable(json('revocation_json')),
    state: text('state'),
    version: int32('version'),
    requestedBy: nullable(text('requested_by')),
    requestedFrom: nullable(text('requested_from')),
    comments: text('comments'),
    decisions: jsonOf('decisions_json', decisionsJson),
    createdAt: date('created_at'),
  },
  { orderNumber: reference('order_number', 'orderId') },
);
