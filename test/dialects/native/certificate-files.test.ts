/** Certificates as files, what stands around them, and the keys that we made. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { strFromU8, unzipSync } from 'fflate';
import { createCaller, issue, reissueFor } from '../../support/app.ts';
import { createSession, firstNumber, issueOrder, type NativeSession } from './session.ts';

const session = await createSession();
await issueOrder(session);
const number = String(firstNumber);
const { certificate, chain } = await session.app.ports.certificates.get(session.app.operator, number);
const pem = (der: Uint8Array) => new X509Certificate(der).toString();

async function files(format: 'nginx' | 'apache'): Promise<Record<string, string>> {
  const { bytes } = await session.client.certificates.download({ certificate: number, format });
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, strFromU8(content)]));
}

describe('a download', () => {
  test('for nginx is one file with the chain, and its lines', async () => {
    const found = await files('nginx');
    assert.deepEqual(Object.keys(found), ['trustocean.com.fullchain.pem', 'nginx.conf']);
    assert.equal(found['trustocean.com.fullchain.pem'], pem(certificate.der) + pem(chain[0] ?? assert.fail()));
    assert.match(found['nginx.conf'] ?? '', /^ssl_certificate +trustocean\.com\.fullchain\.pem;$/m);
  });

  test('for Apache is the certificate and its chain', async () => {
    const found = await files('apache');
    assert.equal(found['trustocean.com.crt'], pem(certificate.der));
    assert.equal(found['trustocean.com.chain.crt'], pem(chain[0] ?? assert.fail()));
    assert.match(found['apache.conf'] ?? '', /^SSLCertificateChainFile trustocean\.com\.chain\.crt$/m);
  });

  test('as PKCS #7 holds every certificate, the own one first', async () => {
    const { bytes, fileName } = await session.client.certificates.download({ certificate: number, format: 'p7b' });
    assert.equal(fileName, 'trustocean.com.p7b');
    const places = [certificate.der, ...chain].map((der) => Buffer.from(bytes).indexOf(der));
    assert.ok(
      places.every((place) => place > 0),
      String(places),
    );
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });
});

describe('a certificate', () => {
  test('shows its fields as data, as its bytes have them', async () => {
    const { decoded, ...shown } = await session.client.certificates.show({ certificate: number });
    const x509 = new X509Certificate(certificate.der);
    assert.deepEqual(decoded.subject, [{ type: 'CN', value: 'trustocean.com' }]);
    assert.equal(decoded.serial, x509.serialNumber.toLowerCase());
    assert.equal(decoded.sha256, x509.fingerprint256.replaceAll(':', '').toLowerCase());
    assert.equal(decoded.sha1, x509.fingerprint.replaceAll(':', '').toLowerCase());
    assert.deepEqual([decoded.key.kind, decoded.key.bits, decoded.names], ['RSA 2048', 2048, ['trustocean.com']]);
    assert.equal(decoded.extensions.filter(({ isCritical }) => isCritical).length > 0, true);
    assert.equal(decoded.notAfter, shown.notAfter);
    assert.deepEqual([shown.accountName, shown.orderNumber, shown.keyKind], ['Acme', firstNumber, 'RSA 2048']);
    assert.deepEqual([shown.isKeyOurs, shown.crl], [false, null]);
  });

  test('names the one that it replaces, and the one that replaced it; a duplicate neither', async () => {
    const own = await createSession();
    await issueOrder(own);
    const order = { number: firstNumber };
    const caller = await createCaller(own.app, own.account, { dialect: 'native' });
    await own.app.ports.issuances.duplicate(caller, order, await reissueFor(['trustocean.com'], { csr: 'same' }));
    await own.app.idle();
    await own.app.ports.issuances.reissue(caller, order, await reissueFor(['trustocean.com']));
    await own.app.idle();
    const { items } = await own.client.certificates.list({});
    const lines = items.map((one) => [one.number, one.replaces, one.replacedBy]);
    const [first = 0, second = 0, third = 0] = items.map((one) => one.number).toSorted((a, b) => a - b);
    assert.deepEqual(lines, [
      [third, first, null],
      [second, null, null],
      [first, null, third],
    ]);
    const replaced = await own.client.certificates.list({ replaced: 'true' });
    assert.deepEqual(
      replaced.items.map((one) => one.number),
      items.filter((one) => one.replacedBy !== null).map((one) => one.number),
    );
  });

  test('says whether an approver has to agree to its revocation', async () => {
    const own = await createSession();
    await issueOrder(own);
    const shown = async (client: typeof own.client) =>
      (await client.certificates.show({ certificate: number })).needsApproval;
    assert.equal(await shown(own.client), false);
    await own.operator.accounts.change({ account: own.account.id, approval: 'twoStep' });
    assert.deepEqual([await shown(own.client), await shown(own.operator)], [true, false]);
    await own.client.certificates.revoke({ certificate: number, reason: 'superseded' });
    const [request] = (await own.client.approvals.list({ waiting: 'true' })).items;
    assert.equal(request?.asks, 'revoke');
  });

  test('that is revoked names the list that was made since', async () => {
    const own = await createSession();
    await issueOrder(own);
    await own.client.certificates.revoke({ certificate: number, reason: 'superseded' });
    await own.app.idle();
    const { crl, revokedAt } = await own.client.certificates.show({ certificate: number });
    assert.ok(crl !== null && revokedAt !== null && crl.since >= revokedAt);
    const lists = (await own.operator.authorities.list({})).items.flatMap((authority) => authority.crl ?? []);
    assert.ok(lists.some((list) => list.number === crl.number));
  });
});

/** An order of another API, whose key we made. */
async function withMadeKey(): Promise<NativeSession & { readonly made: string }> {
  const own = await createSession();
  const caller = await createCaller(own.app, own.account, { dialect: 'encryption365' });
  const { issuance } = await issue(own.app, caller, ['a.example.com'], { csr: { make: 'P-256' } });
  const [found] = (await own.client.certificates.list({})).items;
  assert.equal(issuance.state, 'issued');
  return { ...own, made: String(found?.number) };
}

describe('the key that we made', () => {
  test('is that of the certificate, alone and in the keystores', async () => {
    const own = await withMadeKey();
    const shown = await own.client.certificates.show({ certificate: own.made });
    assert.equal(shown.isKeyOurs, true);
    const leaf = new X509Certificate(shown.pem);
    const alone = await own.client.certificates.privateKey({ certificate: own.made });
    assert.equal(alone.fileName, 'a.example.com.key');
    assert.ok(leaf.checkPrivateKey(createPrivateKey(Buffer.from(alone.base64, 'base64'))));

    const passphrase = 'correct horse 密码';
    const pfx = await own.client.certificates.privateKey({ certificate: own.made, format: 'pfx', passphrase });
    const bytes = Buffer.from(pfx.base64, 'base64');
    createSecureContext({ pfx: bytes, passphrase });
    assert.throws(() => createSecureContext({ pfx: bytes, passphrase: 'another one' }));

    const jks = await own.client.certificates.privateKey({ certificate: own.made, format: 'jks', passphrase });
    assert.equal(Buffer.from(jks.base64, 'base64').subarray(0, 4).toString('hex'), 'feedfeed');

    const events = await own.operator.events.list({ kind: 'key.delivered' });
    assert.equal(events.items.length, 3, 'each delivery is one');
  });

  test('is for its account only, and no operator, whomever they act for', async () => {
    const own = await withMadeKey();
    const refused = own.operator.certificates.privateKey({ certificate: own.made });
    await assert.rejects(refused, { code: 'forbidden' });
    assert.deepEqual((await own.operator.events.list({ kind: 'key.delivered' })).items, []);
  });

  for (const [format, passphrase, field] of [
    ['pfx', undefined, 'passphrase'],
    ['jks', '12345', 'passphrase'],
    ['pem', 'correct horse', 'passphrase'],
  ] as const) {
    test(`as ${format} with the passphrase ${passphrase} is refused`, async () => {
      const own = await withMadeKey();
      const request = { certificate: own.made, format, ...(passphrase === undefined ? {} : { passphrase }) };
      await assert.rejects(own.client.certificates.privateKey(request), new RegExp(field));
    });
  }
});
