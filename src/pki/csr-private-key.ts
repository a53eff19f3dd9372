/** Private keys that come along with a CSR, by mistake: in PEM, in a listing, or as the base64 of one. Linear in the text. */
import { tag } from './der-tag.ts';

/** PEM, whatever became of its dashes and letters, and what `openssl -text` and PuTTY write. Prose about "the private key" is none. */
const signs = [
  /PRIVATE[\s+_]{0,4}KEY[\s+]{0,4}[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/,
  /BEGIN[\sA-Z0-9+_]{0,30}PRIVATE[\s+_]{0,4}KEY/,
  /[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]\s{0,4}BEGIN[\sA-Z0-9+_]{0,30}PRIVATE[\s+_]{0,4}KEY/i,
  /privateExponent:|\bpriv:\s|Private-Lines:/,
] as const;

/** What a base64 text begins with that holds DER or PEM. */
const base64Text = /(?<![A-Za-z0-9+/_-])(?:M[A-Z]|LS0t)[A-Za-z0-9+/_-]{40}[A-Za-z0-9+/_-]*/g;
/** So much of it shows what it is: the header of a DER, the BEGIN line of a PEM. */
const telling = 100;

export function holdsPrivateKey(text: string): boolean {
  if (hasSign(text)) return true;
  for (const [base64] of text.matchAll(base64Text)) {
    const bytes = Buffer.from(base64.slice(0, telling), 'base64');
    if (isKey(bytes) || hasSign(bytes.toString('latin1'))) return true;
  }
  return false;
}

function hasSign(text: string): boolean {
  return signs.some((sign) => sign.test(text));
}

/** What follows the version 0 or 1 of a key: an algorithm (RFC 5958 §2), a modulus (RFC 8017 A.1.2), a secret number (RFC 5915 §3). */
const afterVersion: ReadonlySet<number | undefined> = new Set([tag.sequence, tag.integer, tag.octetString]);

/** By the first elements: the rest may stand on further lines. */
function isKey(bytes: Buffer): boolean {
  const [first, second = 0] = bytes;
  if (first !== tag.sequence) return false;
  const at = second < 0x80 ? 2 : 2 + (second & 0x7f);
  const [kind, length, version = 2, next] = bytes.subarray(at);
  return kind === tag.integer && length === 1 && version < 2 && afterVersion.has(next);
}
