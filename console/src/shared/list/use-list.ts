/** The rows of a list, page by page, by the question that its address asks. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ListTotal, Parameters } from '../../api/list.ts';
import type { ListDefinition, ListRow } from './definition.ts';

const pageSize = '100';

export interface LoadedList<Row> {
  /** Undefined: nothing came yet. */
  readonly rows: readonly Row[] | undefined;
  readonly total: ListTotal | undefined;
  readonly error: Error | null;
  readonly loadedAt: string;
  /** The rows are those of another question, while the answer to this one is on its way. */
  readonly isOld: boolean;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  again(): void;
  more(): void;
}

export function useList<Row extends ListRow>(
  { source, paging, againMs }: Pick<ListDefinition<Row>, 'source' | 'paging' | 'againMs'>,
  parameters: Parameters,
): LoadedList<Row> {
  const query = useInfiniteQuery({
    queryKey: [source.noun, 'list', parameters],
    queryFn: ({ pageParam, signal }) => source.load({ ...parameters, ...pageOf(paging, pageParam) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // The rows of before stay while those of another question are on their way.
    placeholderData: (before) => before,
    ...(againMs === undefined ? {} : { refetchInterval: againMs }),
  });
  const [first] = query.data?.pages ?? [];
  return {
    rows: query.data?.pages.flatMap(({ items }) => items),
    total: first?.total,
    error: query.error,
    loadedAt: new Date(query.dataUpdatedAt).toISOString(),
    isOld: query.isPlaceholderData,
    isLoading: query.isFetching,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    again: () => void query.refetch(),
    more: () => void query.fetchNextPage(),
  };
}

function pageOf(paging: ListDefinition<ListRow>['paging'], cursor: string | null): Parameters {
  if (paging === 'whole') return {};
  if (cursor !== null) return { limit: pageSize, cursor };
  return { limit: pageSize, ...(paging === 'counted' ? { total: 'true' } : {}) };
}
