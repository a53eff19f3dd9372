/** Domains that an account keeps, to prove control of them before any order. */
import { z } from 'zod';
import { objectActions } from '../../../domain/seen-object.ts';
import { actionsOf } from './actions.ts';
import { methods, nameFields, placedMethods } from './orders.ts';
import {
  accountChoice,
  actsOn,
  countedPageRequest,
  endpoint,
  pageOf,
  reference,
  time,
  version,
  versioned,
} from './shapes.ts';

const domain = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    name: z.string(),
    state: z.enum(['active', 'inactive']),
    summary: z.string().meta({ description: 'Whether it is proved, until when, and what is left to do; for people.' }),
    provedUntil: time.nullable().meta({
      description: 'Until then orders for the domain and for names below it need no proof; null: it is not proved now.',
    }),
    validation: z.object({ authorizationId: z.string(), ...nameFields }).meta({
      id: 'DomainValidation',
      description: 'The newest proof: what must be placed where, and what was found.',
    }),
    organizationId: z.string().nullable(),
    containerId: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'Domain' });

export const domainPage = domain
  .extend({ version, actions: actionsOf(objectActions.managedDomain) })
  .meta({ id: 'DomainPage' });

const path = '/api/v1/domains/:domain';
const oneDomain = z.strictObject({ domain: reference('domain') });

export const domainsApi = {
  list: endpoint({
    id: 'domains.list',
    method: 'GET',
    path: '/api/v1/domains',
    summary: { en: 'List domains, newest first', zh: '域名列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      name: z.string().min(1).max(253).optional().meta({ description: 'Part of the name.' }),
      state: z.enum(['active', 'inactive']).optional(),
      account: reference('account').optional(),
    }),
    response: pageOf(domain),
  }),
  add: endpoint({
    id: 'domains.add',
    method: 'POST',
    path: '/api/v1/domains',
    summary: { en: 'Add a domain, to prove control of it before any order', zh: '添加域名（可在下单前完成验证）' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      name: z.string().min(1).max(1000),
      method: placedMethods
        .optional()
        .meta({ description: 'The proof you mean to place; any offered one is accepted.' }),
      organization: reference('organization').optional(),
      container: reference('container').optional(),
    }),
    response: domain,
  }),
  show: endpoint({
    id: 'domains.show',
    ...versioned,
    method: 'GET',
    path,
    summary: { en: 'Show a domain with what must be placed where', zh: '域名详情及验证信息' },
    request: oneDomain,
    response: domainPage,
  }),
  check: endpoint({
    id: 'domains.check',
    ...actsOn('managedDomain', ['domain']),
    method: 'POST',
    path: `${path}/check`,
    summary: { en: 'Look for the proof now; the reply has what was found', zh: '立即检查验证并返回结果' },
    request: oneDomain,
    response: domain,
  }),
  chooseMethod: endpoint({
    id: 'domains.chooseMethod',
    ...actsOn('managedDomain', ['domain']),
    method: 'POST',
    path: `${path}/method`,
    summary: { en: 'Say how it will be proved; e-mail sends a mail', zh: '选择验证方式（邮箱方式会发送邮件）' },
    request: z.strictObject({
      domain: reference('domain'),
      method: methods,
      address: z.string().max(320).optional().meta({ description: 'With `email`: one of the addresses of the proof.' }),
    }),
    response: domain,
  }),
  renew: endpoint({
    id: 'domains.renew',
    ...actsOn('managedDomain', ['domain']),
    method: 'POST',
    path: `${path}/renew`,
    summary: {
      en: 'Get new proofs to place; a valid one serves meanwhile',
      zh: '重新生成验证信息（原有效验证继续有效）',
    },
    request: z.strictObject({ domain: reference('domain'), method: placedMethods.optional() }),
    response: domain,
  }),
  activate: endpoint({
    id: 'domains.activate',
    ...actsOn('managedDomain', ['domain']),
    method: 'POST',
    path: `${path}/activate`,
    summary: { en: 'Use it again', zh: '启用域名' },
    request: oneDomain,
    response: domain,
  }),
  deactivate: endpoint({
    id: 'domains.deactivate',
    ...actsOn('managedDomain', ['domain']),
    method: 'POST',
    path: `${path}/deactivate`,
    summary: { en: 'Put it out of use; its proof stays', zh: '停用域名（验证保留）' },
    request: oneDomain,
    response: domain,
  }),
  remove: endpoint({
    id: 'domains.remove',
    ...actsOn('managedDomain', ['domain']),
    method: 'DELETE',
    path,
    summary: { en: 'Remove it: what was proved for it serves no order any more', zh: '删除域名（其验证不再可用）' },
    request: oneDomain,
    response: z.object({ removed: z.literal(true) }),
  }),
} as const;
