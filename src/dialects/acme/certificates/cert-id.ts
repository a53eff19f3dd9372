/** The name of a certificate in ARI (RFC 9773 §4.1): the issuer's key and the serial, each in base64url. */
import { quoted, refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { CertificateReference } from '../../../domain/renewal.ts';
import { decodeBase64url, encodeBase64url } from '../../../pki/base64url.ts';

/** RFC 5280 §4.1.2.2: serials have 20 octets at most; one more for the sign. Key identifiers are hashes. */
const maxSerialBytes = 21;
const maxKeyIdBytes = 64;

/** @throws {CertError} invalidField */
export function certIdFromWire(text: string, field: string): CertificateReference {
  const found = certIdIn(text);
  if (found === undefined) throw refuse('fieldInvalid', { field, value: quoted(text), expected: expected.certId });
  return found;
}

/** What an order replaces (RFC 9773 §5). @throws {CertError} replacedMalformed, in the words that clients look for */
export function replacedFromWire(text: string): CertificateReference {
  const found = certIdIn(text);
  if (found === undefined) throw refuse('replacedMalformed', { value: quoted(text), expected: expected.certId });
  return found;
}

export function certIdToWire({ authorityKeyId, serial }: CertificateReference): string {
  const magnitude = Buffer.from(serial, 'hex');
  // As the bytes of a DER INTEGER, which would be negative without the zero.
  const isNegative = ((magnitude[0] ?? 0) & 0x80) !== 0;
  const integer = isNegative ? Buffer.concat([Uint8Array.of(0), magnitude]) : magnitude;
  return `${encodeBase64url(Buffer.from(authorityKeyId, 'hex'))}.${encodeBase64url(integer)}`;
}

function certIdIn(text: string): CertificateReference | undefined {
  const [keyId, serial, ...rest] = text.split('.').map(decodeBase64url);
  const isRight =
    rest.length === 0 &&
    keyId !== undefined &&
    serial !== undefined &&
    hasBytes(keyId, maxKeyIdBytes) &&
    hasBytes(serial, maxSerialBytes);
  if (!isRight) return undefined;
  // As the bytes of a DER INTEGER; some clients leave out the zero before a first bit that is set.
  const magnitude = serial.length > 1 && serial[0] === 0 ? serial.subarray(1) : serial;
  return { authorityKeyId: keyId.toString('hex'), serial: magnitude.toString('hex') };
}

function hasBytes({ length }: Uint8Array, most: number): boolean {
  return length > 0 && length <= most;
}
