/** Fingerprints: the hash of a certificate's DER, in the two ways people and APIs write it. */
import { hash } from 'node:crypto';

export type ThumbprintHash = 'sha1' | 'sha256';

/** Lower-case hex without separators. SHA-1 is for vendor APIs and consoles that still show it, never for a decision. */
export function thumbprint(der: Uint8Array, algorithm: ThumbprintHash): string {
  return hash(algorithm, der, 'hex');
}

/** `AB:CD:…`, as OpenSSL and browsers show it. */
export function colonHex(hex: string): string {
  return hex.toUpperCase().replace(/..(?=.)/g, '$&:');
}
