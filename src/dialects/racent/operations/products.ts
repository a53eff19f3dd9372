/** The price list, the countries, and the call for certificates that are none of ours. */
import { countryCodes } from '../../../domain/country.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import { callerOperation } from '../../kit/operation.ts';
import { productToWire, vendorNames, vendorOf } from '../catalogue.ts';
import { countryReply, done, emptyRequest, productList, productListRequest } from '../schema.ts';
import type { Client } from '../services.ts';

export const listProducts = callerOperation({
  id: 'product.list',
  method: 'POST',
  path: '/ssl/productList',
  summary: { en: 'Products the account may order, with their prices', zh: '产品和价格列表' },
  request: productListRequest,
  response: productList,
  async handle({ vendor }, { services, caller }: Client) {
    const all = await services.catalogue.list(caller);
    // Without a vendor the WHMCS module checks whether the token is valid.
    const wanted = vendor?.toLowerCase();
    const products = all.filter((product) => wanted === undefined || vendorOf(product).toLowerCase() === wanted);
    // An empty list crashes the PHP SDK.
    if (products.length === 0) {
      const expected = vendorNames.filter((name) => all.some((product) => vendorOf(product) === name)).join(' / ');
      throw refuse('fieldInvalid', { field: 'vendor', value: quoted(vendor ?? ''), expected });
    }
    return { code: 1, data: products.map(productToWire) };
  },
});

export const listCountries = callerOperation({
  id: 'country.list',
  method: 'POST',
  path: '/ssl/country',
  summary: { en: 'The countries that contacts and organizations may be of', zh: '国家代码列表' },
  request: emptyRequest,
  response: countryReply,
  async handle(_input, { language }: Client) {
    const names = new Intl.DisplayNames([language === 'zh' ? 'zh-CN' : 'en'], { type: 'region' });
    return { code: 1, data: { countries: countryCodes.map((code) => ({ code, name: names.of(code) ?? code })) } };
  },
});

const noMailCertificates: Readonly<Record<Language, string>> = {
  en: 'this server issues TLS certificates, and no certificates for mail',
  zh: '本服务器只签发 TLS 证书，不签发邮件证书',
};

export const verifyMailCertificate = callerOperation({
  id: 'pac.verify',
  method: 'POST',
  path: '/ssl/verifyPAC',
  summary: { en: 'Of S/MIME certificates: not offered', zh: '邮件证书（未开放）' },
  request: emptyRequest,
  response: done,
  async handle(_input, { language, request }: Client) {
    const operation = new URL(request.url).pathname;
    throw refuse('operationClosed', { operation, hint: noMailCertificates[language] });
  },
});
