/** Port for front doors: what needs somebody, and how things went, in numbers. */
import type { Caller } from '../caller.ts';
import type { Total } from '../page.ts';

/** One account, by id or number. Absent: every account that the caller may see. */
interface OfAccount {
  readonly account?: string;
}

/** Days counted from 1970, in UTC; both ends belong to it. */
export interface StatisticDays extends OfAccount {
  readonly from: number;
  readonly until: number;
}

/** Months such as 202611; both ends belong to it. */
export interface StatisticMonths extends OfAccount {
  readonly from: number;
  readonly until: number;
}

/** A day or a month, and a number other than 0. */
export interface StatisticPoint {
  readonly at: number;
  readonly total: number;
}

export interface StatisticLine {
  readonly key: string;
  /** In their order. */
  readonly points: readonly StatisticPoint[];
}

export interface StatisticLines {
  readonly lines: readonly StatisticLine[];
  /** When the last event happened that is counted; null: there is none, or the numbers are of now. */
  readonly countedUntil: Date | null;
  /** False while many events are still to be counted: the numbers grow. */
  readonly isUpToDate: boolean;
}

/** A list that this many items are in, as a front door names it. */
export type HomeList =
  | { readonly list: 'approvals'; readonly decidable: true }
  | { readonly list: 'failingOrders' }
  | { readonly list: 'organizations' }
  | { readonly list: 'endingOrders'; readonly days: number }
  | { readonly list: 'failedDeliveries' }
  | { readonly list: 'failedJobs' }
  | { readonly list: 'lowBalances' }
  | { readonly list: 'ordersByTurn'; readonly turn: HomeTurn };

export type HomeTurn = 'approver' | 'customer' | 'operator' | 'server';

export interface HomeItem {
  readonly of: HomeList;
  readonly total: Total;
  /** The oldest of them, where there is one and that matters. */
  readonly since: Date | null;
}

export interface Home {
  readonly at: Date;
  /** Only what the caller can do something about; what there is none of is left out. */
  readonly needs: readonly HomeItem[];
  /** Why validations fail, the most frequent first; of the newest of them, where there are very many. */
  readonly failures: readonly { readonly reason: string; readonly orders: number }[];
  /** Orders that wait for verifications. */
  readonly ordersAwaitingOrganization: number;
  readonly underWay: readonly HomeItem[];
}

export interface Statistics {
  home(caller: Caller): Promise<Home>;
  /** Orders placed, certificates issued and revoked, by day. @throws {CertError} invalidField, notFound */
  issuance(caller: Caller, span: StatisticDays): Promise<StatisticLines>;
  /** What failed for good, by reason and day. @throws {CertError} invalidField, notFound */
  failures(caller: Caller, span: StatisticDays): Promise<StatisticLines>;
  /** Active orders by the day on which their certificate ends. @throws {CertError} invalidField, notFound */
  expiry(caller: Caller, span: StatisticDays): Promise<StatisticLines>;
  /** Charged less refunded, in minor units, by currency and month. @throws {CertError} invalidField, notFound */
  revenue(caller: Caller, span: StatisticMonths): Promise<StatisticLines>;
}
