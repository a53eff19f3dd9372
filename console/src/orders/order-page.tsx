/** One order: whose turn it is and what that somebody does, then its names, timeline, certificates and notes under tabs with addresses of their own. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Me, meQuery } from '../api/me.ts';
import { Problem } from '../api/problem.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from '../shared/blocks.tsx';
import { Failure } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import { Notice, type NoticeProps } from '../shared/notice.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { changesOf } from './changes.ts';
import styles from './order.module.css';
import { OrderCertificate } from './order-certificate.tsx';
import { OrderFacts } from './order-facts.tsx';
import { OrderHead } from './order-head.tsx';
import { type Order, orderQuery } from './order-query.ts';
import { type OrderTab, OrderTabs } from './order-tabs.tsx';
import { CertificatesTab } from './tabs/certificates-tab.tsx';
import { NamesTab } from './tabs/names-tab.tsx';
import { NotesTab } from './tabs/notes-tab.tsx';
import { RawTab } from './tabs/raw-tab.tsx';
import { TimelineTab } from './tabs/timeline-tab.tsx';

export function OrderPage() {
  return (
    <Needs operation="orders.show">
      <OneOrder />
    </Needs>
  );
}

function OneOrder() {
  const { orders } = useTexts();
  const { order: reference = '' } = useParams({ strict: false });
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch, isFetching } = useQuery(orderQuery(reference));
  usePageTitle(data === undefined ? orders.title : orders.order(data.number));
  const isUnknown = error instanceof Problem && error.status === 404;

  return (
    <>
      <Link to="/orders" className={styles.back}>
        <Icon name="back" size={16} />
        {orders.title}
      </Link>
      {data !== undefined && me !== undefined && <Shown key={reference} order={data} me={me} reference={reference} />}
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

interface ShownProps {
  readonly order: Order;
  readonly me: Me;
  readonly reference: string;
}

function Shown({ order, me, reference }: ShownProps) {
  const texts = useTexts();
  const { order: words } = texts;
  const { tab = 'names' } = useParams({ strict: false });
  const [notice, notify] = useState<Pick<NoticeProps, 'tone' | 'children'> | undefined>();
  // What somebody had before them when the order turned out to be another by then.
  const [stale, setStale] = useState<Order | undefined>();
  const changes = stale === undefined ? [] : changesOf(stale, order, texts);
  const shown = tabs.find(({ key }) => key === tab)?.key ?? 'names';

  return (
    <>
      <OrderHead
        order={order}
        me={me}
        onDone={(done) => {
          setStale(undefined);
          notify({ tone: 'good', children: done });
        }}
        onStale={setStale}
        onFailed={({ detail }) => notify({ tone: 'bad', children: detail })}
      />
      {notice !== undefined && (
        <Notice
          tone={notice.tone}
          onClose={() => {
            notify(undefined);
            setStale(undefined);
          }}
        >
          {notice.children}
          {changes.length > 0 && (
            <ul className={styles.changes}>
              <li>{words.meanwhile}</li>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      <OrderTabs order={order} reference={reference} shown={shown} />
      <div className={styles.columns}>
        <div className={styles.main}>{contents[shown](order, me)}</div>
        <aside className={styles.side}>
          {order.certificate !== null && <OrderCertificate certificate={order.certificate} />}
          <OrderFacts order={order} />
        </aside>
      </div>
    </>
  );
}

const contents: Readonly<Record<OrderTab, (order: Order, me: Me) => ReactNode>> = {
  names: (order, me) => <NamesTab order={order} me={me} />,
  timeline: (order) => <TimelineTab order={order} />,
  certificates: (order) => <CertificatesTab order={order} />,
  notes: (order, me) => <NotesTab order={order} me={me} />,
  raw: (order) => <RawTab order={order} />,
};

const tabs = Object.keys(contents).flatMap((key) => (isTab(key) ? [{ key }] : []));

function isTab(key: string): key is OrderTab {
  return key in contents;
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
