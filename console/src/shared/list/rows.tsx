// biome-ignore-all lint/a11y/useSemanticElements: rows that are placed one by one are no rows of a table to browsers, but for their roles
// biome-ignore-all lint/a11y/useFocusableInteractive: of a table, not of a grid: its links have the focus
/** The rows that can be seen, of however many there are. On phones each is a card. */
import { Button } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Skeleton } from '../blocks.tsx';
import type { Column, ListDefinition, ListRow } from './definition.ts';
import { Headings } from './headings.tsx';
import styles from './list.module.css';
import { RowLink } from './row-link.tsx';
import type { Address } from './use-address.ts';
import type { LoadedList } from './use-list.ts';
import { useListKeys } from './use-list-keys.ts';
import type { Selection } from './use-selection.ts';

export interface RowsProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly loaded: LoadedList<Row>;
  readonly address: Address;
  /** Null: nothing can be done with several. */
  readonly selection: Selection | null;
}

const rowHeight = 50;
/** So many rows before the end the next ones are fetched. */
const nearEnd = 20;

export function Rows<Row extends ListRow>({ list, columns, rows, loaded, address, selection }: RowsProps<Row>) {
  const { shared } = useTexts();
  const { offset } = loaded;
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(place.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: offset + rows.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => rows[index - offset]?.id ?? index,
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  const { hasMore, isLoadingMore, more, look, total, gone } = loaded;
  const count = offset + rows.length;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= count - nearEnd) more();
  }, [hasMore, isLoadingMore, last, count, more]);
  useEffect(() => look(first, last));
  useRowKeys({ rows, offset, scrollTo: (index) => virtual.scrollToIndex(index), address, selection, place });
  // What came since is in the total, but not among these rows yet.
  const rowCount = hasMore ? (total?.isMore === false ? Math.max(total.count, count) + 1 : -1) : count + 1;

  return (
    <div
      role="table"
      aria-label={list.title}
      aria-rowcount={rowCount}
      className={styles.table}
      data-old={loaded.isOld}
      style={tracksOf(columns, selection !== null)}
    >
      <Headings list={list} columns={columns} rows={rows} address={address} selection={selection} />
      <div role="rowgroup" ref={place} className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ key, index, start }) => {
          const row = rows[index - offset];
          if (row === undefined) {
            return (
              <div
                key={key}
                aria-hidden="true"
                className={`${styles.row} ${styles.item}`}
                style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
              >
                <Skeleton width="60%" />
              </div>
            );
          }
          const reference = list.detail?.referenceOf(row);
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              data-gone={gone.has(row.id)}
              data-open={reference !== undefined && reference === address.search.open}
              ref={virtual.measureElement}
              className={`${styles.row} ${styles.item}`}
              style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
            >
              <Cells list={list} columns={columns} row={row} address={address} selection={selection} />
            </div>
          );
        })}
      </div>
      {hasMore && (
        <div className={styles.more}>
          <Button variant="subtle" loading={isLoadingMore} onClick={more}>
            {isLoadingMore ? shared.loadingMore : shared.more}
          </Button>
        </div>
      )}
    </div>
  );
}

type CellsProps<Row extends ListRow> = Pick<RowsProps<Row>, 'list' | 'columns' | 'address' | 'selection'> & {
  readonly row: Row;
};

function Cells<Row extends ListRow>({ list, columns, row, address, selection }: CellsProps<Row>) {
  const texts = useTexts().list;
  const label = list.detail?.labelOf(row) ?? row.id;
  return (
    <>
      {selection !== null && (
        <span role="cell" className={styles.mark}>
          <label>
            <input
              type="checkbox"
              aria-label={texts.mark(label)}
              checked={selection.ids.has(row.id)}
              onChange={() => selection.toggle(row.id)}
            />
          </label>
        </span>
      )}
      {columns.map(({ key, label: heading, cell, isWide = false, onCard, hasCardLabel = false }, index) => (
        <span
          key={key}
          role="cell"
          className={styles.cell}
          data-wide={isWide}
          data-card={onCard ?? 'line'}
          data-label={hasCardLabel ? heading : undefined}
        >
          {index === 0 && list.detail !== undefined ? (
            <RowLink detail={list.detail} row={row} address={address}>
              {cell(row)}
            </RowLink>
          ) : (
            cell(row)
          )}
        </span>
      ))}
    </>
  );
}

/** As variables: the style of the page decides which of them counts. */
function tracksOf<Row>(columns: readonly Column<Row>[], isMarkable: boolean): CSSProperties {
  const tracks = (some: readonly Column<Row>[]) =>
    [...(isMarkable ? ['24px'] : []), ...some.map(({ width }) => width)].join(' ');
  return Object.fromEntries([
    ['--tracks', tracks(columns)],
    ['--few-tracks', tracks(columns.filter(({ isWide = false }) => !isWide))],
  ]);
}

interface RowKeys {
  readonly rows: readonly ListRow[];
  readonly offset: number;
  readonly scrollTo: (index: number) => void;
  readonly address: Address;
  readonly selection: Selection | null;
  readonly place: RefObject<HTMLDivElement | null>;
}

/** The row whose link has the focus is the present one. */
function useRowKeys({ rows, offset, scrollTo, address, selection, place }: RowKeys): void {
  const end = offset + rows.length;
  const wanted = useRef<number | undefined>(undefined);
  const present = () => {
    const row = document.activeElement?.closest<HTMLElement>('[data-index]');
    return row != null && place.current?.contains(row) === true ? Number(row.dataset.index) : undefined;
  };
  const focus = (index: number) => {
    const link = place.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
    if (link == null) return false;
    link.focus({ preventScroll: false });
    return true;
  };
  // A row that was out of sight is there once it was drawn.
  useEffect(() => {
    if (wanted.current !== undefined && focus(wanted.current)) wanted.current = undefined;
  });
  useListKeys({
    move(step) {
      const next = Math.min(Math.max((present() ?? (step === 1 ? -1 : end)) + step, 0), end - 1);
      if (focus(next)) return;
      wanted.current = next;
      scrollTo(next);
    },
    mark() {
      const row = rows[(present() ?? -1) - offset];
      if (row !== undefined) selection?.toggle(row.id);
    },
    close: () => {
      if (address.search.open !== undefined) address.change({ open: undefined });
    },
  });
}
