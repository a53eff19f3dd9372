/**
 * Challenges, and the evidence of their checks. A dialect says what must be found where, in its vendor's
 * own format; the validators only compare.
 */
import type { Reason } from './errors.ts';
import type { Identifier } from './identifier.ts';
import type { ValidationMethod } from './validation-method.ts';

/**
 * Origin of a challenge's value, which decides what its evidence holds for: see `policy.holdsFor`.
 * - server: at least 112 bits that we drew for this account (100 where the vendor's format has no room for more). Nobody
 *   Only those who got it here can place it.
 * - account: a function of the account that nobody else can compute: an HMAC under a secret of the server, or a hash of the
 *   account's own key of at least 128 bits.
 * - request: any holder of the CSR can compute it. The record shows that the owner of that key may have a certificate;
 *   it does not identify the account that sent the CSR.
 */
export type Binding = 'server' | 'account' | 'request';

/**
 * One way offered to prove control of one name. Names are absolute, canonical, without a trailing dot.
 * - httpFile, httpsFile: `path` at the base name (or address) must serve `content`; compared line by line, trailing
 *   blanks and CR ignored. HTTPS certificates are not checked.
 * - tlsAlpn: the host at port 443 must agree on the protocol `acme-tls/1` and present a self-signed certificate for exactly this name
 *   or address that holds `identifierHash` (hex), the SHA-256 of the key authorization (RFC 8737 §3, RFC 8738 §6).
 * - dnsCname: `host` must be a CNAME to `target`. `alternativeHosts` are tried as well: the same label at each parent
 *   up to the registrable domain (BR §3.2.2.4.7, authorization domain name).
 * - dnsTxt: a TXT record at `host` must be `value`, its strings joined; others may stand beside it. Parents as above.
 * - dnsPersist: a TXT record that stays for good at one of `hosts` must name one of `issuers` and the client's `account`. The hosts after
 *   the first are the same label at each parent; a record there, and every record where `needsAllBelow`, must allow all names below
 *   (draft-ietf-acme-dns-persist; BR §3.2.2.4.22).
 * `token`: the part of a challenge that its front door shows where the client makes the rest itself (RFC 8555 §8.1).
 * - email: somebody who reads the mail of one of `addresses` confirms (BR §3.2.2.4.4). Nothing is looked up: the customer
 *   chooses an address, a mail is sent, and its link is followed. See `confirmation.ts`. The secret of the link is always ours.
 */
export type Challenge =
  | {
      readonly method: 'httpFile' | 'httpsFile';
      readonly binding: Binding;
      readonly path: string;
      readonly content: string;
      readonly token?: string;
    }
  | {
      readonly method: 'tlsAlpn';
      readonly binding: Binding;
      readonly identifierHash: string;
      readonly token?: string;
    }
  | {
      readonly method: 'dnsCname';
      readonly binding: Binding;
      readonly host: string;
      readonly alternativeHosts?: readonly string[];
      readonly target: string;
    }
  | {
      readonly method: 'dnsTxt';
      readonly binding: Binding;
      readonly host: string;
      readonly alternativeHosts?: readonly string[];
      readonly value: string;
      readonly token?: string;
    }
  | {
      readonly method: 'dnsPersist';
      readonly binding: Binding;
      readonly hosts: readonly [string, ...string[]];
      readonly issuers: readonly string[];
      readonly account: PersistentAccount;
      readonly needsAllBelow: boolean;
    }
  | {
      readonly method: 'email';
      readonly binding: 'server';
      readonly addresses: readonly string[];
      /** The recipient of the newest mail. */
      readonly chosen?: string;
    };

/** How a record that stays for good names the client. */
export interface PersistentAccount {
  /** Its URL, as it stands in a record, or in the hash that does. */
  readonly url: string;
  /** What a hashed name begins with. */
  readonly hashPrefix: string;
  /** Of the keys that the client has had, the present one first (RFC 7638). */
  readonly thumbprints: readonly string[];
}

/** A challenge by mail, and challenges that are looked up over the network. */
export type EmailChallenge = Extract<Challenge, { readonly method: 'email' }>;
export type CheckedChallenge = Exclude<Challenge, EmailChallenge>;

export function isChecked(challenge: Challenge): challenge is CheckedChallenge {
  return challenge.method !== 'email';
}

/** The customer's choice for a name: a method, and for e-mail the address to which a mail is then sent. */
export type MethodChoice = ValidationMethod | { readonly method: 'email'; readonly address: string };

/** Choice of method for one name. */
export interface NameChoice {
  readonly name: Identifier;
  readonly choice: MethodChoice;
}

export function methodOfChoice(choice: MethodChoice): ValidationMethod {
  return typeof choice === 'string' ? choice : choice.method;
}

/**
 * Evidence of one check of one challenge, or of sending and answering one mail: what was requested, who answered, what came
 * back. It belongs to the operator. Customers see as much of it as `evidence.ts` allows.
 */
export interface CheckResult {
  readonly method: ValidationMethod;
  /** Binding of the challenge that was checked: a name may have several of one method. */
  readonly binding: Binding;
  readonly proved: boolean;
  readonly checkedAt: Date;
  /** Null: hidden from this reader. */
  readonly durationMs: number | null;
  /** The request: a URL, or `_abc.example.com CNAME`. */
  readonly asked: string;
  /** The servers that answered: the resolver, or the address and port connected to. */
  readonly answeredBy: readonly string[];
  /** The answer, cut to a readable length. */
  readonly answer: string;
  /** The reason why it did not prove control; absent when it did. */
  readonly problem?: Reason;
  /** The source of the answer; absent where it is not known, as for mails. */
  readonly source?: AnswerSource;
  /** What the evidence says of its own use; absent where its method alone decides. */
  readonly terms?: EvidenceTerms;
}

/** Limits that whoever placed a record has set. */
export interface EvidenceTerms {
  /** True if it holds for every name below as well, and for wildcards; false: for this very name only. */
  readonly coversBelow: boolean;
  /** The time after the check for which it may be relied on. */
  readonly forSeconds: number;
}

/** Facts that decide who may read an answer. */
export interface AnswerSource {
  /** True if the ordered name itself answered, at public addresses only; for DNS, with a record of its own. */
  readonly isOwn: boolean;
  /** Set for an answer over HTTP. */
  readonly status?: number;
  readonly sizeBytes?: number;
}

/** Checks one challenge for one name over the network. Never throws for what the network did: that is in the result. */
export type CheckChallenge = (
  identifier: Identifier,
  challenge: CheckedChallenge,
  signal: AbortSignal,
) => Promise<CheckResult>;
