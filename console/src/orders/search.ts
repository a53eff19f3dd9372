/** What the address of the list of orders says: the filters of the API, or one of the views by its name. */
import { type ListSearch, listSearch } from '../shared/list/address.ts';

export type OrderView = 'open' | 'failing' | 'ending' | 'failed';

export const filtersOfView = {
  open: { state: 'open' },
  failing: { failing: 'true' },
  ending: { state: 'active', endsWithinDays: '30', isRenewed: 'false' },
  failed: { state: 'failed,rejected' },
} as const satisfies Record<OrderView, ListSearch>;

/** Reads an address; `view=failing` stands for its filters, and `q` for a text. */
export function ordersSearch(search: Readonly<Record<string, unknown>>): ListSearch {
  const { view, q, ...others } = listSearch(search);
  const known = Object.entries(filtersOfView).find(([name]) => name === view);
  return { ...known?.[1], ...(q === undefined ? {} : { text: q }), ...others };
}

/** What is asked of the API for a view. */
export function filtersOf({ view }: { readonly view: OrderView }) {
  const { ending, ...others } = filtersOfView;
  return view === 'ending' ? { ...ending, endsWithinDays: Number(ending.endsWithinDays) } : others[view];
}
