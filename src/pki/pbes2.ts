/** Encryption under a password: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018 §6.2, RFC 9579). */

import { createCipheriv, pbkdf2, pbkdf2Sync } from 'node:crypto';
import { promisify } from 'node:util';
import type { Randomness } from '../domain/ports/system.ts';
import { derNull, octetString, oid, sequence, smallInteger } from './der-writer.ts';
import { oids } from './oid.ts';

const keyBytes = 32;
const saltBytes = 16;
const ivBytes = 16;

export interface Pbes2Options {
  readonly password: string;
  readonly iterations: number;
  readonly random: Randomness;
}

export interface Encrypted {
  /** The AlgorithmIdentifier that says how to decrypt. */
  readonly algorithm: Buffer;
  readonly ciphertext: Buffer;
}

const derived = promisify(pbkdf2);

/** Each call draws its own salt and IV, so the same content never looks the same twice. The rounds are made on the thread pool. */
export async function encryptPbes2(content: Uint8Array, options: Pbes2Options): Promise<Encrypted> {
  const { password, iterations, random } = options;
  const salt = random.bytes(saltBytes);
  const key = await derived(Buffer.from(password, 'utf8'), salt, iterations, keyBytes, 'sha256');
  return encryptUnder(key, content, { ...options, salt });
}

/** In the calling thread: for some thousand rounds, which are a few milliseconds. */
export function encryptPbes2Sync(content: Uint8Array, options: Pbes2Options): Encrypted {
  const { password, iterations, random } = options;
  const salt = random.bytes(saltBytes);
  const key = pbkdf2Sync(Buffer.from(password, 'utf8'), salt, iterations, keyBytes, 'sha256');
  return encryptUnder(key, content, { ...options, salt });
}

function encryptUnder(
  key: Buffer,
  content: Uint8Array,
  { iterations, random, salt }: Pbes2Options & { readonly salt: Uint8Array },
): Encrypted {
  const iv = random.bytes(ivBytes);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  key.fill(0);
  return { algorithm: algorithmIdentifier(salt, iterations, iv), ciphertext };
}

/** keyLength is left out: it goes without saying for AES-256, and some readers stumble over it (RFC 8018 §5.2). */
function algorithmIdentifier(salt: Uint8Array, iterations: number, iv: Uint8Array): Buffer {
  const prf = sequence([oid(oids.hmacWithSha256), derNull]);
  const derivation = sequence([oid(oids.pbkdf2), sequence([octetString([salt]), smallInteger(iterations), prf])]);
  const cipher = sequence([oid(oids.aes256Cbc), octetString([iv])]);
  return sequence([oid(oids.pbes2), sequence([derivation, cipher])]);
}
