/** Port for front doors: the keys that bind ACME clients to an account. */
import type { Caller, Reference } from '../caller.ts';
import type { ExternalAccountKey } from '../external-account-key.ts';
import type { AccountBinding } from '../key-signature.ts';
import type { Coverage } from '../product.ts';

export interface NewExternalAccountKey {
  readonly name: string;
  readonly productCode: string;
  readonly organization: Reference | null;
  /** Null: one period of the product. */
  readonly coverage: Coverage | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ExternalAccountKeys {
  /** The secret is in the answer and nowhere else. Needs `administrator`. */
  add(
    caller: Caller,
    request: NewExternalAccountKey,
  ): Promise<{ readonly key: ExternalAccountKey; readonly hmacKey: Uint8Array }>;
  /** All of the account: 1,000 at most. */
  list(caller: Caller): Promise<readonly ExternalAccountKey[]>;
  /**
   * The key that the client knows, by the MAC of its binding, compared in constant time. One answer for an unknown or
   * revoked key, a wrong MAC, and a key of another dialect than those accepted here.
   * @throws {CertError} forbidden
   */
  check(binding: AccountBinding, accepts: readonly string[]): Promise<ExternalAccountKey>;
  /** @throws {CertError} notFound */
  get(caller: Caller, reference: Reference): Promise<ExternalAccountKey>;
  revoke(caller: Caller, reference: Reference): Promise<ExternalAccountKey>;
}
