/** A certificate authority of our own: a root or an intermediate, whose key lives behind a KeyStore. */
import type { RevocationReason } from './certificate.ts';
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

/** The kinds of keys that authorities have here. */
export type OwnKeyKind = 'rsa' | 'P-256' | 'P-384';

export interface Authority {
  readonly id: AuthorityId;
  readonly issuerId: string;
  readonly role: 'root' | 'intermediate';
  /** The kind of its own key, and so of the signatures it makes. Others than `OwnKeyKind` only where the key is outside. */
  readonly keyKind: OwnKeyKind | 'P-521' | 'Ed25519';
  /** The root an intermediate hangs under; null for a root. */
  readonly parentId: AuthorityId | null;
  readonly subject: string;
  readonly certificate: Uint8Array;
  readonly notAfter: Date;
  readonly createdAt: Date;
  /**
   * `here`: behind the `KeyStore`. `outside`: with somebody else, or in a safe; what needs it is made there, and its certificate and lists are
   * handed in.
   */
  readonly keyPlace: 'here' | 'outside';
  /** From when on an intermediate signs certificates, so that it is published for a while before; null: since it was made. */
  readonly signsFrom: Date | null;
  /** Since when it signs no more certificates: another one has followed. It goes on publishing its list. */
  readonly retiredAt: Date | null;
  /** When its last list was published: none follows. */
  readonly closedAt: Date | null;
  /** Since when the list of the authority above it names it; null: it is not revoked. */
  readonly revokedAt: Date | null;
  readonly revocationReason: RevocationReason | null;
  /** When its key came from another CA: it had used serials before (`ImportedSerial`). Null: its key was made here. */
  readonly importedAt: Date | null;
}

/** Of an authority whose key was made here, and that signs from its first day on. */
export const fromTheStart = {
  keyPlace: 'here',
  signsFrom: null,
  retiredAt: null,
  closedAt: null,
  revokedAt: null,
  revocationReason: null,
  importedAt: null,
} as const;

/** Whether certificates of subscribers are signed by it at this moment. */
export function signsLeaves({ role, keyPlace, signsFrom, retiredAt }: Authority, now: Date): boolean {
  return (
    role === 'intermediate' && keyPlace === 'here' && retiredAt === null && (signsFrom === null || signsFrom <= now)
  );
}

/** Whether its lists are made here, until its last one. */
export function publishesLists({ keyPlace, closedAt }: Pick<Authority, 'keyPlace' | 'closedAt'>): boolean {
  return keyPlace === 'here' && closedAt === null;
}

/** A certificate that an authority had before its present one, for the same key. */
export interface ReplacedCertificate {
  readonly authorityId: AuthorityId;
  readonly replacedAt: Date;
  readonly certificate: Uint8Array;
}

/** What a CA outside was asked to certify: a key of ours. */
export interface AuthorityRequest {
  /** Of the authority that is to be; or of one that is there, and is to have another certificate for its key. */
  readonly id: AuthorityId;
  readonly issuerId: string;
  readonly keyKind: OwnKeyKind;
  readonly subject: string;
  /** PKCS#10 DER. */
  readonly csr: Uint8Array;
  /** The authority that it is to follow, with another key; null: none. */
  readonly followsId: AuthorityId | null;
  readonly createdAt: Date;
}

/** Reasons that stand in the lists of other CAs (RFC 5280 §5.3.1): also those that no subscriber gives. */
export const importedReasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

export type ImportedReason = RevocationReason | (typeof importedReasons)[number];

/** A serial that an authority had used before it came here. */
export interface ImportedSerial {
  readonly authorityId: AuthorityId;
  /** Lower-case hex, as `Certificate.serial`. */
  readonly serial: string;
  /** Null: only known from the former CA's register or list. */
  readonly certificate: Uint8Array | null;
  readonly notAfter: Date;
  /** Null: it is not revoked. */
  readonly revokedAt: Date | null;
  readonly revocationReason: ImportedReason | null;
  /** The piece of the list that names it; negative where that says less than this; 0: none does. */
  readonly crlPiece: number;
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
  create(keyId: string, keyKind: OwnKeyKind): Promise<{ readonly spki: Uint8Array }>;
  has(keyId: string): Promise<boolean>;
  signer(keyId: string): Promise<AuthoritySigner>;
  /** Its key is no longer used here: what was kept of it in memory goes. */
  forget(keyId: string): void;
}

export interface AuthoritySigner {
  readonly algorithm: 'ecdsa-with-SHA256' | 'ecdsa-with-SHA384' | 'sha256WithRSAEncryption' | 'Ed25519';
  /** Signs the bytes (hashing included); the result is as X.509 wants it: DER for ECDSA. */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Signs the parts as if they were one, without holding anybody up, however long they are. */
  signParts(parts: readonly Uint8Array[]): Promise<Uint8Array>;
}
