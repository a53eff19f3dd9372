/** The list of orders: which ones, a part of a name, and rows by the hundred thousand. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from '../shared/blocks.tsx';
import { Failure } from '../shared/failure.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { OrderRows } from './order-rows.tsx';
import styles from './orders.module.css';
import { filtersOf, type OrdersSearch, orderViews } from './search.ts';
import { SearchField } from './search-field.tsx';

const route = getRouteApi('/frame/orders');
const pageSize = 100;

export function OrdersPage() {
  return (
    <Needs operation="orders.list">
      <Orders />
    </Needs>
  );
}

function Orders() {
  const { orders } = useTexts();
  const search = route.useSearch();
  usePageTitle(orders.title);
  return (
    <>
      <div className={styles.head}>
        <h1>{orders.title}</h1>
        <SearchField search={search} />
      </div>
      <nav aria-label={orders.viewsLabel} className={styles.views}>
        {orderViews.map((view) => (
          <Link
            key={view}
            to="/orders"
            search={{ ...(view === 'all' ? {} : { view }), ...(search.q === undefined ? {} : { q: search.q }) }}
            className={styles.view}
            aria-current={(search.view ?? 'all') === view ? 'page' : undefined}
          >
            {orders.views[view]}
          </Link>
        ))}
      </nav>
      <div className={`card ${styles.list}`}>
        <OrderList search={search} />
      </div>
    </>
  );
}

function OrderList({ search }: { readonly search: OrdersSearch }) {
  const { orders } = useTexts();
  const { data, error, refetch, isFetching, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['orders', filtersOf(search)],
    queryFn: ({ pageParam, signal }) =>
      call(
        'orders',
        'list',
        { ...filtersOf(search), limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // The rows of before stay while those of another part of a name are looked for.
    placeholderData: (before) => before,
  });
  if (data === undefined) {
    return error === null ? (
      <LoadingRows />
    ) : (
      <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />
    );
  }
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length > 0) {
    return (
      <>
        {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
        <OrderRows
          rows={rows}
          hasMore={hasNextPage}
          isLoadingMore={isFetchingNextPage}
          onMore={() => void fetchNextPage()}
        />
      </>
    );
  }
  const isNarrowed = search.q !== undefined || search.view !== undefined;
  if (!isNarrowed) {
    return (
      <Empty
        icon="orders"
        title={orders.empty}
        text={orders.emptyText}
        command="certmux order place tls-dv --csr www.csr"
      />
    );
  }
  return (
    <Empty icon="search" title={orders.noMatch} text={orders.noMatchText}>
      <Link to="/orders" search={{}}>
        {orders.clearAll}
      </Link>
    </Empty>
  );
}

const shownRows = ['58%', '44%', '66%', '50%', '38%', '61%'];

function LoadingRows() {
  return (
    <Loading>
      <div className={styles.loadingRows}>
        {shownRows.map((width) => (
          <Skeleton key={width} width={width} height={18} />
        ))}
      </div>
    </Loading>
  );
}
