/** Checking and making signatures, and the frame that certificates, requests and CRLs share (RFC 5280 §4.1.1). */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { DerReader } from './der-reader.ts';
import { bitString, sequence } from './der-writer.ts';
import type { PublicKey } from './public-key.ts';
import { algorithmIdentifier, digestOf, matchesKey, type SignatureAlgorithm } from './signature-algorithm.ts';
import { checkInThread } from './signature-thread.ts';

/**
 * Something that holds a private key: a key in memory, a sealed file, a PKCS#11 token. `sign` gets the whole message, not its
 * hash, and returns the signature as X.509 carries it (ECDSA: the DER of r and s). It may be called again before the
 * last call has finished, and may reject, in which case nothing was signed as far as the caller knows.
 */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  sign(data: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

export interface SignedData {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: PublicKey;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** Whether the signature is the key's, checked in another thread, so that the event loop goes on. */
export async function isSignedBy({ algorithm, publicKey, data, signature }: SignedData): Promise<boolean> {
  if (!matchesKey(algorithm, publicKey.algorithm)) return false;
  return checkSigned({ publicKey, data, signature, digest: digestOf(algorithm) });
}

interface Signed extends Pick<SignedData, 'publicKey' | 'data' | 'signature'> {
  readonly digest: string | null;
  /** ECDSA with R and S one after the other instead of in DER. */
  readonly hasPlainNumbers?: boolean;
}

/** The check in the other thread, of a signature whose algorithm fits the key. */
export function checkSigned(signed: Signed): Promise<boolean> {
  const { publicKey, data, signature, digest, hasPlainNumbers = false } = signed;
  const { spkiDer } = publicKey;
  return checkInThread({
    digest,
    hasPlainNumbers,
    // A copy of their own: they are small parts of larger memory, which would all be sent along.
    bytes: joined(spkiDer, data, signature),
    spkiSize: spkiDer.length,
    dataSize: data.length,
  });
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** The same in the calling thread. */
export function isSignedBySync(signed: SignedData): boolean {
  const key = keyObjectOf(signed);
  if (key === undefined) return false;
  try {
    return verify(digestOf(signed.algorithm), signed.data, key, signed.signature);
  } catch {
    return false;
  }
}

/** The key for OpenSSL; undefined when it is of another type than the algorithm's or OpenSSL will not have it. */
function keyObjectOf({ algorithm, publicKey }: SignedData): KeyObject | undefined {
  if (!matchesKey(algorithm, publicKey.algorithm)) return undefined;
  try {
    return createPublicKey({ key: publicKey.spkiDer, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

/** SEQUENCE { what was signed, AlgorithmIdentifier, BIT STRING }: a certificate, a request or a CRL. */
export function assembleSigned(tbs: Uint8Array, algorithm: SignatureAlgorithm, signature: Uint8Array): Buffer {
  return sequence([tbs, algorithmIdentifierOf(algorithm), bitString(signature)]);
}

/** Signs and assembles in one step. */
export async function signAndAssemble(tbs: Uint8Array, signer: Signer): Promise<Buffer> {
  return assembleSigned(tbs, signer.algorithm, await signer.sign(tbs));
}

const identifiers = new Map<SignatureAlgorithm, Buffer>();

function algorithmIdentifierOf(algorithm: SignatureAlgorithm): Buffer {
  const known = identifiers.get(algorithm);
  if (known !== undefined) return known;
  const made = algorithmIdentifier(algorithm);
  identifiers.set(algorithm, made);
  return made;
}

/** Opens the frame: a reader of the signed part with its exact bytes, and readers of the rest to go on with. */
export function openSigned(reader: DerReader): { tbs: Buffer; body: DerReader; rest: DerReader } {
  const rest = reader.sequence();
  reader.finish();
  const start = rest.offset;
  const body = rest.sequence();
  return { tbs: rest.bytes.subarray(start, rest.offset), body, rest };
}
