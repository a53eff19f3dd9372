/** Ranges of IP addresses in CIDR notation, for allow-lists. */

import { CertError, quoted, refuse } from './errors.ts';
import { type Identifier, ipBytes, isIp, parseIdentifier } from './identifier.ts';
import { expected } from './messages/expectations.ts';

/**
 * Reports whether the address lies in one of the ranges: `203.0.113.0/24`, `2001:db8::/32` or a single address.
 * A text that is not an address is in no range. Ranges must have passed `checkAddressRange`.
 */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const bytes = addressBytes(address);
  if (bytes === undefined) return false;
  return ranges.some((range) => {
    const [base = '', length] = range.split('/');
    const baseBytes = addressBytes(base);
    if (baseBytes === undefined || baseBytes.length !== bytes.length) return false;
    return sharesPrefix(bytes, baseBytes, length === undefined ? bytes.length * 8 : Number(length));
  });
}

/** @throws {CertError} invalidField for a text that is not a range; the message quotes it */
export function checkAddressRange(range: string, field: string): void {
  const [base = '', length, ...rest] = range.split('/');
  const bytes = addressBytes(base);
  const isLength = length === undefined || (/^[0-9]{1,3}$/.test(length) && Number(length) <= (bytes?.length ?? 0) * 8);
  if (bytes === undefined || !isLength || rest.length > 0) {
    throw refuse('fieldInvalid', {
      field,
      value: quoted(range),
      expected: expected.addressRange,
    });
  }
}

/**
 * The key of an address in limits: an IPv6 address counts as its /64, all of which one customer has and could change at will;
 * anything else for itself.
 */
export function networkOf(address: string): string {
  const bytes = addressBytes(address);
  if (bytes?.length !== 16) return address;
  const groups = Array.from({ length: 4 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return `${groups.join(':')}::/64`;
}

/** An address as it is, without what `parseIdentifier` forgives: blanks, a final dot, brackets. */
const addressText = /^[0-9a-f:.]*[0-9a-f:]$/i;

function addressBytes(text: string): Uint8Array | undefined {
  if (!addressText.test(text)) return undefined;
  const identifier = tryParse(text);
  return identifier !== undefined && isIp(identifier) ? ipBytes(identifier) : undefined;
}

function tryParse(text: string): Identifier | undefined {
  try {
    return parseIdentifier(text, 'address');
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

function sharesPrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  for (let i = 0; i < a.length && i * 8 < bits; i++) {
    const kept = Math.min(8, bits - i * 8);
    const mask = (0xff << (8 - kept)) & 0xff;
    if (((a[i] ?? 0) & mask) !== ((b[i] ?? 0) & mask)) return false;
  }
  return true;
}
