/** Every field of a certificate, as data: what `describeCertificate` says as text. */
import { parseCertificate, thumbprint } from '../../pki/certificate.ts';
import { oidName } from '../../pki/oid.ts';
import { keyBits } from '../../pki/public-key.ts';
import type { WireDecodedCertificate } from './schema.ts';
import { timeToWire } from './values.ts';

/** @throws {CertError} derMalformed */
export function decodedToWire(der: Uint8Array): WireDecodedCertificate {
  const certificate = parseCertificate(der);
  const { subject, issuer, publicKey, pathLength = null } = certificate;
  return {
    version: certificate.version,
    serial: certificate.serialHex,
    signatureAlgorithm: certificate.signatureAlgorithmName,
    subject: subject.attributes.map(({ type, value }) => ({ type, value })),
    issuer: issuer.attributes.map(({ type, value }) => ({ type, value })),
    notBefore: timeToWire(certificate.notBefore),
    notAfter: timeToWire(certificate.notAfter),
    key: {
      kind: certificate.keyName,
      bits: publicKey === undefined ? null : keyBits(publicKey.algorithm),
      sha256: certificate.spkiSha256,
    },
    names: [...certificate.names],
    isCa: certificate.isCa,
    pathLength,
    keyUsages: [...certificate.keyUsages],
    purposes: certificate.purposes.map(oidName),
    policies: certificate.policies.map((oid) => ({ oid, name: oidName(oid) })),
    subjectKeyId: certificate.subjectKeyId ?? null,
    authorityKeyId: certificate.authorityKeyId ?? null,
    caIssuers: [...certificate.caIssuersUrls],
    ocsp: [...certificate.ocspUrls],
    crls: [...certificate.crlUrls],
    extensions: certificate.extensions.map(({ oid, isCritical }) => ({ oid, name: oidName(oid), isCritical })),
    sha1: thumbprint(der, 'sha1'),
    sha256: thumbprint(der, 'sha256'),
  };
}
