/** WoSign ACMAPI: one call whose reply holds the certificate. */
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createWosignClient } from '../../src/dialects/wosign/client.ts';
import {
  type BenchWorld,
  benchNames,
  type Customer,
  type CustomerScript,
  createKey,
  csrAt,
  customerOf,
  fetchRequest,
  type Supply,
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
    enter: async (world, supply) => enterWosign(world, supply, { names, key: await createKey(world, 'wosign') }),
  };
}

/** @param key what the client enters of an account's key (`clientSettings`) */
export async function enterWosign(
  { url, dns, web }: Pick<BenchWorld, 'url' | 'dns' | 'web'>,
  supply: Supply,
  { names, key }: { readonly names: readonly string[]; readonly key: Readonly<Record<string, string>> },
): Promise<Customer> {
  const { customer_id: customerId = '', auth_token: authToken = '', signfile = '' } = key;
  for (const name of names) {
    dns.set(name, 'A', web.address);
    web.put(name, path, signfile);
  }
  const credentials = { customerId, authToken: new Secret(authToken) };
  const client = createWosignClient({ baseUrl: url, fetch: fetchRequest, credentials });
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
}
