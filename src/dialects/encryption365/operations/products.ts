/** The price list of the caller's account. */
import { callerOperation } from '../../kit/operation.ts';
import { productToWire } from '../catalogue.ts';
import { emptyRequest, productList } from '../schema.ts';
import type { Client } from '../services.ts';

export const listProducts = callerOperation({
  id: 'account.products',
  method: 'POST',
  path: '/account/products',
  summary: { en: 'Products the account may order', zh: '产品列表' },
  request: emptyRequest,
  response: productList,
  async handle(_input, { services, caller }: Client) {
    const products = await services.catalogue.list(caller);
    return {
      result: 'success',
      products: Object.fromEntries(products.map((product) => [product.code, productToWire(product)])),
    };
  },
});
