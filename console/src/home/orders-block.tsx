/** The first orders of a list, by the same question as the list itself. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { filtersOf } from '../orders/search.ts';
import { type OrderRow, TurnChip } from '../orders/state-chips.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Loading, Skeleton } from '../shared/blocks.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Failure } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import { DaysLeft, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './home.module.css';

const shownRows = 5;
/** What is looked at while somebody waits for it. */
const againMs = 30_000;

export function OrdersBlock({ view }: { readonly view: 'failing' | 'open' | 'ending' }) {
  const { home } = useTexts();
  const { title, none } = home.blocks[view];
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['orders', 'first', view],
    queryFn: ({ signal }) => call('orders', 'list', { ...filtersOf({ view }), limit: shownRows }, { signal }),
    refetchInterval: againMs,
  });
  const rows = data?.items ?? [];
  return (
    <section className={`card ${styles.block}`} aria-labelledby={`block-${view}`}>
      <div className={styles.head}>
        <h2 id={`block-${view}`}>{title}</h2>
        {rows.length > 0 && (
          <Link to="/orders" search={{ view }} aria-label={home.allOf(title)}>
            {home.all}
          </Link>
        )}
      </div>
      {data === undefined && error === null && <LoadingRows />}
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data !== undefined && rows.length === 0 && (
        <p className={styles.none}>
          <Icon name="check" />
          {none}
        </p>
      )}
      <ul>
        {rows.map((row) => (
          <li key={row.id} className={styles.row}>
            <Row row={row} view={view} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ row, view }: { readonly row: OrderRow; readonly view: 'failing' | 'open' | 'ending' }) {
  const { orders } = useTexts();
  const [name = ''] = row.names;
  return (
    <>
      <div className={styles.what}>
        <Link to="/orders/$order" params={{ order: String(row.number) }} className={styles.link}>
          <DomainName name={name} />
          {row.nameCount > 1 && <span className="dim"> {orders.moreNames(row.nameCount - 1)}</span>}
        </Link>
        <span className={`dim small ${styles.why}`}>{visible(row.failing?.text ?? row.summary)}</span>
      </div>
      <div className={styles.when}>
        {view !== 'ending' && <TurnChip turn={row.turn} state={row.state} />}
        <span className="dim small">
          {view === 'ending' && row.certificate !== null ? (
            <DaysLeft until={row.certificate.notAfter} />
          ) : (
            <Relative at={row.failing?.since ?? row.createdAt} />
          )}
        </span>
      </div>
    </>
  );
}

function LoadingRows() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width="52%" />
        <Skeleton width="70%" />
        <Skeleton width="44%" />
      </div>
    </Loading>
  );
}
