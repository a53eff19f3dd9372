/** Racent: place, then collect with the certificate. */
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createRacentClient } from '../../src/dialects/racent/client.ts';
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

const productCode = 'comodo-positive-multi-domain';
const method = 'HTTP_CSR_HASH';
const contacts = { Administrator: { email: 'bench@bench.example' } };

export const racent: CustomerScript = {
  api: 'racent',
  title: '/ssl/place + /ssl/collect',
  brings: 'csr',
  async enter({ url, operator, dns, web }, supply) {
    const account = await operator.accounts.create({ name: 'bench', currency: 'CNY' });
    await operator.accounts.credit({ account: account.id, minor: creditMinor, currency: 'CNY', note: 'bench' });
    const made = await operator.credentials.create({ account: account.id, dialect: 'racent', label: 'bench' });
    const token = made.clientSettings.api_token ?? '';
    const client = createRacentClient({ baseUrl: url, fetch: fetchRequest, token: new Secret(token) });
    const names = benchNames.map((name) => ({ name, method }) as const);
    const first = await client.placeOrder({ productCode, years: 1, csrPem: csrAt(supply, 0), names, contacts });
    for (const name of benchNames) {
      dns.set(name, 'A', web.address);
      web.put(name, new URL(first.DCVfilePath).pathname, first.DCVfileContent);
    }
    await unlessProved(client.recheck(first.certId));
    await waitFor('the first certificate', async () =>
      (await client.collect(first.certId)).status === 'COMPLETE' ? true : undefined,
    );
    const post = (path: string, fields: object) => ({
      method: 'POST' as const,
      path,
      body: JSON.stringify({ api_token: token, ...fields }),
    });
    const certIds = new Map<unknown, unknown>();
    const domainInfo = benchNames.map((domainName) => ({ domainName, dcvMethod: method, dcvEmail: '' }));
    return customerOf({
      calls: 2,
      order: (index) =>
        post('/ssl/place', {
          productCode,
          years: 1,
          params: JSON.stringify({ csr: csrAt(supply, index), domainInfo, Administrator: contacts.Administrator }),
        }),
      next(text) {
        const reply: unknown = JSON.parse(text);
        if (valueIn(reply, 'code') !== 1) throw unexpected(text);
        const certificate = valueIn(reply, 'data', 'certificate');
        if (typeof certificate === 'string' && certificate !== '') {
          certIds.delete(valueIn(reply, 'data', 'vendorId'));
          return 'issued';
        }
        // A reply that has no certificate yet has the order, but not its certId.
        const order = valueIn(reply, 'data', 'vendorId');
        const certId = valueIn(reply, 'data', 'certId') ?? certIds.get(order);
        certIds.set(order, certId);
        return post('/ssl/collect', { certId });
      },
    });
  },
};
