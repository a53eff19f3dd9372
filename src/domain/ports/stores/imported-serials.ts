/**
 * Store of the serials that authorities had used before they came here. They are handed in under the id of an authority that is to be (an
 * upload): as long as there is no such authority, nobody reads them.
 */
import type { ImportedReason, ImportedSerial } from '../../authority.ts';
import type { AuthorityId } from '../../ids.ts';

export type NewImportedSerial = Omit<ImportedSerial, 'crlPiece'>;

/** One that is revoked, and that the list does not show yet, or not as it is now. */
export type UnlistedSerial = Pick<ImportedSerial, 'serial' | 'revokedAt' | 'revocationReason' | 'notAfter'> & {
  /** The piece that has an entry of it, with another reason; null where there is none. */
  readonly piece: number | null;
};

export interface ImportedSerialStore {
  insertUpload(id: AuthorityId, at: Date): Promise<void>;
  hasUpload(id: AuthorityId): Promise<boolean>;
  /** The oldest that was begun before then. */
  uploadBefore(before: Date): Promise<AuthorityId | undefined>;
  removeUpload(id: AuthorityId): Promise<void>;
  /** Of a serial that is there already, what is not null replaces what is there. */
  put(serials: readonly NewImportedSerial[]): Promise<void>;
  /** Of a serial that is there already, only the revocation is replaced. */
  putRevocations(serials: readonly NewImportedSerial[]): Promise<void>;
  count(authorityId: AuthorityId): Promise<{ readonly total: number; readonly revoked: number }>;
  get(authorityId: AuthorityId, serial: string): Promise<ImportedSerial | undefined>;
  has(authorityId: AuthorityId, serial: string): Promise<boolean>;
  /** False where it is revoked already. */
  moveToRevoked(authorityId: AuthorityId, serial: string, at: Date, reason: ImportedReason): Promise<boolean>;
  /** Of one that is revoked for another reason; the date stays. */
  raiseReason(authorityId: AuthorityId, serial: string, reason: ImportedReason): Promise<boolean>;
  /** Those that have not ended at `endedAfter`, in the order of their ends. */
  listUnlisted(
    authorityId: AuthorityId,
    page: { readonly endedAfter: Date; readonly limit: number },
  ): Promise<readonly UnlistedSerial[]>;
  /** The entries of these are in the piece now. */
  markListed(authorityId: AuthorityId, piece: number, serials: readonly string[]): Promise<void>;
  /** All of one id are of the other one now. */
  rename(from: AuthorityId, to: AuthorityId): Promise<void>;
  /** Removes some of an upload. Answers how many. */
  remove(authorityId: AuthorityId, limit: number): Promise<number>;
}
