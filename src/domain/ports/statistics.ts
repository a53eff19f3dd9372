/** Port for front doors: what needs somebody, and how things went, in numbers. */
import type { Caller } from '../caller.ts';
import type { Total } from '../page.ts';
import type { OrderTurn } from './list-filters.ts';

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

/** The list that has just these items, which a front door has its own address for. */
export type HomeList =
  | { readonly list: 'waitingApprovals' }
  | { readonly list: 'failingOrders'; readonly code?: string }
  | { readonly list: 'organizationsToVerify' }
  | { readonly list: 'endingOrders'; readonly days: number }
  | { readonly list: 'failedDeliveries'; readonly from: Date }
  | { readonly list: 'failedJobs' }
  /** Prepaid accounts at upstreams. */
  | { readonly list: 'lowBalances' }
  /** Issuers that are to be certified by a CA outside. */
  | { readonly list: 'issuersWithoutCa' }
  | { readonly list: 'authorityTasks' }
  | { readonly list: 'authorityRequests' }
  /** Of authorities whose keys are outside. */
  | { readonly list: 'dueLists' }
  /** Accounts of this server. */
  | { readonly list: 'lowAccounts' }
  /** The one account that the caller looks at. */
  | { readonly list: 'lowAccount'; readonly number: number }
  | { readonly list: 'ordersByTurn'; readonly turn: OrderTurn };

/** What somebody has to do something about, the most urgent first. */
export const homeNeeds = [
  'approvals',
  'failingValidations',
  'issuersWithoutCa',
  'dueLists',
  'failedJobs',
  'organizations',
  'endingCertificates',
  'failedDeliveries',
  'lowBalances',
  'authorityTasks',
  'authorityRequests',
  'lowAccounts',
  'lowAccount',
] as const;
export type HomeNeed = (typeof homeNeeds)[number];

export interface HomeItem<What> {
  readonly what: What;
  readonly of: HomeList;
  readonly total: Total;
  /** The oldest of them; null where that is not known. */
  readonly since: Date | null;
}

/** What there is none of is left out. */
export interface Home {
  readonly at: Date;
  /** Only what the caller can do something about. */
  readonly needs: readonly HomeItem<HomeNeed>[];
  /** Why validations fail, by what was found, the most frequent first; of the newest 10,000. */
  readonly failures: readonly HomeItem<string>[];
  /** Orders in which something is to be done, by who has to do it. */
  readonly underWay: readonly HomeItem<OrderTurn>[];
}

export interface Statistics {
  /** Of one account without what is of the server. @throws {CertError} notFound */
  home(caller: Caller, of?: OfAccount): Promise<Home>;
  /** Orders placed, certificates issued and revoked, by day. @throws {CertError} invalidField, notFound */
  issuance(caller: Caller, span: StatisticDays): Promise<StatisticLines>;
  /** What failed for good, by reason and day. @throws {CertError} invalidField, notFound */
  failures(caller: Caller, span: StatisticDays): Promise<StatisticLines>;
  /** Active orders by the day on which their certificate ends. @throws {CertError} invalidField, notFound */
  expiry(caller: Caller, span: StatisticDays): Promise<StatisticLines>;
  /** Charged less refunded, in minor units, by currency and month. @throws {CertError} invalidField, notFound */
  revenue(caller: Caller, span: StatisticMonths): Promise<StatisticLines>;
  /** Begins to count issuance and failures again from the audit log: until that is done they say that they are not up to date. */
  rebuild(caller: Caller): Promise<void>;
}
