/** What an order costs the database: speed is made of that here (design §7). Through the doors that answer in one call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatToken } from '../../../src/dialects/native/auth.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { seedCsr } from '../../dialects/encryption365/seed.ts';
import { application, servedSession } from '../../dialects/wosign/harness.ts';
import { countBtreeWrites, watchStatements } from '../../support/btree-writes.ts';
import { startSession } from '../../support/dialect-session.ts';

/** A change that costs more is seen here; one that costs less lowers it. */
const limits = {
  // Two of them so that the same request again is the same order.
  wosign: 17,
  native: 15,
};

/** @param place the first order proves the names of the second */
async function assertFew(limit: number, place: (index: number) => Promise<void>): Promise<void> {
  await place(0);
  const { total, lines } = await countBtreeWrites(() => place(1));
  assert.equal(total, limit, [`${total} writes:`, ...lines].join('\n'));
}

test('an order through WoSign, of names that are proved already, writes to few b-trees', async (t) => {
  t.after(watchStatements());
  const session = await servedSession({ repeatsWork: false, patienceMs: 20 });
  // The same request again would be the same order.
  const names = [['test.ims.cn', 'www.test.ims.cn'], ['test.ims.cn']];
  await assertFew(limits.wosign, async (index) => {
    const reply = await session.post(application({ domain_name: names[index] }));
    assert.match(reply.certificate, /BEGIN CERTIFICATE/);
    await session.app.idle();
  });
  assert.equal((await session.orders()).length, 2);
});

test('an order through the native API, of a name that is proved already, writes to few b-trees', async (t) => {
  t.after(watchStatements());
  const session = await startSession(native, { baseUrl: 'https://certs.example.com', repeatsWork: false });
  session.app.checks.placeEverywhere();
  const { baseUrl, key, fetch } = session;
  const client = createNativeClient({ baseUrl, token: formatToken(key), fetch });
  await assertFew(limits.native, async (index) => {
    await client.orders.place({ productCode: 'encryption365:100', csr: seedCsr, names: ['trustocean.com'] });
    await session.app.idle();
    const orders = await session.orders();
    assert.deepEqual([orders.length, orders[0]?.order.state], [index + 1, 'active']);
  });
});
