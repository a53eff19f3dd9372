/**
 * What the address of a list says, which is all that a list remembers: the filters by their names in the API, so that a number elsewhere and the
 * list that it leads to ask the same question; and under names of their own what is only of the page.
 */
import type { Parameters } from '../../api/list.ts';

/** Of the page: which columns, which object is open beside the list, what stands above it and by which steps. */
const pageKeys = ['columns', 'open', 'view', 'step'] as const;

/** As the router hands it on. */
export type ListSearch = Readonly<Record<string, string | undefined>>;

/**
 * Reads an address: texts with something in them; what looks like a number, or is `true`, the router has made one of. What the API does not know it
 * refuses itself, and the page says so.
 */
export function listSearch(search: Readonly<Record<string, unknown>>): ListSearch {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) => {
      const text = ['string', 'number', 'boolean'].includes(typeof value) ? String(value).trim() : '';
      return text === '' ? [] : [[key, text] as const];
    }),
  );
}

/** What is asked of the API. */
export function parametersOf(search: ListSearch): Parameters {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      value === undefined || isOfPage(key) ? [] : [[key, value] as const],
    ),
  );
}

/** Another address of the same list; a value that is undefined goes away. */
export function changed(search: ListSearch, changes: ListSearch): ListSearch {
  return Object.fromEntries(Object.entries({ ...search, ...changes }).filter(([, value]) => value !== undefined));
}

/** The filters alone: neither the order, nor what is looked for, nor what is only of the page. */
export function filtersOf(search: ListSearch, others: readonly string[]): Parameters {
  return Object.fromEntries(
    Object.entries(parametersOf(search)).filter(([key]) => key !== 'sort' && !others.includes(key)),
  );
}

export function isSame(one: Parameters, other: Parameters): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => one[key] === other[key]);
}

/** As it is kept in a saved view: `standing=issuing&sort=-created`. */
export function queryOf(search: ListSearch): string {
  const { open: _, ...kept } = search;
  return new URLSearchParams(parametersWithColumns(kept)).toString();
}

export function searchOfQuery(query: string): ListSearch {
  return listSearch(Object.fromEntries(new URLSearchParams(query)));
}

function parametersWithColumns(search: ListSearch): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}

function isOfPage(key: string): boolean {
  return pageKeys.some((one) => one === key);
}
