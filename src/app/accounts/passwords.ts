/** Hashes of passwords (scrypt) and of random secrets (SHA-256), and their comparison in constant time. */

import { createHash, scrypt, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '../../domain/ports/system.ts';

/** The parameters of scrypt (RFC 7914 §2). */
export interface PasswordCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet (2026): scrypt with N=2^16, r=8, p=2 or more; about 64 MiB for each try. */
export const defaultPasswordCost: PasswordCost = { N: 2 ** 16, r: 8, p: 2 };

const keyBytes = 32;

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export async function hashPassword(
  password: string,
  { random, passwordCost: cost }: { readonly random: Randomness; readonly passwordCost: PasswordCost },
): Promise<string> {
  const salt = random.bytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, base64(salt), base64(hash)].join('$');
}

/**
 * Reports whether the password is the hashed one. Without a hash (there is no such user) the answer is no after the same work, so
 * that an unknown user name cannot be distinguished from a wrong password.
 * @param cost of that work
 */
export async function isPassword(
  password: string,
  passwordHash: string | undefined,
  cost: PasswordCost,
): Promise<boolean> {
  const [scheme, n, r, p, salt, hash] = passwordHash?.split('$') ?? [];
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) {
    await derive(password, new Uint8Array(16), cost);
    return false;
  }
  const expected = Buffer.from(hash, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function derive(password: string, salt: Uint8Array, parameters: PasswordCost): Promise<Buffer> {
  const maxmem = 256 * parameters.N * parameters.r;
  return new Promise((resolve, reject) => {
    // NFKC: the same password typed on another keyboard is the same password (RFC 8265).
    scrypt(password.normalize('NFKC'), salt, keyBytes, { ...parameters, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** The stored form of a random secret: it has at least 128 random bits, so a plain hash cannot be searched. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}

export function isSecret(secret: string, secretHash: Uint8Array): boolean {
  const found = hashSecret(secret);
  return found.length === secretHash.length && timingSafeEqual(found, secretHash);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
