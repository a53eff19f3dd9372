/** Certificates as the native API shows them and as files. */
import { type Certificate, certificateStandingOf } from '../../domain/certificate.ts';
import type { CertificateView } from '../../domain/ports/certificates.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { thumbprint } from '../../pki/certificate.ts';
import { withoutRoot } from '../../pki/chain.ts';
import { describeCertificate } from '../../pki/describe-certificate.ts';
import { encodePem } from '../../pki/pem.ts';
import { namesInLists } from './schema/shapes.ts';
import type { WireCertificate, WireCertificateDetails } from './schema.ts';
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

export function certificateDetailsToWire(
  { certificate, chain }: CertificateView,
  shown: WireCertificate,
): Omit<WireCertificateDetails, 'actions'> {
  return {
    ...shown,
    names: [...certificate.names],
    pem: certificatePem(certificate.der),
    chain: chain.map(certificatePem),
    description: describeCertificate(certificate.der),
  };
}

export function certificatePem(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der);
}

export type CertificateFormat = 'pem' | 'fullchain' | 'chain' | 'der';

export interface CertificateFile {
  readonly mediaType: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** Media types of downloads: RFC 8555 §9.1 (a chain), RFC 2585 §4.1 (DER). */
const mediaTypes = {
  pem: 'application/x-pem-file',
  fullchain: 'application/pem-certificate-chain',
  chain: 'application/pem-certificate-chain',
  der: 'application/pkix-cert',
} as const satisfies Record<CertificateFormat, string>;

export const certificateMediaTypes: readonly string[] = [...new Set(Object.values(mediaTypes))];

export function certificateFile({ certificate, chain }: CertificateView, format: CertificateFormat): CertificateFile {
  const mediaType = mediaTypes[format];
  const name = fileNameOf(certificate);
  const text = (ders: readonly Uint8Array[]) => Buffer.from(ders.map(certificatePem).join(''));
  switch (format) {
    case 'pem':
      return { mediaType, fileName: `${name}.pem`, bytes: text([certificate.der]) };
    case 'fullchain':
      return { mediaType, fileName: `${name}.fullchain.pem`, bytes: text([certificate.der, ...withoutRoot(chain)]) };
    case 'chain':
      return { mediaType, fileName: `${name}.chain.pem`, bytes: text(chain) };
    case 'der':
      return { mediaType, fileName: `${name}.cer`, bytes: certificate.der };
    default:
      return format satisfies never;
  }
}

/** The format that an Accept header asks for; the chain that web servers want when it names none of them. */
export function formatForAccept(accept: string | null): CertificateFormat {
  const header = accept ?? '';
  if (header.includes(mediaTypes.der)) return 'der';
  return header.includes(mediaTypes.pem) ? 'pem' : 'fullchain';
}

/** The first name, with what a file system or a header could misread left out. */
function fileNameOf(certificate: Certificate): string {
  const [name = certificate.serial] = certificate.names;
  return name.replaceAll('*', '_').replaceAll(/[^a-z0-9._-]/g, '-');
}
