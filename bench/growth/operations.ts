/** What customers and operators ask for that could grow with the number of orders: one line each, as HTTP requests. */
import type { HttpCall } from '../customers/customer.ts';
import { namesOf } from './generator.ts';
import type { GrowthWorld } from './world.ts';

export interface Operation {
  readonly title: string;
  readonly call: HttpCall;
}

export interface OperationInput {
  readonly world: GrowthWorld;
  /** Number of orders there are. */
  readonly orders: number;
  /** The number of DigiCert's root container. */
  readonly container: number;
  /** The number of an order in the middle of the large account, and the index it was made with. */
  readonly middle: { readonly number: number; readonly index: number };
  readonly now: Date;
}

const base = '/services/v2';
const dayMs = 86_400_000;

export function operationsOf({ world, orders, container, middle, now }: OperationInput): readonly Operation[] {
  const digicert = (title: string, path: string): Operation => ({
    title: `DigiCert: ${title}`,
    call: { method: 'GET', path: base + path, headers: { 'X-DC-DEVKEY': world.digicertKey } },
  });
  const list = (title: string, query: string) => digicert(title, `/order/certificate?${encodeURI(query)}`);
  const requests = (title: string, query: string) => digicert(title, `/request?${encodeURI(query)}`);
  const racent = (title: string, path: string, fields: object): Operation => ({
    title: `Racent: ${title}`,
    call: { method: 'POST', path, body: JSON.stringify({ api_token: world.racentToken, ...fields }) },
  });
  const withToken =
    (token: string) =>
    (title: string, path: string): Operation => ({
      title: `native: ${title}`,
      call: { method: 'GET', path, headers: { authorization: `Bearer ${token}` } },
    });
  const native = withToken(world.nativeToken);
  const operator = withToken(world.operatorToken);
  const [host = ''] = namesOf(middle.index);
  const zone = host.slice(host.indexOf('.') + 1);
  const day = (days: number) => new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10);
  const page = 'limit=1000';
  const deep = Math.floor(orders / 2);

  return [
    digicert('order by number', `/order/certificate/${middle.number}`),
    digicert('orders by alternative id', `/order/certificate/PO-${middle.index}`.replace('certificate', 'alternate')),
    digicert('an alternative id that nobody has', '/order/alternate/PO-nobody'),
    list('list of 1,000', page),
    list('offset 10,000', `${page}&offset=10000`),
    list('offset of half', `${page}&offset=${deep}`),
    list('search of a whole name', `${page}&filters[search]=${host}`),
    list('search of a part that one has', `${page}&filters[search]=%${host.slice(0, -4)}`),
    list('search of a part that sixty have', `${page}&filters[search]=%${zone}`),
    list('search of a part that all have', `${page}&filters[search]=%example`),
    list('search of a part that nobody has', `${page}&filters[search]=%nobodyhas`),
    list('search of two letters', `${page}&filters[search]=%zo`),
    list('common_name', `${page}&filters[common_name]=${host}`),
    list('sort by valid_till', `${page}&sort=valid_till`),
    list('sort by -valid_till, offset of half', `${page}&sort=-valid_till&offset=${deep}`),
    list('sort by common_name', `${page}&sort=common_name`),
    list('sort by -common_name', `${page}&sort=-common_name`),
    list('sort by date_created', `${page}&sort=date_created`),
    list('sort by status', `${page}&sort=status`),
    list('sort by product_name', `${page}&sort=product_name`),
    list('sort by validity_years', `${page}&sort=validity_years`),
    list('sort by order_valid_till', `${page}&sort=order_valid_till`),
    list('valid_till of a month', `${page}&filters[valid_till]=${day(60)}...${day(90)}`),
    list('valid_till of a day', `${page}&filters[valid_till]=${day(60)}`),
    list('valid_till that nobody has', `${page}&filters[valid_till]=${day(2000)}...${day(2001)}`),
    list('date_created of a day', `${page}&filters[date_created]=${day(-60)}`),
    list('status issued', `${page}&filters[status]=issued`),
    list('status revoked', `${page}&filters[status]=revoked`),
    list('status pending', `${page}&filters[status]=pending`),
    list('product_name_id', `${page}&filters[product_name_id]=ssl_dv_geotrust_flex`),
    list('product_name_id that nobody ordered', `${page}&filters[product_name_id]=ssl_basic`),
    list('user_id that placed none', `${page}&filters[user_id]=7`),
    list('metadata_id that nobody has', `${page}&filters[metadata_id]=7`),
    list('email that nobody has', `${page}&filters[email]=nobody@example.org`),
    list('is_renewed', `${page}&filters[is_renewed]=1`),
    list('is_renewal', `${page}&filters[is_renewal]=1`),
    list('is_renewal=0', `${page}&filters[is_renewal]=0`),
    list('container of the root', `${page}&filters[container_id]=${container}`),
    list('status issued, sort by valid_till', `${page}&filters[status]=issued&sort=valid_till`),
    digicert('serial number nobody has', '/order/certificate/0123456789abcdef0123456789abcdef'),
    digicert('thumbprint nobody has', '/order/certificate/0123456789abcdef0123456789abcdef01234567'),
    digicert('status changes of a week', `/order/certificate/status-changes?minutes=10080`),
    requests('requests, 1,000', page),
    requests('requests, offset of half', `${page}&offset=${deep}`),
    requests('requests by order_id', `${page}&filters[order_id]=${middle.number}`),
    requests('requests pending', `${page}&filters[status]=pending`),
    requests('requests approved', `${page}&filters[status]=approved`),
    requests('requests of revocations', `${page}&filters[type]=revoke`),
    requests('requests by part of a name', `${page}&filters[search]=%${host.slice(0, -4)}`),
    requests('requests sorted by common_name', `${page}&sort=common_name`),
    requests('requests sorted by status', `${page}&sort=status`),
    digicert('report of what ends soon', `/report/order/${container}/expiring`),
    digicert('report of requests', '/report/request'),
    racent('certIdByrefId that nobody has', '/ssl/certIdByrefId', { refId: 'nobody-has-this' }),
    racent('certIdByrefId of two letters', '/ssl/certIdByrefId', { refId: 'zz' }),
    racent('list, page 1', '/ssl/list', { page: 1 }),
    racent('list, page 300', '/ssl/list', { page: 300 }),
    native('orders, 200', '/api/v1/orders?limit=200'),
    native('orders of a state', '/api/v1/orders?limit=200&state=revoked'),
    native('orders of a name', `/api/v1/orders?limit=200&name=${host}`),
    native('certificates, 200', '/api/v1/certificates?limit=200'),
    native('certificates of a name', `/api/v1/certificates?limit=200&name=${host}`),
    native('approvals, 200', '/api/v1/approvals?limit=200'),
    native('approvals waiting', '/api/v1/approvals?limit=200&waiting=true'),
    operator('events, 200', '/api/v1/events?limit=200'),
    native('deliveries', '/api/v1/deliveries?limit=200'),
    native('ledger', `/api/v1/accounts/${world.account}/ledger?limit=200`),
  ];
}
