/** Encryption under a password: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018 §6.2, RFC 9579). */

import { createCipheriv, pbkdf2Sync } from 'node:crypto';
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

/** Each call draws its own salt and IV, so the same content never looks the same twice. */
export function encryptPbes2(content: Uint8Array, { password, iterations, random }: Pbes2Options): Encrypted {
  const salt = random.bytes(saltBytes);
  const iv = random.bytes(ivBytes);
  const key = pbkdf2Sync(Buffer.from(password, 'utf8'), salt, iterations, keyBytes, 'sha256');
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
