/** What a reseller's shop does that Racent serves: price list, order, polling. */
import { Secret } from '../dialects/kit/secret.ts';
import { createRacentClient } from '../dialects/racent/client.ts';
import type { DcvFields } from '../dialects/racent/schema.ts';
import type { Customer, CustomerOptions, CustomerScript, Offer, OrderState } from './customer.ts';

/** The vendor's product for several names and wildcards. */
const productCode = 'comodo-positive-multi-domain-wildcard';
/** A file cannot prove a wildcard here. */
const method = 'CNAME_CSR_HASH';

const contacts = {
  Administrator: {
    firstName: 'Quick',
    lastName: 'Start',
    email: 'ops@quickstart.example',
    mobile: '+86 10 0000 0000',
    organation: 'Quickstart',
    job: 'operations',
    address: '1 Example Road',
    city: 'Chongqing',
    state: 'Chongqing',
    country: 'CN',
    postCode: '401320',
  },
};

export const racentScript: CustomerScript = {
  api: 'racent',
  title: 'Racent',
  settings: { language: 'en' },
  takesWildcards: true,
  showsDelegations: true,
  entersBy: 'key',
  createCustomer,
};

function createCustomer(
  { baseUrl, fetch, isRelayed }: CustomerOptions,
  settings: Readonly<Record<string, string>>,
): Customer {
  const client = createRacentClient({ baseUrl, fetch, token: new Secret(settings.api_token ?? '') });
  let certId = '';
  let ordered: readonly string[] = [];

  return {
    preparations: [
      {
        call: 'POST /ssl/productList',
        async run(signal) {
          const products = await client.products('Sectigo', signal);
          return `${products.length} products of Sectigo`;
        },
      },
    ],
    orderCall: 'POST /ssl/place',
    pollCall: 'POST /ssl/collect',

    async placeOrder({ csrPem, names }, signal) {
      const wanted = names.map((name) => ({ name, method }) as const);
      const order = { productCode, years: 1, names: wanted, contacts, ...(csrPem === '' ? {} : { csrPem }) };
      const placed = await client.placeOrder(order, signal);
      ordered = names;
      certId = placed.certId;
      const offers = names.map((name) => offerOf(name, placed.dcvInfo?.[name] ?? placed));
      return { summary: `${certId}: ${names.length} names for a year`, offers };
    },

    ...(isRelayed === true
      ? {
          async readOffers(signal: AbortSignal) {
            const { data } = await client.collect(certId, signal);
            return ordered.map((name) => offerOf(name, data.dcvInfo?.[name] ?? data));
          },
          recheck: (signal: AbortSignal) => client.recheck(certId, signal),
        }
      : {}),

    async readOrder(signal): Promise<OrderState> {
      const { status, data } = await client.collect(certId, signal);
      const verifiedNames = data.dcvList.flatMap(({ domainName, is_verify }) =>
        is_verify === 'verified' ? [domainName] : [],
      );
      const state: OrderState = { status, verifiedNames };
      if (status === 'PENDING') return state;
      if (status !== 'COMPLETE') return { ...state, failure: `the order is ${status}` };
      const { certificate, caCertificate: intermediates, privateKey } = data;
      return { ...state, certificate: { certificate, intermediates, ...(privateKey === '' ? {} : { privateKey }) } };
    },
  };
}

/** The host is a label: clients put the name behind it. */
function offerOf(name: string, fields: DcvFields): Offer {
  const base = name.replace(/^\*\./, '');
  const { DCVdnsHost: label, DCVdnsValue: target, DCVfilePath: url, DCVfileContent: content } = fields;
  return {
    name,
    ...(label === '' ? {} : { cname: { host: `${label}.${base}`, target } }),
    // Neither a wildcard nor a delegated name has a file.
    ...(base !== name || url === '' ? {} : { file: { path: new URL(url).pathname, content } }),
  };
}
