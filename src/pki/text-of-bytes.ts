/** The text of a file as people save it: UTF-8 or UTF-16 by its byte order mark, or by its look where it has none. */
import { isUtf8 } from 'node:buffer';

/** So many pairs of ASCII and zero in a row are no accident. */
const tellingPairs = 8;

/** Never fails. Bytes that are none of these are read as Windows does in the West, which keeps ASCII and dashes. */
export function textOfBytes(input: Uint8Array): string {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le');
  if (first === 0xfe && second === 0xff) return bigEndian(bytes);
  if (isHalfZero(bytes, 1)) return bytes.toString('utf16le');
  if (isHalfZero(bytes, 0)) return bigEndian(bytes);
  return isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}

/** Reports whether every second byte is zero and the others are not, as in ASCII written in UTF-16. */
function isHalfZero(bytes: Buffer, zeroAt: 0 | 1): boolean {
  if (bytes.length < 2 * tellingPairs) return false;
  for (let at = 0; at < 2 * tellingPairs; at += 2) {
    if (bytes[at + zeroAt] !== 0 || bytes[at + 1 - zeroAt] === 0) return false;
  }
  return true;
}

function bigEndian(bytes: Buffer): string {
  // swap16 wants whole pairs and changes its buffer; an odd last byte is no character.
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le');
}
