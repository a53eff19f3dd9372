/** base64url without padding, and nothing else (RFC 7515 §2, RFC 4648 §5). */

/** The bytes; undefined for any other text, also one whose unused last bits are set: no two texts mean the same bytes. */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}
