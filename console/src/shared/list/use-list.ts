/**
 * The rows of a list, page by page, by the question that its address asks. So many rows are kept at most: those that are far out of sight are
 * asked for again when somebody goes back to them, by the cursor that led to them.
 */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ListPage, ListTotal, Parameters } from '../../api/list.ts';
import { renewList } from '../../live/refresher.ts';
import type { ListDefinition, ListRow } from './definition.ts';
import { type FreshPage, goneFrom, inPlace, type KeptPages, newIn } from './renewed.ts';

const pageSize = 200;
/** 2,000 rows. */
const mostPages = 10;
/** The cursor of the first page. */
const begin: string = '';

export interface LoadedList<Row> {
  /** Undefined: nothing came yet. */
  readonly rows: readonly Row[] | undefined;
  /** How many rows stand before these and are not kept. */
  readonly offset: number;
  readonly total: ListTotal | undefined;
  readonly error: Error | null;
  readonly loadedAt: string;
  /** The rows are those of another question, while the answer to this one is on its way. */
  readonly isOld: boolean;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** What came since, and what went; it is shown by `showChanges`. */
  readonly newCount: number;
  readonly gone: ReadonlySet<string>;
  again(): void;
  more(): void;
  /** Rows around this place are in sight. */
  look(first: number, last: number): void;
  showChanges(): void;
}

/** What is known of the list of one question beside the rows that are kept. */
interface Known<Row> {
  readonly question: string;
  /** The cursor of each page that was ever seen, in their order. */
  cursors: string[];
  ids: Set<string>;
  /** Cursors of the pages that are in sight. */
  inSight: ReadonlySet<string>;
  first: ListPage<Row> | undefined;
  at: number;
}

export function useList<Row extends ListRow>(
  { source, paging, againMs }: Pick<ListDefinition<Row>, 'source' | 'paging' | 'againMs'>,
  parameters: Parameters,
): LoadedList<Row> {
  const queries = useQueryClient();
  const queryKey = [source.noun, 'list', parameters] as const;
  const question = JSON.stringify(queryKey);
  const known = useRef<Known<Row>>(nothingKnown(''));
  if (known.current.question !== question) known.current = knownOf(question, queries.getQueryData(queryKey));
  const [pending, setPending] = useState({ question, new: none, gone: none });
  const load = (cursor: string, signal?: AbortSignal) =>
    source.load({ ...parameters, ...pageOf(paging, cursor) }, signal ?? AbortSignal.timeout(renewLimitMs));

  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }) => {
      const page = await load(pageParam, signal);
      if (known.current.question === question) note(known.current, pageParam, page);
      return page;
    },
    initialPageParam: begin,
    maxPages: mostPages,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    getPreviousPageParam: (_first, _all, cursor: string) => {
      const { cursors } = known.current;
      return cursors[cursors.indexOf(cursor) - 1];
    },
    // The rows of before stay while those of another question are on their way.
    placeholderData: (before) => before,
    meta: againMs === undefined ? {} : { againMs, isAlwaysAsked: true },
  });
  const { data } = query;
  const offset = Math.max(known.current.cursors.indexOf(String(data?.pageParams[0] ?? begin)), 0) * pageSize;

  /** Brings up to date what is in sight. */
  async function renew(): Promise<void> {
    const before = queries.getQueryData<KeptPages<Row>>(queryKey);
    const state = known.current;
    if (before === undefined || state.question !== question) return;
    const cursors = [...new Set([begin, ...state.inSight])];
    const fresh: FreshPage<Row>[] = await Promise.all(
      cursors.map(async (cursor) => ({ cursor, page: await load(cursor) })),
    );
    const first = fresh[0]?.page;
    if (first === undefined || known.current !== state) return;
    // A row that was pushed to the second page by what came is read there.
    if (newIn(first, state.ids).length > 0 && first.nextCursor !== null)
      fresh.push({ cursor: first.nextCursor, page: await load(first.nextCursor) });
    const kept = queries.getQueryData<KeptPages<Row>>(queryKey);
    if (kept === undefined || known.current !== state) return;
    state.first = first;
    const isEmpty = kept.pages.every(({ items }) => items.length === 0);
    if (isEmpty) {
      showFirst(first);
      return;
    }
    queries.setQueryData<KeptPages<Row>>(queryKey, inPlace(kept, fresh));
    setPending({
      question,
      new: new Set(newIn(first, state.ids)),
      gone: new Set(goneFrom(kept, fresh)),
    });
  }

  function showFirst(page: ListPage<Row>): void {
    known.current = { ...nothingKnown<Row>(question), first: page };
    note(known.current, begin, page);
    queries.setQueryData<KeptPages<Row>>(queryKey, { pages: [page], pageParams: [begin] });
    setPending({ question, new: none, gone: none });
  }

  const latest = useRef(renew);
  latest.current = renew;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is the key
  useEffect(() => {
    // Kept from an earlier visit, without what led to it: it begins again.
    if (
      data !== undefined &&
      !query.isPlaceholderData &&
      !known.current.cursors.includes(String(data.pageParams[0] ?? begin))
    )
      void queries.resetQueries({ queryKey, exact: true });
  }, [question]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is the key
  useEffect(() => renewList(queryKey, () => latest.current()), [question]);

  const rows = data?.pages.flatMap(({ items }) => items);
  const isPending = pending.question === question;
  const present = new Set(rows?.map(({ id }) => id));

  /** Far away from what is kept: the page there is asked for alone, instead of all between. */
  async function jump(page: number): Promise<void> {
    const state = known.current;
    const cursor = state.cursors[page];
    if (cursor === undefined || state.at === page) return;
    state.at = page;
    try {
      const loaded = await load(cursor);
      if (known.current === state)
        queries.setQueryData<KeptPages<Row>>(queryKey, { pages: [loaded], pageParams: [cursor] });
    } catch {
      // Whoever goes on looking asks again.
    } finally {
      state.at = -1;
    }
  }

  return {
    rows,
    offset,
    total: known.current.first?.total ?? data?.pages.find(({ total }) => total !== undefined)?.total,
    error: query.error,
    loadedAt: new Date(query.dataUpdatedAt).toISOString(),
    isOld: query.isPlaceholderData,
    isLoading: query.isFetching,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    newCount: isPending ? [...pending.new].filter((id) => !present.has(id)).length : 0,
    gone: isPending ? pending.gone : none,
    again: () => void query.refetch(),
    more: () => void query.fetchNextPage(),
    look(first, last) {
      const { cursors } = known.current;
      const pages = [Math.floor(first / pageSize), Math.floor(last / pageSize)];
      known.current.inSight = new Set(pages.flatMap((page) => cursors[page] ?? []));
      const from = offset / pageSize;
      if (query.isFetching || offset === 0 || first >= offset + marginRows) return;
      if (last < offset - pageSize) void jump(pages[0] ?? 0);
      else if (from > 0) void query.fetchPreviousPage();
    },
    showChanges() {
      const { first } = known.current;
      window.scrollTo({ top: 0 });
      if (first !== undefined) showFirst(first);
    },
  };
}

/** So many rows before the first that is kept, those before it are asked for. */
const marginRows = 20;
const renewLimitMs = 60_000;
const none: ReadonlySet<string> = new Set();

function nothingKnown<Row>(question: string): Known<Row> {
  return { question, cursors: [begin], ids: new Set(), inSight: new Set(), first: undefined, at: -1 };
}

function knownOf<Row extends ListRow>(question: string, kept: KeptPages<Row> | undefined): Known<Row> {
  const known = nothingKnown<Row>(question);
  if (kept?.pageParams[0] !== begin) return known;
  for (const [index, page] of kept.pages.entries()) note(known, kept.pageParams[index] ?? begin, page);
  return known;
}

/** A page that is read again at its place changes neither the places of others nor what was seen of them. */
function note<Row extends ListRow>(
  known: Known<Row>,
  cursor: string,
  { items, nextCursor, ...page }: ListPage<Row>,
): void {
  if (cursor === begin) known.first = { items, nextCursor, ...page };
  for (const { id } of items) known.ids.add(id);
  const at = known.cursors.indexOf(cursor);
  if (at < 0 || nextCursor === null) return;
  if (known.cursors[at + 1] !== nextCursor) known.cursors = [...known.cursors.slice(0, at + 1), nextCursor];
}

function pageOf(paging: ListDefinition<ListRow>['paging'], cursor: string): Parameters {
  if (paging === 'whole') return {};
  if (cursor !== begin) return { limit: String(pageSize), cursor };
  return { limit: String(pageSize), ...(paging === 'counted' ? { total: 'true' } : {}) };
}
