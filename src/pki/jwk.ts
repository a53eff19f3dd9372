/** Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2) and their thumbprints (RFC 7638). */
import { hash } from 'node:crypto';
import { refuse } from '../domain/errors.ts';
import { expected, expectedOf } from '../domain/messages/expectations.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { DerReader } from './der-reader.ts';
import { bitString, derNull, oid, sequence, unsignedInteger } from './der-writer.ts';
import { oids } from './oid.ts';
import { type Curve, type PublicKey, parsePublicKey } from './public-key.ts';

/** The members that make the key, in the order in which a thumbprint wants them. */
export type Jwk =
  | { readonly crv: Curve; readonly kty: 'EC'; readonly x: string; readonly y: string }
  | { readonly crv: 'Ed25519'; readonly kty: 'OKP'; readonly x: string }
  | { readonly e: string; readonly kty: 'RSA'; readonly n: string };

const curves = {
  'P-256': { oid: oids.p256, coordinateBytes: 32 },
  'P-384': { oid: oids.p384, coordinateBytes: 48 },
  'P-521': { oid: oids.p521, coordinateBytes: 66 },
} as const satisfies Record<Curve, { readonly oid: string; readonly coordinateBytes: number }>;

const ed25519Bytes = 32;

/** Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * The key of a JWK; members that do not make the key are ignored. Whether the key is a good one is the next question: `checkPublicKey`.
 * @throws {CertError} jwkInvalid, keyUnsupported, keyNotOnCurve
 */
export function publicKeyOfJwk(members: Readonly<Record<string, unknown>>): PublicKey {
  for (const member of privateMembers) {
    if (Object.hasOwn(members, member)) throw refuse('jwkInvalid', { member, expected: expected.jwkPublic });
  }
  return parsePublicKey(spkiOf(members));
}

function spkiOf(members: Readonly<Record<string, unknown>>): Buffer {
  const { kty, crv } = members;
  if (kty === 'RSA') {
    const numbers = sequence([unsignedInteger(numberIn(members, 'n')), unsignedInteger(numberIn(members, 'e'))]);
    return sequence([sequence([oid(oids.rsaEncryption), derNull]), bitString(numbers)]);
  }
  if (kty === 'OKP') {
    if (crv !== 'Ed25519') throw refuse('jwkInvalid', { member: 'crv', expected: expected.jwkCurve });
    return sequence([sequence([oid(oids.ed25519)]), bitString(bytesIn(members, 'x', ed25519Bytes))]);
  }
  if (kty !== 'EC') throw refuse('jwkInvalid', { member: 'kty', expected: expected.jwkType });
  if (!isCurve(crv)) throw refuse('jwkInvalid', { member: 'crv', expected: expected.jwkCurve });
  const { oid: curveOid, coordinateBytes } = curves[crv];
  const [x, y] = [bytesIn(members, 'x', coordinateBytes), bytesIn(members, 'y', coordinateBytes)];
  const point = Buffer.concat([uncompressed, x, y]);
  return sequence([sequence([oid(oids.ecPublicKey), oid(curveOid)]), bitString(point)]);
}

const uncompressed = Uint8Array.of(4);

function isCurve(value: unknown): value is Curve {
  return typeof value === 'string' && Object.hasOwn(curves, value);
}

/** A number as its shortest big-endian bytes: a thumbprint of any other form would be another one (RFC 7638 §3.3). */
function numberIn(members: Readonly<Record<string, unknown>>, member: string): Buffer {
  const bytes = bytesOf(members[member]);
  if (bytes !== undefined && bytes.length > 0 && bytes[0] !== 0) return bytes;
  throw refuse('jwkInvalid', { member, expected: expected.jwkNumber });
}

function bytesIn(members: Readonly<Record<string, unknown>>, member: string, count: number): Buffer {
  const bytes = bytesOf(members[member]);
  if (bytes?.length === count) return bytes;
  throw refuse('jwkInvalid', { member, expected: expectedOf.base64urlBytes(count) });
}

function bytesOf(value: unknown): Buffer | undefined {
  return typeof value === 'string' ? decodeBase64url(value) : undefined;
}

export function jwkOf(key: PublicKey): Jwk {
  if (key.type === 'rsa') {
    return { e: encodeBase64url(key.rsa.exponent), kty: 'RSA', n: encodeBase64url(key.rsa.modulus) };
  }
  if (key.type === 'ec') {
    const { curve, x, y } = key.point;
    return { crv: curve, kty: 'EC', x: encodeBase64url(x), y: encodeBase64url(y) };
  }
  const info = new DerReader(key.spkiDer, 'the public key').sequence();
  info.raw();
  return { crv: 'Ed25519', kty: 'OKP', x: encodeBase64url(info.bitString()) };
}

/** SHA-256, base64url (RFC 7638 §3): what a key authorization ends with (RFC 8555 §8.1). */
export function jwkThumbprint(key: PublicKey): string {
  return hash('sha256', JSON.stringify(jwkOf(key)), 'base64url');
}
