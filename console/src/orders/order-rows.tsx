// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed one by one are no rows of a table to browsers, but for their roles
// biome-ignore-all lint/a11y/useFocusableInteractive: of a table, not of a grid: its links have the focus
/** The rows that can be seen, of however many there are. On phones each is a card. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { DaysLeft, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './orders.module.css';
import { type OrderRow, TurnChip } from './state-chips.tsx';

export interface OrderRowsProps {
  readonly rows: readonly OrderRow[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
}

const rowHeight = 64;
/** So many rows before the end the next ones are fetched. */
const nearEnd = 20;

export function OrderRows({ rows, hasMore, isLoadingMore, onMore }: OrderRowsProps) {
  const { orders, shared } = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= rows.length - nearEnd) onMore();
  }, [hasMore, isLoadingMore, last, rows.length, onMore]);

  return (
    <div role="table" aria-label={orders.title} aria-rowcount={hasMore ? -1 : rows.length + 1}>
      <div role="rowgroup" className={styles.headings}>
        <div role="row" className={styles.row} aria-rowindex={1}>
          {(['number', 'names', 'turn', 'product', 'ends'] as const).map((column) => (
            <span role="columnheader" key={column}>
              {orders.columns[column]}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" ref={list} className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ key, index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              ref={virtual.measureElement}
              className={`${styles.row} ${styles.item}`}
              style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
            >
              <Cells row={row} />
            </div>
          );
        })}
      </div>
      {hasMore && (
        <div className={styles.more}>
          <Button variant="subtle" loading={isLoadingMore} onClick={onMore}>
            {isLoadingMore ? shared.loadingMore : shared.more}
          </Button>
        </div>
      )}
    </div>
  );
}

function Cells({ row }: { readonly row: OrderRow }) {
  const { orders } = useTexts();
  const [first = ''] = row.names;
  const more = row.nameCount - 1;
  return (
    <>
      <span role="cell" className={styles.number}>
        <Link to="/orders/$order" params={{ order: String(row.number) }} aria-label={orders.order(row.number)}>
          {row.number}
        </Link>
      </span>
      <span role="cell" className={styles.names}>
        <span>
          <DomainName name={first} />{' '}
          {more > 0 && (
            <span className="dim" role="img" aria-label={orders.moreNamesLabel(more)}>
              {orders.moreNames(more)}
            </span>
          )}
        </span>
        <span className="dim small">{visible(row.accountName)}</span>
      </span>
      <span role="cell" className={styles.turn}>
        <TurnChip turn={row.turn} state={row.state} />
        <span className={`dim small ${styles.why}`}>{visible(row.failing?.text ?? row.summary)}</span>
      </span>
      <span role="cell" className={styles.product}>
        <span>{visible(row.productName)}</span>
        <span className="dim small">
          <Relative at={row.createdAt} />
        </span>
      </span>
      <span role="cell" className={styles.ends} data-empty={row.certificate === null}>
        {row.certificate === null ? <span className="dim">–</span> : <DaysLeft until={row.certificate.notAfter} />}
      </span>
    </>
  );
}
