/** Deactivating an authorization (RFC 8555 §7.5.2) that other clients and front doors of the account rely on. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterTest } from '../../support/after-file.ts';
import { startFrontDoors } from '../../support/front-doors.ts';
import { createSubscriber } from '../../support/subscriber.ts';
import { type Body, createTenant } from '../../support/tenants.ts';
import { createSession, csrFor, type Session } from './harness.ts';

const name = 'www.example.com';

async function secondClient({ stranger, external }: Session) {
  const other = await stranger();
  assert.equal((await other.register(external)).status, 201);
  return other;
}

const deactivated = { status: 'deactivated' };

describe('a client that deactivates an authorization', () => {
  it('which it has proved itself ends it for the whole account', async () => {
    const session = await createSession();
    const { client } = session;
    const ready = await session.readyOrder([name]);
    const other = await secondClient(session);
    const theirs = await other.newOrder([name]);
    assert.equal(theirs.body.status, 'ready');
    const { status, body } = await client.post(ready.body.authorizations[0], deactivated);
    assert.deepEqual([status, body.status], [200, 'deactivated']);
    for (const [who, url] of [
      [client, ready.headers.get('location')],
      [other, theirs.headers.get('location')],
    ] as const) {
      assert.equal((await who.post(url ?? '')).body.status, 'invalid');
      assert.equal((await who.newOrder([name])).body.status, 'pending');
    }
  });

  it('which another client has proved gives it up for itself alone', async () => {
    const session = await createSession();
    const { client, app, account } = session;
    const ready = await session.readyOrder([name]);
    const other = await secondClient(session);
    const theirs = await other.newOrder([name]);
    const [url] = theirs.body.authorizations;
    assert.equal(url, ready.body.authorizations[0]);
    for (let i = 0; i < 2; i++) {
      const { status, body } = await other.post(url, deactivated);
      assert.deepEqual([status, body.status, body.challenges.length], [200, 'deactivated', 1], 'the same again');
    }
    // For this client it is over, and its order with it, which the next one is not.
    assert.equal((await other.post(url)).body.status, 'deactivated');
    const { body: over } = await other.post(theirs.headers.get('location') ?? '');
    assert.equal(over.status, 'invalid');
    assert.equal(over.error.type, 'urn:ietf:params:acme:error:unauthorized');
    const csr = await csrFor([name]);
    assert.equal((await other.post(theirs.body.finalize, { csr })).status, 403);
    const next = await other.newOrder([name]);
    assert.equal(next.body.status, 'pending');
    assert.notEqual(next.body.authorizations[0], url);
    // The one who proved it, and the rest of the account, go on with it.
    assert.equal((await client.post(url)).body.status, 'valid');
    const { items } = await app.ports.authorizations.list({ ...app.operator, scope: account.id }, { limit: 10 });
    assert.deepEqual(
      items.map(({ authorization }) => authorization.state),
      ['valid'],
    );
    const finalized = await client.post(ready.body.finalize, { csr });
    assert.equal(finalized.body.status, 'valid', finalized.text);
    // It proves its names itself, and is certified again.
    const proved = (await other.post(next.body.authorizations[0])).body;
    await other.post(proved.challenges[0].url, {});
    await app.idle();
    const again = await other.post(next.body.finalize, { csr: await csrFor([name]) });
    assert.equal(again.body.status, 'valid', again.text);
    const events = await app.ports.events.list(app.operator, { limit: 100 });
    const given = events.items.filter(({ kind }) => kind === 'authorization.renounced');
    assert.deepEqual(
      given.map(({ data }) => data),
      [{ name }],
    );
  });

  it('which another front door has proved does not end it there', async () => {
    const doors = await startFrontDoors();
    afterTest(() => doors.app.close());
    const tenant = await createTenant(doors);
    doors.app.checks.place(name);
    const csr = (await createSubscriber(name)).csrPem;
    await tenant.post('native', '/api/v1/orders', { productCode: 'encryption365:100', csr, names: [name] });
    await doors.app.idle();
    const identifiers = [{ type: 'dns', value: name }];
    const newOrder = () => tenant.post('acme', '/acme/default/new-order', { identifiers });
    const order = await newOrder();
    assert.equal(order.status, 'ready');
    const { pathname } = new URL(order.authorizations[0]);
    assert.equal((await tenant.post('acme', pathname, deactivated)).status, 'deactivated');
    assert.equal((await newOrder()).status, 'pending');
    const { items } = await tenant.get('native', '/api/v1/authorizations');
    assert.deepEqual(
      items.map((one: Body) => [one.name, one.state]),
      [[name, 'valid']],
    );
    // The owner of the account ends it for everybody.
    await tenant.post('native', `/api/v1/authorizations/${items[0].id}/deactivate`);
    assert.deepEqual((await tenant.get('native', '/api/v1/authorizations')).items, []);
  });

  it('may not revoke by it any more what another client ordered', async () => {
    const session = await createSession();
    const { client } = session;
    const ready = await session.readyOrder([name]);
    const finalized = await client.post(ready.body.finalize, { csr: await csrFor([name]) });
    const pem = (await client.post(finalized.body.certificate)).text;
    const certificate = Buffer.from(
      /-----BEGIN CERTIFICATE-----\n([\s\S]*?)-----END/.exec(pem)?.[1] ?? '',
      'base64',
    ).toString('base64url');
    const other = await secondClient(session);
    await other.newOrder([name]);
    await other.post(ready.body.authorizations[0], deactivated);
    const refused = await other.post(other.directory.revokeCert ?? '', { certificate });
    assert.equal(refused.status, 403, refused.text);
  });

  it('that is pending or over is told so, and sees nothing of another account’s', async () => {
    const session = await createSession();
    const { client, app } = session;
    const order = await client.newOrder([name]);
    const [url] = order.body.authorizations;
    assert.equal((await client.post(url, deactivated)).body.status, 'deactivated');
    assert.equal((await client.post(url, deactivated)).status, 200);
    const failed = await client.newOrder(['b.example.com']);
    const { body } = await client.post(failed.body.authorizations[0]);
    await client.post(body.challenges[0].url, {});
    await app.advance(60);
    const refused = await client.post(failed.body.authorizations[0], deactivated);
    assert.deepEqual([refused.status, refused.body.type], [400, 'urn:ietf:params:acme:error:malformed']);
    const elsewhere = await createSession();
    assert.equal((await elsewhere.client.post(url, deactivated)).status, 404);
  });
});
