/** DigiCert: one call that answers with the chain. While a slow signature is under way it polls: the order, then the chain. */
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import {
  benchNames,
  type CustomerScript,
  csrAt,
  customerOf,
  fetchRequest,
  unexpected,
  unlessProved,
  valueIn,
  waitFor,
} from './customer.ts';

/** Its products have prices; the most that can be credited at once is enough for millions of orders. */
const creditMinor = 1_000_000_000_000;

const product = 'ssl_dv_geotrust_flex';
const tokenPath = '/.well-known/pki-validation/fileauth.txt';
const base = '/services/v2';

export const digicert: CustomerScript = {
  api: 'digicert',
  title: '/order/certificate',
  brings: 'csr',
  // The vendor's limit of 20 requests a second would be what is measured.
  settings: { requestLimits: 'off' },
  async enter({ url, operator, dns, web }, supply) {
    const account = await operator.accounts.create({ name: 'bench', currency: 'USD' });
    await operator.accounts.credit({ account: account.id, minor: creditMinor, currency: 'USD', note: 'bench' });
    const made = await operator.credentials.create({ account: account.id, dialect: 'digicert', label: 'bench' });
    const key = made.clientSettings['X-DC-DEVKEY'] ?? '';
    const client = createDigicertClient({ baseUrl: url, fetch: fetchRequest, key: new Secret(key) });
    const [commonName, ...names] = benchNames;
    const csrPem = csrAt(supply, 0);
    const placed = await client.placeOrder({ product, commonName, names, csrPem, years: 1, method: 'http-token' });
    for (const name of benchNames) {
      dns.set(name, 'A', web.address);
      web.put(name, tokenPath, placed.dcv_random_value ?? '');
    }
    await unlessProved(client.checkDcv(placed.id));
    await waitFor('the first certificate', async () =>
      (await client.order(placed.id)).status === 'issued' ? true : undefined,
    );
    const headers = { 'X-DC-DEVKEY': key };
    const get = (path: string) => ({ method: 'GET' as const, path: `${base}${path}`, headers });
    return customerOf({
      calls: 1,
      order: (index) => ({
        method: 'POST',
        path: `${base}/order/certificate/${product}`,
        headers,
        body: JSON.stringify({
          certificate: {
            common_name: commonName,
            dns_names: names,
            csr: csrAt(supply, index),
            signature_hash: 'sha256',
          },
          validity_years: 1,
        }),
      }),
      next(text) {
        const reply: unknown = JSON.parse(text);
        if (Array.isArray(valueIn(reply, 'certificate_chain')) || Array.isArray(valueIn(reply, 'intermediates'))) {
          return 'issued';
        }
        const id = valueIn(reply, 'id');
        if (typeof id !== 'number') throw unexpected(text);
        if (valueIn(reply, 'status') !== 'issued') return get(`/order/certificate/${id}`);
        return get(`/certificate/${valueIn(reply, 'certificate', 'id')}/chain`);
      },
    });
  },
};
