/** Store of statistics. The contract of every store is in `index.ts`. */
import type { AccountId } from '../../ids.ts';
import type {
  CertificateIssuer,
  CountedEvent,
  StatisticCount,
  StatisticScope,
  StatisticSeries,
} from '../../statistics.ts';

/** Days are counted from 1970; both belong to it. */
export interface DaySpan {
  readonly from: number;
  readonly until: number;
}

export interface StatisticProgress {
  /** All events up to this one are counted; 0: none. */
  readonly sequence: number;
  /** When that one happened. */
  readonly at: Date | null;
  /** What was counted is being removed, to be counted again; until that is done nothing is counted. */
  readonly isClearing: boolean;
}

export interface StatisticStore {
  progress(): Promise<StatisticProgress>;
  /** The next events to be counted, the oldest first. */
  listEvents(after: number, limit: number): Promise<readonly CountedEvent[]>;
  /** Who issued these certificates, by the id of the certificate. */
  issuersOf(certificateIds: readonly string[]): Promise<ReadonlyMap<string, CertificateIssuer>>;
  /**
   * Adds the counts of the events from `after` to the last of them. False where another node has counted them: then nothing is added.
   */
  add(
    counts: readonly StatisticCount[],
    span: { readonly after: number; readonly last: CountedEvent },
  ): Promise<boolean>;
  /** Begins to count everything again: what was counted is to be removed by `clear` first. */
  startOver(): Promise<void>;
  /**
   * Removes at most `limit` counts of each series after `startOver`. False once nothing is left of them, or another node has removed the
   * rest: from then on events are counted from the first.
   */
  clear(limit: number): Promise<boolean>;
  list(series: StatisticSeries, scope: StatisticScope, span: DaySpan): Promise<readonly StatisticCount[]>;
  /** Orders whose validation fails, by what the check found: of the newest 10,000. */
  countFindings(accountId: AccountId | null, dialect: string | undefined): Promise<ReadonlyMap<string, number>>;
  /**
   * Active orders by the day on which their certificate ends, of one account or of all: by the counters of the projection of orders
   * (decision 0032) where there are many. Undefined where that is far behind. For reads outside transactions.
   */
  countEnds(accountId: AccountId | null, span: DaySpan): Promise<ReadonlyMap<number, number> | undefined>;
}
