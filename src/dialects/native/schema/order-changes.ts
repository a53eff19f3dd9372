/** Orders: what is changed, added or taken back after they were placed. */
import { z } from 'zod';
import { withdrawableKinds } from '../../../domain/ports/approvals.ts';
import { csr, customValues, names, namesAndCsrBytes, order, validityDays, wantedProofs } from './orders.ts';
import { actsOn, countedPageRequest, endpoint, pageOf, reference, time } from './shapes.ts';

const path = '/api/v1/orders/:order';

const issuance = z
  .object({
    id: z.string(),
    number: z.int(),
    kind: z.enum(['new', 'reissue', 'duplicate']),
    state: z.enum(['awaitingApproval', 'awaitingValidation', 'ready', 'issuing', 'issued', 'failed', 'cancelled']),
    names: z.array(z.string()),
    failure: z.string().nullable(),
    certificate: z
      .object({
        id: z.string(),
        number: z.int(),
        serial: z.string(),
        notAfter: time,
        state: z.enum(['valid', 'revoked', 'expired']),
      })
      .nullable(),
    createdAt: time,
  })
  .meta({ id: 'OrderIssuance', description: 'One attempt to get a certificate for an order.' });

export const orderChangesApi = {
  change: endpoint({
    id: 'orders.change',
    ...actsOn('order', ['order']),
    method: 'PATCH',
    path,
    summary: {
      en: 'Change what needs nobody to approve it: custom fields, reference, renewal',
      zh: '修改无需审批的内容：自定义字段、备注编号、自动续订',
    },
    fieldNames: { customValues: 'customFields', alternativeReference: 'reference' },
    request: z.strictObject({
      order: reference('order'),
      customFields: customValues.exactOptional(),
      reference: z.string().max(200).nullable().exactOptional().meta({ description: 'Null takes it away.' }),
      isAutoRenewed: z.boolean().exactOptional(),
    }),
    response: order,
  }),
  provideCsr: endpoint({
    id: 'orders.provideCsr',
    ...actsOn('order', ['order']),
    method: 'PUT',
    path: `${path}/csr`,
    summary: { en: 'Give the CSR to an order that was placed without one', zh: '为未提交 CSR 的订单补交 CSR' },
    bodyLimitBytes: namesAndCsrBytes,
    request: z.strictObject({ order: reference('order'), csr }),
    response: order,
  }),
  duplicate: endpoint({
    id: 'orders.duplicate',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/duplicate`,
    summary: {
      en: 'Get one more certificate beside the newest, which stays valid',
      zh: '为订单签发副本证书（原证书继续有效）',
    },
    fieldNames: { validity: 'validityDays' },
    bodyLimitBytes: namesAndCsrBytes,
    request: z.strictObject({
      order: reference('order'),
      csr,
      names: names
        .optional()
        .meta({ description: 'Default: the names the order has now. Fewer are allowed, others are not.' }),
      ...wantedProofs,
      validityDays: validityDays.optional(),
    }),
    response: order.meta({ description: 'The order with the duplicate as its issuance.' }),
  }),
  issuances: endpoint({
    id: 'orders.issuances',
    method: 'GET',
    path: `${path}/issuances`,
    summary: { en: 'List the attempts to get certificates for it, newest first', zh: '订单的签发记录（新的在前）' },
    request: z.strictObject({ ...countedPageRequest.shape, order: reference('order') }),
    response: pageOf(issuance),
  }),
  withdraw: endpoint({
    id: 'orders.withdraw',
    ...actsOn('order', ['order']),
    method: 'POST',
    path: `${path}/withdraw`,
    summary: {
      en: 'Take back what waits: the order itself, a reissue, a duplicate, a request for revocation',
      zh: '撤回尚未完成的申请（新订单、重签、副本或吊销申请）',
    },
    request: z.strictObject({
      order: reference('order'),
      what: z.enum(withdrawableKinds).optional().meta({ description: 'Default: whichever was requested last.' }),
    }),
    response: order,
  }),
} as const;
