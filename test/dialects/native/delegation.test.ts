/** The native API in front of a CA that looks for its own proof behind the delegation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CertError } from '../../../src/domain/errors.ts';
import { startDelegating } from '../../support/delegating.ts';
import { createSession, seedCsr } from './session.ts';

const name = 'trustocean.com';
const order = { productCode: 'encryption365:100', csr: seedCsr, names: [name] };

test('the delegation is the only proof that is shown, and the certificate comes once it stands', async () => {
  const { session, upstream, recordOf, delegate } = await startDelegating(createSession);
  const placed = await session.client.orders.place(order);
  const proofs = placed.names.flatMap((one) => one.proofs);
  assert.deepEqual(proofs, [{ method: 'dnsCname', ...recordOf(name), alternativeHosts: [], lastCheck: null }]);
  delegate(name);
  await session.app.advance(60);
  assert.equal((await session.client.orders.show({ order: String(placed.number) })).state, 'active');
  assert.equal(upstream.orders.length, 1);
});

test('a method that is asked for by name is refused with the record; so is a change of method', async () => {
  const { session, recordOf } = await startDelegating(createSession);
  const { host, target } = recordOf(name);
  const refused = (thrown: unknown) => {
    assert.ok(thrown instanceof CertError);
    assert.ok(thrown.message.includes(`${host} CNAME ${target}`), thrown.message);
    return true;
  };
  await assert.rejects(session.client.orders.place({ ...order, method: 'httpFile' }), refused);
  const placed = await session.client.orders.place({ ...order, method: 'dnsCname' });
  const change = { order: String(placed.number), name, method: 'email', address: `admin@${name}` } as const;
  await assert.rejects(session.client.orders.chooseMethod(change), refused);
});
