/** Port for the operator: upstreams that are away, orders that wait there, and certificates that nobody ordered. */
import type { Caller } from '../caller.ts';
import type { IssuanceId } from '../ids.ts';
import type { Issuance } from '../issuance.ts';
import type { Phrase } from '../messages/expectations.ts';
import type { Money } from '../money.ts';
import type { Order } from '../order.ts';
import type { Counting, Total } from '../page.ts';
import type { Product } from '../product.ts';
import type { UpstreamMode } from '../relay.ts';
import type { NotedUpstreamState, UpstreamOrderState } from '../states.ts';
import type { UpstreamAccount, UpstreamTerms } from '../upstream-account.ts';
import type { UpstreamBudget } from '../upstream-budget.ts';
import type { RehearsedStep, UpstreamCheck } from '../upstream-check.ts';
import type { ProductCosts } from '../upstream-cost.ts';
import type { UpstreamExchange } from '../upstream-exchange.ts';
import type { UpstreamOrder } from '../upstream-order.ts';
import type { UpstreamBalance, UpstreamComparison } from '../upstream-watch.ts';
import type { VendorOrder } from '../vendor-order.ts';
import type { ChangedKey, FoundOut } from './issuer.ts';

export interface IssuerOfUpstream {
  readonly id: string;
  readonly terms: UpstreamTerms;
  /** `relay`: the upstream validates the names itself, and the front door shows its challenges. */
  readonly mode: UpstreamMode | 'relay';
  readonly ca: { readonly title: string; readonly url: string } | null;
}

/** What is counted for one subject: a domain, a name, a set of names; empty for the whole account. */
export interface SubjectSpent {
  readonly subject: string;
  readonly spent: number;
  /** Null: now. */
  readonly leftAgainAt: Date | null;
}

/** How much is left of a budget. The numbers are those of the subject of which most is spent. */
export interface BudgetStanding {
  readonly budget: UpstreamBudget;
  readonly spent: number;
  readonly left: number;
  /** The most spent first. */
  readonly subjects: readonly SubjectSpent[];
}

/** One account at an upstream, with the issuers that use it. */
export interface UpstreamSummary {
  /** The breaker is open where `openUntil` is a time: nothing is sent there before then, but for a probe. */
  readonly account: UpstreamAccount;
  /** Since when the breaker is open; null: it is closed. */
  readonly openSince: Date | null;
  readonly issuers: readonly IssuerOfUpstream[];
  /** Orders under way, by state. */
  readonly orders: readonly { readonly state: UpstreamOrderState; readonly count: number }[];
  /** The one with the least left first. */
  readonly budgets: readonly BudgetStanding[];
  /** Prepaid, as it was last seen; null: it never was, or it is not prepaid. */
  readonly balance: (UpstreamBalance & { readonly warning: Money | null; readonly isLow: boolean }) | null;
  /** The last comparison of its orders with ours; null: there was none. */
  readonly comparison: UpstreamComparison | null;
}

/** More of one. */
export interface UpstreamDetail extends UpstreamSummary {
  /** The last exchanges that went wrong, the newest first. */
  readonly exchanges: readonly UpstreamExchange[];
  /** What the operator should do, the most urgent first. */
  readonly advice: readonly Phrase[];
}

/** What one of its issuers found. */
export interface CheckedUpstream {
  readonly issuer: string;
  readonly checks: readonly UpstreamCheck[];
}

/** Our account at one directory of the upstream, with its new key. */
export interface ChangedUpstreamKey extends ChangedKey {
  readonly directory: string | null;
}

export interface RehearsedOrder {
  readonly issuer: string;
  readonly steps: readonly RehearsedStep[];
}

/** `issuance.rest` is why it waits for the operator, where it does. */
export interface UpstreamOrderView {
  readonly upstreamOrder: UpstreamOrder;
  readonly issuance: Issuance;
  readonly order: Order;
}

/** With the exchanges of the issuance that went wrong, the newest first. */
export interface UpstreamOrderDetail extends UpstreamOrderView {
  /** As the vendor has it; null where it is bought from none. */
  readonly vendorOrder: VendorOrder | null;
  readonly exchanges: readonly UpstreamExchange[];
}

export interface UpstreamOrderPage {
  readonly items: readonly UpstreamOrderView[];
  /** What the next page comes after; null at the end. */
  readonly next: IssuanceId | null;
  /** Where the query wants it. */
  readonly total?: Total;
}

/** With the product that it is about. */
export interface ProductCostsView extends ProductCosts {
  readonly product: Pick<Product, 'dialect' | 'code' | 'name'>;
}

/** All of it is for operators. */
export interface Upstreams {
  accounts(caller: Caller): Promise<readonly UpstreamSummary[]>;
  /** @throws {CertError} notFound */
  account(caller: Caller, account: string): Promise<UpstreamDetail>;
  /**
   * Has every issuer of the account look now whether it could order. Nothing is ordered.
   * @throws {CertError} notFound; unsupported where none of them can
   */
  check(caller: Caller, account: string): Promise<readonly CheckedUpstream[]>;
  /**
   * Goes through all that comes before an order for the name there, and orders nothing.
   * @param query.account the id or number of the customer's account whose order it would be
   * @throws {CertError} notFound, invalidField
   */
  rehearse(
    caller: Caller,
    upstream: string,
    query: { readonly name: string; readonly account: string },
  ): Promise<readonly RehearsedOrder[]>;
  /**
   * Gives our account another key at every directory where it has one. It is in the audit log before the first is changed, and after each.
   * @throws {CertError} notFound; unsupported where none of its issuers can, or the upstream does not offer it; wrongState before the
   * account is registered
   */
  changeKey(caller: Caller, account: string): Promise<readonly ChangedUpstreamKey[]>;
  /** Closes the breaker: what waits for it is tried at once. @throws {CertError} notFound */
  close(caller: Caller, account: string): Promise<UpstreamSummary>;
  /**
   * Orders under way or being cancelled, with a certificate that was refused, or lost; or of one such state. The latest first.
   * @param query.after the issuance of the last one seen
   * @throws {CertError} notFound for an `after` that has no upstream order
   */
  orders(
    caller: Caller,
    query: Counting & { readonly limit: number; readonly state?: NotedUpstreamState; readonly after?: IssuanceId },
  ): Promise<UpstreamOrderPage>;
  /**
   * What products that are bought brought and cost in a month, by currency.
   * @param query.month such as 202611 (`month.ts`), in UTC
   * @param query.upstream the account there that they are bought from; absent: all
   * @throws {CertError} notFound
   */
  costs(
    caller: Caller,
    query: { readonly month: number; readonly upstream?: string },
  ): Promise<readonly ProductCostsView[]>;
  /** The one of this issuance, in any state. Includes its evidence, if there is any. @throws {CertError} notFound */
  order(caller: Caller, issuanceId: string): Promise<UpstreamOrderDetail>;
  /**
   * Says what became of an order whose reply was lost: it is driven on from there at once. The upstream is asked for the reference first.
   * @throws {CertError} notFound; unsupported for an upstream that finds out by itself; wrongState where nothing is lost, or a call is under
   * way; invalidField for a reference that the upstream does not know, or that another issuance has; unavailable where it does not answer
   */
  resolve(caller: Caller, issuanceId: string, found: FoundOut): Promise<UpstreamOrderDetail>;
}
