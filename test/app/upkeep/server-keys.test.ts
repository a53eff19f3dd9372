/** Keys that certmux makes for its customers: sealed at rest, told to their owner alone and only with the certificate. */

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { CertError } from '../../../src/domain/errors.ts';
import type { KeyKind } from '../../../src/domain/profile.ts';
import { parseCsr } from '../../../src/pki/csr.ts';
import { publicKeyOf } from '../../../src/pki/key.ts';
import { createCustomer, issue, names, place, reissueFor, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const refused = (code: string) => (error: unknown) => error instanceof CertError && error.code === code;

describe('a key made by certmux', () => {
  const kinds: readonly KeyKind[] = ['P-256', 'rsa', 'P-384', 'Ed25519'];
  for (const make of kinds) {
    it(`of kind ${make} is the key of the certificate`, async () => {
      app = await startTestApp();
      const { caller } = await createCustomer(app);
      const { order, certificate, issuance } = await issue(app, caller, ['made.example', '*.made.example'], {
        csr: { make },
      });
      assert.ok(certificate && issuance.csr && issuance.sealedKey);
      const key = publicKeyOf(await app.ports.issuances.privateKey(caller, order));
      const leaf = new X509Certificate(certificate.der);
      assert.deepEqual(leaf.publicKey.export({ format: 'der', type: 'spki' }), Buffer.from(key.spkiDer));
      assert.equal(leaf.subjectAltName, 'DNS:made.example, DNS:*.made.example');
      assert.deepEqual(parseCsr(issuance.csr).publicKey.spkiDer, key.spkiDer);
    });
  }

  it('is sealed for its issuance and never stored, logged or recorded in clear', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { order, issuance } = await issue(app, caller, ['sealed.example'], { csr: { make: 'P-256' } });
    const key = Buffer.from(await app.ports.issuances.privateKey(caller, order));
    const rows = JSON.stringify(await app.tables());
    const log = JSON.stringify(app.log.lines);
    for (const form of ['hex', 'base64', 'latin1'] as const) {
      const text = key.subarray(36, 68).toString(form); // the secret scalar
      assert.ok(!rows.includes(text) && !log.includes(text), form);
    }
    assert.ok(issuance.sealedKey);
    const { sealedKey } = issuance;
    assert.throws(
      () => app.context.keySealer.open(sealedKey, { kind: 'subscriberKey', id: 'iss_other' }),
      /does not open/,
    );
  });

  it('is told to its owner, and every delivery is an event', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { order } = await issue(app, caller, ['owner.example'], { csr: { make: 'P-256' } });
    await app.ports.issuances.privateKey(caller, order);
    await app.ports.issuances.privateKey(caller, order);
    const { items } = await app.ports.events.list(app.operator, { limit: 100, subject: order.id });
    const delivered = items.filter(({ kind }) => kind === 'key.delivered');
    assert.deepEqual(
      delivered.map(({ actor, data }) => [actor, data.to]),
      [
        [caller.actor, caller.address],
        [caller.actor, caller.address],
      ],
    );
  });

  it('is told to nobody else, the operator included', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { caller: stranger } = await createCustomer(app);
    const { order } = await issue(app, caller, ['mine.example'], { csr: { make: 'P-256' } });
    await assert.rejects(app.ports.issuances.privateKey(stranger, order), refused('notFound'));
    await assert.rejects(app.ports.issuances.privateKey(app.operator, order), refused('forbidden'));
  });

  it('is told only once the certificate is there', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { order } = await place(app, caller, ['early.example'], { csr: { make: 'P-256' } });
    await assert.rejects(app.ports.issuances.privateKey(caller, order), refused('wrongState'));
  });

  it("is not found where the key is the customer's own", async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { order } = await issue(app, caller, ['own.example']);
    await assert.rejects(app.ports.issuances.privateKey(caller, order), refused('notFound'));
  });

  it('is refused where the profile does not allow its kind', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app, { balanceMinor: 100_000 });
    const request = place(app, caller, ['kind.example.com'], { csr: { make: 'Ed25519' }, productCode: 'public' });
    await assert.rejects(request, refused('badKey'));
  });

  it('is made anew for a reissue', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { order } = await issue(app, caller, ['again.example'], { csr: { make: 'P-256' } });
    const first = await app.ports.issuances.privateKey(caller, order);
    await app.ports.issuances.reissue(caller, order, await reissueFor(['again.example'], { csr: { make: 'P-256' } }));
    await app.idle();
    assert.notDeepEqual(await app.ports.issuances.privateKey(caller, order), first);
  });
});

describe('the issuer of an order', () => {
  it('may be named by the dialect, and must be configured', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { issuance } = await issue(app, caller, ['issuer.example'], { issuerId: 'embedded' });
    assert.equal(issuance.issuerId, 'embedded');
    await assert.rejects(place(app, caller, ['b.example'], { issuerId: 'elsewhere' }), refused('unavailable'));
  });
});

describe('looking for proofs without an order', () => {
  it('answers each in turn and stores nothing', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    app.checks.place('there.example', 'dnsCname');
    const requests = names('there.example', 'missing.example').map((identifier) => ({
      identifier,
      challenge: {
        method: 'dnsCname',
        binding: 'server',
        host: `_acme-challenge.${identifier.value}`,
        target: 'a.example',
      } as const,
    }));
    const results = await app.ports.proving.checkChallenges(caller, requests);
    assert.deepEqual(
      results.map(({ proved }) => proved),
      [true, false],
    );
    const { authorizations } = await place(app, caller, ['there.example']);
    assert.equal(authorizations[0]?.state, 'pending');
  });

  it('ends after a while, whatever the network does', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    app.checks.delay('slow.example', 3_600_000);
    const [identifier] = names('slow.example');
    assert.ok(identifier);
    const challenge = {
      method: 'dnsCname',
      binding: 'server',
      host: '_acme-challenge.slow.example',
      target: 'a.example',
    } as const;
    const looking = app.ports.proving.checkChallenges(caller, [{ identifier, challenge }]);
    await app.advance(21);
    assert.equal((await looking)[0]?.problem?.key, 'checkAborted');
  });
});
