/** An issued certificate and its revocation. */
import type { AccountId, AuthorityId, CertificateId, IssuanceId, OrderId } from './ids.ts';
import type { CertificateState } from './states.ts';

/** RFC 5280 §5.3.1, the reasons a subscriber may give (BR §7.2.2), with their codes. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  privilegeWithdrawn: 9,
} as const;

export type RevocationReason = keyof typeof revocationReasons;

export interface Certificate {
  readonly id: CertificateId;
  readonly number: number;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly issuanceId: IssuanceId;
  readonly issuerId: string;
  /** The embedded authority that signed it; null when an upstream did. */
  readonly authorityId: AuthorityId | null;
  /** Lower-case hex. Unique within its authority. */
  readonly serial: string;
  readonly names: readonly string[];
  readonly der: Uint8Array;
  /** Issuing certificates as an upstream sent them, nearest first; null: the chain of `authorityId`. */
  readonly upstreamChain: readonly Uint8Array[] | null;
  /** The SHA-256 of the issuer's DN in it, lower-case hex, unique with the serial; null: an authority of ours signed it. */
  readonly issuerHash: string | null;
  /** It came from an upstream when it was no longer wanted: revoked, and shown to operators only. */
  readonly isWithheld: boolean;
  /** The SHA-256 of its SubjectPublicKeyInfo, lower-case hex; null where an older version stored a key that cannot be read. */
  readonly keyHash: string | null;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly state: CertificateState;
  readonly revokedAt: Date | null;
  readonly revocationReason: RevocationReason | null;
  readonly createdAt: Date;
}

/** The state of a certificate at a moment: a revoked one stays revoked after its end. */
export const certificateStandings = ['valid', 'revoked', 'expired'] as const;
export type CertificateStanding = (typeof certificateStandings)[number];

export function certificateStandingOf(
  { state, notAfter }: Pick<Certificate, 'state' | 'notAfter'>,
  now: Date,
): CertificateStanding {
  if (state === 'revoked') return 'revoked';
  return notAfter < now ? 'expired' : 'valid';
}

/**
 * The serial as certificates have it here, of one that people paste: with colons or blanks, in either case, with a zero too many or too
 * few in front. Undefined where it is none: RFC 5280 §4.1.2.2 allows 20 bytes.
 */
export function serialFromText(text: string): string | undefined {
  const hex = text.replaceAll(/[\s:]/g, '').toLowerCase();
  if (!/^0*[0-9a-f]{1,40}$/.test(hex)) return undefined;
  const bare = hex.replace(/^0+(?=.)/, '');
  return bare.length % 2 === 0 ? bare : `0${bare}`;
}
