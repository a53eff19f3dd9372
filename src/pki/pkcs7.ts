/** PKCS #7 files of certificates (`.p7b`), which IIS, Exchange and old Java tools import a chain from (RFC 5652 §5). */
import { tag } from './der-tag.ts';
import { context, element, oid, sequence, smallInteger } from './der-writer.ts';
import { oids } from './oid.ts';
import { encodePem } from './pem.ts';

const noAlgorithms = element(tag.set, []);
const noSigners = element(tag.set, []);

/**
 * The degenerate case of SignedData: certificates (DER), no content, no signers (RFC 5652 §5.1, §5.2). They stay in the
 * order of the argument, although the field is a SET OF: sorting is for DER only, CMS allows BER, OpenSSL does the same, and
 * programs that take the first certificate for the server's own exist.
 */
export function certsOnlyPkcs7(certificates: readonly Uint8Array[]): Buffer {
  const signedData = sequence([
    smallInteger(1), // no attribute certificates, data as content: version 1 (§5.1)
    noAlgorithms,
    sequence([oid(oids.pkcs7Data)]),
    context(0, certificates),
    noSigners,
  ]);
  return sequence([oid(oids.pkcs7SignedData), context(0, [signedData])]);
}

/** The same as text. `PKCS7` is the label that older programs know; `CMS` would be as right (RFC 7468 §8, §9). */
export function certsOnlyPkcs7Pem(certificates: readonly Uint8Array[]): string {
  return encodePem('PKCS7', certsOnlyPkcs7(certificates));
}
