/** What the address of the list of orders says, and what is asked of the API for it. */
import type { Input } from '../api/call.ts';

export const orderViews = ['all', 'open', 'failing', 'ending', 'failed'] as const;
export type OrderView = (typeof orderViews)[number];

export interface OrdersSearch {
  readonly view?: OrderView;
  readonly q?: string;
}

/** Reads an address; what it does not know it leaves out. */
export function ordersSearch(search: Record<string, unknown>): OrdersSearch {
  const view = orderViews.find((one) => one === search.view);
  const q = typeof search.q === 'string' ? search.q.trim() : '';
  return { ...(view === undefined || view === 'all' ? {} : { view }), ...(q === '' ? {} : { q }) };
}

type Filters = Omit<Input<'orders', 'list'>, 'cursor' | 'limit'>;

const filtersOfView = {
  all: {},
  open: { state: 'open' },
  failing: { failing: 'true' },
  ending: { endsWithinDays: 30 },
  failed: { state: 'failed,rejected' },
} as const satisfies Record<OrderView, Filters>;

export function filtersOf({ view = 'all', q }: OrdersSearch): Filters {
  return { ...filtersOfView[view], ...(q === undefined ? {} : { namePart: q }) };
}

/** The API looks for parts of names of at least three characters. */
export function isSearchable(text: string): boolean {
  return /^(?:[A-Za-z0-9.*:_-]{3,})?$/.test(text.trim());
}
