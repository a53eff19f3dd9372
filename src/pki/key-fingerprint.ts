/** The fingerprints by which lists of compromised and weak keys name keys. */
import { hash } from 'node:crypto';
import { type PublicKey, type RsaNumbers, spkiSha256 } from './public-key.ts';

/** Every fingerprint under which a list may hold the key; the SHA-256 of its SubjectPublicKeyInfo is the first. */
export function fingerprintsOf(key: PublicKey): readonly [keyHash: string, ...others: string[]] {
  const keyHash = spkiSha256(key.spkiDer);
  return key.type === 'rsa' ? [keyHash, modulusFingerprint(key.rsa)] : [keyHash];
}

/**
 * How Debian's list of weak keys names an RSA key (openssl-blacklist, `openssl-vulnkey`): the last 80 bits, as 20 hex
 * digits, of the SHA-1 of the line that `openssl rsa -modulus` prints. Another exponent changes nothing of it. To be on a
 * list by accident takes 2^80 tries, and SHA-1's collisions only give two keys of one person the same fingerprint.
 */
export function modulusFingerprint({ modulus }: Pick<RsaNumbers, 'modulus'>): string {
  return hash('sha1', `Modulus=${modulus.toString('hex').toUpperCase()}\n`, 'hex').slice(-20);
}
