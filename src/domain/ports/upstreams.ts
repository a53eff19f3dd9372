/** Port for the operator: upstreams that are away, orders that wait there, and certificates that nobody ordered. */
import type { Caller } from '../caller.ts';
import type { UpstreamAccount, UpstreamTerms } from '../upstream-account.ts';
import type { UpstreamOrder } from '../upstream-order.ts';

/** One account at an upstream, with the issuers that use it. */
export interface UpstreamSummary {
  /** The breaker is open where `openUntil` is a time: nothing is sent there before then, but for a probe. */
  readonly account: UpstreamAccount;
  readonly issuers: readonly { readonly id: string; readonly terms: UpstreamTerms }[];
}

/** All of it is for operators. */
export interface Upstreams {
  accounts(caller: Caller): Promise<readonly UpstreamSummary[]>;
  /** Closes the breaker: what waits for it is tried at once. @throws {CertError} notFound */
  close(caller: Caller, account: string): Promise<UpstreamSummary>;
  /** Orders under way or being cancelled, or with a certificate that was refused; the latest first. */
  orders(caller: Caller, page: { readonly limit: number }): Promise<readonly UpstreamOrder[]>;
  /** Includes its evidence, if there is any. @throws {CertError} notFound */
  order(caller: Caller, issuanceId: string): Promise<UpstreamOrder>;
}
