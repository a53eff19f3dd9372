/** A file with a CSR, a certificate or a key where a text of it is expected. */
import { isFramed, withoutFill } from './der-frame.ts';
import { derKindOf } from './der-kind.ts';
import { tag } from './der-tag.ts';
import { encodePem } from './pem.ts';
import { textOfBytes } from './text-of-bytes.ts';

/**
 * The text of the file, decoded; PEM for the DER of something that has a label. Of other DER, cut off or unknown, the base64: who
 * reads that says what is wrong with it, where its bytes as text would be characters that nobody wrote.
 */
export function fileText(bytes: Uint8Array): string {
  const der = withoutFill(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const kind = isFramed(der) ? derKindOf(der) : undefined;
  if (kind !== undefined) return encodePem(kind, der);
  return der[0] === tag.sequence && (der[1] ?? 0) >= 0x80 ? der.toString('base64') : textOfBytes(bytes);
}
