/** Our account at an ACME CA: registered once whatever happens in between, found again, kept as the configuration has it. */
import type { AcmeClient } from '../../dialects/acme/client/face.ts';
import type { AcmeUpstreamAccountStore } from '../../domain/ports/stores/acme-upstream-accounts.ts';

/** The binding of the account to one that the CA knows: the operator's, or made by ZeroSSL for an address. */
export type ExternalKeySource =
  | { readonly kind: 'given'; readonly keyId: string; readonly hmacKey: Uint8Array }
  | { readonly kind: 'zerossl'; readonly email: string };

export interface AcmeAccountSettings {
  /** The name of the upstream account. */
  readonly account: string;
  readonly directory: string;
  /** Addresses of people, without `mailto:`. */
  readonly contacts: readonly string[];
  /** The operator has agreed to the CA's terms of service; without it nothing is registered. */
  readonly termsAgreed: boolean;
  readonly externalKey: ExternalKeySource | null;
}

/** Transactions on the store, as the core has them. `write` may run its work several times. */
export interface AcmeAccountRows {
  readonly read: Pick<AcmeUpstreamAccountStore, 'get'>;
  write<T>(work: (accounts: AcmeUpstreamAccountStore) => Promise<T>): Promise<T>;
}

export interface OpenAccount {
  /** For CAA `accounturi` and dns-persist-01. */
  readonly url: string;
  /** Signs with the account's key. The same object until the key changes. */
  readonly client: AcmeClient;
}

/** All may be cut off at any moment, and called again. @throws {AcmeFailure} what the CA refused; {CertError} what the configuration lacks */
export interface AcmeAccount {
  /** Registers where that is still to be done, sends contacts that have changed, ends a change of keys that was cut off. Cheap afterwards. */
  open(signal: AbortSignal): Promise<OpenAccount>;
  /** After `accountGone`: looks for the account, and registers it again. `formerUrl` differs where the CA gave it another URL: the operator is told. */
  registerAgain(signal: AbortSignal): Promise<OpenAccount & { readonly formerUrl: string | null }>;
  changeKey(signal: AbortSignal): Promise<OpenAccount>;
  /** The stored URL, without asking the CA; null before it has answered. */
  url(): Promise<string | null>;
}
