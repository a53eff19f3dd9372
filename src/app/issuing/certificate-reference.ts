/** The certificate that a client names by what stands in it. */
import type { Certificate } from '../../domain/certificate.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { CertificateReference } from '../../domain/renewal.ts';
import { parseCertificate } from '../../pki/certificate.ts';

/** Undefined: there is none. One that was withheld from its customer counts as none. */
export async function certificateOf(
  stores: Stores,
  { authorityKeyId, serial }: CertificateReference,
): Promise<Certificate | undefined> {
  // Serials are found by their index, and are nearly always unique; the issuer's key decides between those of several issuers.
  const candidates = await stores.certificates.listBySerial(serial);
  return candidates.find(
    ({ der, isWithheld }) => !isWithheld && parseCertificate(der).authorityKeyId === authorityKeyId,
  );
}
