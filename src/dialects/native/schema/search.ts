/** Search over orders, certificates and everything else, by whatever somebody has in hand. */
import { z } from 'zod';
import { listedCertificate } from './certificates.ts';
import { orderSummary } from './orders.ts';
import { endpoint, integerParameter } from './shapes.ts';

const foundObject = z
  .object({
    kind: z.enum(['account', 'domain', 'organization', 'user', 'credential', 'approval', 'request']),
    id: z.string(),
    number: z.int().nullable().meta({ description: 'Null: it has none.' }),
    title: z.string().meta({
      description:
        'Its name: of a request for approval what it asks, of a request of an API the kind of its newest event in the audit log.',
    }),
    state: z.string().nullable(),
    accountId: z.string().nullable().meta({ description: "Null: the operators'." }),
  })
  .meta({ id: 'FoundObject' });

export const searchApi = {
  find: endpoint({
    id: 'search.find',
    method: 'GET',
    path: '/api/v1/search',
    summary: {
      en: 'Find anything by name, serial, thumbprint, number, reference, e-mail address or request id',
      zh: '按域名、序列号、指纹、编号、备注编号、邮箱或请求 ID 查找',
    },
    request: z.strictObject({
      q: z.string().trim().min(1).max(253).meta({
        description:
          'A name or part of one, of three letters or more; a serial or a SHA-1 or SHA-256 thumbprint in hex, with or without colons; a number or an id; a reference; an e-mail address or part of one, within one account; the id of a request, as its answer said it; part of the name of an account, a domain, an organization, a user or a key.',
      }),
      limit: integerParameter(1, 50).default(20).meta({ description: 'Of each kind, 1 to 50.' }),
    }),
    response: z.object({
      orders: z.array(orderSummary).meta({ description: 'Newest first.' }),
      certificates: z.array(listedCertificate).meta({ description: 'Newest first.' }),
      objects: z.array(foundObject).meta({ description: 'Whatever else was found and the caller may read, by kind.' }),
      hasMore: z.boolean().meta({ description: 'There is more than is shown: search for more of it.' }),
    }),
  }),
} as const;
