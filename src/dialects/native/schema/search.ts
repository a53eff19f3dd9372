/** Search over orders and certificates, by whatever somebody has in hand. */
import { z } from 'zod';
import { listedCertificate } from './certificates.ts';
import { orderSummary } from './orders.ts';
import { endpoint, integerParameter } from './shapes.ts';

export const searchApi = {
  find: endpoint({
    id: 'search.find',
    method: 'GET',
    path: '/api/v1/search',
    summary: {
      en: 'Find orders and certificates by name, serial, thumbprint, number, reference or e-mail address',
      zh: '按域名、序列号、指纹、编号、备注编号或邮箱查找订单和证书',
    },
    request: z.strictObject({
      q: z.string().trim().min(1).max(253).meta({
        description:
          'A name or part of one; a serial or a SHA-1 or SHA-256 thumbprint in hex, with or without colons; a number or an id; a reference; an e-mail address or part of one.',
      }),
      limit: integerParameter(1, 50).default(20).meta({ description: 'Of each kind, 1 to 50.' }),
    }),
    response: z.object({
      orders: z.array(orderSummary).meta({ description: 'Newest first.' }),
      certificates: z.array(listedCertificate).meta({ description: 'Newest first.' }),
      hasMore: z.boolean().meta({ description: 'There is more than is shown: search for more of it.' }),
    }),
  }),
} as const;
