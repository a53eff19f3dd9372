/** Renewal information and orders that replace a certificate (RFC 9773). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificate, parseCertificatePem } from '../../../src/pki/certificate.ts';
import { createAccount, createCaller } from '../../support/app.ts';
import { certIdOf, createSession, csrFor, type Session } from './harness.ts';

const names = ['www.example.com'];

/** An order that is issued. @returns the name of its certificate in ARI, and its id */
async function issue(session: Session, of = names, payload = {}) {
  const { client } = session;
  const ready = await session.readyOrder(of, payload);
  const finalized = await client.post(ready.body.finalize, { csr: await csrFor(of) });
  assert.equal(finalized.body.status, 'valid', finalized.text);
  const { der } = parseCertificatePem((await client.post(finalized.body.certificate)).text);
  const id = String(finalized.body.certificate).split('/').at(-1) ?? '';
  return { certId: certIdOf(der), der, id };
}

const look = ({ client }: Session, certId: string) => client.get(`${client.directory.renewalInfo}/${certId}`);

describe('renewal information', () => {
  it('is the last third of the life, for everybody', async () => {
    const session = await createSession();
    const { certId, der } = await issue(session);
    assert.equal(session.client.directory.renewalInfo, 'https://ca.example.com/acme/default/renewal-info');
    const reply = await look(session, certId);
    assert.equal(reply.status, 200, reply.text);
    assert.equal(reply.headers.get('content-type'), 'application/json');
    const seconds = Number(reply.headers.get('retry-after'));
    assert.ok(seconds >= 6 * 3600 * 0.8 && seconds <= 6 * 3600 * 1.2, String(seconds));
    const { notBefore, notAfter } = parseCertificate(der);
    const lifeMs = notAfter.getTime() - notBefore.getTime();
    const { start, end } = reply.body.suggestedWindow;
    assert.match(start, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const near = (at: string, share: number) =>
      Math.abs(Date.parse(at) - (notBefore.getTime() + lifeMs * share)) < 2000;
    assert.ok(near(start, 2 / 3 - 0.01) && near(end, 2 / 3 + 0.01), reply.text);
  });

  it('is found by the serial with a sign octet and without one', async () => {
    const session = await createSession();
    const { certId } = await issue(session);
    const [keyId = '', serial = ''] = certId.split('.');
    const octets = Buffer.from(serial, 'base64url');
    const signed = Buffer.concat([Buffer.of(0), octets]).toString('base64url');
    const plain = (octets[0] === 0 ? octets.subarray(1) : octets).toString('base64url');
    for (const form of [signed, plain]) assert.equal((await look(session, `${keyId}.${form}`)).status, 200, form);
  });

  it('has passed for a certificate that was revoked', async () => {
    const session = await createSession();
    const { certId, der } = await issue(session);
    const { client, app } = session;
    await client.post(client.directory.revokeCert ?? '', { certificate: Buffer.from(der).toString('base64url') });
    const { suggestedWindow } = (await look(session, certId)).body;
    assert.ok(Date.parse(suggestedWindow.start) < Date.parse(suggestedWindow.end));
    assert.ok(Date.parse(suggestedWindow.end) < app.clock.now().getTime());
  });

  const rows: readonly (readonly [what: string, change: (certId: string) => string, status: number])[] = [
    ['without a dot', (certId) => certId.replace('.', ''), 400],
    ['with another dot', (certId) => `${certId}.AA`, 400],
    ['without a serial', (certId) => certId.replace(/\..*/, '.'), 400],
    ['without a key', (certId) => certId.replace(/.*\./, '.'), 400],
    ['with padding', (certId) => `${certId}==`, 400],
    ['of a serial too long', (certId) => `${certId}${'AAAA'.repeat(10)}`, 400],
    ['of another serial', (certId) => certId.replace(/\..*/, '.AQIDBA'), 404],
    ['of another issuer', (certId) => certId.replace(/^[^.]*/, 'AQIDBA'), 404],
  ];
  for (const [what, change, status] of rows) {
    it(`a name ${what} is answered with ${status}`, async () => {
      const session = await createSession();
      const reply = await look(session, change((await issue(session)).certId));
      assert.equal(reply.status, status, reply.text);
      assert.equal(reply.body.type, 'urn:ietf:params:acme:error:malformed');
      assert.equal(reply.headers.get('content-type'), 'application/problem+json');
    });
  }
});

describe('an order that replaces a certificate', () => {
  it('says so, and is accepted once its like was issued no more', async () => {
    const session = await createSession();
    const { client } = session;
    const { certId } = await issue(session);
    const made = await client.newOrder(names, { replaces: certId });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.replaces, certId);
    // One that is not finished does not stand in the way.
    const second = await client.newOrder(names, { replaces: certId });
    assert.equal(second.status, 201, second.text);
    const finalized = await client.post(second.body.finalize, { csr: await csrFor(names) });
    assert.equal(finalized.body.status, 'valid', finalized.text);
    assert.equal(finalized.body.replaces, certId);
    const third = await client.newOrder(names, { replaces: certId });
    assert.deepEqual([third.status, third.body.type], [409, 'urn:ietf:params:acme:error:alreadyReplaced']);
    // acme.sh looks for this word to try without.
    assert.match(third.body.detail, /'replaces'/);
  });

  it('must share a name with it', async () => {
    const session = await createSession();
    const { certId } = await issue(session);
    const more = await session.client.newOrder([...names, 'mail.example.com'], { replaces: certId });
    assert.equal(more.status, 201, more.text);
    const other = await session.client.newOrder(['mail.example.com'], { replaces: certId });
    assert.deepEqual([other.status, other.body.type], [400, 'urn:ietf:params:acme:error:malformed']);
    assert.match(other.body.detail, /'replaces'/);
  });

  it('is refused for what is not there, and for a bad name', async () => {
    const { client } = await createSession();
    for (const [replaces, status] of [
      ['AQIDBA.AQIDBA', 404],
      ['AQIDBA', 400],
      ['', 400],
      [7, 400],
    ] as const) {
      const reply = await client.newOrder(names, { replaces });
      assert.deepEqual([reply.status, reply.body.type], [status, 'urn:ietf:params:acme:error:malformed'], reply.text);
      if (typeof replaces === 'string') assert.match(reply.body.detail, /'replaces'/);
    }
  });

  it('is refused for a certificate of another account', async () => {
    const session = await createSession();
    const { app } = session;
    const { certId } = await issue(session);
    const other = await createAccount(app);
    const administrator = await createCaller(app, other, { roles: ['administrator'] });
    const { key, hmacKey } = await app.ports.externalAccountKeys.add(
      { ...administrator, dialect: 'native', seesAllDialects: true },
      {
        name: 'others',
        productCode: 'encryption365:paid',
        organization: null,
        coverage: { unit: 'years', count: 1 },
        settings: {},
      },
    );
    const stranger = await session.stranger();
    await stranger.register({ keyId: key.keyId, hmacKey });
    const reply = await stranger.newOrder(names, { replaces: certId });
    assert.deepEqual([reply.status, reply.body.type], [403, 'urn:ietf:params:acme:error:unauthorized'], reply.text);
    assert.match(reply.body.detail, /'replaces'/);
  });
});
