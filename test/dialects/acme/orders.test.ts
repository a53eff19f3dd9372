/** From account to certificate as a client goes, and what stands in the way. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSession, csrFor } from './harness.ts';

describe('an ACME order', () => {
  it('is proved over HTTP, finalized, and answered with the certificate', async () => {
    const { client, app } = await createSession();
    const made = await client.newOrder(['www.example.com']);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(Object.keys(made.body), ['status', 'expires', 'identifiers', 'authorizations', 'finalize']);
    assert.equal(made.body.status, 'pending');
    assert.equal(made.body.expires, '2026-06-08T08:00:00Z');
    const order = made.headers.get('location') ?? '';
    const authorization = (await client.post(made.body.authorizations[0])).body;
    assert.deepEqual(authorization.identifier, { type: 'dns', value: 'www.example.com' });
    assert.deepEqual(
      authorization.challenges.map(({ type }: { type: string }) => type),
      ['http-01', 'dns-01', 'tls-alpn-01'],
    );
    const [http] = authorization.challenges;
    assert.match(http.token, /^[A-Za-z0-9_-]{22,}$/);
    // Nothing is looked for before the client asks.
    await app.idle();
    assert.deepEqual(app.checks.looks, []);
    app.checks.placeFile(
      'www.example.com',
      `/.well-known/acme-challenge/${http.token}`,
      `${http.token}.${client.thumbprint}`,
    );
    const asked = await client.post(http.url, {});
    assert.equal(asked.status, 200, asked.text);
    assert.equal(asked.headers.get('link')?.includes(`<${made.body.authorizations[0]}>;rel="up"`), true);
    await app.idle();
    assert.equal((await client.post(made.body.authorizations[0])).body.status, 'valid');
    assert.equal((await client.post(order)).body.status, 'ready');
    const finalized = await client.post(made.body.finalize, { csr: await csrFor(['www.example.com']) });
    assert.equal(finalized.status, 200, finalized.text);
    assert.equal(finalized.body.status, 'valid');
    const chain = await client.post(finalized.body.certificate);
    assert.equal(chain.headers.get('content-type'), 'application/pem-certificate-chain');
    const certificates = chain.text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
    assert.equal(certificates.join(''), chain.text);
    const [leaf, issuer] = certificates.map((pem) => new X509Certificate(pem));
    assert.equal(leaf?.subjectAltName, 'DNS:www.example.com');
    assert.ok(issuer !== undefined && leaf?.verify(issuer.publicKey));
  });
});
