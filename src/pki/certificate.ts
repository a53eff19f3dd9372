/** Reads certificates (RFC 5280 §4.1): our own, an upstream's, a customer's. Says what stands in them, not whether to trust them. */

import { hash } from 'node:crypto';
import { CertError } from '../domain/errors.ts';
import { DerReader, readTime } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { type Extension, interpretExtensions, type KnownExtensions, readExtensions } from './extension-reader.ts';
import { type DistinguishedName, readName } from './name.ts';
import { oidName } from './oid.ts';
import { decodePem, decodePemBundle } from './pem.ts';
import { keyAlgorithmName, type PublicKey, parsePublicKey, spkiSha256 } from './public-key.ts';
import { openSigned, readSignatureAlgorithm, type SignatureAlgorithm, signatureAlgorithmOf } from './signature.ts';

export interface Certificate extends KnownExtensions {
  readonly der: Buffer;
  readonly tbs: Buffer;
  readonly version: number;
  /** The big-endian magnitude, without a sign octet. */
  readonly serial: Buffer;
  /** The same as lower-case hex, two digits a byte. */
  readonly serialHex: string;
  /** Positive, and a number of at most 20 octets (RFC 5280 §4.1.2.2): some clients refuse others. */
  readonly hasUsualSerial: boolean;
  /** Undefined for an algorithm that certmux neither makes nor accepts; its name is still there. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  readonly signatureAlgorithmName: string;
  readonly signature: Buffer;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spkiDer: Buffer;
  /** Lower-case hex. */
  readonly spkiSha256: string;
  /** Undefined for a key of a kind that certmux does not know. */
  readonly publicKey: PublicKey | undefined;
  /** `RSA 2048`, `P-256`, or the name of what we do not know. */
  readonly keyName: string;
}

const what = 'the certificate';
const label = 'CERTIFICATE';

/** @throws {CertError} derMalformed */
export function parseCertificate(der: Uint8Array): Certificate {
  const reader = new DerReader(der, what);
  const { tbs, body, rest } = openSigned(reader);
  const outerAlgorithm = readSignatureAlgorithm(rest);
  const signature = rest.bitString();
  rest.finish();

  const version = (body.optionalContext(0)?.smallUnsigned() ?? 0) + 1;
  const { serial, isPositive } = readSerial(body);
  const algorithmAt = body.offset;
  // RFC 5280 §4.1.1.2: the algorithm stands inside and outside of what is signed, and must be the same.
  if (readSignatureAlgorithm(body) !== outerAlgorithm) {
    throw body.malformed({ fault: 'twoAlgorithms' }, algorithmAt);
  }
  const issuer = readName(body);
  const validity = body.sequence();
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.finish();
  const subject = readName(body);
  const spkiDer = body.raw();
  const extensions = readTail(body);
  const publicKey = knownPublicKey(spkiDer);
  return {
    der: reader.bytes,
    tbs,
    version,
    serial,
    serialHex: serial.toString('hex'),
    hasUsualSerial: isPositive && serial.length <= 20,
    signatureAlgorithm: signatureAlgorithmOf(outerAlgorithm),
    signatureAlgorithmName: oidName(outerAlgorithm),
    signature,
    issuer,
    subject,
    notBefore,
    notAfter,
    spkiDer,
    spkiSha256: spkiSha256(spkiDer),
    publicKey,
    keyName: publicKey === undefined ? unknownKeyName(spkiDer) : keyAlgorithmName(publicKey.algorithm),
    ...interpretExtensions(extensions, what),
  };
}

/** The first certificate of a PEM text. @throws {CertError} pemMalformed, derMalformed */
export function parseCertificatePem(pem: string): Certificate {
  return parseCertificate(decodePem(pem, { what, labels: [label, 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'] }));
}

/** All certificates of a file, in its order; blocks of other kinds are passed over. @throws {CertError} */
export function parseCertificateBundle(pem: string): Certificate[] {
  const blocks = decodePemBundle(pem, 'the certificate file');
  return blocks.filter((block) => block.label === label).map((block) => parseCertificate(block.der));
}

/** Serials of old private CAs are zero or negative; they are shown as the bytes that are there. */
function readSerial(body: DerReader): { readonly serial: Buffer; readonly isPositive: boolean } {
  const content = body.integer();
  const [first = 0] = content;
  return {
    serial: content.length > 1 && first === 0 ? content.subarray(1) : content,
    isPositive: first < 0x80 && (first !== 0 || content.length > 1),
  };
}

/** issuerUniqueID [1], subjectUniqueID [2], both unheard of, then extensions [3]. */
function readTail(body: DerReader): Extension[] {
  while (body.peek() === 0x81 || body.peek() === 0x82) body.raw();
  const explicit = body.optionalContext(3);
  body.finish();
  if (explicit === undefined) return [];
  const extensions = readExtensions(explicit.enter(tag.sequence));
  explicit.finish();
  return extensions;
}

function knownPublicKey(spkiDer: Buffer): PublicKey | undefined {
  try {
    return parsePublicKey(spkiDer, `${what}'s public key`);
  } catch (error) {
    if (error instanceof CertError && error.code === 'badKey') return undefined;
    throw error;
  }
}

function unknownKeyName(spkiDer: Buffer): string {
  return oidName(new DerReader(spkiDer, `${what}'s public key`).sequence().sequence().oid());
}

export type ThumbprintHash = 'sha1' | 'sha256';

/** Lower-case hex without separators. SHA-1 is for vendor APIs and consoles that still show it, never for a decision. */
export function thumbprint(der: Uint8Array, algorithm: ThumbprintHash): string {
  return hash(algorithm, der, 'hex');
}

/** `AB:CD:…`, as OpenSSL and browsers show it. */
export function colonHex(hex: string): string {
  return hex.toUpperCase().replace(/..(?=.)/g, '$&:');
}
