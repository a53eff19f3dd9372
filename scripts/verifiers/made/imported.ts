/** A CA of OpenSSL that was taken over. */
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import { makeKeyAndCsr } from '../../../src/quickstart/certificate-files.ts';
import { type OutsideCa, startOutsideCa } from '../../../test/support/outside-ca.ts';
import { authorityNamed, importFrom, openCaApp, openSslCaUnder } from '../../authority-kinds.ts';
import { name, openOrders, shown, upload } from './shown.ts';

const leafExtensions = [
  'basicConstraints = critical,CA:FALSE',
  'keyUsage = critical,digitalSignature',
  'extendedKeyUsage = serverAuth',
  `subjectAltName = DNS:${name}`,
  'subjectKeyIdentifier = hash',
  'authorityKeyIdentifier = keyid:always',
];

export async function makeImported() {
  await using cleanup = new AsyncDisposableStack();
  const root = await startOutsideCa({ name: 'Old Root CA' });
  cleanup.defer(() => root.remove());
  const ca = await openSslCaUnder(root, { name: 'Old TLS CA' });
  cleanup.defer(() => ca.remove());
  const app = cleanup.use(await openCaApp({ works: true }));
  const orders = await openOrders(app);

  const [former, gone, later] = [await leafOf(ca), await leafOf(ca), await leafOf(ca)];
  await ca.revoke(gone, 'keyCompromise');
  const serials = [former, gone, later].map((pem) => {
    const { der, serialHex, notBefore, notAfter } = parseCertificatePem(pem);
    const revoked = pem === gone ? ({ at: notBefore, reason: 'keyCompromise' } as const) : null;
    return { serial: serialHex, certificate: der, notAfter, revoked };
  });
  const taken = await importFrom(app, ca, { root, serials });
  await upload(app, await authorityNamed(app, 'Old Root CA'), await root.list());
  const { serialHex: serial } = parseCertificatePem(later);
  await app.ports.authorityImport.revokeSerial(app.operator, { authority: taken.id, serial, reason: 'superseded' });
  const shownOf = (pem: string) => shown(app, { der: parseCertificatePem(pem).der, authorityId: taken.id });
  return {
    importedNew: await shown(app, await orders.issue(taken)),
    importedFormer: await shownOf(former),
    importedRevokedBefore: await shownOf(gone),
    importedRevokedSince: await shownOf(later),
  };
}

async function leafOf(ca: OutsideCa): Promise<string> {
  const { csrPem } = await makeKeyAndCsr([name]);
  return ca.sign(csrPem, { extensions: leafExtensions, days: 90 });
}
