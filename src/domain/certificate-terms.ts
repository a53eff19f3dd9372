/** What somebody decides about when they approve: what is certified now, and what would be. */
import type { Reason } from './errors.ts';
import type { Money } from './money.ts';

/** A certificate that there is, or one that is requested, as far as it is known. */
export interface CertificateTerms {
  /** Null: it is not issued. */
  readonly certificateNumber: number | null;
  readonly names: readonly string[];
  /** Null: there is no key yet. */
  readonly key: { readonly kind: string; readonly sha256: string } | null;
  /** Of one that is not issued, as it would be signed now. Null: an upstream decides, or there is no key yet. */
  readonly validity: { readonly days: number; readonly notAfter: Date } | null;
  /** Null: its subject names none. `isVerified`: now, for the level of the certificate. */
  readonly organization: { readonly name: string; readonly isVerified: boolean } | null;
}

/** A certificate that a revocation ends. */
export interface EndedCertificate {
  readonly number: number;
  readonly serial: string;
  readonly names: readonly string[];
  readonly notAfter: Date;
}

/** The most certificates that are named of a revocation. */
export const mostEnded = 100;

export interface ApprovalEffect {
  /** The certificate that stands until now, of this order or of the one that it renews; null: there is none. */
  readonly before: CertificateTerms | null;
  /** Null: it asks for a revocation. */
  readonly after: CertificateTerms | null;
  /** Null: a revocation costs nothing and gives nothing back. */
  readonly price: Money | null;
  /** The valid certificates that the revocation would end, newest first; empty for anything else. */
  readonly ends: readonly EndedCertificate[];
  /** Why the caller may not approve it now; null: they may. */
  readonly why: Reason | null;
}
