/** What a client of TrustOcean Encryption365 does, such as the plugin of a hosting panel. */
import { createEncryption365Client, type Encryption365Client } from '../dialects/encryption365/client.ts';
import type { DcvEntry } from '../dialects/encryption365/schema.ts';
import { Secret } from '../dialects/kit/secret.ts';
import type { Customer, CustomerOptions, CustomerScript, Login, Offer, OrderState } from './customer.ts';

/** The vendor's paid product for any number of names. */
const pid = '108';
/** States in which polling goes on, and the one that ends it well; in every other one the order is over. */
const waiting = 'enroll_caprocessing';
const issued = 'issued_active';

export const encryption365Script: CustomerScript = {
  api: 'encryption365',
  title: 'TrustOcean Encryption365',
  settings: { language: 'en' },
  takesWildcards: true,
  showsDelegations: true,
  entersBy: 'login',
  createCustomer,
};

function createCustomer({ baseUrl, fetch, isRelayed }: CustomerOptions, login: Login): Customer {
  // Becomes the device's own client at sign-in.
  let client: Encryption365Client = createEncryption365Client({ baseUrl, fetch });
  let orderNumber = 0;

  async function signIn(signal: AbortSignal): Promise<string> {
    const password = new Secret(login.password);
    const device = await client.signIn({ username: login.username, password, serverName: 'web-1' }, signal);
    const credentials = { clientId: device.client_id, accessToken: new Secret(device.access_token) };
    client = createEncryption365Client({ baseUrl, fetch, credentials });
    return 'signed in; the device has its own key';
  }

  async function listProducts(signal: AbortSignal): Promise<string> {
    const products = Object.entries(await client.products(signal));
    return products.map(([id, { title }]) => `${id} ${title}`).join(', ');
  }

  return {
    preparations: [
      { call: 'POST /client/create', run: signIn },
      { call: 'POST /account/products', run: listProducts },
    ],
    orderCall: 'POST /cert/create',
    pollCall: 'POST /cert/details',

    async placeOrder({ csrPem, names }, signal) {
      const order = await client.placeOrder({ pid, csrPem, names }, signal);
      orderNumber = order.trustocean_id;
      return {
        summary: `order ${orderNumber}: ${order.domains.length} names for ${order.total_fees?.toFixed(2)} CNY`,
        offers: names.map((name) => offerOf(name, order.dcv_info[name])),
      };
    },

    ...(isRelayed === true
      ? {
          async readOffers(signal: AbortSignal) {
            const { dcv_info, domains } = await client.order(orderNumber, signal);
            return domains.map((name) => offerOf(name, dcv_info[name]));
          },
          recheck: (signal: AbortSignal) => client.recheck(orderNumber, signal),
        }
      : {}),

    async readOrder(signal) {
      const { cert_status, cert_code, ca_code, dcv_info, message } = await client.order(orderNumber, signal);
      const state: OrderState = {
        status: cert_status,
        verifiedNames: Object.values(dcv_info).flatMap(({ domain, status }) => (status === 'verified' ? [domain] : [])),
      };
      if (cert_status === waiting) return { ...state, ...(message === null ? {} : { problem: message }) };
      if (cert_status !== issued) return { ...state, failure: message ?? 'no reason given' };
      return { ...state, certificate: { certificate: cert_code ?? '', intermediates: ca_code ?? '' } };
    },
  };
}

function offerOf(name: string, entry: DcvEntry | undefined): Offer {
  if (entry === undefined) return { name };
  const { dns_host, dns_value, topdomain, http_verifylink: link, http_filecontent: content } = entry;
  return {
    name,
    // The host is relative to the registrable domain, as DNS providers' forms want it.
    ...(dns_host === '' ? {} : { cname: { host: `${dns_host}.${topdomain}`, target: dns_value } }),
    // A delegated name has no file.
    ...(link === '' ? {} : { file: { path: new URL(link).pathname, content } }),
  };
}
