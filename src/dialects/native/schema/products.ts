/** Products. */
import { z } from 'zod';
import { objectActions } from '../../../domain/seen-object.ts';
import { actionsOf } from './actions.ts';
import { actsOn, endpoint, money, pageOf, searchText, version, versioned, wholeRequest } from './shapes.ts';

export const coverage = z
  .object({ unit: z.enum(['days', 'months', 'years']), count: z.int() })
  .meta({ id: 'Coverage', description: 'How long an order is served, by as many certificates as that needs.' });

export const prices = z
  .object({ fqdn: money, wildcard: money, ip: money })
  .meta({ id: 'Prices', description: 'Of each name for one coverage period.' });

export const newPrices = z
  .strictObject({ fqdnMinor: z.int().min(0), wildcardMinor: z.int().min(0), ipMinor: z.int().min(0) })
  .meta({ id: 'NewPrices', description: "Minor units of the product's currency." });

export const product = z
  .object({
    productCode: z
      .string()
      .meta({ description: 'What an order names: `tls-dv`, or `dialect:code` for the product of another API.' }),
    dialect: z.string(),
    code: z.string(),
    name: z.string(),
    level: z.enum(['dv', 'ov', 'ev']),
    profileId: z.string(),
    issuerId: z.string(),
    coverage,
    maxPeriods: z.int().meta({ description: 'How many times the coverage an order may ask for; prices are for each.' }),
    csrMayFollow: z.boolean().meta({ description: 'Whether its dialect takes orders before there is a CSR.' }),
    prices,
    listPrices: prices.meta({ description: 'Before discount.' }),
    maxNames: z.int(),
    allowsWildcard: z.boolean(),
    allowsIpv4: z.boolean(),
    allowsIpv6: z.boolean(),
    isForSale: z.boolean(),
  })
  .meta({ id: 'Product' });

export const productPage = product
  .extend({ version, actions: actionsOf(objectActions.product) })
  .meta({ id: 'ProductPage' });

/** What lists of products are sorted by; a minus: the other way round. */
export const productSorts = ['code', '-code', 'name', '-name', 'price', '-price'] as const;

export const productsApi = {
  list: endpoint({
    id: 'products.list',
    method: 'GET',
    path: '/api/v1/products',
    summary: { en: 'List the products the caller may order', zh: '可订购产品列表' },
    request: wholeRequest.extend({
      text: searchText.optional().meta({ description: 'Part of the name or of the code.' }),
      dialect: z.string().min(1).max(64).optional(),
      level: product.shape.level.optional(),
      issuer: z.string().min(1).max(64).optional().meta({ description: 'Only what this issuer or pool signs.' }),
      forSale: z.enum(['true', 'false']).optional(),
      sort: z.enum(productSorts).optional().meta({
        description:
          'Default: as the catalogues have them. By price: that of a name for one coverage period, within a currency.',
      }),
    }),
    response: pageOf(product),
  }),
  show: endpoint({
    id: 'products.show',
    ...versioned,
    method: 'GET',
    path: '/api/v1/products/:dialect/:code',
    summary: { en: 'Show a product that the caller may order', zh: '产品详情' },
    request: z.strictObject({ dialect: z.string().min(1).max(64), code: z.string().min(1).max(200) }),
    response: productPage,
  }),
  change: endpoint({
    id: 'products.change',
    ...actsOn('product', ['dialect', 'code']),
    method: 'PATCH',
    path: '/api/v1/products/:dialect/:code',
    summary: {
      en: "Change a product's price, name, issuer, profile or whether it is for sale",
      zh: '修改产品价格、名称、签发机构、证书模板或上架状态',
    },
    request: z.strictObject({
      dialect: z.string(),
      code: z.string(),
      isForSale: z.boolean().exactOptional(),
      name: z.string().trim().min(1).max(200).exactOptional(),
      issuerId: z.string().min(1).max(64).exactOptional().meta({
        description: 'An issuer or a pool of the configuration, for what is ordered from then on.',
      }),
      profileId: z.string().min(1).max(64).exactOptional().meta({
        description:
          "A profile of the product's level, for what is issued from then on: `public-dv` instead of `private-dv`.",
      }),
      prices: newPrices.exactOptional(),
      listPrices: newPrices.exactOptional(),
    }),
    response: product,
  }),
} as const;
