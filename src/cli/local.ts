/** The commands that run here instead of asking a server. The composition root hands them in. */

import type { NativeClient } from '../dialects/native/client.ts';
import type { ImportedReason } from '../domain/authority.ts';
import type { RevocationReason } from '../domain/certificate.ts';
import type { GetRequest, GetResult } from './get-request.ts';

export interface DataOptions {
  /** Path of the configuration file. */
  readonly config?: string;
  /** Path of the data directory; overrides the configuration. */
  readonly data?: string;
}

interface FirstCaOptions extends DataOptions {
  /** Makes a CA to try out, whose certificates say addresses that nobody else reaches. */
  readonly allowLocalPkiUrl?: true;
}

/** What goes into the configuration file that `init` writes. */
export interface FirstConfigOptions {
  /** For names and addresses of a private network. */
  readonly privateNetwork?: true;
  /** Where others reach `/pki/` of this server. */
  readonly pkiUrl?: string;
  /** `address:port` of the only listener. */
  readonly listen?: string;
  readonly resolver?: readonly string[];
  /** Further special-purpose ranges that names may point to. */
  readonly allow?: readonly string[];
}

export interface InitOptions extends FirstCaOptions, FirstConfigOptions {
  /** Replaces a configuration file that is there. */
  readonly force?: true;
}

export interface ServeOptions extends FirstCaOptions {
  /** The clock is right now, and was ahead when it showed a later time. */
  readonly acceptClock?: true;
  /** `port` or `address:port`; overrides the configuration. */
  readonly listen?: string;
  /** `auto` or a number; overrides the configuration. */
  readonly threads?: string;
  /** `api`, `worker` or `all`; overrides the configuration. */
  readonly role?: string;
  /** The log as JSON lines even where a person reads it. */
  readonly json?: true;
}

export interface QuickstartOptions {
  /** Leaves the service running until it is interrupted. */
  readonly keep: boolean;
  /** The API to order through. */
  readonly api: string;
  /** Where the certificate comes from; certmux's own CA by default. */
  readonly via?: string;
}

export interface InitResult {
  readonly dataDirectory: string;
  /** Holds the URL and the operator's token, readable only by its owner. */
  readonly operatorFile: string;
  /** The configuration file that was written; null: none was. */
  readonly configFile: string | null;
  readonly url: string;
  /** False when everything was there already and nothing was changed. */
  readonly isNew: boolean;
  /** At the first time only: its password is stored as a hash and cannot be shown again. */
  readonly operator: { readonly username: string; readonly password: string } | null;
  /** What the CA needs before it signs anything; null: nothing. */
  readonly ca: string | null;
  /** What was made, for people: `root certificate CN=…`. */
  readonly made: readonly string[];
}

export interface ConfigCheck {
  readonly path: string;
  /** Empty when the file is fine; else one line each, beginning with the setting: `listen: …`. */
  readonly problems: readonly string[];
  /** What is probably not meant; it keeps nothing from starting. */
  readonly warnings: readonly string[];
  /** Of each issuer of the section `issuers`, how each open front door sells its products (docs/pairs.md). Empty while there are problems. */
  readonly sold: readonly SoldThrough[];
}

export interface SoldThrough {
  readonly issuer: string;
  readonly mode: string;
  readonly doors: readonly { readonly dialect: string; readonly standing: 'own' | 'shown' | 'beforehand' | 'none' }[];
}

export interface DatabaseCopyOptions {
  /** A file, a data directory, or the address of a database on a PostgreSQL server. */
  readonly from: string;
  readonly to: string;
  /** A program reads the result: no progress is shown. */
  readonly json?: true;
}

export interface DatabaseCopyResult {
  /** Paths, or addresses without passwords. */
  readonly from: string;
  readonly to: string;
  readonly isOnServer: boolean;
  readonly rows: number;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** The number that each sequence draws next. */
  readonly nextNumbers: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface BackupOptions extends DataOptions {
  readonly file: string;
  readonly withMasterKey?: true;
  readonly force?: true;
  readonly json?: true;
}

export interface BackupResult {
  readonly file: string;
  /** The database that is in it. */
  readonly database: string;
  readonly madeAt: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly schema: readonly string[];
  readonly rows: Readonly<Record<string, number>>;
  readonly masterKeys: readonly string[];
  readonly hasMasterKey: boolean;
  readonly seconds: number;
}

export interface RestoreOptions extends DataOptions {
  readonly file: string;
  /** A file with the master key, which is written into the data directory. */
  readonly masterKey?: string;
  readonly json?: true;
}

export interface RestoreResult {
  readonly dataDirectory: string;
  readonly file: string;
  readonly madeAt: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface VerifyOptions extends DataOptions {
  /** A backup, a database file or a data directory; else what the configuration names. */
  readonly target?: string | undefined;
  readonly masterKey?: string;
  readonly json?: true;
}

export interface VerifyResult {
  readonly target: string;
  /** Of a backup: when it was made. */
  readonly madeAt: string | null;
  readonly ok: boolean;
  readonly checks: readonly {
    readonly check: string;
    /** True for a check that needs the master key, of a backup that is looked at without it. */
    readonly isSkipped: boolean;
    readonly count: number;
    /** What is wrong, in the reader's language. */
    readonly flaws: readonly string[];
  }[];
  readonly seconds: number;
}

export interface RestoredResult {
  readonly database: string;
  /** The time of the copy: what was stored later is not in it. */
  readonly madeAt: string;
}

export interface ResetOptions extends DataOptions {
  /** The operator who gets the link; the oldest by default. */
  readonly user?: string;
  readonly json?: true;
}

export interface ResetResult {
  readonly operatorFile: string;
  readonly username: string;
  /** Good once, for the time that it says. */
  readonly link: string;
  readonly linkExpiresAt: string;
  /** Earlier tokens of the command line on this machine, which open nothing any more. */
  readonly tokensRevoked: number;
  /** A server did it, which was running. */
  readonly byServer: boolean;
}

/** What a run of `get` has beside its request. */
export interface GetSession {
  readonly client: NativeClient;
  /** True: again and again, until it is interrupted. */
  readonly watch: boolean;
  /** After each run. */
  readonly show: (result: GetResult) => void;
}

export interface TimerRequest {
  readonly names: readonly string[];
  /** What follows the program: `get`, names and options, with absolute paths. */
  readonly command: readonly string[];
  /** What must not stand on a command line. */
  readonly variables: Readonly<Record<string, string>>;
  /** Shows the files, and changes nothing. */
  readonly dryRun: boolean;
}

export interface RootCertificate {
  readonly pem: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface InstalledRoots {
  /** The system whose list it is: `Debian, Ubuntu, Alpine`. */
  readonly store: string;
  /** Files that were written or removed. */
  readonly changed: readonly string[];
  /** All of them. */
  readonly files: readonly string[];
}

/** The exported key of a root, as it is to lie in a file. */
export interface RootKeyFile {
  readonly file: string;
  readonly pem: string;
  readonly passphrase: string;
  /** What the key in the file signs, to show that it is the key. */
  readonly toSign: string;
}

export interface KeptRootKey {
  /** Base64. */
  readonly signature: string;
  /** False: the file was there, with this very key. */
  readonly isNew: boolean;
}

/** A file in which the key of this certificate may be. */
export interface HeldRootKey {
  readonly file: string;
  readonly passphrase: string;
  /** PEM. */
  readonly certificate: string;
}

/** A CA whose key is in a file. Texts are PEM. */
export interface OfflineSigning {
  readonly keyFile: string;
  readonly key: string;
  readonly passphrase: string | undefined;
  readonly certificate: string;
}

export interface OfflineCaRequest extends OfflineSigning {
  readonly csr: string;
  readonly days: number;
  readonly pathLength: number;
  /** Where `/pki/` of the server is reached, and the id of this CA there: stand in the certificate where both are known. */
  readonly pkiUrl: string | undefined;
  readonly authority: string | undefined;
  /** Where the list of this CA is, of one that no server has. */
  readonly crlUrl?: string | undefined;
}

export interface OfflineListRequest extends OfflineSigning {
  readonly days: number;
  /** The list before: its entries stay, and its number goes on. */
  readonly previous: string | undefined;
  readonly number: number | undefined;
  /** Certificates. */
  readonly revoked: readonly string[];
  readonly reason: RevocationReason;
}

export interface OfflineList {
  readonly pem: string;
  readonly number: number;
  readonly entries: number;
  readonly nextUpdate: string;
}

/** Each throws CertError or an Error whose message is fit for a person. */
/** Files of a CA that is taken over. */
export interface IssuedFiles {
  readonly index: string | undefined;
  readonly folder: string | undefined;
  /** The certificate of the CA, PEM. */
  readonly issuer: string;
}

export interface IssuedSerial {
  readonly serial: string;
  readonly notAfter: string;
  readonly certificate: string | null;
  readonly revokedAt: string | null;
  readonly reason: ImportedReason;
}

export interface IssuedPart {
  readonly serials: readonly IssuedSerial[];
  /** Certificates of other CAs, which are left out. */
  readonly others: number;
}

export interface LocalCommands {
  /** What a CA has issued, part by part. @throws {CertError} naming file and line */
  readIssued(files: IssuedFiles): AsyncIterable<IssuedPart>;
  readonly version: string;
  /** Runs the service until it is stopped; answers the exit code. */
  serve(options: ServeOptions): Promise<number>;
  /** Makes the data directory with keys, authorities and the operator's token. Safe to repeat. */
  init(options: InitOptions): Promise<InitResult>;
  /** Plays the main job end to end on throw-away data and reports each step on standard output; answers the exit code. */
  quickstart(options: QuickstartOptions): Promise<number>;
  /** Copies a database into an empty one; shows how far it is. Nothing of a copy that fails or is interrupted is left. */
  copyDatabase(options: DatabaseCopyOptions): Promise<DatabaseCopyResult>;
  /** Copies the embedded database into a file, while a server works on it or not. */
  backup(options: BackupOptions): Promise<BackupResult>;
  /** Puts a backup into a new data directory; nothing is left of what fails or is interrupted. */
  restore(options: RestoreOptions): Promise<RestoreResult>;
  /** Only reads. */
  verify(options: VerifyOptions): Promise<VerifyResult>;
  /** Marks a database that was restored otherwise than by `restore`, as by `pg_restore`: its next start does what follows from it. */
  markRestored(options: DataOptions & { readonly madeAt: string }): Promise<RestoredResult>;
  /** Makes a token for the command line here and a link for the operator, on the server that runs or in its database. */
  resetOperator(options: ResetOptions): Promise<ResetResult>;
  checkConfig(path: string | undefined): Promise<ConfigCheck>;
  /** Brings a certificate onto this machine; answers the exit code. */
  get(request: GetRequest, session: GetSession): Promise<number>;
  /** Has `get` run by systemd. @returns what to tell the person */
  installTimer(request: TimerRequest): Promise<readonly string[]>;
  installRoots(roots: readonly RootCertificate[]): Promise<InstalledRoots>;
  /** @param sha256 how the fingerprints begin; undefined: all that were ever installed */
  uninstallRoots(sha256: string | undefined): Promise<InstalledRoots>;
  /** Writes the key so that it lasts, and opens it from there. */
  keepRootKey(key: RootKeyFile): Promise<KeptRootKey>;
  holdsRootKey(held: HeldRootKey): Promise<boolean>;
  /** The certificate of a CA below, as PEM. */
  signCaRequest(request: OfflineCaRequest): Promise<string>;
  signCaList(request: OfflineListRequest): Promise<OfflineList>;
  /** The absolute path of what was written on the command line. */
  pathOf(path: string): string;
  /** A CSR as PEM by which the key of this PEM text says that it is compromised. The key goes nowhere. */
  signCompromiseReport(privateKeyPem: string): Promise<string>;
}
