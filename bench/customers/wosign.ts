/** WoSign ACMAPI: one call whose reply holds the certificate. */
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createWosignClient } from '../../src/dialects/wosign/client.ts';
import {
  benchNames,
  type CustomerScript,
  createKey,
  csrAt,
  customerOf,
  fetchRequest,
  unexpected,
  valueIn,
} from './customer.ts';

/** By the document of the API, where every name must serve the customer's file. */
const path = '/.well-known/pki-validation/signfile';

export const wosign = wosignFor(benchNames);

/** With these names in every order. */
export function wosignFor(names: readonly string[]): CustomerScript {
  return {
    api: 'wosign',
    title: 'POST /',
    brings: 'csr',
    async enter(world, supply) {
      const {
        customer_id: customerId = '',
        auth_token: authToken = '',
        signfile = '',
      } = await createKey(world, 'wosign');
      for (const name of names) {
        world.dns.set(name, 'A', world.web.address);
        world.web.put(name, path, signfile);
      }
      const credentials = { customerId, authToken: new Secret(authToken) };
      const client = createWosignClient({ baseUrl: world.url, fetch: fetchRequest, credentials });
      const first = await client.apply({ names, csrPem: csrAt(supply, 0) });
      if (first.state !== 'issued') throw new Error('the first certificate was not issued in one call');
      const post = (fields: object) => ({
        method: 'POST' as const,
        path: '/',
        body: JSON.stringify({ customer_id: customerId, auth_token: authToken, req_type: 'cert_apply', ...fields }),
      });
      return customerOf({
        calls: 1,
        order: (index) => post({ handle_id: '', domain_name: names, csr: csrAt(supply, index) }),
        next(text) {
          const reply: unknown = JSON.parse(text);
          if (typeof valueIn(reply, 'certificate') === 'string') return 'issued';
          if (valueIn(reply, 'result') !== 'pending') throw unexpected(text);
          return post({ handle_id: valueIn(reply, 'handle_id') });
        },
      });
    },
  };
}
