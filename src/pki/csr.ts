/** Certificate signing requests (PKCS#10, RFC 2986): what a subscriber sends us, and the hottest parser we have. */

import { hash } from 'node:crypto';
import { CertError, refuse } from '../domain/errors.ts';
import type { CsrPart } from '../domain/messages/words.ts';
import { type CsrAttributes, readAttributes } from './csr-attributes.ts';
import { csrFault } from './csr-fault.ts';
import { type CsrSubject, readSubject } from './csr-subject.ts';
import { type CsrBytes, csrBytesOf } from './csr-text.ts';
import { withoutFill } from './der-frame.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { otherNameKind } from './general-name.ts';
import { checkModulus, checkPublicKey } from './key-check.ts';
import { commonNameOf } from './name.ts';
import { oidName } from './oid.ts';
import { type PublicKey, readPublicKey, spkiSha256 } from './public-key.ts';
import {
  isSignedBy,
  isSignedBySync,
  openSigned,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignedData,
  signatureAlgorithmOf,
  signatureAlgorithms,
} from './signature.ts';
import { textOfBytes } from './text-of-bytes.ts';

export interface CsrHashes {
  /** 32 lower-case hex digits: the name of the DNS record or of the file. */
  readonly md5: string;
  /** 64 lower-case hex digits: what stands there. */
  readonly sha256: string;
}

/** The hashes of the request's DER, not of its PEM text. MD5 only picks a place to look at; SHA-256 is the proof. */
export function csrHashes(csrDer: Uint8Array): CsrHashes {
  return { md5: hash('md5', csrDer, 'hex'), sha256: hash('sha256', csrDer, 'hex') };
}

export interface Csr {
  readonly der: Buffer;
  /** The CertificationRequestInfo: what the subscriber signed. */
  readonly tbs: Buffer;
  readonly subject: CsrSubject;
  readonly commonName: string | undefined;
  readonly publicKey: PublicKey;
  /** DNS names and IP addresses as text, each once, from the subjectAltName it asks for. With the CN: `namesInCsr`. */
  readonly requestedNames: readonly string[];
  /** Kinds of further alternative names it asks for, which certmux does not certify: `rfc822Name`, … */
  readonly otherNameKinds: readonly string[];
  /** All that it asks for, as it stands there. */
  readonly attributes: CsrAttributes;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Buffer;
}

const csrWords = 'the CSR';

/** A 4096-bit key with 1,000 names of 40 characters has 45 KiB. */
const maxCsrBytes = 64 * 1024;
/** Base64 is 4/3 of the bytes; blanks, breaks and text around it may double that. */
const maxTextLength = maxCsrBytes * 3;

/**
 * The DER of a CSR in whatever people send: as text in any form that `csrBytesOf` reads, or as a file, which is that text in UTF-8 or
 * UTF-16, or DER. All that is derived from a CSR is derived from this. Whether it is a good one is the next question: `parseCsr`.
 * @param what what is read, in the words of a message: a field
 * @throws {CertError} pemMalformed, csrTooLarge, csrSeveral, csrWithPrivateKey
 */
export function csrDerOf(input: string | Uint8Array, what: string = csrWords): Buffer {
  const der = typeof input === 'string' ? derOfText(input, what) : derOfFile(input, what);
  if (der.length > maxCsrBytes) throw tooLarge(der.length);
  return der;
}

/** Bytes that start like a SEQUENCE are DER: "0" is a base64 digit as well, but no request has a text that begins with it. */
function derOfFile(input: Uint8Array, what: string): Buffer {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes[0] === tag.sequence) return withoutFill(bytes);
  // UTF-16 has two bytes for a character.
  if (bytes.length > maxTextLength * 2) throw tooLarge(bytes.length);
  return derOfText(textOfBytes(bytes), what);
}

function derOfText(text: string, what: string): Buffer {
  if (text.length > maxTextLength) throw tooLarge(text.length);
  const found = csrBytesOf(text, what);
  return 'der' in found ? found.der : proved(found);
}

function tooLarge(sizeBytes: number) {
  return refuse('csrTooLarge', { sizeBytes, limitBytes: maxCsrBytes });
}

/** The one reading of a text with lost characters that the key signed. */
function proved({ guesses, otherwise }: Extract<CsrBytes, { guesses: unknown }>): Buffer {
  const right = guesses.find((der) => isSound(der));
  if (right === undefined) throw otherwise;
  return right;
}

function isSound(der: Buffer): boolean {
  try {
    return isSignedBySync(signedDataOf(parseCsr(der)));
  } catch (thrown) {
    if (thrown instanceof CertError) return false;
    throw thrown;
  }
}

/**
 * Reads a request in any form `csrDerOf` accepts, and refuses weak keys. The signature is the next step: `verifyCsr`. A request
 * without names is fine here: where they come from is for the caller to decide. The same bytes object is read once, on its way
 * through several hands, and so must not be changed afterwards.
 * @throws {CertError} as `csrDerOf`; derMalformed, csrUnreadable, csrOther, csrTooManyNames, csrSignatureAlgorithm, key…
 */
export function parseCsr(input: string | Uint8Array): Csr {
  const known = typeof input === 'string' ? undefined : alreadyRead.get(input);
  if (known !== undefined) return known;
  const csr = readCsr(csrDerOf(input));
  alreadyRead.set(csr.der, csr);
  if (typeof input !== 'string') alreadyRead.set(input, csr);
  return csr;
}

const alreadyRead = new WeakMap<Uint8Array, Csr>();

/**
 * The SHA-256 of the request's SubjectPublicKeyInfo, in 64 lower-case hex digits: what a public key is known by.
 * @throws {CertError} as `parseCsr`
 */
export function keyHashOf(csr: Uint8Array): string {
  return spkiSha256(parseCsr(csr).publicKey.spkiDer);
}

function readCsr(der: Buffer): Csr {
  let part: CsrPart | undefined;
  try {
    return readParts(der, (next) => {
      part = next;
    });
  } catch (thrown) {
    throw csrFault(thrown, der, part);
  }
}

/** @param at called with the part that is read next */
function readParts(der: Buffer, at: (part: CsrPart | undefined) => void): Csr {
  const { tbs, body, rest } = openSigned(new DerReader(der, csrWords));
  at('signatureAlgorithm');
  const signatureOid = readSignatureAlgorithm(rest);
  at('signature');
  const signature = rest.bitString();
  rest.finish();
  at('version');
  // RFC 2986 §4.1: version is 0. Some clients number from 1; it changes nothing that we use.
  if (body.smallUnsigned() > 2) throw body.malformed({ fault: 'unknownVersion' });
  at('subject');
  const subject = readSubject(body);
  at('subjectPKInfo');
  const publicKey = readPublicKey(body);
  at('attributes');
  const attributes = readAttributes(body, at);
  body.finish();
  const signatureAlgorithm = signatureAlgorithmOf(signatureOid);
  if (signatureAlgorithm === undefined) {
    const accepted = signatureAlgorithms().join(', ');
    throw refuse('csrSignatureAlgorithm', { algorithm: oidName(signatureOid), accepted });
  }
  checkPublicKey(publicKey);
  return {
    der,
    tbs,
    subject,
    commonName: commonNameOf(subject),
    publicKey,
    requestedNames: attributes.names,
    otherNameKinds: attributes.otherNames.length === 0 ? [] : [...new Set(attributes.otherNames.map(otherNameKind))],
    attributes,
    signatureAlgorithm,
    signature,
  };
}

/**
 * Checks that the sender holds the private key: the request's own signature (RFC 2986 §3). Costs about 100 µs for P-256,
 * in another thread; for RSA also the check of the modulus that takes a few milliseconds there.
 * @throws {CertError} csrSignatureInvalid, keyRsaModulus
 */
export async function verifyCsr(csr: Csr): Promise<void> {
  if (!(await isSignedBy(signedDataOf(csr)))) throw refuse('csrSignatureInvalid', {});
  await checkModulus(csr.publicKey);
}

/** Only the signature, in the calling thread. */
export function verifyCsrSync(csr: Csr): void {
  if (!isSignedBySync(signedDataOf(csr))) throw refuse('csrSignatureInvalid', {});
}

function signedDataOf({ signatureAlgorithm, publicKey, tbs, signature }: Csr): SignedData {
  return { algorithm: signatureAlgorithm, publicKey, data: tbs, signature };
}
