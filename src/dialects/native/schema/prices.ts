/** Prices that an account has of its own. */
import { z } from 'zod';
import { largestPriceMinor } from '../../../domain/money.ts';
import { actor } from './actors.ts';
import { newPrices, prices } from './products.ts';
import { countedPageRequest, endpoint, pageOf, reference, time, wholeRequest } from './shapes.ts';

const account = reference('account');
const path = '/api/v1/accounts/:account/prices';
const note = z.string().max(500).default('');

export const accountPrice = z
  .object({
    productCode: z.string().meta({ description: '`dialect:code`.' }),
    name: z.string(),
    prices: prices.meta({ description: 'What this account pays.' }),
    productPrices: prices.meta({ description: 'What everybody else pays.' }),
  })
  .meta({ id: 'AccountPrice' });

const priceChange = z
  .object({
    productCode: z.string().meta({ description: '`dialect:code`.' }),
    name: z.string(),
    prices: prices.nullable().meta({ description: "Null: the product's own again." }),
    note: z.string(),
    actor,
    at: time.meta({ description: 'Orders that were placed from then on pay this.' }),
  })
  .meta({ id: 'PriceChange' });

const minor = z.int().min(0).max(largestPriceMinor);

export const pricesApi = {
  list: endpoint({
    id: 'prices.list',
    method: 'GET',
    path,
    summary: { en: 'The prices that an account has of its own', zh: '账户专属价格列表' },
    request: wholeRequest.extend({ account }),
    response: pageOf(accountPrice),
  }),
  history: endpoint({
    id: 'prices.history',
    method: 'GET',
    path: `${path}/history`,
    summary: { en: 'How those prices changed, newest first', zh: '账户专属价格变更记录（新的在前）' },
    request: z.strictObject({ account, ...countedPageRequest.shape }),
    response: pageOf(priceChange),
  }),
  set: endpoint({
    id: 'prices.set',
    method: 'PUT',
    path: `${path}/:dialect/:code`,
    summary: {
      en: 'Set what an account pays for a product, from now on',
      zh: '设置账户的产品价格（立即生效，不影响已有订单）',
    },
    request: z.strictObject({
      account,
      dialect: z.string(),
      code: z.string(),
      ...newPrices.extend({ fqdnMinor: minor, wildcardMinor: minor, ipMinor: minor }).shape,
      note,
    }),
    response: accountPrice,
  }),
  remove: endpoint({
    id: 'prices.remove',
    method: 'DELETE',
    path: `${path}/:dialect/:code`,
    summary: { en: "Let an account pay the product's own price again", zh: '取消账户的专属价格，恢复产品原价' },
    request: z.strictObject({ account, dialect: z.string(), code: z.string(), note }),
    response: accountPrice,
  }),
} as const;
