/** Port for front doors: the keys that bind ACME clients to an account. */
import type { Caller, Reference } from '../caller.ts';
import type { ExternalAccountKey } from '../external-account-key.ts';
import type { KeyPolicy } from '../key-policy.ts';
import type { AccountBinding } from '../key-signature.ts';
import type { Coverage } from '../product.ts';

/** What is left out stays as it is; of a new key it is `openPolicy`'s. */
export type KeyPolicyRequest = Partial<Omit<KeyPolicy, 'approvalBy'>>;

export interface NewExternalAccountKey {
  readonly name: string;
  readonly productCode: string;
  readonly organization: Reference | null;
  /** Null: one period of the product. */
  readonly coverage: Coverage | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly policy?: KeyPolicyRequest;
  /** See `ExternalAccountKey`. In the future. */
  readonly expiresAt?: Date | null;
}

/** What is left out stays as it is. */
export interface ExternalAccountKeyChange {
  readonly name?: string;
  readonly policy?: KeyPolicyRequest;
  readonly expiresAt?: Date | null;
}

/** A key, and the code of what it orders (`productCodeOf`). */
export interface ExternalAccountKeyView extends ExternalAccountKey {
  readonly productCode: string;
}

export interface ExternalAccountKeys {
  /**
   * The secret is in the answer and nowhere else. Needs `administrator`; another issuer than the product's needs the operator, and so does
   * `automatic` approval where one person alone may not decide.
   * @throws {CertError} invalidField, badName, unknownProduct, notFound, forbidden, conflict
   */
  add(
    caller: Caller,
    request: NewExternalAccountKey,
  ): Promise<{ readonly key: ExternalAccountKeyView; readonly hmacKey: Uint8Array }>;
  /**
   * Holds for every request of its clients from then on, and for what they ordered and have not got yet.
   * @throws {CertError} as `add`; wrongState for one that was revoked
   */
  change(caller: Caller, reference: Reference, change: ExternalAccountKeyChange): Promise<ExternalAccountKeyView>;
  /** All of the account: 1,000 at most. */
  list(caller: Caller): Promise<readonly ExternalAccountKeyView[]>;
  /**
   * The key that the client knows, by the MAC of its binding, compared in constant time. One answer for an unknown or
   * revoked key, a wrong MAC, and a key of another dialect than those accepted here.
   * @throws {CertError} forbidden
   */
  check(binding: AccountBinding, accepts: readonly string[]): Promise<ExternalAccountKey>;
  /** @throws {CertError} notFound */
  get(caller: Caller, reference: Reference): Promise<ExternalAccountKeyView>;
  /**
   * Its clients order nothing more, and it binds no new ones. Nothing else changes: what was ordered is issued, and they read, download
   * and revoke as before.
   */
  revoke(caller: Caller, reference: Reference): Promise<ExternalAccountKeyView>;
}
