/** Certificate signing requests (PKCS#10, RFC 2986): what a subscriber sends us, and the hottest parser we have. */

import { hash } from 'node:crypto';
import { refuse } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { type AlternativeNames, readAlternativeNames } from './general-name.ts';
import { checkModulus, checkPublicKey } from './key-check.ts';
import { commonNameOf, type DistinguishedName, readName } from './name.ts';
import { oidName, oids } from './oid.ts';
import { decodePem } from './pem.ts';
import { type PublicKey, readPublicKey, spkiSha256 } from './public-key.ts';
import {
  isSignedBy,
  isSignedBySync,
  openSigned,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type SignedData,
  signatureAlgorithmOf,
} from './signature.ts';

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
  readonly subject: DistinguishedName;
  readonly commonName: string | undefined;
  readonly publicKey: PublicKey;
  /** DNS names as written and IP addresses as text, from the subjectAltName it asks for; the CN is not among them unless repeated there. */
  readonly requestedNames: readonly string[];
  /** Kinds of further alternative names it asks for, which certmux does not certify: `rfc822Name`, … */
  readonly otherNameKinds: readonly string[];
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Buffer;
}

const what = 'the CSR';
const labels = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

/** A 4096-bit key with 1,000 names of 40 characters has 45 KiB. */
const maxCsrBytes = 64 * 1024;
const maxRequestedNames = 1000;

/**
 * Reads a request in any form `decodePem` accepts, or as DER, and refuses weak keys. The signature is the next step:
 * `verifyCsr`. A request without names is fine here: where they come from is for the caller to decide. The same bytes
 * object is read once, on its way through several hands, and so must not be changed afterwards.
 * @throws {CertError} pemMalformed, derMalformed, csrTooLarge, csrTooManyNames, csrSignatureAlgorithm, key…
 */
export function parseCsr(input: string | Uint8Array): Csr {
  if (typeof input === 'string') return readCsr(input);
  const known = alreadyRead.get(input);
  if (known !== undefined) return known;
  const csr = readCsr(input);
  alreadyRead.set(input, csr);
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

function readCsr(input: string | Uint8Array): Csr {
  // Base64 is 4/3 of the bytes; blanks, breaks and text around it may double that.
  const limit = typeof input === 'string' ? maxCsrBytes * 3 : maxCsrBytes;
  if (input.length > limit) throw refuse('csrTooLarge', { sizeBytes: input.length, limitBytes: maxCsrBytes });
  const der = derOf(input);
  if (der.length > maxCsrBytes) throw refuse('csrTooLarge', { sizeBytes: der.length, limitBytes: maxCsrBytes });
  const { tbs, body, rest } = openSigned(new DerReader(der, what));
  const signatureOid = readSignatureAlgorithm(rest);
  const signature = rest.bitString();
  rest.finish();
  // RFC 2986 §4.1: version is 0. Some clients number from 1; it changes nothing that we use.
  if (body.smallUnsigned() > 2) throw body.malformed({ fault: 'unknownVersion' });
  const subject = readName(body);
  const publicKey = readPublicKey(body);
  const { names, otherKinds } = readAttributes(body);
  body.finish();
  const signatureAlgorithm = signatureAlgorithmOf(signatureOid);
  if (signatureAlgorithm === undefined) throw refuse('csrSignatureAlgorithm', { algorithm: oidName(signatureOid) });
  checkPublicKey(publicKey);
  return {
    der,
    tbs,
    subject,
    commonName: commonNameOf(subject),
    publicKey,
    requestedNames: names,
    otherNameKinds: otherKinds,
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

/** Bytes that start like a SEQUENCE are DER; other bytes are the text of a file. */
function derOf(input: string | Uint8Array): Buffer {
  if (typeof input === 'string') return decodePem(input, { what, labels });
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  // "0" is a base64 digit as well as the tag of a SEQUENCE, but no request has a text that begins with it.
  return bytes[0] === tag.sequence ? bytes : decodePem(bytes.toString('latin1'), { what, labels });
}

const noNames: AlternativeNames = { names: [], otherKinds: [] };

/** `attributes [0]` is mandatory but may be empty, and old Java clients leave it out altogether. */
function readAttributes(body: DerReader): AlternativeNames {
  const attributes = body.optionalContext(0);
  let found = noNames;
  while (attributes !== undefined && !attributes.isAtEnd) {
    const attribute = attributes.sequence();
    const type = attribute.oid();
    // IIS and certreq ask under Microsoft's number, in the same form as RFC 2985 §5.4.2.
    const isExtensionRequest = type === oids.extensionRequest || type === oids.microsoftExtensionRequest;
    if (!isExtensionRequest) continue;
    const values = attribute.set();
    attribute.finish();
    while (!values.isAtEnd) found = joinNames(found, readExtensionRequest(values));
  }
  return found;
}

function readExtensionRequest(values: DerReader): AlternativeNames {
  const extensions = values.sequence();
  let found = noNames;
  while (!extensions.isAtEnd) {
    const extension = extensions.sequence();
    const type = extension.oid();
    if (extension.peek() === tag.boolean) extension.boolean();
    const value = extension.enter(tag.octetString);
    extension.finish();
    if (type !== oids.subjectAltName) continue;
    found = joinNames(found, readAlternativeNames(value));
    value.finish();
  }
  return found;
}

/** Two lists occur when a wizard and a template both ask; both are meant. */
function joinNames(one: AlternativeNames, other: AlternativeNames): AlternativeNames {
  const count = [one.names, one.otherKinds, other.names, other.otherKinds].reduce((sum, list) => sum + list.length, 0);
  if (count > maxRequestedNames) throw refuse('csrTooManyNames', { count, limit: maxRequestedNames });
  if (one === noNames) return other;
  return { names: [...one.names, ...other.names], otherKinds: [...one.otherKinds, ...other.otherKinds] };
}
