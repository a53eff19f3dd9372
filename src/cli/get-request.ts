/** What `certmux get` is to bring about, and what it has then done. */

/** Where the proof of control is placed, and by whom. */
export type ProofPlaceChoice =
  | { readonly kind: 'webroot'; readonly directory: string }
  | { readonly kind: 'standalone'; readonly port: number }
  | { readonly kind: 'dnsHook'; readonly command: string };

/** As lego and certbot call them. */
export const keyTypes = ['ec256', 'ec384', 'rsa2048', 'rsa3072', 'rsa4096'] as const;

export type KeyType = (typeof keyTypes)[number];

/** The certificate that is wanted. Another one is ordered where a stored one differs. */
export interface Wanted {
  /** Canonical; the first gives the folder its name. */
  readonly names: readonly string[];
  readonly product: string;
  readonly keyType: KeyType;
}

export interface GetRequest extends Wanted {
  readonly place: ProofPlaceChoice;
  /** The folder that certificates lie in, each in one of its own. */
  readonly out: string;
  /** By id or number; undefined: the token's own, or for an operator the one that is found or made. */
  readonly account: string | undefined;
  /** What an OV or EV certificate names, by id or number. */
  readonly organization: string | undefined;
  /** Run by the shell after a change. */
  readonly reloadCommand: string | undefined;
  /** Undefined: the last third of the certificate's life, 30 days at most. */
  readonly renewWithinDays: number | undefined;
  /** Orders although nothing is due. */
  readonly force: boolean;
  /** How long validation may take. */
  readonly timeoutSeconds: number;
  /** How long one call of a hook or of the reload command may take. */
  readonly commandSeconds: number;
}

/** Why a certificate is ordered. */
export type Cause = 'first' | 'forced' | 'due' | 'names' | 'product' | 'keyType' | 'revoked' | 'unknown' | 'broken';

export interface GetResult {
  /** False: the certificate that was there is good. */
  readonly isNew: boolean;
  readonly cause: Cause | null;
  readonly names: readonly string[];
  readonly order: number;
  readonly certificate: number;
  readonly notAfter: string;
  /** When a repeated call orders the next one. */
  readonly renewAt: string;
  readonly folder: string;
  readonly key: string;
  readonly fullchain: string;
}
