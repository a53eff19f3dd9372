/** Subject public keys: what kind, which bytes, and whether they are well formed (RFC 3279, RFC 5480, RFC 8410). */
import { hash } from 'node:crypto';
import { refuse } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { oidName, oids } from './oid.ts';

export type Curve = 'P-256' | 'P-384' | 'P-521';

export type KeyAlgorithm =
  | { readonly type: 'rsa'; readonly bits: number }
  | { readonly type: 'ec'; readonly curve: Curve }
  | { readonly type: 'ed25519' };

export type PublicKey =
  | { readonly type: 'rsa'; readonly algorithm: KeyAlgorithm; readonly spkiDer: Buffer; readonly rsa: RsaNumbers }
  | { readonly type: 'ec'; readonly algorithm: KeyAlgorithm; readonly spkiDer: Buffer; readonly point: CurvePoint }
  | { readonly type: 'ed25519'; readonly algorithm: KeyAlgorithm; readonly spkiDer: Buffer };

/** Big-endian magnitudes without leading zeros. */
export interface RsaNumbers {
  readonly modulus: Buffer;
  readonly exponent: Buffer;
}

export interface CurvePoint {
  readonly curve: Curve;
  readonly x: Buffer;
  readonly y: Buffer;
}

const curves = new Map<string, { curve: Curve; coordinateBytes: number }>([
  [oids.p256, { curve: 'P-256', coordinateBytes: 32 }],
  [oids.p384, { curve: 'P-384', coordinateBytes: 48 }],
  [oids.p521, { curve: 'P-521', coordinateBytes: 66 }],
]);

/**
 * Reads a SubjectPublicKeyInfo. Whether the key is a good one is the next question: `checkPublicKey`.
 * @throws {CertError} derMalformed, keyUnsupported
 */
export function parsePublicKey(spkiDer: Uint8Array, what = 'the public key'): PublicKey {
  const reader = new DerReader(spkiDer, what);
  const key = readPublicKey(reader);
  reader.finish();
  return key;
}

/** Like `parsePublicKey`, for a key that stands inside something larger. */
export function readPublicKey(reader: DerReader): PublicKey {
  const start = reader.offset;
  const info = reader.sequence();
  const spkiDer = reader.bytes.subarray(start, reader.offset);
  const identifier = info.sequence();
  const dotted = identifier.oid();
  if (dotted === oids.rsaEncryption) {
    // RFC 3279 §2.3.1: the parameters MUST be NULL. The bytes go into the certificate as they are, so no leniency.
    identifier.null();
    identifier.finish();
    const rsa = readRsaNumbers(info);
    return { type: 'rsa', algorithm: { type: 'rsa', bits: bitLength(rsa.modulus) }, spkiDer, rsa };
  }
  if (dotted === oids.ecPublicKey) {
    const point = readPoint(identifier, info);
    return { type: 'ec', algorithm: { type: 'ec', curve: point.curve }, spkiDer, point };
  }
  if (dotted === oids.ed25519) {
    identifier.finish();
    const bytes = info.bitString();
    info.finish();
    if (bytes.length !== 32) throw info.malformed({ fault: 'ed25519Length', length: bytes.length });
    return { type: 'ed25519', algorithm: { type: 'ed25519' }, spkiDer };
  }
  throw refuse('keyUnsupported', { algorithm: oidName(dotted) });
}

function readRsaNumbers(info: DerReader): RsaNumbers {
  const start = info.offset;
  const bits = info.enter(tag.bitString);
  if (bits.bytes[bits.offset] !== 0 || bits.isAtEnd) throw info.malformed({ fault: 'partialBytes' }, start);
  bits.offset += 1;
  const numbers = bits.sequence();
  const modulus = numbers.unsigned();
  const exponent = numbers.unsigned();
  for (const reader of [numbers, bits, info]) reader.finish();
  return { modulus, exponent };
}

function readPoint(identifier: DerReader, info: DerReader): CurvePoint {
  // RFC 5480 §2.1.1: named curves only. Explicit parameters let the sender choose the curve, and have been an attack.
  if (identifier.peek() !== tag.oid) throw refuse('keyExplicitParameters', {});
  const dotted = identifier.oid();
  identifier.finish();
  const known = curves.get(dotted);
  if (known === undefined) throw refuse('keyCurveUnsupported', { curve: oidName(dotted) });
  const { curve, coordinateBytes } = known;
  const point = info.bitString();
  info.finish();
  if (point[0] === 2 || point[0] === 3) throw refuse('keyPointCompressed', { curve });
  if (point[0] !== 4 || point.length !== 1 + 2 * coordinateBytes) throw refuse('keyNotOnCurve', { curve });
  return { curve, x: point.subarray(1, 1 + coordinateBytes), y: point.subarray(1 + coordinateBytes) };
}

function bitLength(magnitude: Uint8Array): number {
  const first = magnitude[0] ?? 0;
  return first === 0 ? 0 : (magnitude.length - 1) * 8 + (32 - Math.clz32(first));
}

/** `RSA 2048`, `P-256`, `Ed25519`. */
export function keyAlgorithmName(algorithm: KeyAlgorithm): string {
  if (algorithm.type === 'rsa') return `RSA ${algorithm.bits}`;
  return algorithm.type === 'ec' ? algorithm.curve : 'Ed25519';
}

const curveBits = { 'P-256': 256, 'P-384': 384, 'P-521': 521 } as const satisfies Record<Curve, number>;

/** The size of the key, as people speak of it. */
export function keyBits(algorithm: KeyAlgorithm): number {
  if (algorithm.type === 'rsa') return algorithm.bits;
  return algorithm.type === 'ec' ? curveBits[algorithm.curve] : 256;
}

/** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: what keys are known by, pinned by and blocked by. */
export function spkiSha256(spkiDer: Uint8Array): string {
  const known = hashes.get(spkiDer);
  if (known !== undefined) return known;
  const made = hash('sha256', spkiDer, 'hex');
  hashes.set(spkiDer, made);
  return made;
}

/** Of bytes that are never changed: an order asks half a dozen times what its key is known by. */
const hashes = new WeakMap<Uint8Array, string>();

/**
 * The key identifier by RFC 7093 §2 method 1: the leftmost 160 bits of the SHA-256 of the subjectPublicKey bits. As short
 * as the SHA-1 of RFC 5280 §4.2.1.2 and read the same by everybody, without SHA-1 in anything we write.
 */
export function keyIdentifier(spkiDer: Uint8Array): Buffer {
  const info = new DerReader(spkiDer, 'the public key').sequence();
  info.raw();
  return hash('sha256', info.bitString(), 'buffer').subarray(0, 20);
}
