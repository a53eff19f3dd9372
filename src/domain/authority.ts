/** A certificate authority of our own: a root or an intermediate, whose key lives behind a KeyStore. */
import type { AuthorityId } from './ids.ts';
import type { Profile } from './profile.ts';

const dayMs = 86_400_000;

/** Time to bring a new root to every client, on top of the longest certificate that the old one still has to outlive. */
const marginDays = 365;

const atLeastDays = 730;

/**
 * The time from which the operator is warned: two years before the end, or the longest certificate lifetime and a year before it,
 * whichever is earlier.
 */
export function warningBegins({ notAfter }: Pick<Authority, 'notAfter'>, profiles: Iterable<Profile>): Date {
  const longestDays = Math.max(0, ...[...profiles].map(({ maxValidityDays }) => maxValidityDays));
  return new Date(notAfter.getTime() - Math.max(atLeastDays, longestDays + marginDays) * dayMs);
}

export function endsSoon(authority: Pick<Authority, 'notAfter'>, profiles: Iterable<Profile>, now: Date): boolean {
  return warningBegins(authority, profiles) <= now;
}

export interface Authority {
  readonly id: AuthorityId;
  readonly issuerId: string;
  readonly role: 'root' | 'intermediate';
  /** The kind of its own key, and so of the signatures it makes. */
  readonly keyKind: 'rsa' | 'P-256' | 'P-384';
  /** The root an intermediate hangs under; null for a root. */
  readonly parentId: AuthorityId | null;
  readonly subject: string;
  readonly certificate: Uint8Array;
  readonly notAfter: Date;
  readonly createdAt: Date;
}

/** Both ends belong to it, as in a certificate (RFC 5280 §4.1.2.5). */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/**
 * The newest list of revoked certificates of one authority. Its entries are kept in pieces, of which most are the same in the next list:
 * what is before them, the pieces, and what is behind them are the DER.
 */
export interface Crl extends SignedCrl {
  /** The pieces, in their order. */
  readonly pieces: readonly Uint8Array[];
}

/** What is made for each list, around its entries. */
export interface SignedCrl {
  readonly authorityId: AuthorityId;
  readonly number: number;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Of the whole. */
  readonly sizeBytes: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** Some entries of a list, encoded, of certificates that end at about the same time: they leave the list together. */
export interface CrlPiece {
  readonly piece: number;
  /** No entry is of a certificate that ends later. */
  readonly endsAt: Date;
  readonly entries: number;
  readonly der: Uint8Array;
}

export function crlParts({ head, pieces, tail }: Pick<Crl, 'head' | 'pieces' | 'tail'>): readonly Uint8Array[] {
  return [head, ...pieces, tail];
}

/**
 * Keeps private keys so that nobody else sees them: sealed files here, a PKCS#11 token elsewhere. Keys never leave it.
 * - `create` makes a key under `keyId`; it is durable when it resolves. An existing `keyId` is an error.
 * - `signer` may be called often; it is cheap after the first call for a key.
 */
export interface KeyStore {
  create(keyId: string, keyKind: Authority['keyKind']): Promise<{ readonly spki: Uint8Array }>;
  has(keyId: string): Promise<boolean>;
  signer(keyId: string): Promise<AuthoritySigner>;
}

export interface AuthoritySigner {
  readonly algorithm: 'ecdsa-with-SHA256' | 'ecdsa-with-SHA384' | 'sha256WithRSAEncryption' | 'Ed25519';
  /** Signs the bytes (hashing included); the result is as X.509 wants it: DER for ECDSA. */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Signs the parts as if they were one, without holding anybody up, however long they are. */
  signParts(parts: readonly Uint8Array[]): Promise<Uint8Array>;
}
