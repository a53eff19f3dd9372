/** What the operator asks of upstreams: which are away, what waits there, and what came back that nobody ordered. */
import type { Caller } from '../caller.ts';
import type { Issuance } from '../issuance.ts';
import type { Order } from '../order.ts';
import type { NotedUpstreamState } from '../states.ts';
import type { UpstreamAccount, UpstreamTerms } from '../upstream-account.ts';
import type { UpstreamOrder } from '../upstream-order.ts';

/** One account at an upstream, with the issuers that use it. */
export interface UpstreamSummary {
  /** The breaker is open where `openUntil` is a time: nothing is sent there before then, but for a probe. */
  readonly account: UpstreamAccount;
  readonly issuers: readonly { readonly id: string; readonly terms: UpstreamTerms }[];
}

/** `issuance.rest` is why it waits for the operator, where it does. */
export interface UpstreamOrderView {
  readonly upstreamOrder: UpstreamOrder;
  readonly issuance: Issuance;
  readonly order: Order;
}

/** All of it is for operators. */
export interface Upstreams {
  accounts(caller: Caller): Promise<readonly UpstreamSummary[]>;
  /** Closes the breaker: what waits for it is tried at once. @throws {CertError} notFound */
  close(caller: Caller, account: string): Promise<UpstreamSummary>;
  /** Under way, being given up, or with a certificate that was refused, or those of one such state; the latest first. */
  orders(
    caller: Caller,
    query: { readonly limit: number; readonly state?: NotedUpstreamState },
  ): Promise<readonly UpstreamOrderView[]>;
  /** With its evidence, where there is any. @throws {CertError} notFound */
  order(caller: Caller, issuanceId: string): Promise<UpstreamOrder>;
}
