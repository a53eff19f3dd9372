/** The client half as its callers see it: what it is made from, what it is asked, what it answers. */
import type { Clock } from '../../../domain/ports/system.ts';
import type { JwsKey } from '../../../pki/jws-writer.ts';
import type { AcmeCall } from './failure.ts';
import type { SeenAccount, SeenAuthorization, SeenChallenge, SeenDirectory, SeenOrder } from './schema.ts';

/** Carries proxies, trust and time limits. `timeoutMs` takes the place of its own for one call. */
export type AcmeFetch = (request: Request, limits?: { readonly timeoutMs?: number }) => Promise<Response>;

export interface AcmeClientOptions {
  readonly directoryUrl: string;
  readonly fetch: AcmeFetch;
  readonly clock: Pick<Clock, 'now'>;
  /** The account's. */
  readonly key: JwsKey;
  /** The account's, where it is known already. Without it `register` comes before all calls that need the account. */
  readonly accountUrl?: string;
  /** Called after each exchange, in its order; it must not throw. */
  readonly onExchange?: (exchange: AcmeExchange) => void;
}

/** One request and its answer, as evidence: no signature, no nonce, no HMAC, no body beyond 2 KiB. */
export interface AcmeExchange {
  readonly at: Date;
  readonly call: AcmeCall;
  readonly method: string;
  readonly url: string;
  /** What was sent, without secrets; null for a GET, a HEAD and a POST-as-GET. */
  readonly payload: string | null;
  /** Null: no answer came. */
  readonly status: number | null;
  /** How the answer begins, or why none came. */
  readonly body: string;
  readonly durationMs: number;
}

export interface AcmeLink {
  readonly relation: string;
  readonly url: string;
}

/** What was made or shown. */
export interface AcmeAnswer<Shown> {
  /** Its own: `Location` where it was made, else the URL by which it was requested. */
  readonly url: string;
  readonly shown: Shown;
  /** The time before which the CA does not want to be asked again (RFC 9110 §10.2.3). */
  readonly retryAfter: Date | null;
  readonly links: readonly AcmeLink[];
}

export interface Registration {
  /** URLs: `mailto:…`. */
  readonly contact?: readonly string[];
  /** What binds the account to one that is known outside of ACME. */
  readonly externalKey?: { readonly keyId: string; readonly hmacKey: Uint8Array };
  /** Makes no account: finds the one that the key has (RFC 8555 §7.3.1). */
  readonly onlyReturnExisting?: boolean;
}

export interface NewAcmeOrder {
  /** In their canonical form: host names, wildcards, addresses. */
  readonly names: readonly string[];
  /** One of those in the directory's `meta.profiles`. */
  readonly profile?: string;
  /** The certificate whose place the new one takes, as `certIdOf` has it (RFC 9773 §5). */
  readonly replaces?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface AcmeOrderReference {
  readonly url: string;
  /** Where given: an order for other names is refused (`otherNames`). */
  readonly names?: readonly string[];
}

export interface AcmeFinalize extends AcmeOrderReference {
  readonly finalizeUrl: string;
  readonly csrDer: Uint8Array;
  /** Some CAs sign before they answer. */
  readonly timeoutMs?: number;
}

export interface AcmeChain {
  /** Leaf first, in the order in which they came. DER. */
  readonly certificates: readonly Uint8Array[];
  /** As it came. */
  readonly pem: string;
  /** Others for the same leaf, at most five (RFC 8555 §7.4.2); `certificate` reads each. */
  readonly alternates: readonly string[];
}

/** Whole, the end after the start (RFC 9773 §4.2). */
export interface AcmeRenewalWindow {
  readonly start: Date;
  readonly end: Date;
  /** A page that says why, of a certificate that should be replaced at once. */
  readonly explanationUrl: string | null;
}

/** The account, and whether this call made it. */
export interface AcmeRegistration extends AcmeAnswer<SeenAccount> {
  readonly isNew: boolean;
}

/** Every call may be aborted. @throws {AcmeFailure} */
export interface AcmeClient {
  /** Null before `register`. */
  readonly accountUrl: string | null;
  /** RFC 7638, of the key that it signs with. */
  readonly keyThumbprint: string;
  /** How far our clock is ahead of the CA's, by its last reply with a `Date`, negative where it is behind; null where none had one. */
  readonly clockAheadMs: number | null;
  /** Kept for an hour. */
  directory(signal?: AbortSignal): Promise<SeenDirectory>;
  /** Makes the account, or finds the one that the key has; its terms are agreed to. */
  register(registration: Registration, signal?: AbortSignal): Promise<AcmeRegistration>;
  account(signal?: AbortSignal): Promise<AcmeAnswer<SeenAccount>>;
  updateContacts(contact: readonly string[], signal?: AbortSignal): Promise<AcmeAnswer<SeenAccount>>;
  /** For good (RFC 8555 §7.3.6). */
  deactivateAccount(signal?: AbortSignal): Promise<AcmeAnswer<SeenAccount>>;
  /** From its answer on the CA takes only the new key (RFC 8555 §7.3.5), and this client signs with it. */
  changeKey(newKey: JwsKey, signal?: AbortSignal): Promise<void>;
  placeOrder(order: NewAcmeOrder, signal?: AbortSignal): Promise<AcmeAnswer<SeenOrder>>;
  order(order: AcmeOrderReference, signal?: AbortSignal): Promise<AcmeAnswer<SeenOrder>>;
  authorization(url: string, signal?: AbortSignal): Promise<AcmeAnswer<SeenAuthorization>>;
  deactivateAuthorization(url: string, signal?: AbortSignal): Promise<AcmeAnswer<SeenAuthorization>>;
  /** What a challenge wants to find (RFC 8555 §8.1). */
  keyAuthorization(token: string): string;
  /** Says that it is placed, so that it is looked for. */
  respond(challengeUrl: string, signal?: AbortSignal): Promise<AcmeAnswer<SeenChallenge>>;
  finalize(finalize: AcmeFinalize, signal?: AbortSignal): Promise<AcmeAnswer<SeenOrder>>;
  certificate(url: string, signal?: AbortSignal): Promise<AcmeAnswer<AcmeChain>>;
  /** @param reason of RFC 5280 §5.3.1 */
  revoke(certificateDer: Uint8Array, reason: number, signal?: AbortSignal): Promise<void>;
  /** Null where the CA offers none. @param certId of `certIdOf` */
  renewalInfo(certId: string, signal?: AbortSignal): Promise<AcmeAnswer<AcmeRenewalWindow> | null>;
}
