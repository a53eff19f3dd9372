/** The client half against our own server: from account to revocation, and what it makes of refusals. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import type { AcmeClient } from '../../../src/dialects/acme/client/face.ts';
import { createAcmeClient } from '../../../src/dialects/acme/client.ts';
import { createJwsKey } from '../../../src/pki/jws-writer.ts';
import { createClock } from '../../../src/system/clock.ts';
import { createAccountKey } from '../../support/account-key.ts';
import { createSession, csrFor, directoryUrl, type Session } from './harness.ts';

const key = createJwsKey(createAccountKey().pkcs8);
const clock = createClock();

async function openClient(
  session: Session,
  fetch: Session['fetch'] = session.fetch,
): Promise<{ readonly client: AcmeClient; readonly url: string }> {
  const client = createAcmeClient({ directoryUrl, fetch, clock, key });
  return { client, url: (await client.register({ externalKey: session.external })).url };
}

const csrDerFor = async (names: readonly string[]) => Buffer.from(await csrFor(names), 'base64url');

describe('the ACME client', () => {
  it('goes from its account to a certificate and its revocation', async () => {
    const session = await createSession();
    const { client, url } = await openClient(session);
    assert.equal((await openClient(session)).url, url, 'the account is found again');
    const names = ['www.example.com', '*.example.com'];
    const placed = await client.placeOrder({ names });
    assert.equal(placed.shown.status, 'pending');
    for (const one of placed.shown.authorizations) {
      const { identifier, challenges } = (await client.authorization(one)).shown;
      const [challenge] = challenges;
      assert.ok(challenge);
      assert.equal(client.keyAuthorization(challenge.token ?? ''), `${challenge.token}.${key.thumbprint}`);
      session.app.checks.place(identifier.value, challenge.type === 'http-01' ? 'httpFile' : 'dnsTxt');
      session.app.checks.place(`*.${identifier.value}`, 'dnsTxt');
      assert.equal((await client.respond(challenge.url)).shown.status, 'valid');
    }
    await session.app.idle();
    const ready = await client.order(placed);
    assert.equal(ready.shown.status, 'ready');
    const { url: orderUrl } = placed;
    const { finalize: finalizeUrl } = ready.shown;
    const final = await client.finalize({ url: orderUrl, names, finalizeUrl, csrDer: await csrDerFor(names) });
    assert.equal(final.url, orderUrl);
    const { shown: chain } = await client.certificate(final.shown.certificate ?? '');
    const leaf = new X509Certificate(chain.pem);
    assert.deepEqual(Buffer.from(chain.certificates[0] ?? []), leaf.raw);
    assert.equal(leaf.subjectAltName, names.map((name) => `DNS:${name}`).join(', '));
    await client.revoke(leaf.raw, 4);
    await assert.rejects(client.revoke(leaf.raw, 4), { message: /already/ });
  });

  it('throws what the server refuses, by its code and with its words', async () => {
    const session = await createSession();
    const stranger = createAcmeClient({ directoryUrl, fetch: session.fetch, clock, key });
    await assert.rejects(stranger.register({}), { code: 'forbidden', message: /external account/i });
    const { client } = await openClient(session);
    await assert.rejects(client.placeOrder({ names: ['a_b.example.com'] }), { code: 'malformedRequest' });
    const names = ['www.example.com'];
    const { url, shown } = await client.placeOrder({ names });
    const csrDer = await csrDerFor(names);
    await assert.rejects(client.finalize({ url, finalizeUrl: shown.finalize, csrDer }), { code: 'wrongState' });
  });

  it('makes a call again whose nonce is refused, a few times', async () => {
    const session = await createSession();
    let spoiled = 0;
    // Answers of the server that is not ours: a nonce that nobody has issued.
    const spoiling = (count: number) => async (request: Request) => {
      const reply = await session.fetch(request);
      if (spoiled >= count) return reply;
      spoiled++;
      const headers = new Headers(reply.headers);
      headers.set('replay-nonce', 'AAAA');
      return new Response(reply.body, { status: reply.status, headers });
    };
    // The directory has none; the HEAD and two refusals are spoiled.
    const { url } = await openClient(session, spoiling(4));
    assert.match(url, /\/acme\/default\/account\//);
    spoiled = 0;
    await assert.rejects(openClient(session, spoiling(1000)), { message: /anti-replay nonce/ });
  });

  it('tells a refusal for CAA from others, so that it is passed on as one', async () => {
    const problem = (type: string) => ({ type: `urn:ietf:params:acme:error:${type}`, detail: 'no', status: 403 });
    for (const [type, expected] of [
      ['caa', 'caaForbids'],
      ['unauthorized', 'upstreamUnauthenticated'],
      ['orderNotReady', 'upstreamWrongState'],
      ['serverInternal', 'upstreamIssuerRefused'],
      ['unheardOf', 'upstreamIssuerRefused'],
    ] as const) {
      const fetch = async () => Response.json(problem(type), { status: 403 });
      const found = await createAcmeClient({ directoryUrl, fetch, clock, key })
        .register({})
        .catch((error) => error);
      assert.equal(found.reason.key, expected, type);
    }
  });

  it('takes a server for unavailable that answers with something else', async () => {
    const html = async () => new Response('<html>', { status: 502 });
    const broken = createAcmeClient({ directoryUrl, fetch: html, clock, key });
    await assert.rejects(broken.register({}), { code: 'unavailable' });
    const odd = createAcmeClient({ directoryUrl, fetch: async () => Response.json({ newNonce: 3 }), clock, key });
    await assert.rejects(odd.register({}), { code: 'unavailable' });
    const cut = createAcmeClient({ directoryUrl, fetch: () => Promise.reject(new TypeError('no')), clock, key });
    await assert.rejects(cut.register({}), { code: 'unavailable' });
  });
});
