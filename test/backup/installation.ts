/** A data directory as a server leaves it: a customer with money, an issued certificate, a revoked one, a webhook, sealed values. */
import { cp, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { place, pollUntilIssued } from '../integration/harness.ts';
import { createCustomer, placeHttpProofs } from '../support/customer.ts';
import { startWorld } from '../support/world.ts';

export async function makeInstallation(to: string): Promise<void> {
  const world = await startWorld();
  const native = createNativeClient({
    baseUrl: world.url,
    token: world.operatorToken,
    fetch: (request) => fetch(request),
  });
  const customer = await createCustomer(world.url, native, { creditMinor: 1_000_000 });
  for (const name of ['one.example.com', 'two.example.com']) {
    const placed = await place(customer, [name]);
    placeHttpProofs(world, placed.dcv_info);
    await pollUntilIssued(customer, placed.trustocean_id);
  }
  const { items } = await native.certificates.list({ limit: 10 });
  await native.certificates.revoke({ certificate: items[0]?.id ?? '', reason: 'superseded' });
  const folder = dirname(world.databasePath);
  await world.certmux.stop();
  await cp(folder, `${to}.copying`, { recursive: true });
  await rename(`${to}.copying`, to);
  await world.close();
}

export const databaseIn = (folder: string) => join(folder, 'certmux.db');
