/** Organizations: the orders that wait for one, and who decided about it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { badOrganizations, refusedInEnglish, titleOf } from '../../support/bad-organizations.ts';
import { createSession, seedCsr } from './session.ts';

test('an organization says how many orders wait for it, as their list does, and who verified it', async () => {
  const session = await createSession();
  const { client, operator, app } = session;
  app.checks.place('trustocean.com');
  await operator.accounts.credit({ account: '1', minor: 10_000_00, currency: 'CNY' });
  const organization = await client.organizations.add({
    details: { name: 'Acme GmbH', city: 'Berlin', state: 'BE', country: 'DE' },
    levels: ['ov'],
  });
  const reference = { organization: organization.id };
  const order = { productCode: 'encryption365:118', csr: seedCsr, names: ['trustocean.com'], ...reference };
  await client.orders.place(order);
  await client.orders.place(order);
  await app.idle();

  for (const caller of [client, operator]) {
    const [listed] = (await caller.organizations.list({ waiting: 'true' })).items;
    const orders = await caller.orders.list({ ...reference, turn: 'operator', total: 'true' });
    assert.deepEqual([listed?.ordersWaiting, orders.total?.count], [2, 2]);
    assert.equal(listed?.validations[0]?.decidedBy, null);
  }

  const verified = await operator.organizations.verify({ ...reference, level: 'ov', note: 'trade register' });
  await app.idle();
  assert.equal(verified.validations[0]?.decidedBy?.credential, 'operator');
  const shown = await client.organizations.show(reference);
  assert.equal(shown.ordersWaiting, 0);
  // Who of the operators it was is nothing that an account reads.
  assert.equal(shown.validations[0]?.decidedBy?.name, 'the operator');
});

describe('details that no certificate may repeat are refused, and nothing is added', () => {
  for (const bad of badOrganizations) {
    test(titleOf(bad), async () => {
      const { client } = await createSession();
      const details = { name: 'Acme GmbH', city: 'Berlin', state: 'BE', country: 'DE', [bad.field]: bad.value };
      const message = new RegExp(`details\\.${bad.field} ${refusedInEnglish(bad)}`);
      await assert.rejects(client.organizations.add({ details }), { message });
      assert.deepEqual((await client.organizations.list({})).items, []);
    });
  }
});
