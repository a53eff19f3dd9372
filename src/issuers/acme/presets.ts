/** ACME CAs that an operator may name instead of a directory URL, and what is odd about each. */

/** One limit of a CA, for budgets that survive restarts. */
export interface AcmeBudget {
  readonly name: string;
  readonly per: 'account' | 'registeredDomain' | 'exactSet' | 'name';
  readonly counts: 'newOrder' | 'certificate' | 'failedValidation';
  readonly limit: number;
  readonly windowSeconds: number;
  /** Whether an order with `replaces` in the window of renewal does not count. */
  readonly isExemptForRenewal: boolean;
}

export interface AcmeCa {
  /** For people. */
  readonly title: string;
  /** Null: the configuration must name it. */
  readonly directory: string | null;
  /** `once`: the HMAC key works for one registration, and is not kept. `kept`: it is needed again to find or replace the account. */
  readonly externalKey: 'none' | 'once' | 'kept' | 'zerossl';
  readonly needsContact: boolean;
  /** Whether our account may get another key (RFC 8555 §7.3.5). */
  readonly hasKeyChange: boolean;
  /** Whether an account is read by newAccount with `onlyReturnExisting` instead of by its URL. */
  readonly readsAccountByKey: boolean;
  readonly finalizeTimeoutMs: number;
  /** The longest wait between two looks, whatever `Retry-After` says; null: as it says. */
  readonly longestWaitSeconds: number | null;
  /** Whether `replaces` may be sent where the directory has `renewalInfo`. */
  readonly takesReplaces: boolean;
  /** The days that `notAfter` may lie ahead; null: it must not be sent. */
  readonly notAfterDays: { readonly min: number; readonly max: number } | null;
  /** Keys of certificates; null: any. */
  readonly keyTypes: readonly ('rsa' | 'ec')[] | null;
  readonly takesWildcards: boolean;
  /** IP addresses: never, always, or with this profile only. */
  readonly takesAddresses: boolean | { readonly profile: string };
  /** For CAA checks before an order; the directory's own come first. */
  readonly caaIdentities: readonly string[];
  readonly budgets: readonly AcmeBudget[];
}
