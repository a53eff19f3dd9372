/** The CA in the tests on a wire, and seen by the client half of our own dialect. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { get as getHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createAccountKey } from '../support/account-key.ts';
import { createRawClient, csrFor } from '../support/acme-ca/raw-client.ts';
import { serveAcmeCa } from '../support/acme-ca/serve.ts';
import { settle, until } from '../support/system.ts';
import { createCa } from './session.ts';

const names = ['www.example.com', '*.example.com'];
const closing: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closing) await close();
});

async function serve(options: Parameters<typeof serveAcmeCa>[1] = {}) {
  const made = createCa();
  const server = await serveAcmeCa(made.ca, options);
  closing.push(server.close);
  return { ...made, server };
}

const fetching = (request: Request) => fetch(request);

describe('the ACME CA of the tests in the process', () => {
  it('answers while a fake clock settles: nothing of it waits for another thread', async () => {
    const { ca, clock } = createCa();
    const key = createJwsKey(createAccountKey().pkcs8);
    const client = createAcmeClient({ directoryUrl: ca.directoryUrl, fetch: ca.fetch, key, clock });
    await client.register({});
    ca.misbehave({ on: 'newOrder', how: 'bornReady' });
    const { url, shown } = await client.placeOrder({ names: ['www.example.com'] });
    const csrDer = Buffer.from(await csrFor(['www.example.com']), 'base64url');
    let answered = '';
    void client.finalize({ url, finalizeUrl: shown.finalize, csrDer }).then(({ shown: finalized }) => {
      answered = finalized.status;
    });
    await settle();
    assert.equal(answered, 'processing');
    assert.equal(ca.books.certificates.length, 1);
  });
});

describe('the ACME CA of the tests over HTTP', () => {
  it('sells to the client half of our dialect', async () => {
    const { ca, clock, network, server } = await serve();
    const key = createJwsKey(createAccountKey().pkcs8);
    const client = createAcmeClient({ directoryUrl: server.directoryUrl, fetch: fetching, key, clock });
    const account = await client.register({ contact: ['mailto:ops@example.com'] });
    assert.ok(account.url.startsWith(ca.origin));
    ca.misbehave({ on: 'any', how: 'badNonce', rate: 0.2 });
    const placed = await client.placeOrder({ names });
    for (const url of placed.shown.authorizations) {
      const { identifier, challenges } = (await client.authorization(url)).shown;
      const challenge = challenges.find(({ type }) => type === 'dns-01');
      assert.ok(challenge?.token);
      const digest = Buffer.from(
        await crypto.subtle.digest('SHA-256', Buffer.from(client.keyAuthorization(challenge.token))),
      ).toString('base64url');
      const name = `_acme-challenge.${identifier.value}`;
      network.texts.set(name, [...(network.texts.get(name) ?? []), digest]);
      await client.respond(challenge.url);
    }
    const { url } = placed;
    const order = await client.order({ url });
    assert.equal(order.shown.status, 'ready');
    const csrDer = Buffer.from(await csrFor(names), 'base64url');
    await client.finalize({ url, finalizeUrl: order.shown.finalize, csrDer });
    const { certificate } = (await client.order({ url })).shown;
    assert.ok(certificate);
    const leaf = new X509Certificate((await client.certificate(certificate)).shown.pem);
    assert.equal(leaf.subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
    await client.revoke(leaf.raw, 4);
    assert.equal(ca.books.certificates[0]?.revoked?.reason, 4);
    assert.deepEqual(ca.books.bugs, []);
  });

  it('loses requests and replies, and hangs until the caller has gone', async () => {
    const { ca, server } = await serve();
    const client = await createRawClient(fetching, server.directoryUrl);
    await client.register();
    ca.script('newOrder', 'loseRequest', 'loseReply');
    await assert.rejects(client.newOrder(names), TypeError);
    assert.equal(ca.books.orders.length, 0);
    await assert.rejects(client.newOrder(names), TypeError);
    assert.equal(ca.books.orders.length, 1);
    ca.misbehave({ on: 'newOrder', how: 'hang' });
    const gone = new AbortController();
    const identifiers = [{ type: 'dns', value: 'www.example.com' }];
    const call = client.post(client.directory.newOrder, { identifiers }, { signal: gone.signal });
    const ended = assert.rejects(call, { message: 'too long' });
    await until(() => ca.calls('newOrder').at(-1)?.outcome === 'hung', 'it hangs');
    gone.abort(new Error('too long'));
    await ended;
    assert.equal((await client.newOrder(names)).status, 201);
  });

  it('tells of every request before and after it', async () => {
    const moments: string[] = [];
    const { ca, server } = await serve({
      around: (moment, { url, method }) => moments.push(`${moment} ${method} ${new URL(url).pathname}`),
    });
    ca.misbehave({ on: 'directory', how: 'loseRequest' });
    await assert.rejects(fetch(server.directoryUrl));
    await fetch(server.directoryUrl);
    const both = ['before GET /directory', 'after GET /directory'];
    assert.deepEqual(moments, [...both, ...both]);
  });

  it('sends each link in a line of its own, and is to be trusted over HTTPS', async () => {
    const { ca, server } = await serve({ isHttps: true });
    const { rootPem } = server;
    assert.ok(rootPem);
    const url = server.directoryUrl.replace('/directory', '/renewal-info/AAAA.AAAA');
    const answer = await new Promise<{ readonly links: readonly string[]; readonly body: string }>(
      (resolve, reject) => {
        getHttps(url, { ca: rootPem }, async (reply) => {
          resolve({ links: reply.headersDistinct.link ?? [], body: await text(reply) });
        }).on('error', reject);
      },
    );
    assert.deepEqual(answer.links, [`<${ca.origin}/directory>;rel="index"`]);
    assert.equal(JSON.parse(answer.body).status, 404);
    await assert.rejects(fetch(server.directoryUrl), TypeError, 'nobody else trusts it');
  });
});
