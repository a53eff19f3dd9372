/** Limits of a directory: each with its problem and a number of seconds, and none where none is configured. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acme } from '../../../src/dialects/acme/index.ts';
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import { type AcmeReply, createAcmeClient } from '../../support/acme-client.ts';
import { createCaller } from '../../support/app.ts';
import { openFrontDoor } from '../../support/front-door.ts';
import { baseUrl, certIdOf, createSession, csrFor, directoryUrl } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const name = 'www.example.com';

const limited = (limits: object) => ({ config: { directories: { default: { keysOf: ['native'], limits } } } });

function assertLimited({ status, body, headers }: AcmeReply, expected: number, retryAfter: string): void {
  assert.deepEqual([status, body.type, headers.get('retry-after')], [expected, `${urn}rateLimited`, retryAfter]);
  assert.equal(headers.get('content-type'), 'application/problem+json');
}

describe('a directory limits', () => {
  it('nothing by default', async () => {
    const { client } = await createSession();
    for (let i = 0; i < 50; i++) assert.equal((await client.newOrder([name])).status, 201);
  });

  it('the accounts of one address, those that are made', async () => {
    const limits = { newAccountsPerAddress: { count: 2, seconds: 7200 } };
    const { stranger, external, client, app } = await createSession(limited(limits));
    const refused = await stranger();
    assert.equal((await refused.register({ ...external, keyId: 'unknown' })).status, 403, 'makes none');
    const second = await stranger();
    assert.equal((await second.register(external)).status, 201);
    assertLimited(await refused.register(external), 429, '3600');
    const { newAccount = '' } = client.directory;
    assert.equal((await client.post(newAccount, { onlyReturnExisting: true }, { withJwk: true })).status, 200);
    await app.clock.advance(3_600_000);
    assert.equal((await refused.register(external)).status, 201);
  });

  it('the orders of one account, those that are made', async () => {
    const limits = { newOrdersPerAccount: { count: 2, seconds: 200 } };
    const { client, stranger, external, app } = await createSession(limited(limits));
    assert.equal((await client.newOrder(['a_b.example.com'])).status, 400);
    for (let i = 0; i < 2; i++) assert.equal((await client.newOrder([name])).status, 201);
    const refused = await client.newOrder([name]);
    assertLimited(refused, 429, '100');
    assert.match(refused.headers.get('replay-nonce') ?? '', /^.{22,}$/);
    assert.match(refused.body.detail, /newOrdersPerAccount/);
    const other = await stranger();
    await other.register(external);
    assert.equal((await other.newOrder([name])).status, 201);
    await app.clock.advance(100_000);
    assert.equal((await client.newOrder([name])).status, 201);
  });

  it('the checks of one name that prove nothing', async () => {
    const { client, app } = await createSession(limited({ failedValidationsPerName: { count: 2, seconds: 7200 } }));
    async function tryOnce(of = name): Promise<AcmeReply> {
      const order = await client.newOrder([of]);
      const { body } = await client.post(order.body.authorizations[0]);
      const reply = await client.post(body.challenges[0].url, {});
      if (reply.status !== 200) return reply;
      // The same challenge again is no other check.
      await client.post(body.challenges[0].url, {});
      await app.advance(60);
      return client.post(order.body.authorizations[0]);
    }
    assert.equal((await tryOnce()).body.status, 'invalid');
    assert.equal((await tryOnce()).body.status, 'invalid');
    const refused = await tryOnce();
    assert.deepEqual([refused.status, refused.body.type], [429, `${urn}rateLimited`]);
    assert.ok(Number(refused.headers.get('retry-after')) > 3000);
    for (let i = 0; i < 5; i++) {
      const other = `w${i}.example.com`;
      app.checks.place(other);
      assert.equal((await tryOnce(other)).body.status, 'valid');
    }
  });

  it('not the checks that prove their name', async () => {
    const { client, app } = await createSession(limited({ failedValidationsPerName: { count: 1, seconds: 7200 } }));
    app.checks.place(name);
    for (let i = 0; i < 4; i++) {
      const order = await client.newOrder([name]);
      const url = order.body.authorizations[0];
      const { body } = await client.post(url);
      assert.equal((await client.post(body.challenges[0].url, {})).status, 200);
      await app.idle();
      assert.equal((await client.post(url)).body.status, 'valid');
      await client.post(url, { status: 'deactivated' });
    }
  });

  it('nor those whose client never looks again', async () => {
    const limits = { failedValidationsPerName: { count: 2, seconds: 7200 } };
    const { client, app, account } = await createSession(limited(limits));
    // Asks, and goes on with something else; another challenge of each order would ask anew.
    async function askOnly(): Promise<AcmeReply> {
      const order = await client.newOrder([name]);
      const { body } = await client.post(order.body.authorizations[0]);
      assert.equal(body.status, 'pending');
      const reply = await client.post(body.challenges[0].url, {});
      await app.advance(60);
      return reply;
    }
    const ended = async () => {
      const requester = await createCaller(app, account, { roles: ['requester'] });
      for (const { authorization } of (await app.ports.authorizations.list(requester, { limit: 10 })).items) {
        await app.ports.authorizations.deactivate(requester, authorization.id);
      }
    };
    app.checks.place(name);
    for (let i = 0; i < 5; i++) {
      assert.equal((await askOnly()).status, 200, String(i));
      await ended();
    }
    app.checks.remove(name);
    // What failed counts, whether anybody looked or not.
    for (let i = 0; i < 2; i++) assert.equal((await askOnly()).status, 200);
    assert.equal((await askOnly()).status, 429);
  });

  it('the certificates for exactly the same names', async () => {
    const limits = { certificatesPerNames: { count: 2, seconds: 172_800 } };
    const session = await createSession(limited(limits));
    const { client } = session;
    for (let i = 0; i < 2; i++) {
      const order = await session.readyOrder([name]);
      const csr = await csrFor([name]);
      for (let j = 0; j < 3; j++) assert.equal((await client.post(order.body.finalize, { csr })).status, 200);
    }
    assertLimited(await client.newOrder([name]), 429, '86400');
    assert.equal((await client.newOrder([name, 'b.example.com'])).status, 201);
  });

  it('as much where requests come at once', async () => {
    const limits = {
      newAccountsPerAddress: { count: 3, seconds: 7200 },
      newOrdersPerAccount: { count: 2, seconds: 200 },
    };
    const { client, stranger, external } = await createSession(limited(limits));
    const strangers = await Promise.all(Array.from({ length: 6 }, () => stranger()));
    const registered = await Promise.all(strangers.map((one) => one.register(external)));
    assert.equal(registered.filter(({ status }) => status === 201).length, 2, 'and one was there');
    const ordered = await Promise.all(Array.from({ length: 6 }, () => client.newOrder([name])));
    assert.deepEqual(ordered.map(({ status }) => status).toSorted(), [201, 201, 429, 429, 429, 429]);
  });

  it('the same account that registers many times at once only once', async () => {
    const { stranger, external } = await createSession(limited({ newAccountsPerAddress: { count: 8, seconds: 7200 } }));
    const one = await stranger();
    const { newAccount = '' } = one.directory;
    const payload = { termsOfServiceAgreed: true, externalAccountBinding: one.bind(external) };
    await Promise.all(Array.from({ length: 5 }, () => one.post(newAccount, payload)));
    for (let i = 0; i < 6; i++) assert.equal((await (await stranger()).register(external)).status, 201, String(i));
  });

  it('the certificates for the same names also where all orders were made before', async () => {
    const session = await createSession(limited({ certificatesPerNames: { count: 2, seconds: 172_800 } }));
    const { client } = session;
    const orders = [];
    for (let i = 0; i < 3; i++) orders.push(await session.readyOrder([name]));
    const csr = await csrFor([name]);
    const [first, second, third] = orders.map(({ body }) => String(body.finalize));
    // The same one at once, and again, is one.
    await Promise.all([1, 2, 3].map(() => client.post(first ?? '', { csr })));
    assert.equal((await client.post(second ?? '', { csr: await csrFor([name]) })).status, 200);
    assertLimited(await client.post(third ?? '', { csr: await csrFor([name]) }), 429, '86400');
    assert.equal((await session.orders()).length, 1);
  });

  it('renewals as well, until they are due', async () => {
    const limits = {
      certificatesPerNames: { count: 1, seconds: 31_536_000 },
      newOrdersPerAccount: { count: 1, seconds: 31_536_000 },
    };
    const session = await createSession(limited(limits));
    const { client, app } = session;
    const order = await session.readyOrder([name]);
    const { body } = await client.post(order.body.finalize, { csr: await csrFor([name]) });
    const { text } = await client.post(body.certificate);
    const replaces = certIdOf(parseCertificatePem(text).der);
    assert.equal((await client.newOrder([name], { replaces })).status, 429);
    await app.clock.advance(86_400_000 * 300);
    const renewal = await session.readyOrder([name], { replaces });
    const renewed = await client.post(renewal.body.finalize, { csr: await csrFor([name]) });
    assert.deepEqual([renewed.status, renewed.body.status], [200, 'valid'], renewed.text);
    assert.equal((await client.newOrder([name])).status, 429);
  });

  it('an IPv6 network as one address, and a directory however its name is written', async () => {
    const limits = {
      requestsPerAddress: { count: 4, seconds: 400 },
      newAccountsPerAddress: { count: 1, seconds: 7200 },
    };
    const { app } = await createSession(limited(limits));
    const server = openFrontDoor(app, acme, { publicUrl: baseUrl, config: limited(limits).config });
    const get = (url: string, address: string) => server.fetch(new Request(url), { address, requestId: 'r' });
    const encoded = directoryUrl.replace('default', '%64efault');
    const urls = [directoryUrl, encoded, directoryUrl, encoded];
    for (const [i, url] of urls.entries()) assert.equal((await get(url, `2001:db8::${i}`)).status, 200);
    for (const url of [directoryUrl, encoded]) {
      assert.equal((await get(url, '2001:db8::ffff')).status, 503);
      assert.equal((await get(url, '2001:db8:0:1::1')).status, 200);
    }
  });

  it('the accounts of an IPv6 network', async () => {
    const limits = { newAccountsPerAddress: { count: 1, seconds: 7200 } };
    const { app, external } = await createSession({ ...limited(limits), registers: false });
    const server = openFrontDoor(app, acme, { publicUrl: baseUrl, config: limited(limits).config });
    const from = (address: string) =>
      createAcmeClient((request) => server.fetch(request, { address, requestId: 'r' }), directoryUrl);
    assert.equal((await (await from('2001:db8::1')).register(external)).status, 201);
    assert.equal((await (await from('2001:db8::2')).register(external)).status, 429);
    assert.equal((await (await from('2001:db8:0:1::1')).register(external)).status, 201);
  });

  it('the requests of one address', async () => {
    const { client, app } = await createSession(limited({ requestsPerAddress: { count: 20, seconds: 20 } }));
    await app.clock.advance(60_000);
    for (let i = 0; i < 20; i++) assert.equal((await client.get(directoryUrl)).status, 200);
    const refused = await client.get(client.directory.newOrder ?? '', 'POST');
    assertLimited(refused, 503, '1');
    assert.match(refused.headers.get('replay-nonce') ?? '', /^.{22,}$/);
    assert.equal((await client.get(directoryUrl.replace('default', 'other'))).status, 404);
    await app.clock.advance(1000);
    assert.equal((await client.get(directoryUrl)).status, 200);
  });
});
