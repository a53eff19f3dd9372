/** One order: how it stands, what to place for its names, what was found, its certificate. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { type Me, meQuery } from '../api/me.ts';
import { Problem } from '../api/problem.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from '../shared/blocks.tsx';
import { Failure } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './order.module.css';
import { OrderCertificate } from './order-certificate.tsx';
import { OrderFacts } from './order-facts.tsx';
import { OrderNames } from './order-names.tsx';
import { type Order, OrderStateChip } from './state-chips.tsx';

const route = getRouteApi('/frame/orders/$order');
/** While it is somebody's turn the server looks by itself, and so does the page. */
const openMs = 5000;
const closedMs = 60_000;

export function OrderPage() {
  return (
    <Needs operation="orders.show">
      <OneOrder />
    </Needs>
  );
}

function OneOrder() {
  const { orders } = useTexts();
  const { order: reference } = route.useParams();
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['order', reference],
    queryFn: ({ signal }) => call('orders', 'show', { order: reference }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? openMs : closedMs),
  });
  usePageTitle(data === undefined ? orders.title : orders.order(data.number));
  const isUnknown = error instanceof Problem && error.status === 404;

  return (
    <>
      <Link to="/orders" className={styles.back}>
        <Icon name="back" size={16} />
        {orders.title}
      </Link>
      {data !== undefined && me !== undefined && <Shown order={data} me={me} />}
      {data === undefined && error === null && <LoadingOrder />}
      {isUnknown && (
        <Empty isPage icon="search" title={orders.unknownTitle} text={orders.unknownText}>
          <Link to="/orders">{orders.toList}</Link>
        </Empty>
      )}
      {error !== null && !isUnknown && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
    </>
  );
}

function Shown({ order, me }: { readonly order: Order; readonly me: Me }) {
  const { orders } = useTexts();
  return (
    <>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1>{orders.order(order.number)}</h1>
          <OrderStateChip state={order.state} />
        </div>
        <p className={styles.summary}>{visible(order.summary)}</p>
        <p className="dim small">
          <span className={styles.piece}>
            {orders.facts.placed} <Moment at={order.createdAt} />
          </span>
          {order.orderedBy !== null && (
            <span className={styles.piece}>{orders.placedBy(visible(order.orderedBy.name))}</span>
          )}
        </p>
      </header>
      <div className={styles.columns}>
        <div className={styles.main}>
          <OrderNames order={order} me={me} />
        </div>
        <aside className={styles.side}>
          {order.certificate !== null && <OrderCertificate certificate={order.certificate} />}
          <OrderFacts order={order} />
        </aside>
      </div>
    </>
  );
}

function LoadingOrder() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width={220} height={28} />
        <Skeleton width="60%" />
        <Skeleton width="100%" height={180} />
      </div>
    </Loading>
  );
}
