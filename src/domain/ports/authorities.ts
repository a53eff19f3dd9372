/** Port for front doors: authorities that hang under a CA outside, lists of theirs, and the root's key. For operators. */
import type { Authority, AuthorityRequest, OwnKeyKind } from '../authority.ts';
import type { Caller } from '../caller.ts';
import type { Reason } from '../errors.ts';
import type { CrlSummary } from './stores/crls.ts';

export interface CaRequest {
  /** The authority that is to be followed, or that is to have another certificate for its key. */
  readonly renews?: string;
  /** With the key of `renews`. */
  readonly keepsKey?: true;
  readonly keyKind?: OwnKeyKind;
  /** Default: one with the configured organization; of `renews`, its own. */
  readonly subject?: { readonly commonName?: string; readonly organization?: string; readonly country?: string };
  /** How many CAs may be below. Default: 0. */
  readonly pathLength?: number;
}

/** A file of certificates. The name is for messages. */
export interface CaFile {
  readonly name: string;
  /** One or several blocks. */
  readonly pem: string;
}

export interface CaInstallation {
  readonly files: readonly CaFile[];
  /** Nothing is changed: what would be is answered. */
  readonly isDryRun?: true;
  /** It may end before the longest certificate of a profile would. */
  readonly allowsShorter?: true;
}

export interface Installed {
  /** Each with what happens to it; those above come after what hangs under them. */
  readonly authorities: readonly { readonly authority: Authority; readonly change: InstalledChange }[];
  /** Worth a thought, and no obstacle. */
  readonly warnings: readonly Reason[];
  /** Orders that waited are looked at again. */
  readonly isDryRun: boolean;
}

/** `made`: new here; `renewed`: another certificate for its key; `retired`: another one signs from now on; `kept`: it was installed before. */
export type InstalledChange = 'made' | 'renewed' | 'retired' | 'kept';

export interface UploadedList {
  readonly authority: Authority;
  readonly crl: CrlSummary;
  /** Authorities of this server that it revokes: they sign no more. */
  readonly revoked: readonly Authority[];
}

export interface Authorities {
  /**
   * Makes a key, which is durable when this resolves, and a request for its certificate. Each call makes another one.
   * @throws {CertError} notFound, wrongState where one waits for `renews` already
   */
  request(caller: Caller, request: CaRequest): Promise<AuthorityRequest>;
  /** Those that wait, the oldest first. */
  requests(caller: Caller): Promise<readonly AuthorityRequest[]>;
  /** Removes the request, and its key where no authority has it. @throws {CertError} notFound */
  withdraw(caller: Caller, id: string): Promise<void>;
  /**
   * Checks certificates from outside and puts them in place, all in one transaction; orders that waited go on. Repeated with the same files it changes nothing.
   * @throws {CertError} naming the certificate that fails
   */
  install(caller: Caller, installation: CaInstallation): Promise<Installed>;
  /**
   * Takes a list of an authority whose key is outside, and serves it.
   * @param list DER
   * @throws {CertError} naming what is wrong with it
   */
  uploadList(caller: Caller, authority: string, list: Uint8Array): Promise<UploadedList>;
  /**
   * The key of a root as PKCS#8, encrypted under the passphrase. It stays here as well.
   * @throws {CertError} notFound, wrongState
   */
  exportKey(caller: Caller, authority: string, passphrase: string): Promise<Uint8Array>;
  /**
   * Removes the key of a root for good, once its holder shows that they have it: by its signature of `keyRemovalText`.
   * @throws {CertError} notFound, wrongState, invalidField
   */
  removeKey(caller: Caller, authority: string, signature: Uint8Array): Promise<Authority>;
}

/** What the exported key signs before it is removed here. */
export function keyRemovalText(authorityId: string): string {
  return `certmux: remove the key of the authority ${authorityId}`;
}
