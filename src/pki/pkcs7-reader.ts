/** Reads the certificates of a PKCS #7 file (`.p7b`), in which CAs hand them out together (RFC 5652 §5). */
import { refuse } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { oids } from './oid.ts';

/**
 * The DER of each, in their order. Whatever is signed beside them, and by whom, is passed over: they are checked as if they came alone.
 * @throws {CertError} derMalformed, noCertificateInFile
 */
export function certificatesOfPkcs7(der: Uint8Array, file: string): readonly Buffer[] {
  const whole = new DerReader(der, file);
  const info = whole.sequence();
  whole.finish();
  if (info.oid() !== oids.pkcs7SignedData) throw refuse('noCertificateInFile', { file });
  const signed = info.optionalContext(0)?.sequence();
  if (signed === undefined) throw refuse('noCertificateInFile', { file });
  signed.integer();
  signed.set();
  signed.sequence();
  const certificates = signed.optionalContext(0);
  const found: Buffer[] = [];
  while (certificates !== undefined && !certificates.isAtEnd) {
    // Other choices of the field are attribute certificates, and forms that nobody uses (§10.2.2).
    const isCertificate = certificates.peek() === tag.sequence;
    const one = certificates.raw();
    if (isCertificate) found.push(one);
  }
  if (found.length === 0) throw refuse('noCertificateInFile', { file });
  return found;
}
