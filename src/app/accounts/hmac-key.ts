/** The secret half of an external account key. */
import type { Randomness } from '../../domain/ports/system.ts';

/** Length for the HMAC with SHA-256 (RFC 7518 §3.2): no shorter than its output. */
export const hmacKeyBytes = 32;

/** The first six bits of what begins with a hyphen in base64url. */
const hyphen = 62;

/** Never one that begins with a hyphen where it is typed: certbot and acme.sh take that for an option. */
export function newHmacKey(random: Randomness): Uint8Array {
  for (;;) {
    const key = random.bytes(hmacKeyBytes);
    if ((key[0] ?? 0) >> 2 !== hyphen) return key;
  }
}
