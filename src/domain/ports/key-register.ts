/** Port for front doors: blocked keys. */
import type { BlockedKey, BlockSource } from '../blocked-key.ts';
import type { Caller, Origin } from '../caller.ts';
import type { AccountId } from '../ids.ts';
import type { Counting, Page, PageQuery } from '../page.ts';
import type { CertificateView } from './certificates.ts';

/** A fingerprint (a SHA-256 in hex or base64, or Debian's of a modulus), or a public key, a certificate or a CSR as PEM. */
export type KeyText = string;

/** The account that the block is for; null: everywhere, for an operator, and the caller's own account for anybody else. */
export type BlockScope = AccountId | null;

export interface BlockedKeyList extends PageQuery, Counting {
  /** An operator sees what is blocked everywhere and in every account unless they name one. */
  readonly accountId?: AccountId;
  readonly key?: KeyText;
  readonly source?: BlockSource;
  /** Part of the note. */
  readonly text?: string;
}

export interface KeyRevocations {
  readonly revoked: number;
  /** Requests that were made instead, in accounts where somebody has to approve. */
  readonly requested: number;
  /** Orders that cannot be revoked now: a request for them waits already, or a reissue is under way. */
  readonly left: number;
}

/** The common name of the CSR by which a holder says that their key is compromised. Signed by the key, it needs no date. */
export const compromiseStatement = 'This key is compromised';

/** More lines than this in one part of a list would hold up the orders of others. */
export const listLinesAtOnce = 1000;

export interface KeyRegister {
  /** @returns the earlier block where the key is blocked there already. @throws {CertError} keyListLine, roleMissing */
  block(
    caller: Caller,
    request: { readonly key: KeyText; readonly scope: BlockScope; readonly note: string },
  ): Promise<BlockedKey>;
  /** Lifts a block. Only the operator lifts a claimed or proved one. @throws {CertError} keyNotBlocked, keyBlockStays */
  unblock(caller: Caller, request: { readonly key: KeyText; readonly scope: BlockScope }): Promise<BlockedKey>;
  /** Blocks of the caller's account; for an operator those of all. Newest first. */
  list(caller: Caller, query: BlockedKeyList): Promise<Page<BlockedKey>>;
  /**
   * Blocks every key of a part of a list, all or none: fingerprints of either kind one a line, or PEM, with comments after
   * `#`. Safe to repeat.
   * @throws {CertError} keyListLine, tooManyLines
   */
  import(
    caller: Caller,
    request: {
      readonly text: string;
      /** The number of its first line in the whole list, for messages. */
      readonly firstLine: number;
      readonly scope: BlockScope;
      readonly note: string;
    },
  ): Promise<{ readonly added: number; readonly known: number }>;
  /** The certificates of the key that the caller may see: an operator every account's, anybody else their own account's. */
  certificates(
    caller: Caller,
    query: PageQuery & { readonly key: KeyText },
  ): Promise<Page<CertificateView['certificate']>>;
  /**
   * Revokes those certificates for keyCompromise, or raises the reason of those that are revoked for another. Each as
   * `Revocations.revokeCertificate` would; one that is being signed meanwhile is revoked when it comes, since the key is blocked.
   */
  revokeCertificates(caller: Caller, key: KeyText): Promise<KeyRevocations>;
  /**
   * Blocks a key everywhere, on the word of whoever holds it (BR §4.9.3, §4.9.12): the key has signed a CSR whose subject is
   * `compromiseStatement`. Anybody may; no more is answered than what they know.
   * @throws {CertError} badCsr, proofSubject, keyReportsLimited
   */
  reportCompromise(csr: Uint8Array | string, origin: Origin): Promise<{ readonly keyHash: string }>;
}
