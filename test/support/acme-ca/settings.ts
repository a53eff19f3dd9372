/** What a CA is like when nothing goes wrong: every test may change it at any time. */
export interface AcmeCaSettings {
  /** Of its certificates. CAs of one test need different ones, or they would give the same serial number under the same name. */
  organization: string;

  // Accounts
  requiresBinding: boolean;
  /** External accounts: how many accounts each may still make. */
  readonly externalKeys: Map<string, { readonly hmacKey: Uint8Array; usesLeft: number }>;
  /** `finalize`: it comes to light late, as `badCSR` (SSL.com). */
  requiresContact: 'never' | 'newAccount' | 'finalize';
  /** False: an account is only found by newAccount with onlyReturnExisting (Google). */
  accountsAreReadable: boolean;
  /** False: no `orders` in an account (Let's Encrypt). */
  listsOrders: boolean;
  /** Version of its terms; a higher one has to be agreed to. */
  terms: number;
  hasKeyChange: boolean;
  requiresUserAgent: boolean;

  // What it sells
  challengeTypes: readonly ChallengeType[];
  /** Names with their descriptions. Empty: it knows of no profiles. */
  profiles: Readonly<Record<string, string>>;
  /** Of an order that names none. */
  defaultProfile: 'none' | 'first' | 'random';
  /** Of an order for an address; undefined: as for all. */
  addressProfiles: readonly string[] | undefined;
  sellsAddresses: boolean;
  sellsWildcards: boolean;
  takesDates: boolean;
  /** A request that asks for clientAuth is refused (Google). */
  refusesClientAuth: boolean;
  hasRenewalInfo: boolean;
  /** How many chains there are beside the default one. */
  alternates: number;
  caaIdentities: readonly string[];
  checksCaa: boolean;
  validityDays: number;

  // Its time
  orderHours: number;
  authorizationHours: number;
  /** For how long a valid authorization is good. */
  reuseHours: number;
  /** `looksAfterMs`: when it looks for the proof. `tellsAfterMs`: when it shows what it found, after that. */
  validation: { looksAfterMs: number; tellsAfterMs: number };
  finalize: { isSynchronous: boolean; takesMs: number };
  retryAfter: 'seconds' | 'date' | 'either' | 'never';
  orderRetrySeconds: number;
  challengeRetrySeconds: number;
  renewalRetrySeconds: number;
  /** Its clock is ahead of the real one; negative: behind. */
  clockSkewMs: number;
  /** No `Date` in its replies. */
  hidesTime: boolean;

  // Its habits
  /** How often a valid authorization is used again. */
  authorizationReuseRate: number;
  /** The same names again are the same order while it is pending or ready (Boulder). */
  reusesOrders: boolean;
  /** A second finalize: refused, answered with the order, or one more certificate, which is charged (DigiCert). */
  finalizeAgain: 'refuse' | 'same' | 'issue';
  /** dns-persist-01 is looked up at newOrder. */
  looksForRecordsAtOnce: boolean;
  /** Refuses what the RFC forbids and others let pass. */
  isStrict: boolean;
  limits: Limits;
}

/** In the window before now; renewals with `replaces` are exempt. */
export interface Limits {
  windowMs: number;
  accounts: number;
  ordersPerAccount: number;
  certificatesPerSet: number;
  failedValidationsPerName: number;
}

/** tls-alpn-01 is offered as real CAs do; it is only looked at where the network can shake hands. */
export type ChallengeType = 'http-01' | 'dns-01' | 'tls-alpn-01' | 'dns-persist-01';

/** A polite CA: asynchronous, no bindings, no profiles, and it wants every name proved for each order. */
export function defaultSettings(): AcmeCaSettings {
  return {
    organization: 'Nasty CA',
    requiresBinding: false,
    externalKeys: new Map(),
    requiresContact: 'never',
    accountsAreReadable: true,
    listsOrders: true,
    terms: 1,
    hasKeyChange: true,
    requiresUserAgent: false,
    challengeTypes: ['http-01', 'dns-01', 'tls-alpn-01'],
    profiles: {},
    defaultProfile: 'none',
    addressProfiles: undefined,
    sellsAddresses: true,
    sellsWildcards: true,
    takesDates: false,
    refusesClientAuth: false,
    hasRenewalInfo: true,
    alternates: 0,
    caaIdentities: ['ca.example'],
    checksCaa: true,
    validityDays: 90,
    orderHours: 168,
    authorizationHours: 168,
    reuseHours: 720,
    validation: { looksAfterMs: 0, tellsAfterMs: 0 },
    finalize: { isSynchronous: false, takesMs: 0 },
    retryAfter: 'seconds',
    orderRetrySeconds: 3,
    challengeRetrySeconds: 2,
    renewalRetrySeconds: 21_600,
    clockSkewMs: 0,
    hidesTime: false,
    authorizationReuseRate: 0,
    reusesOrders: false,
    finalizeAgain: 'refuse',
    looksForRecordsAtOnce: false,
    isStrict: false,
    limits: {
      windowMs: 7 * 86_400_000,
      accounts: Number.POSITIVE_INFINITY,
      ordersPerAccount: Number.POSITIVE_INFINITY,
      certificatesPerSet: Number.POSITIVE_INFINITY,
      failedValidationsPerName: Number.POSITIVE_INFINITY,
    },
  };
}
