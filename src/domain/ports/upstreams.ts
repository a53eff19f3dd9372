/** Port for the operator: upstreams that are away, orders that wait there, and certificates that nobody ordered. */
import type { Caller } from '../caller.ts';
import type { IssuanceId } from '../ids.ts';
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

export interface UpstreamOrderPage {
  readonly items: readonly UpstreamOrderView[];
  /** What the next page comes after; null at the end. */
  readonly next: IssuanceId | null;
}

/** All of it is for operators. */
export interface Upstreams {
  accounts(caller: Caller): Promise<readonly UpstreamSummary[]>;
  /** Closes the breaker: what waits for it is tried at once. @throws {CertError} notFound */
  close(caller: Caller, account: string): Promise<UpstreamSummary>;
  /**
   * Orders under way or being cancelled, with a certificate that was refused, or lost; or of one such state. The latest first.
   * @param query.after the issuance of the last one seen
   * @throws {CertError} notFound for an `after` that has no upstream order
   */
  orders(
    caller: Caller,
    query: { readonly limit: number; readonly state?: NotedUpstreamState; readonly after?: IssuanceId },
  ): Promise<UpstreamOrderPage>;
  /** The one of this issuance, in any state. Includes its evidence, if there is any. @throws {CertError} notFound */
  order(caller: Caller, issuanceId: string): Promise<UpstreamOrderView>;
}
