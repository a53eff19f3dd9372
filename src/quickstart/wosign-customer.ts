/** What a platform does that WoSign's ACMAPI serves: it places the signfile once, and then one call is one certificate. */
import { Secret } from '../dialects/kit/secret.ts';
import { createWosignClient } from '../dialects/wosign/client.ts';
import type { Customer, CustomerOptions, CustomerScript, IssuedPem } from './customer.ts';

/** By the document of the API, where every name must serve the customer's file. */
const path = '/.well-known/pki-validation/signfile';

export const wosignScript: CustomerScript = {
  api: 'wosign',
  title: 'WoSign ACMAPI',
  settings: {},
  takesWildcards: false,
  entersBy: 'key',
  createCustomer,
};

function createCustomer({ baseUrl, fetch }: CustomerOptions, key: Readonly<Record<string, string>>): Customer {
  const { customer_id: customerId = '', auth_token: token = '', signfile = '' } = key;
  const client = createWosignClient({ baseUrl, fetch, credentials: { customerId, authToken: new Secret(token) } });
  let handle = '';

  return {
    preparations: [],
    standingOffers: (names) => names.map((name) => ({ name, file: { path, content: signfile } })),
    orderCall: 'POST /',
    pollCall: 'POST / by handle_id',

    async placeOrder({ csrPem, names }, signal) {
      const outcome = await client.apply({ names, csrPem }, signal);
      handle = outcome.handle;
      return { summary: `${outcome.state} in one call: ${names.length} names, ${handle}`, offers: [] };
    },

    async readOrder(signal) {
      const outcome = await client.fetchPending(handle, signal);
      if (outcome.state === 'pending') return { status: 'pending', verifiedNames: [] };
      return { status: 'success', verifiedNames: [], certificate: split(outcome.certificatePem) };
    },
  };
}

/** The API has one field for the certificate and its chain. */
function split(pem: string): IssuedPem {
  const [certificate = '', ...intermediates] = pem.split(/(?=-----BEGIN)/);
  return { certificate, intermediates: intermediates.join('') };
}
