/** Port for front doors: what stands at the customer's for issuers whose upstream looks for it there (design §5: `alias`, `serve`, `persist`). */
import type { Caller } from '../caller.ts';
import type { DelegationLook, Hop } from '../delegation.ts';
import type { Reason } from '../errors.ts';
import type { Identifier } from '../identifier.ts';
import type { AgentMode } from '../relay.ts';

export interface Delegations {
  /**
   * Looks now, over the network; stores nothing. Without a product every mode that this server has is looked at, with one only that of
   * its issuer; none where the issuer needs nothing at the customer's.
   * @param request.productCode as callers of the front door write it
   * @throws {CertError} unknownProduct; accountNeeded for an operator who acts for none
   */
  check(
    caller: Caller,
    request: { readonly names: readonly Identifier[]; readonly productCode?: string },
  ): Promise<readonly CheckedName[]>;
}

export interface CheckedName {
  readonly name: string;
  /** The domain in whose zone the record is set, as far as the public suffix list says; an address is its own. */
  readonly domain: string;
  readonly ways: readonly CheckedWay[];
}

/** What one mode needs for the name; in mode `persist` one CA. */
export interface CheckedWay {
  readonly mode: AgentMode;
  /** The configured issuers that need it. */
  readonly issuers: readonly string[];
  /** An upstream would find what it looks for. */
  readonly stands: boolean;
  /** Why it does not; null where it stands. */
  readonly problem: Reason | null;
  /** What is odd although it stands. */
  readonly notes: readonly Reason[];
  /** The record to set; null where it cannot be known yet, and in mode `serve`. */
  readonly record: RecordToSet | null;
  /** Mode `alias`: the CNAME records from the host on, as resolved, as far as the caller may read them. */
  readonly hops: readonly Hop[];
  /** Other records at the host. */
  readonly others: DelegationLook['others'];
  /** Mode `serve`: where a web server at the customer's passes `/.well-known/acme-challenge/` on to. */
  readonly responder: string | null;
  /** Mode `signfile`: what is to be served at the name. */
  readonly file: { readonly path: string; readonly content: string } | null;
}

export interface RecordToSet {
  readonly type: 'CNAME' | 'TXT';
  /** Absolute, without a trailing dot. */
  readonly host: string;
  readonly value: string;
}
