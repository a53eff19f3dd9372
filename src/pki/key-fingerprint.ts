/** The fingerprints by which lists of compromised and weak keys name keys. */
import { hash } from 'node:crypto';
import { type PublicKey, type RsaNumbers, spkiSha256 } from './public-key.ts';

/** Every fingerprint under which a list may hold the key; the SHA-256 of its SubjectPublicKeyInfo is the first. */
export function fingerprintsOf(key: PublicKey): readonly [keyHash: string, ...others: string[]] {
  const keyHash = spkiSha256(key.spkiDer);
  return key.type === 'rsa' ? [keyHash, modulusFingerprint(key.rsa)] : [keyHash];
}

/**
 * What all keys of an RSA modulus are known by: whoever has the private key of one has it of every exponent. SHA-256, so that
 * nobody makes a key that stands for another's. Null for other kinds, of which no two public keys share a private one.
 */
export function modulusHashOf(key: PublicKey): string | null {
  return key.type === 'rsa' ? hash('sha256', Buffer.concat([modulusPrefix, key.rsa.modulus]), 'hex') : null;
}

/** Keeps the hash apart from that of any SubjectPublicKeyInfo, which begins with a SEQUENCE. */
const modulusPrefix = Buffer.from('RSA modulus:');

/**
 * How Debian's list of weak keys names an RSA key (openssl-blacklist, `openssl-vulnkey`): the last 80 bits, as 20 hex
 * digits, of the SHA-1 of the line that `openssl rsa -modulus` prints. Another exponent changes nothing of it. To be on a
 * list by accident takes 2^80 tries, and SHA-1's collisions only give two keys of one person the same fingerprint.
 */
export function modulusFingerprint({ modulus }: Pick<RsaNumbers, 'modulus'>): string {
  return hash('sha1', `Modulus=${modulus.toString('hex').toUpperCase()}\n`, 'hex').slice(-20);
}

/** Of the key and of its modulus: what a key that was made here is known by. */
export function hashesOf(key: PublicKey): readonly string[] {
  const modulusHash = modulusHashOf(key);
  return [spkiSha256(key.spkiDer), ...(modulusHash === null ? [] : [modulusHash])];
}
