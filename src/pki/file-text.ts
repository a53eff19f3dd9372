/** A file with a CSR, a certificate or a key where a text of it is expected. */
import { isFramed } from './der-frame.ts';
import { derKindOf } from './der-kind.ts';
import { encodePem } from './pem.ts';
import { textOfBytes } from './text-of-bytes.ts';

/** The text of the file, decoded; PEM for the DER of something that has a label. */
export function fileText(bytes: Uint8Array): string {
  const kind = isFramed(bytes) ? derKindOf(bytes) : undefined;
  return kind === undefined ? textOfBytes(bytes) : encodePem(kind, bytes);
}
