/** Port for front doors: taking over a CA that was run elsewhere, with all that it has issued. For operators. */
import type { Authority, ImportedReason, ImportedSerial } from '../authority.ts';
import type { Caller } from '../caller.ts';
import type { RevocationReason } from '../certificate.ts';
import type { Reason } from '../errors.ts';

/** What the CA had issued, as far as it is known. */
export interface SerialInput {
  /** Hex, in any spelling (`serialFromText`). */
  readonly serial: string;
  /** DER; null: only the serial is known. */
  readonly certificate: Uint8Array | null;
  /** Of the certificate; where that is unknown, of the CA. */
  readonly notAfter: Date;
  readonly revoked: { readonly at: Date; readonly reason: ImportedReason } | null;
}

export interface SerialUpload {
  /** Names what was handed in, until it is imported. After a day it is forgotten. */
  readonly upload: string;
  readonly total: number;
  readonly revoked: number;
}

export interface ImportRequest {
  /** PEM, or the base64 of DER: PKCS #8 (encrypted or not), PKCS #12, SEC 1, PKCS #1. */
  readonly key: string;
  readonly password: string | null;
  /** PEM with one or several certificates, or the base64 of DER: that of the CA, and those above it up to the root. */
  readonly certificates: readonly string[];
  /** The last list that it has made, PEM or the base64 of DER. */
  readonly list: string | null;
  /** The number of its last list, where the list itself is not at hand. */
  readonly listNumber: number | null;
  /** Of `addSerials`. */
  readonly upload: string | null;
}

/** What is taken over, or would be. */
export interface ImportedAuthority {
  /** Null: nothing was changed (`examine`). */
  readonly authority: Authority | null;
  readonly role: Authority['role'];
  /** DER. */
  readonly certificate: Uint8Array;
  readonly subject: string;
  readonly keyKind: Authority['keyKind'];
  readonly notAfter: Date;
  /** The subjects above it, the nearest first. */
  readonly above: readonly string[];
  readonly list: { readonly number: string; readonly thisUpdate: Date; readonly entries: number } | null;
  /** The number that the next list has. */
  readonly nextListNumber: number;
  readonly serials: { readonly total: number; readonly revoked: number };
  /** What the operator should know, and what keeps nothing from being done. */
  readonly warnings: readonly Reason[];
}

/** The most serials in one call. */
export const serialsAtOnce = 500;

export interface AuthorityImport {
  /**
   * Hands in some of what the CA has issued, in as many calls as it takes. Handing the same in again changes nothing.
   * @param upload of an earlier call; null: the first
   * @throws {CertError} uploadUnknown, invalidField
   */
  addSerials(caller: Caller, upload: string | null, serials: readonly SerialInput[]): Promise<SerialUpload>;
  /** Checks all that `take` checks, and changes nothing. @throws as `take` */
  examine(caller: Caller, request: ImportRequest): Promise<ImportedAuthority>;
  /**
   * The CA is an authority of this server from then on: its key is sealed here, its revoked serials stay listed, the numbers of its lists
   * go on, and none of its serials is used again. All of it, or nothing.
   * @throws {CertError} naming what fails: the key file, a certificate, the list
   */
  take(caller: Caller, request: ImportRequest): Promise<ImportedAuthority>;
  /**
   * Revokes a certificate that the CA had issued before. One that is revoked already can only be revoked for keyCompromise instead.
   * @throws {CertError} notFound, serialUnknown, serialOfCertificate, serialRevoked
   */
  revokeSerial(
    caller: Caller,
    request: { readonly authority: string; readonly serial: string; readonly reason: RevocationReason },
  ): Promise<ImportedSerial>;
}
