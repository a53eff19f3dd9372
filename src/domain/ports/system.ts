/** The outside world as the core sees it. `src/system` implements it; nothing else touches clock, randomness or network. */
import type { Reason } from '../errors.ts';
import type { ResolverWatch } from './resolver-watch.ts';

export interface Clock {
  now(): Date;
  /** Milliseconds that only grow, for durations; the same in all threads of the process. */
  monotonicMs(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Randomness {
  /** `size` bytes from the operating system's CSPRNG. */
  bytes(size: number): Uint8Array;
}

/** One DNS question put to the configured resolvers. */
export interface DnsResolver {
  /**
   * Asks for `type` records of `name` and returns what the resolver said, CNAME chain included, following nothing itself.
   * UDP first, TCP when truncated; the next server when one fails. Never throws for what the network did.
   */
  query(name: string, type: DnsRecordType, signal: AbortSignal): Promise<DnsOutcome>;
}

export type DnsRecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'CAA' | 'NS' | 'SOA';

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  /** A, AAAA: the address. CNAME, NS: the target, lower case, no trailing dot. TXT: the joined strings. Else text. */
  readonly data: string;
}

export type DnsOutcome =
  | {
      readonly ok: true;
      readonly server: string;
      readonly rcode: 'NOERROR' | 'NXDOMAIN';
      readonly records: readonly DnsRecord[];
      /** The resolver set the AD bit: it validated the answer with DNSSEC. */
      readonly authenticated: boolean;
    }
  | { readonly ok: false; readonly server: string; readonly problem: Reason };

/** A GET of a stranger's URL, or a POST to it. `host` may be a DNS name or an IP address literal. */
export interface UntrustedRequest {
  readonly url: string;
  readonly signal: AbortSignal;
  /** Sends this instead of a GET. Then no redirect is followed, and the certificate of an https URL must be good. */
  readonly post?: { readonly body: string; readonly headers: Readonly<Record<string, string>> };
}

export type UntrustedOutcome =
  | ({ readonly ok: true; readonly status: number; readonly body: Uint8Array } & UntrustedPath)
  | ({ readonly ok: false; readonly problem: Reason; readonly cut?: PartialAnswer } & UntrustedPath);

/** What came of an answer before its connection ended too early. It may be all that was to come: some servers announce more. */
export interface PartialAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface UntrustedPath {
  /** The last URL that was requested, after redirects. */
  readonly url: string;
  /** Every address connected to, as `203.0.113.7:80`, one per hop. */
  readonly connectedTo: readonly string[];
  /** No hop led, or would have led, to an address that is not an ordinary host's on the Internet. */
  readonly isPublic: boolean;
}

/**
 * Fetches what strangers name, guarded: refuses special-purpose addresses unless configured, and always as the target of
 * a redirect from a public one; follows few redirects, only to names or the first host itself and to the allowed ports; caps
 * size (of what is compressed, too) and time, sends no credentials, does not check certificates (of a GET). The address that was
 * checked is the address that is connected to (no second look-up). The body is without any compression. Never throws for what
 * the network did.
 */
export type FetchUntrusted = (request: UntrustedRequest) => Promise<UntrustedOutcome>;

/** A TLS handshake with a stranger's host: a DNS name or an address, IPv6 in brackets, at port 443. */
export interface HandshakeRequest {
  readonly host: string;
  /** The name in the handshake (SNI, RFC 6066 §3). */
  readonly serverName: string;
  /** The only protocol that is offered (ALPN, RFC 7301). */
  readonly protocol: string;
  readonly signal: AbortSignal;
}

export type HandshakeOutcome = (
  | {
      readonly ok: true;
      /** Null: the server agreed on none. */
      readonly protocol: string | null;
      /** The server's own certificate, DER. */
      readonly certificate: Uint8Array | null;
    }
  | { readonly ok: false; readonly problem: Reason }
) &
  Omit<UntrustedPath, 'url'>;

/** Shakes hands and hangs up: the same guard, time limit and ports as `fetchUntrusted`. No certificate is verified. Never throws. */
export type HandshakeUntrusted = (request: HandshakeRequest) => Promise<HandshakeOutcome>;

/**
 * Why `fetchUntrusted` would never connect to the URL, whatever DNS says: its scheme, its port, a special-purpose address
 * or a name of local networks. Undefined when it may.
 */
export type ObjectionToUrl = (url: URL) => Reason | undefined;

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** URL at which the reader stops the mail (RFC 2369, RFC 8058). */
  readonly stopUrl: string;
  /** The left half of the Message-ID, so that a mail that was sent twice after a crash is known as the same. */
  readonly id: string;
}

export type MailOutcome =
  | { readonly ok: true; readonly server: string; readonly answer: string }
  /** `isFinal`: this server will never take this mail; trying again is of no use. */
  | { readonly ok: false; readonly server: string; readonly isFinal: boolean; readonly detail: string };

export interface Mailer {
  /** Hands one mail to the configured server; resolves when it has taken it or not. Never throws for what the network did. */
  send(mail: Mail, signal: AbortSignal): Promise<MailOutcome>;
}

/** A server of the operator's own that is notified of alarms. */
export interface OperatorWebhook {
  readonly url: string;
  /** Posts JSON once. Never throws for what the network did. */
  post(
    body: string,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly detail: string }>;
}

/** The public suffix list. */
export interface PublicSuffixes {
  /** `example.co.uk` for `a.b.example.co.uk`; undefined for a name that is itself a public suffix. */
  registrableDomain(name: string): string | undefined;
  /** Reports whether the name is a public suffix, ICANN or private section. */
  isPublicSuffix(name: string): boolean;
  /** Reports whether the name ends in a suffix that the list's ICANN section knows. */
  hasKnownSuffix(name: string): boolean;
}

/** Space on the disk that is kept for what must always work. */
export interface DiskSpace {
  /** True if ordinary writes are refused: too little is left. */
  readonly isShort: boolean;
  /** Releases the reserve for the next write. @returns whether there was any */
  release(): Promise<boolean>;
}

/** Numbers that are handed out and come back once each, over all threads of the process. */
export interface OneTimeNumbers {
  /** 32 bytes that nobody else knows: for marking a number as one of these. */
  readonly key: Uint8Array;
  /** As bytes; how many is its own business. */
  next(): Uint8Array;
  /**
   * True once for each number that was handed out under this key: in this process, of which at least the newest 16 million are good; or, where
   * nodes share a database, on any of them, until the server has crashed.
   */
  take(number: Uint8Array): boolean | Promise<boolean>;
}

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export interface System {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  readonly resolver: DnsResolver;
  readonly resolverWatch: ResolverWatch;
  readonly fetchUntrusted: FetchUntrusted;
  readonly handshakeUntrusted: HandshakeUntrusted;
  readonly objectionToUrl: ObjectionToUrl;
  readonly publicSuffixes: PublicSuffixes;
  /** Null: no mail server is configured. */
  readonly mailer: Mailer | null;
}
