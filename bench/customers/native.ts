/** The native API: place, show, download. */
import { createNativeClient } from '../../src/dialects/native/client.ts';
import {
  benchNames,
  type CustomerScript,
  createKey,
  csrAt,
  customerOf,
  fetchRequest,
  unexpected,
  valueIn,
  waitFor,
} from './customer.ts';

export const native: CustomerScript = {
  api: 'native',
  title: '/api/v1/orders + /api/v1/orders/{order} + /api/v1/certificates/{certificate}/download',
  brings: 'csr',
  async enter(world, supply) {
    const { token = '' } = await createKey(world, 'native');
    const productCode = 'encryption365:100';
    const client = createNativeClient({ baseUrl: world.url, token, fetch: fetchRequest });
    const placed = await client.orders.place({ productCode, csr: csrAt(supply, 0), names: [...benchNames] });
    for (const { name, proofs } of placed.names) {
      const file = proofs.find((proof) => 'path' in proof);
      if (file === undefined) throw new Error(`no file proves ${name}`);
      world.dns.set(name, 'A', world.web.address);
      world.web.put(name, file.path, file.content);
    }
    await waitFor('the first certificate', async () => {
      const { certificate } = await client.orders.show({ order: placed.id });
      return certificate ?? undefined;
    });
    const headers = { authorization: `Bearer ${token}` };
    return customerOf({
      calls: 3,
      order: (index) => ({
        method: 'POST',
        path: '/api/v1/orders',
        headers,
        body: JSON.stringify({ productCode, csr: csrAt(supply, index), names: benchNames }),
      }),
      next(text) {
        if (text.startsWith('-----BEGIN CERTIFICATE-----')) return 'issued';
        const reply: unknown = JSON.parse(text);
        const certificate = valueIn(reply, 'certificate', 'id');
        if (typeof certificate === 'string') {
          return { method: 'GET', path: `/api/v1/certificates/${certificate}/download`, headers };
        }
        if (valueIn(reply, 'state') !== 'open') throw unexpected(text);
        return { method: 'GET', path: `/api/v1/orders/${valueIn(reply, 'id')}`, headers };
      },
    });
  },
};
