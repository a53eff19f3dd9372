/**
 * Store of revocation lists. What was revoked is first staged: its entries are put into pieces of the next list, and it is marked as
 * listed, some certificates in one transaction. Then the next list is signed over all pieces, and put if nothing was staged
 * meanwhile. A piece of a list that was put never changes: the next list has another version of it. So whoever reads a list
 * finds all of it, until the list after the next is put.
 *
 * A list that was made elsewhere is one head without pieces.
 */
import type { Crl, CrlPiece, SignedCrl } from '../../authority.ts';
import type { Certificate } from '../../certificate.ts';
import type { AuthorityId, CertificateId } from '../../ids.ts';

/** A revoked certificate that the list does not show yet, or not as it is now. */
export type UnlistedRevocation = Pick<Certificate, 'id' | 'serial' | 'revokedAt' | 'revocationReason' | 'notAfter'> & {
  /** The piece that has an entry of it, with another reason; null where there is none. */
  readonly piece: number | null;
};

export type CrlSummary = Pick<SignedCrl, 'number' | 'thisUpdate' | 'nextUpdate' | 'sizeBytes'> & {
  readonly entries: number;
};

export interface NextCrl {
  readonly number: number;
  /** Changes with whatever is staged. */
  readonly revision: number;
  readonly pieces: readonly Uint8Array[];
  readonly entries: number;
}

export interface CrlStore {
  /** The newest list. For reads outside transactions, which keep its pieces in memory. */
  get(authorityId: AuthorityId): Promise<Crl | undefined>;
  /** From when until when the newest list is good, without reading it. */
  updatesOf(authorityId: AuthorityId): Promise<Pick<SignedCrl, 'thisUpdate' | 'nextUpdate'> | undefined>;
  /** The newest list, without what it holds. */
  summaryOf(authorityId: AuthorityId): Promise<CrlSummary | undefined>;
  /** The newest list, where it has an entry of the certificate. */
  newestWith(certificateId: CertificateId): Promise<Pick<SignedCrl, 'number' | 'thisUpdate'> | undefined>;
  /** What the next list will hold as it is staged now. For reads outside transactions. */
  next(authorityId: AuthorityId): Promise<NextCrl>;
  /** Those that have not ended at `endedAfter`, in the order of their ends. */
  listUnlisted(
    authorityId: AuthorityId,
    page: { readonly endedAfter: Date; readonly limit: number },
  ): Promise<readonly UnlistedRevocation[]>;
  /** As it is in the next list. */
  getPiece(authorityId: AuthorityId, piece: number): Promise<CrlPiece | undefined>;
  /** The newest piece of the next list whose entries end at that time. */
  newestPieceEndingAt(authorityId: AuthorityId, endsAt: Date): Promise<CrlPiece | undefined>;
  /** The number for another piece. */
  nextPieceNumber(authorityId: AuthorityId): Promise<number>;
  putPiece(authorityId: AuthorityId, piece: CrlPiece): Promise<void>;
  /** The entries of these certificates are in the piece now. */
  markListed(piece: number, certificates: readonly CertificateId[]): Promise<void>;
  /** Takes pieces whose certificates have all ended before then out of the next list. Answers how many. */
  endPieces(authorityId: AuthorityId, endedBefore: Date, limit: number): Promise<number>;
  /**
   * The newest list of an authority that came from another CA, where it has none here: ours go on from its number. One of no bytes: only the
   * number is known. Nothing changes where a newer one is here.
   */
  putFormer(crl: SignedCrl): Promise<void>;
  /** Puts the next list; false where something was staged since that revision, or another one was put. */
  put(crl: SignedCrl, revision: number): Promise<boolean>;
  /** The newest list; `isWhole`: it was made elsewhere, and is all in its head. */
  headOf(
    authorityId: AuthorityId,
  ): Promise<{ readonly number: number; readonly head: Uint8Array; readonly isWhole: boolean } | undefined>;
  /** Puts a list that was made elsewhere, whole in its head, in place of all that is here. Its number is larger than that of any before. */
  putMade(crl: SignedCrl, entries: number): Promise<void>;
}
