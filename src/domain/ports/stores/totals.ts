/** Store of totals over all accounts, for metrics. */
import type { OrderState } from '../../states.ts';

export interface Totals {
  readonly orders: ReadonlyMap<OrderState, number>;
  /** Active orders by the day, counted from 1970, on which their certificate ends. */
  readonly certificateEnds: ReadonlyMap<number, number>;
}

export interface TotalStore {
  /**
   * By the counters of the projection of orders (decision 0032) where there are many. Undefined where the projection is far behind: it is
   * brought nearer meanwhile. For reads outside transactions.
   */
  get(): Promise<Totals | undefined>;
}
