/** Certificates as the native API shows them. */
import { type Certificate, certificateStandingOf } from '../../domain/certificate.ts';
import { CertError } from '../../domain/errors.ts';
import type { CertificateSurroundings, CertificateView } from '../../domain/ports/certificates.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { parseCertificate, thumbprint } from '../../pki/certificate.ts';
import { describeCertificate } from '../../pki/describe-certificate.ts';
import { certificatePem } from './certificate-files.ts';
import { decodedToWire } from './decoded-certificate.ts';
import { namesInLists } from './schema/shapes.ts';
import type { WireCertificate, WireCertificateDetails, WireListedCertificate } from './schema.ts';
import { optionalTimeToWire, timeToWire } from './values.ts';

/** @param revokedBy undefined: it is not revoked, or whoever reads this learns no names */
export function certificateToWire(
  certificate: Certificate,
  now: Date,
  revokedBy?: WireCertificate['revokedBy'],
): WireCertificate {
  return {
    id: certificate.id,
    number: certificate.number,
    accountId: certificate.accountId,
    orderId: certificate.orderId,
    issuerId: certificate.issuerId,
    serial: certificate.serial,
    names: certificate.names.slice(0, namesInLists),
    nameCount: certificate.names.length,
    sha256: thumbprint(certificate.der, 'sha256'),
    notBefore: timeToWire(certificate.notBefore),
    notAfter: timeToWire(certificate.notAfter),
    state: certificateStandingOf(certificate, now),
    revokedAt: optionalTimeToWire(certificate.revokedAt),
    ...withDefined({ revokedBy }),
    revocationReason: certificate.revocationReason,
    createdAt: timeToWire(certificate.createdAt),
  };
}

/** What lists show beside a certificate. */
export function surroundingsToWire(
  { der }: Certificate,
  { accountName, orderNumber, replaces, replacedBy }: CertificateSurroundings,
): Omit<WireListedCertificate, keyof WireCertificate> {
  return { accountName, orderNumber, keyKind: keyKindOf(der), replaces, replacedBy };
}

/** Null for one that cannot be read: an upstream's of long ago. */
function keyKindOf(der: Uint8Array): string | null {
  try {
    return parseCertificate(der).keyName;
  } catch (thrown) {
    if (thrown instanceof CertError) return null;
    throw thrown;
  }
}

export function certificateDetailsToWire(
  { certificate, chain }: CertificateView,
  shown: WireListedCertificate,
): Omit<WireCertificateDetails, 'actions' | 'crl' | 'isKeyOurs' | 'needsApproval'> {
  return {
    ...shown,
    names: [...certificate.names],
    pem: certificatePem(certificate.der),
    chain: chain.map(certificatePem),
    description: describeCertificate(certificate.der),
    decoded: decodedToWire(certificate.der),
  };
}
