/** Two clients of one account, and one of another: what each sees and does of what the others have. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { AcmeClient, AcmeReply } from '../../support/acme-client.ts';
import { createAccount, createCaller } from '../../support/app.ts';
import { createSession, csrFor, directoryUrl, type Session } from './harness.ts';

const config = { directories: { default: { keysOf: ['native'] }, second: { keysOf: ['native'] } } };
const malformed = 'urn:ietf:params:acme:error:malformed';

function assertNotFound({ status, body }: AcmeReply, what: string): void {
  assert.deepEqual([status, body.type], [404, malformed], `${what}: ${body.detail}`);
}

async function ofOtherAccount({ app, stranger }: Session): Promise<AcmeClient> {
  const administrator = await createCaller(app, await createAccount(app), { roles: ['administrator'] });
  const { key, hmacKey } = await app.ports.externalAccountKeys.add(
    { ...administrator, dialect: 'native', seesAllDialects: true },
    { name: 'other', productCode: 'encryption365:paid', organization: null, coverage: null, settings: {} },
  );
  const client = await stranger();
  assert.equal((await client.register({ keyId: key.keyId, hmacKey })).status, 201);
  return client;
}

describe('what a client has', () => {
  let session: Session;
  let others: readonly (readonly [who: string, client: AcmeClient, urlOf: (url: string) => string])[];

  before(async () => {
    session = await createSession({ config });
    const ofKey = await session.stranger();
    await ofKey.register(session.external);
    const ofSecond = await session.stranger(directoryUrl.replace('default', 'second'));
    await ofSecond.register(session.external);
    const same = (url: string) => url;
    others = [
      ['of the same key', ofKey, same],
      ['of the same key in another directory', ofSecond, (url) => url.replace('/default/', '/second/')],
      ['of another account', await ofOtherAccount(session), same],
    ];
  });

  it('to prove is no other client’s to see, to answer or to end', async () => {
    const { client, app } = session;
    const order = await client.newOrder(['open.example.com']);
    const [authorization] = order.body.authorizations;
    const { body } = await client.post(authorization);
    const [challenge] = body.challenges;
    for (const [who, other, urlOf] of others) {
      assertNotFound(await other.post(urlOf(authorization)), who);
      assertNotFound(await other.post(urlOf(authorization), { status: 'deactivated' }), who);
      assertNotFound(await other.post(urlOf(challenge.url)), who);
      assertNotFound(await other.post(urlOf(challenge.url), {}), who);
    }
    await app.advance(60);
    assert.deepEqual((await client.post(authorization)).body, body, 'nobody used up its tries');
    await client.post(challenge.url, {});
    await app.advance(60);
    assert.equal((await client.post(authorization)).body.status, 'invalid');
    for (const [who, other, urlOf] of others) assertNotFound(await other.post(urlOf(authorization)), who);
  });

  it('proved serves the others of its account, who see that', async () => {
    const { client } = session;
    const ready = await session.readyOrder(['proved.example.com']);
    const [authorization] = ready.body.authorizations;
    const [ofKey, , ofOther] = others.map(([, one]) => one);
    assert.ok(ofKey && ofOther);
    const order = await ofKey.newOrder(['proved.example.com']);
    assert.deepEqual([order.body.status, order.body.authorizations], ['ready', [authorization]]);
    assert.equal((await ofKey.post(authorization)).body.status, 'valid');
    assertNotFound(await ofOther.post(authorization), 'another account');
    assert.equal((await client.post(authorization)).body.status, 'valid');
  });

  it('ordered is no other client’s, nor is the certificate, by whatever name', async () => {
    const { client, app } = session;
    const ready = await session.readyOrder(['ordered.example.com']);
    const url = ready.headers.get('location') ?? '';
    const csr = await csrFor(['ordered.example.com']);
    for (const [who, other, urlOf] of others) {
      assertNotFound(await other.post(urlOf(url)), who);
      assertNotFound(await other.post(urlOf(ready.body.finalize), { csr }), who);
      assertNotFound(await other.post(urlOf(`${client.account}/orders`)), who);
      const cursor = `${other.account}/orders?cursor=${url.split('/').at(-1)}`;
      assertNotFound(await other.post(cursor), `${who}, from there on`);
    }
    const { body } = await client.post(ready.body.finalize, { csr });
    assert.equal((await client.post(body.certificate)).status, 200);
    const { items } = await app.ports.certificates.list(app.operator, { limit: 1 });
    const path = body.certificate.replace(/[^/]+$/, '');
    for (const [who, other, urlOf] of others) assertNotFound(await other.post(urlOf(body.certificate)), who);
    // What people call it by could be guessed.
    for (const name of [items[0]?.number, items[0]?.serial]) {
      assertNotFound(await client.post(`${path}${name}`), `by ${name}`);
    }
  });
});
