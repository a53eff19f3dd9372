/** Port for callers who are not signed in yet. */
import type { Account, Credential, FundedAccount } from '../account.ts';
import type { Caller, Origin } from '../caller.ts';
import type { AccountBinding, KeySignature } from '../key-signature.ts';
import type { Role } from '../role.ts';
import type { UserSession } from '../user-session.ts';
import type { Registration } from './accounts.ts';

export interface NewKeyCredential {
  readonly dialect: string;
  /** See `CredentialKey`. */
  readonly realm: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** By this very key: nobody registers a key that they do not hold. */
  readonly proof: KeySignature;
  readonly label: string;
  /** Data that only the front door reads. */
  readonly dialectData?: Credential['dialectData'];
  readonly roles: readonly Role[];
  readonly allowedAddresses: readonly string[] | null;
  readonly holder:
    | {
        readonly binding: AccountBinding;
        /** The dialects whose external account keys bind here. */
        readonly accepts: readonly string[];
        /** Keys that one external account key may bind, deactivated ones included. */
        readonly atMost: number;
      }
    /** Anybody's key is bound to this account: by id or number. */
    | { readonly account: string };
}

/** The public half by which a key is found: the id that registration answered, or the key itself. */
export type KeyHolder = { readonly publicId: string } | { readonly publicKey: Uint8Array };

/** So many requests in any so many seconds. */
export interface RequestWindow {
  readonly seconds: number;
  readonly limit: number;
}

export interface SignedIn {
  readonly caller: Caller;
  readonly session: UserSession;
  /** Another secret, which the client must have from now on; null: the one that came stays. */
  readonly renewedSecret: string | null;
}

export interface SignIn {
  /**
   * Signs in with user name and password and makes a new credential for this device.
   * @throws {CertError} unauthenticated, rateLimited after repeated failures, unavailable while too many sign in
   */
  createDevice(
    request: { dialect: string; username: string; password: string; label: string },
    origin: Origin,
  ): Promise<{ readonly credential: Credential; readonly secret: string; readonly account: Account }>;
  /**
   * Makes an account and its first user, who may order, for somebody who knows the operator's code; both or neither.
   * @throws {CertError} forbidden for a wrong code, rateLimited after repeated ones or too many registrations, unavailable while too many sign in, conflict when the user name is taken
   */
  register(request: Registration, origin: Origin): Promise<FundedAccount>;
  /**
   * Refuses `credential` for a key that there is not, or not any more, and `credential.secret` for a wrong secret: both take the
   * same time, and a dialect whose API does not tell them apart has one word for both.
   * @param credentials.windows how many requests the key may send; the same at every call of a dialect. Only those of the right key count.
   * @throws {CertError} unauthenticated, forbidden, rateLimited. Constant time in the secret.
   */
  authenticate(
    credentials: { dialect: string; publicId: string; secret: string; windows?: readonly RequestWindow[] },
    origin: Origin,
  ): Promise<Caller>;
  /**
   * Registers a public key instead of a secret, for software that holds the private one: a credential of the account that the
   * binding's external account key belongs to, or of `accountId` where the front door lets anybody in. `isNew` is false for a
   * key that is registered already, whatever else the request says (RFC 8555 §7.3.1).
   * @throws {CertError} badCsr or badKey for the key, unauthenticated for a wrong signature, forbidden for a wrong binding, a deactivated key or a suspended
   * account, conflict when the external account key has bound `atMost` others
   */
  registerKey(
    request: NewKeyCredential,
    origin: Origin,
  ): Promise<{ readonly credential: Credential; readonly isNew: boolean }>;
  /**
   * Like `authenticate`, by a signature: refuses `credential` for a key that is not registered, `credential.signature` for a
   * wrong one, and only who signed rightly learns that the key was deactivated.
   * @throws {CertError} unauthenticated, forbidden
   */
  authenticateKey(
    request: {
      readonly dialect: string;
      readonly realm: string;
      readonly holder: KeyHolder;
      readonly proof: KeySignature;
    },
    origin: Origin,
  ): Promise<{ readonly caller: Caller; readonly credential: Credential }>;
  /**
   * Signs in a person, operators too, for as long as `sessionLimitsOf` says. The secret is in the answer and nowhere else.
   * @throws {CertError} unauthenticated, rateLimited after repeated failures, unavailable while too many sign in, forbidden
   * where the account is suspended
   */
  createSession(
    request: {
      readonly dialect: string;
      readonly username: string;
      readonly password: string;
      /** The secret of the session that the same browser has, which ends. */
      readonly replaces?: string;
    },
    origin: Origin,
  ): Promise<{ readonly session: UserSession; readonly secret: string }>;
  /**
   * The person whose session it is, with the roles that they have now. Refuses in one and the same way a session that is unknown,
   * was ended or is over, or whose person may not sign in any more. Where the person has other roles than before, the session has
   * another secret from now on, and the one that came opens nothing any more.
   * @param session.isUse false: nobody caused the request, so that the session ends when it would have ended without it. Absent: it is a use
   * @throws {CertError} unauthenticated, rateLimited, forbidden where the account is suspended
   */
  authenticateSession(session: { dialect: string; secret: string; isUse?: boolean }, origin: Origin): Promise<SignedIn>;
  /**
   * The caller as an operator who acts for this account (id or number), with the rights of its administrators; events name
   * both. Anybody else may name their own account, and stays who they are.
   * @throws {CertError} notFound
   */
  actFor(caller: Caller, account: string): Promise<Caller>;
}
