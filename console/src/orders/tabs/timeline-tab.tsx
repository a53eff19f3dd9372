/** What happened to an order, newest first: who did it, whose turn began with it and how long that lasted, and the evidence behind it. */
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Reply } from '../../api/call.ts';
import type { Texts } from '../../messages/texts.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Loading, Skeleton } from '../../shared/blocks.tsx';
import { Failure, failureText } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Moment, Relative, spanText } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import { CheckLines } from '../cockpit/check-history.tsx';
import type { Order } from '../order-query.ts';
import styles from './tabs.module.css';

type Entry = Reply<'orders', 'timeline'>['items'][number];

export function TimelineTab({ order }: { readonly order: Order }) {
  const { order: words, shared } = useTexts();
  const number = String(order.number);
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['order', number, 'timeline'],
    queryFn: ({ signal, pageParam }) =>
      call(
        'orders',
        'timeline',
        { order: number, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section className={`card ${styles.section}`} aria-label={words.tabs.timeline}>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data === undefined && error === null && <LoadingLines />}
      <ol className={styles.timeline}>
        {entries.map((entry) => (
          <Line key={`${entry.at} ${entry.kind} ${entry.name} ${entry.method}`} entry={entry} />
        ))}
      </ol>
      {hasNextPage && (
        <div className={styles.more}>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {shared.more}
          </Button>
        </div>
      )}
    </section>
  );
}

function Line({ entry }: { readonly entry: Entry }) {
  const texts = useTexts();
  const { order: words, orders } = texts;
  const { turn } = entry;
  const authorization = /\/authorizations\/([^/]+)\/checks$/.exec(entry.evidence ?? '')?.[1];
  const isFailure = entry.reason !== null && (entry.kind === 'check' || /[fF]ailed|Refused|rejected/.test(entry.kind));
  return (
    <li className={styles.line} data-tone={isFailure ? 'bad' : undefined}>
      <span className={styles.dot} />
      <div className={styles.what}>
        <p>
          <strong>{visible(entry.text)}</strong>
          {entry.name !== null && <code> {visible(entry.name)}</code>}
          {entry.method !== null && <span className="dim"> {orders.methods[entry.method]}</span>}
        </p>
        {entry.reason !== null && <p className={styles.why}>{visible(entry.reason)}</p>}
        <p className="dim small">
          {entry.count > 1 && (
            <>
              {words.times(entry.count)}, {words.first} <Relative at={entry.since} />
              {' · '}
            </>
          )}
          {visible(entry.actor.name)}
          {entry.actor.credential !== null && ` (${visible(entry.actor.credential)})`}
        </p>
        {authorization !== undefined && <Evidence authorization={authorization} />}
        {turn !== null && (
          <p className={styles.turn}>
            <Icon name="person" size={14} />
            {turnText(turn, texts)}
          </p>
        )}
      </div>
      <span className={`dim small ${styles.at}`}>
        <Moment at={entry.at} />
      </span>
    </li>
  );
}

function turnText({ who, seconds, ended, endedAfterSeconds }: NonNullable<Entry['turn']>, texts: Texts): string {
  const { order: words, orders } = texts;
  const span = (value: number) => spanText(value * 1000, texts);
  const began = who === 'nobody' ? words.turnNobody : words.turnBegan(orders.turns[who]);
  const lasted = seconds === null || who === 'nobody' ? '' : words.turnLasted(span(seconds));
  if (ended === null || ended === 'nobody' || endedAfterSeconds === null) return `${began}${lasted}`;
  return `${began}${lasted}${words.turnBefore(orders.turns[ended], span(endedAfterSeconds))}`;
}

function Evidence({ authorization }: { readonly authorization: string }) {
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['order', 'checks', authorization],
    queryFn: ({ signal }) => call('checks', 'ofAuthorization', { authorization }, { signal }),
    enabled: isOpen,
  });
  return (
    <details className={styles.evidence} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.order.evidence}</summary>
      {error !== null && <p className={styles.why}>{failureText(error, texts)}</p>}
      {data === undefined && error === null && <p className="dim small">{texts.shared.loading}</p>}
      {data !== undefined && <CheckLines checks={data.checks} />}
    </details>
  );
}

function LoadingLines() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width="44%" />
        <Skeleton width="66%" />
        <Skeleton width="52%" />
      </div>
    </Loading>
  );
}
