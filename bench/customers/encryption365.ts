/** Encryption365: create, then details with the certificate. */
import { createCustomer, placeHttpProofs } from '../../test/support/customer.ts';
import { benchNames, type CustomerScript, csrAt, customerOf, unexpected, valueIn, waitFor } from './customer.ts';

export const encryption365: CustomerScript = {
  api: 'encryption365',
  title: '/cert/create + /cert/details',
  brings: 'csr',
  async enter(world, supply) {
    const { client, clientId, accessToken } = await createCustomer(world.url, world.operator);
    const placed = await client.placeOrder({ pid: '100', csrPem: csrAt(supply, 0), names: benchNames });
    placeHttpProofs(world, placed.dcv_info);
    await waitFor('the first certificate', async () => {
      const { cert_status: status } = await client.order(placed.trustocean_id);
      return status === 'issued_active' ? true : undefined;
    });
    const credentials = { client_id: clientId, access_token: accessToken };
    const post = (path: string, fields: object) => ({
      method: 'POST' as const,
      path,
      body: JSON.stringify({ ...credentials, ...fields }),
    });
    return customerOf({
      calls: 2,
      order: (index) =>
        post('/cert/create', { pid: 100, csr_code: csrAt(supply, index), domains: benchNames.join(',') }),
      next(text) {
        const reply: unknown = JSON.parse(text);
        if (typeof valueIn(reply, 'cert_code') === 'string') return 'issued';
        if (valueIn(reply, 'cert_status') !== 'enroll_caprocessing') throw unexpected(text);
        return post('/cert/details', { trustocean_id: valueIn(reply, 'trustocean_id') });
      },
    });
  },
};
