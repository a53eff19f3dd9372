/**
 * ACME CAs that an operator may name instead of a directory URL, and what is odd about each. Whatever code does for one CA and not for
 * another is a column here, so that a CA that changes is changed in one place.
 */

/** One limit of a CA, for budgets that survive restarts. */
export interface AcmeBudget {
  readonly name: string;
  readonly per: 'account' | 'registeredDomain' | 'exactSet' | 'name';
  readonly counts: 'newOrder' | 'certificate' | 'failedValidation';
  readonly limit: number;
  readonly windowSeconds: number;
  /** Whether an order with `replaces` does not count. */
  readonly isExemptForRenewal: boolean;
}

export interface AcmeCa {
  /** For people. */
  readonly title: string;
  /** Null: the configuration must name it. */
  readonly directory: string | null;
  /** Whether our account must be bound to one that the CA knows. Any directory may ask for it (`externalAccountRequired`). */
  readonly needsExternalKey: boolean;
  /** Whether the HMAC key works for more than one registration, so that it is worth keeping. */
  readonly keepsExternalKey: boolean;
  /** An API of the CA that makes such a key for an e-mail address. */
  readonly externalKeyApi: string | null;
  readonly needsContact: boolean;
  /** Whether our account may get another key (RFC 8555 §7.3.5). */
  readonly hasKeyChange: boolean;
  /** How our account is read and changed: by its URL, by its key (newAccount with `onlyReturnExisting`), or not at all. */
  readonly accountCalls: 'byUrl' | 'byKey' | 'none';
  /** Whether an authorization is shown at its URL. Where it is not, the order's own status has to do. */
  readonly showsAuthorizations: boolean;
  readonly finalizeTimeoutMs: number;
  /** The longest wait between two looks at an order or a challenge, whatever `Retry-After` says; null: as it says. */
  readonly longestWaitSeconds: number | null;
  /** Whether `replaces` may be sent where the directory has `renewalInfo`. */
  readonly takesReplaces: boolean;
  /** The days that `notAfter` may lie ahead; null: it must not be sent. */
  readonly notAfterDays: { readonly min: number; readonly max: number } | null;
  /** Keys of certificates; null: any. */
  readonly keyTypes: readonly ('rsa' | 'ec')[] | null;
  readonly takesWildcards: boolean;
  /** IP addresses: not, or with any profile, or with this one only. */
  readonly takesAddresses: boolean | { readonly profile: string };
  /** Names in CAA records, where the directory names none. */
  readonly caaIdentities: readonly string[];
  readonly budgets: readonly AcmeBudget[];
}

const hour = 3600;
const week = 7 * 24 * hour;

/** A CA that does as RFC 8555 says. */
const usual = {
  needsExternalKey: false,
  keepsExternalKey: true,
  externalKeyApi: null,
  needsContact: false,
  hasKeyChange: true,
  accountCalls: 'byUrl',
  showsAuthorizations: true,
  finalizeTimeoutMs: 30_000,
  longestWaitSeconds: null,
  takesReplaces: true,
  notAfterDays: null,
  keyTypes: null,
  takesWildcards: true,
  takesAddresses: true,
  caaIdentities: [],
  budgets: [],
} as const satisfies Omit<AcmeCa, 'title' | 'directory'>;

/** letsencrypt.org/docs/profiles: addresses only in certificates of six days. */
const letsEncrypt = {
  ...usual,
  takesAddresses: { profile: 'shortlived' },
  caaIdentities: ['letsencrypt.org'],
} as const satisfies Omit<AcmeCa, 'title' | 'directory'>;

/**
 * acme.sectigo.com: finalize answers when the certificate is there, 45 s and more (esnet/acme-proxy#22), and an order may be `processing`
 * for 30 days where an organization is looked at (certbot#8301). Directories by kind: Sectigo's ACME documentation.
 */
const sectigo = {
  ...usual,
  needsExternalKey: true,
  finalizeTimeoutMs: 180_000,
  takesReplaces: false,
  takesAddresses: false,
  caaIdentities: ['sectigo.com'],
} as const satisfies Omit<AcmeCa, 'title' | 'directory'>;

/**
 * The key type goes by the directory, a registration without a contact ends in `badCSR`, and calls about the account fail (acme.sh's and
 * certbot's reports). It charges for orders where the account at SSL.com has a balance.
 */
const sslcom = {
  ...usual,
  needsExternalKey: true,
  needsContact: true,
  hasKeyChange: false,
  accountCalls: 'none',
  takesReplaces: false,
  takesAddresses: false,
  caaIdentities: ['ssl.com'],
} as const satisfies Omit<AcmeCa, 'title' | 'directory'>;

export const acmeCas = {
  letsencrypt: {
    ...letsEncrypt,
    title: "Let's Encrypt",
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    // letsencrypt.org/docs/rate-limits. What is refilled there bit by bit comes back at once here, at the end of the window.
    budgets: [
      {
        name: 'new orders',
        per: 'account',
        counts: 'newOrder',
        limit: 300,
        windowSeconds: 3 * hour,
        isExemptForRenewal: true,
      },
      {
        name: 'certificates per registered domain',
        per: 'registeredDomain',
        counts: 'certificate',
        limit: 50,
        windowSeconds: week,
        isExemptForRenewal: true,
      },
      {
        name: 'certificates for the same names',
        per: 'exactSet',
        counts: 'certificate',
        limit: 5,
        windowSeconds: week,
        isExemptForRenewal: true,
      },
      {
        name: 'failed validations',
        per: 'name',
        counts: 'failedValidation',
        limit: 5,
        windowSeconds: hour,
        isExemptForRenewal: false,
      },
    ],
  },
  'letsencrypt-staging': {
    ...letsEncrypt,
    title: "Let's Encrypt, staging",
    directory: 'https://acme-staging-v02.api.letsencrypt.org/directory',
    // letsencrypt.org/docs/staging-environment
    budgets: [
      {
        name: 'new orders',
        per: 'account',
        counts: 'newOrder',
        limit: 1500,
        windowSeconds: 3 * hour,
        isExemptForRenewal: true,
      },
      {
        name: 'failed validations',
        per: 'name',
        counts: 'failedValidation',
        limit: 200,
        windowSeconds: hour,
        isExemptForRenewal: false,
      },
    ],
  },
  google: {
    ...usual,
    title: 'Google Trust Services',
    directory: 'https://dv.acme-v02.api.pki.goog/directory',
    // cloud.google.com, Public CA: the key of a binding is for one account, within seven days.
    needsExternalKey: true,
    keepsExternalKey: false,
    accountCalls: 'byKey', // Posh-ACME#372
    notAfterDays: { min: 1, max: 90 },
    takesAddresses: false,
    caaIdentities: ['pki.goog'],
  },
  zerossl: {
    ...usual,
    title: 'ZeroSSL',
    directory: 'https://acme.zerossl.com/v2/DV90',
    needsExternalKey: true,
    externalKeyApi: 'https://api.zerossl.com',
    hasKeyChange: false,
    // acme.sh#6587: it names a day, and is done within ten minutes.
    longestWaitSeconds: 600,
    takesReplaces: false,
    takesAddresses: false,
    caaIdentities: ['sectigo.com'],
  },
  'sslcom-rsa': {
    ...sslcom,
    title: 'SSL.com, RSA',
    directory: 'https://acme.ssl.com/sslcom-dv-rsa',
    keyTypes: ['rsa'],
  },
  'sslcom-ecc': {
    ...sslcom,
    title: 'SSL.com, ECC',
    directory: 'https://acme.ssl.com/sslcom-dv-ecc',
    keyTypes: ['ec'],
  },
  'sectigo-dv': { ...sectigo, title: 'Sectigo, DV', directory: 'https://acme.sectigo.com/v2/DV' },
  'sectigo-ov': { ...sectigo, title: 'Sectigo, OV', directory: 'https://acme.sectigo.com/v2/OV' },
  'sectigo-ev': {
    ...sectigo,
    title: 'Sectigo, EV',
    directory: 'https://acme.sectigo.com/v2/EV',
    takesWildcards: false,
  }, // EV guidelines §9.2.2
  'sectigo-enterprise': {
    ...sectigo,
    title: 'Sectigo Certificate Manager',
    directory: 'https://acme.enterprise.sectigo.com',
  },
  digicert: {
    ...usual,
    title: 'DigiCert',
    // Each key of a binding comes with a directory URL of its own.
    directory: null,
    needsExternalKey: true,
    showsAuthorizations: false, // win-acme#1582
    takesReplaces: false,
    caaIdentities: ['digicert.com'],
  },
  pebble: { ...usual, title: 'Pebble', directory: null },
  'step-ca': {
    ...usual,
    title: 'step-ca',
    // /acme/<provisioner>/directory
    directory: null,
    // smallstep: an external account key is for one account.
    keepsExternalKey: false,
  },
  custom: { ...usual, title: 'ACME', directory: null },
} as const satisfies Readonly<Record<string, AcmeCa>>;

export type AcmeCaId = keyof typeof acmeCas;

export function acmeCa(id: AcmeCaId): AcmeCa {
  return acmeCas[id];
}
