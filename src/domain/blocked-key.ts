/**
 * A public key that must not be certified (BR §4.9.1.1, §6.1.1.3), known by one of its fingerprints, since most lists hold
 * nothing else of a key.
 */
import type { AccountId, CertificateId } from './ids.ts';

/**
 * Why it is blocked. `revocation`: an account, or the operator, had a certificate of it revoked for keyCompromise. `proof`:
 * somebody who holds the private key signed that it is compromised. `decision`: somebody decided it. `list`: it stands in
 * a list that was imported.
 */
export const blockSources = ['revocation', 'proof', 'decision', 'list'] as const;

export type BlockSource = (typeof blockSources)[number];

/** Somebody says that the private key is out: only the operator may lift it. */
export function isClaim(source: BlockSource): boolean {
  return source === 'revocation' || source === 'proof';
}

export interface BlockedKey {
  /** Sequence number, in the order of blocking. */
  readonly number: number;
  /** Lower-case hex: the SHA-256 of the SubjectPublicKeyInfo (64 digits), or Debian's of an RSA modulus (20). */
  readonly fingerprint: string;
  /** Modulus of an RSA key that was blocked with its key at hand: keys of the same modulus are blocked too, for any exponent. */
  readonly modulusHash: string | null;
  /** The account in which it is blocked; null: everywhere. */
  readonly accountId: AccountId | null;
  readonly source: BlockSource;
  /** A credential or user id, or `system`. */
  readonly actor: string;
  readonly note: string;
  /** The certificate whose revocation blocked it. */
  readonly certificateId: CertificateId | null;
  readonly createdAt: Date;
}

const fingerprintForms = [/^[0-9a-f]{64}$/, /^[0-9a-f]{20}$/] as const;

export function isKeyFingerprint(text: string): boolean {
  return fingerprintForms.some((form) => form.test(text));
}

/** Short form of a fingerprint for messages and tables: enough to find the key again, short enough to read. */
export function shortFingerprint(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}
