/** Random values of proofs: the order's own (`dcv_random_value`), and the token of each domain. */
import type { Randomness } from '../../domain/system.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const length = 32;

/** 32 characters of base 36: 165 random bits, where BR §3.2.2.4.7 asks for 112. Also a host name's label. */
export function newToken(random: Randomness): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(48)) {
      // 252 is the largest multiple of 36 in a byte: what lies above would favour the first letters.
      if (byte < 252 && text.length < length) text += alphabet[byte % 36];
    }
  }
  return text;
}
