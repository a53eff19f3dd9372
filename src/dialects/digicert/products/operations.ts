/** Products that the account may order. */
import { quoted, refuse } from '../../../domain/errors.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { productInfoToWire, productToWire } from './product-to-wire.ts';
import { productInfo, productList, productListRequest, productRequest } from './schema.ts';

const listProducts = callerOperation({
  id: 'product.list',
  method: 'GET',
  path: `${basePath}/product`,
  summary: { en: 'Products the account may order', zh: '产品列表' },
  request: productListRequest,
  response: productList,
  async handle(input, { services, caller }: Client) {
    const products = await services.catalogue.list(caller);
    const numbers = await containerNumbers({ services, caller }, input.container_id);
    return { products: products.map((product) => productToWire(product, numbers)) };
  },
});

const showProduct = callerOperation({
  id: 'product.show',
  method: 'GET',
  path: `${basePath}/product/:name_id`,
  summary: { en: 'A product', zh: '查看产品' },
  request: productRequest,
  response: productInfo,
  async handle(input, { services, caller }: Client) {
    const products = await services.catalogue.list(caller);
    const product = products.find(({ code }) => code === input.name_id);
    if (product === undefined) throw refuse('unknownProduct', { field: 'name_id', value: quoted(input.name_id) });
    return productInfoToWire(product, await containerNumbers({ services, caller }, input.container_id));
  },
});

export const productOperations: readonly Operation<Services>[] = [listProducts, showProduct];

/** @throws {CertError} notFound for a container that is not the account's */
async function containerNumbers(
  { services, caller }: Pick<Client, 'services' | 'caller'>,
  container: number | undefined,
): Promise<readonly number[]> {
  const { containers } = services;
  if (container !== undefined) return [(await containers.get(caller, { number: container })).number];
  return (await containers.list(caller)).map(({ number }) => number);
}
