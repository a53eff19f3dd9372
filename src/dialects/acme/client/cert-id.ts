/** How a certificate is named to its CA: for `replaces` and renewal information. */
import type { Certificate } from '../../../pki/certificate.ts';
import { certIdToWire } from '../certificates/cert-id.ts';

/** Undefined for a certificate that does not name its issuer's key (RFC 9773 §4.1 needs it). */
export function certIdOf({ authorityKeyId, serialHex }: Pick<Certificate, 'authorityKeyId' | 'serialHex'>) {
  return authorityKeyId === undefined ? undefined : certIdToWire({ authorityKeyId, serial: serialHex });
}
