/** tls-alpn-01 as its client meets it (RFC 8737, RFC 8738); what the host must present is in `test/dcv/tls-alpn.test.ts`. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it } from 'node:test';
import { challengesOf } from '../../../src/dialects/acme/proofs.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import { createSession, csrFor } from './harness.ts';

interface WireChallenge {
  readonly type: string;
  readonly url: string;
  readonly status: string;
}

describe('the challenges of a name', () => {
  const rows = [
    ['www.example.com', ['http-01', 'dns-01', 'tls-alpn-01']],
    ['*.example.com', ['dns-01']], // RFC 8737 §3: never for wildcards
    ['192.0.2.7', ['http-01', 'tls-alpn-01']], // RFC 8738 §7
  ] as const;
  for (const [name, types] of rows) {
    it(`${name}: ${types.join(', ')}`, async () => {
      const { client } = await createSession();
      const made = await client.newOrder([name]);
      assert.equal(made.status, 201, made.text);
      const { body } = await client.post(made.body.authorizations[0]);
      const challenges: readonly WireChallenge[] = body.challenges;
      assert.deepEqual(
        challenges.map(({ type }) => type),
        types,
      );
    });
  }

  it('have the hash of the key authorization', () => {
    const name = parseIdentifier('www.example.com', 'name');
    const found = challengesOf(name, { token: 'token', thumbprint: 'thumb' });
    const alpn = found.find((one) => one.method === 'tlsAlpn') ?? assert.fail('no challenge by TLS-ALPN');
    assert.equal(alpn.identifierHash, hash('sha256', `${alpn.token}.thumb`, 'hex'));
  });
});

it('a name that is proved by TLS-ALPN shows only that, and is certified', async () => {
  const { client, app } = await createSession();
  const made = await client.newOrder(['www.example.com']);
  const [url] = made.body.authorizations;
  const challenges: readonly WireChallenge[] = (await client.post(url)).body.challenges;
  const alpn = challenges.find(({ type }) => type === 'tls-alpn-01') ?? assert.fail('not offered');
  app.checks.place('www.example.com', 'tlsAlpn');
  await client.post(alpn.url, {});
  await app.idle();
  const { body } = await client.post(url);
  assert.equal(body.status, 'valid');
  assert.deepEqual(
    body.challenges.map(({ type, status }: WireChallenge) => [type, status]),
    [['tls-alpn-01', 'valid']],
  );
  const finalized = await client.post(made.body.finalize, { csr: await csrFor(['www.example.com']) });
  assert.equal(finalized.body.status, 'valid', finalized.text);
});

it('a proof by TLS-ALPN serves neither the wildcard nor the names below', async () => {
  const { client, app } = await createSession();
  const made = await client.newOrder(['example.com']);
  const challenges: readonly WireChallenge[] = (await client.post(made.body.authorizations[0])).body.challenges;
  app.checks.place('example.com', 'tlsAlpn');
  await client.post(challenges.find(({ type }) => type === 'tls-alpn-01')?.url ?? '', {});
  await app.idle();
  assert.equal((await client.newOrder(['example.com'])).body.status, 'ready');
  assert.equal((await client.newOrder(['*.example.com'])).body.status, 'pending');
  assert.equal((await client.newOrder(['www.example.com'])).body.status, 'pending');
});
