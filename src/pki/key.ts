/** Private keys in memory: made, exported, and used to sign. The one file of the core that draws randomness for keys. */

import { createPrivateKey, createPublicKey, createSign, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { setImmediate } from 'node:timers';
import { promisify } from 'node:util';
import { refuse } from '../domain/errors.ts';
import { decodePemBundle, encodePem } from './pem.ts';
import { type KeyAlgorithm, type PublicKey, parsePublicKey } from './public-key.ts';
import { digestOf, type SignatureAlgorithm, type Signer, signatureAlgorithmFor } from './signature.ts';

export interface GeneratedKey {
  /** PKCS#8, unencrypted: seal it before it is stored. */
  readonly privateKeyPkcs8: Buffer;
  readonly spkiDer: Buffer;
}

const pairOf = promisify(generateKeyPair);

/** A new key, made on the thread pool: about 0.1 ms for curves, 50 to 500 ms for RSA. */
export async function generateKey(algorithm: KeyAlgorithm): Promise<GeneratedKey> {
  const { privateKey, publicKey } = await newPair(algorithm);
  return {
    privateKeyPkcs8: privateKey.export({ format: 'der', type: 'pkcs8' }),
    spkiDer: publicKey.export({ format: 'der', type: 'spki' }),
  };
}

function newPair(algorithm: KeyAlgorithm): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  if (algorithm.type === 'ec') return pairOf('ec', { namedCurve: algorithm.curve });
  if (algorithm.type === 'ed25519') return pairOf('ed25519');
  return pairOf('rsa', { modulusLength: algorithm.bits, publicExponent: 65537 });
}

export type PrivateKeyFormat = 'pkcs8' | 'sec1' | 'pkcs1';

/** The format each kind of key had before PKCS#8, which many servers and clients still expect. */
export function traditionalFormat(algorithm: KeyAlgorithm): PrivateKeyFormat {
  return ({ rsa: 'pkcs1', ec: 'sec1', ed25519: 'pkcs8' } as const)[algorithm.type];
}

/** PEM: `PRIVATE KEY` (PKCS#8), `EC PRIVATE KEY` (SEC1, curves only) or `RSA PRIVATE KEY` (PKCS#1, RSA only). */
export function privateKeyPem(pkcs8: Uint8Array, format: PrivateKeyFormat): string {
  if (format === 'pkcs8') return encodePem('PRIVATE KEY', pkcs8);
  const key = keyObject(pkcs8);
  const label = format === 'sec1' ? 'EC PRIVATE KEY' : 'RSA PRIVATE KEY';
  return encodePem(label, key.export({ format: 'der', type: format }));
}

/** Reads an unencrypted private key of any of these formats from PEM and returns PKCS#8. @throws {CertError} pemMalformed */
export function parsePrivateKeyPem(pem: string, what = 'the private key'): Buffer {
  const types = { 'PRIVATE KEY': 'pkcs8', 'EC PRIVATE KEY': 'sec1', 'RSA PRIVATE KEY': 'pkcs1' } as const;
  for (const { label, der } of decodePemBundle(pem, what)) {
    const type = Object.entries(types).find(([known]) => known === label)?.[1];
    if (type === undefined) continue;
    try {
      return createPrivateKey({ key: der, format: 'der', type }).export({ format: 'der', type: 'pkcs8' });
    } catch (cause) {
      throw refuse('pemMalformed', { what, detail: { fault: 'keyUnreadable', label } }, { cause });
    }
  }
  throw refuse('pemMalformed', { what, detail: { fault: 'keyMissing' } });
}

/** The public half. */
export function publicKeyOf(pkcs8: Uint8Array): PublicKey {
  return parsePublicKey(spkiOf(pkcs8));
}

/** SubjectPublicKeyInfo, DER. */
export function spkiOf(pkcs8: Uint8Array): Buffer {
  return createPublicKey(keyObject(pkcs8)).export({ format: 'der', type: 'spki' });
}

export interface LocalSigner extends Signer {
  readonly publicKey: PublicKey;
  /** On the thread pool. */
  sign(data: Uint8Array): Promise<Buffer>;
  /** In the calling thread: the better choice for curves, where a trip to the pool costs as much as the 30 µs of signing. */
  signSync(data: Uint8Array): Buffer;
  /** Of what is long and comes in parts: they are hashed some at a time, between which others get their turn, and never copied into one. */
  signParts(parts: readonly Uint8Array[]): Promise<Buffer>;
}

/** A millisecond of hashing. */
const hashedAtOnce = 262_144;

/** A signer with the key in this process. The hash goes with the key unless another is named. */
export function createLocalSigner(pkcs8: Uint8Array, algorithm?: SignatureAlgorithm): LocalSigner {
  const key = keyObject(pkcs8);
  const publicKey = publicKeyOf(pkcs8);
  const chosen = algorithm ?? signatureAlgorithmFor(publicKey.algorithm);
  const digest = digestOf(chosen);
  return {
    algorithm: chosen,
    publicKey,
    signSync: (data) => sign(digest, data, key),
    sign: (data) =>
      new Promise((resolve, reject) => {
        sign(digest, data, key, (error, signature) => (error === null ? resolve(signature) : reject(error)));
      }),
    async signParts(parts) {
      // Such a key signs the whole text, not its hash.
      if (digest === null) return sign(digest, Buffer.concat(parts), key);
      const signing = createSign(digest);
      let hashed = 0;
      for (const part of parts) {
        signing.update(part);
        hashed += part.length;
        if (hashed < hashedAtOnce) continue;
        hashed = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return signing.sign(key);
    },
  };
}

function keyObject(pkcs8: Uint8Array): KeyObject {
  const key = Buffer.from(pkcs8.buffer, pkcs8.byteOffset, pkcs8.byteLength);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}
