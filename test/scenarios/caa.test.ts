/** CAA records of customers' zones, over the network: a product of a public-like profile is issued as they allow it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import { nasty } from '../support/nasty-dns.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let client: NativeClient;
let account: string;
before(async () => {
  world = await startWorld({ authority: { caaIdentities: ['ca.example'] } });
  client = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  await client.products.change({ dialect: 'native', code: 'tls-dv', profileId: 'public-dv' });
  account = (await client.accounts.create({ name: 'buyer' })).id;
});
after(() => world.close());

/** An order of the name, whose proof is placed. */
async function order(name: string) {
  const { csrPem } = await makeKeyAndCsr([name]);
  const placed = await client.orders.place({ account, productCode: 'tls-dv', csr: csrPem, method: 'dnsTxt' });
  for (const proof of placed.names[0]?.proofs ?? []) {
    if (proof.method === 'dnsTxt') world.dns.set(proof.host, 'TXT', proof.value);
  }
  const number = String(placed.number);
  const see = () => client.orders.show({ order: number });
  return {
    number,
    see,
    becomes: (state: string) => until(async () => (await see()).state === state, `it is ${state}`),
  };
}

test('a name without records, and one whose parent names the CA, are issued', async () => {
  world.dns.set('allows.com', 'CAA', '0 issue "ca.example; validationmethods=ca-dns-txt"');
  for (const name of ['www.nothing.com', 'www.deep.allows.com']) {
    const { becomes } = await order(name);
    await becomes('active');
  }
});

test('a name whose records name another CA fails, and the reason names the record in both languages', async () => {
  world.dns.set('forbids.com', 'CAA', '0 issue "other.example"');
  const { becomes, see } = await order('www.forbids.com');
  await becomes('failed');
  const { summary } = await see();
  assert.match(summary, /forbids\.com/);
  assert.match(summary, /0 issue "other\.example"/);
  assert.match(summary, /0 issue "ca\.example"/);
});

test('a name whose zone answers nothing waits, says so, and is issued once it answers', async () => {
  // The proof of the domain serves the names below it.
  await (await order('broken.com')).becomes('active');
  world.misbehave('www.broken.com', nasty.serverFailure);
  const { see, becomes, number } = await order('www.broken.com');
  await until(async () => (await see()).turn?.reason?.code === 'caaUnavailable', 'it says what it waits for');
  const { issuance, turn } = await see();
  assert.equal(issuance.state, 'ready');
  assert.equal(turn?.who, 'customer');
  world.misbehave('www.broken.com', undefined);
  await client.orders.check({ order: number });
  await becomes('active');
});

test('names that public CAs may not certify are refused before anything is charged', async () => {
  const { csrPem } = await makeKeyAndCsr(['host.internal']);
  await assert.rejects(client.orders.place({ account, productCode: 'tls-dv', csr: csrPem, method: 'dnsTxt' }), {
    code: 'refusedName',
  });
});

test('a profile of another level, and one that is not configured, are refused with those that fit', async () => {
  for (const profileId of ['public-ov', 'nothing']) {
    await assert.rejects(client.products.change({ dialect: 'native', code: 'tls-dv', profileId }), {
      code: 'invalidField',
      message: /profileId.*private-dv, public-dv/,
    });
  }
});
