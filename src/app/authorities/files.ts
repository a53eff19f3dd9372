/** Certificates in files that an operator hands in. */
import type { Authority } from '../../domain/authority.ts';
import { refuse } from '../../domain/errors.ts';
import type { CaFile } from '../../domain/ports/authorities.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { DerReader } from '../../pki/der-reader.ts';
import { formatName } from '../../pki/name.ts';
import { decodePem, decodePemBundle } from '../../pki/pem.ts';
import { certificatesOfPkcs7 } from '../../pki/pkcs7-reader.ts';

const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/** PKCS #7 files, by either of their labels (RFC 7468 §8, §9). */
const bundleLabels = ['PKCS7', 'CMS'];

/** In their order; what else is in the file is passed over. @throws {CertError} naming the file */
export function certificatesIn({ name, pem }: CaFile): readonly Certificate[] {
  // Base64 without its lines, as some consoles show it.
  if (!pem.includes('-----BEGIN ')) return [parseCertificate(decodePem(pem, { what: name, labels }))];
  const ders = decodePemBundle(pem, name).flatMap(({ label, der }) => {
    if (bundleLabels.includes(label)) return certificatesOfPkcs7(der, name);
    if (!labels.includes(label)) return [];
    return [label === 'TRUSTED CERTIFICATE' ? firstElement(der, name) : der];
  });
  if (ders.length === 0) throw refuse('noCertificateInFile', { file: name });
  return ders.map((der) => parseCertificate(der));
}

/** OpenSSL writes what it trusts the certificate for behind it. */
function firstElement(der: Buffer, name: string): Buffer {
  return new DerReader(der, name).raw();
}

/** @throws {CertError} invalidField for a key that no CA of ours may have */
export function keyKindOfCa({ publicKey, keyName, subject }: Certificate): Authority['keyKind'] {
  if (publicKey?.algorithm.type === 'rsa') return 'rsa';
  if (publicKey?.algorithm.type === 'ec') return publicKey.algorithm.curve;
  if (publicKey?.algorithm.type === 'ed25519') return 'Ed25519';
  throw refuse('authorityKeyUnfit', { subject: formatName(subject), key: keyName });
}
