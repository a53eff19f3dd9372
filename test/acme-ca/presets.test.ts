/** CAs as they are, in the CA of the tests: what is particular about each. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Preset, presets } from '../support/acme-ca/presets.ts';
import { csrFor } from '../support/acme-ca/raw-client.ts';
import { until } from '../support/system.ts';
import { createSession, type Session, typeOf } from './session.ts';

const names = ['www.example.com'];

/** Finalizes while the clock moves, and reads the order until it is final. */
async function buy(session: Session): Promise<string> {
  const { client, clock } = session;
  const order = await client.newOrder(names);
  const url = order.headers.get('location') ?? '';
  await session.prove(order);
  await clock.advance(10 * 60_000);
  const csr = await csrFor(names);
  const call = client.post(order.body.finalize, { csr });
  await until(() => session.ca.calls('finalize').at(-1)?.outcome === 'answered' || clock.sleeping > 0, 'it finalizes');
  await clock.advance(60_000);
  await call;
  return (await client.post(url)).body.status;
}

const particular: Readonly<Record<Preset, (session: Session) => Promise<void>>> = {
  letsEncrypt: async ({ client }) => {
    assert.equal((await client.post(client.account ?? '')).body.orders, undefined);
    const order = await client.newOrder(['other.example.com']);
    const again = await client.newOrder(['other.example.com']);
    assert.equal(order.headers.get('location'), again.headers.get('location'));
    assert.equal(typeOf(await client.newOrder(['192.0.2.7'])), 'rejectedIdentifier');
    assert.equal((await client.newOrder(['192.0.2.7'], { profile: 'shortlived' })).status, 201);
  },
  google: async ({ client }) => {
    assert.equal((await client.post(client.account ?? '')).status, 405);
    assert.equal((await client.register({ onlyReturnExisting: true })).status, 200);
    const notAfter = '2026-06-20T00:00:00Z';
    assert.equal((await client.newOrder(names, { notAfter })).body.notAfter, notAfter);
  },
  zeroSsl: async (session) => {
    const { client, clock } = session;
    assert.equal(client.directory.renewalInfo, undefined);
    assert.equal(client.directory.keyChange, undefined);
    const order = await client.newOrder(names);
    await session.prove(order);
    await clock.advance(299_000);
    const waiting = await client.post(order.body.authorizations[0]);
    assert.deepEqual([waiting.body.status, waiting.headers.get('retry-after')], ['pending', '86400']);
    await clock.advance(1000);
    assert.equal((await client.post(order.body.authorizations[0])).body.status, 'valid');
  },
  sectigo: async ({ client, ca }) => {
    const order = await client.newOrder(names);
    assert.equal(order.body.status, 'ready');
    const [challenge] = (await client.post(order.body.authorizations[0])).body.challenges;
    assert.deepEqual([challenge.type, challenge.token], ['sectigo-email-01', undefined]);
    const [certificate] = ca.books.certificates;
    const sent = await client.post(`https://ca.example/certificate/${certificate?.id}`);
    assert.equal(sent.headers.get('content-type'), 'text/plain');
    ca.changeTerms();
    assert.equal((await client.newOrder(names)).status, 401);
  },
  digiCert: async ({ client, ca }) => {
    const before = ca.books.certificates.length;
    const order = await client.newOrder(names);
    assert.equal((await client.post(order.body.authorizations[0])).status, 403);
    for (const count of [1, 2]) {
      const refused = await client.post(order.body.finalize, { csr: await csrFor(names) });
      assert.deepEqual([refused.status, typeOf(refused)], [400, 'finalizeorderrequestError']);
      assert.equal(ca.books.certificates.length, before + count, 'charged all the same');
    }
  },
  sslCom: async (session) => {
    const { client } = session;
    await client.post(client.account ?? '', { contact: [] });
    const order = await client.newOrder(names);
    await session.prove(order);
    assert.equal(typeOf(await client.post(order.body.finalize, { csr: await csrFor(names) })), 'badCSR');
  },
  stepCa: async (session) => {
    const { finalized } = await session.buy(names);
    assert.equal(finalized.body.status, 'valid');
    const certificate = session.ca.books.certificates.at(-1);
    assert.ok(certificate);
    assert.equal(certificate.notAfter.getTime() - certificate.notBefore.getTime(), 86_399_000);
  },
  pebble: async ({ client, ca }) => {
    ca.behave();
    const profiles = new Set<string>();
    for (let call = 0; call < 12; call++) profiles.add((await client.newOrder(names)).body.profile);
    assert.deepEqual([...profiles].toSorted(), ['default', 'shortlived']);
  },
};

describe('a preset of the ACME CA of the tests', () => {
  for (const preset of Object.keys(presets) as Preset[]) {
    it(`${preset} issues, and has its particulars`, async () => {
      // Of this seed Pebble's first nonces are good: the raw client does not try again.
      const session = await createSession({ preset, seed: 3 });
      assert.equal(await buy(session), 'valid');
      await particular[preset](session);
      assert.deepEqual(session.ca.books.bugs, []);
    });
  }
});
