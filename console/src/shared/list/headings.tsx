// biome-ignore-all lint/a11y/useSemanticElements: see rows.tsx
// biome-ignore-all lint/a11y/useFocusableInteractive: see rows.tsx
/** What the columns are, and the buttons that sort by them. */
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../icons.tsx';
import { parametersOf } from './address.ts';
import type { Column, ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import type { Address } from './use-address.ts';
import type { Selection } from './use-selection.ts';

export interface HeadingsProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly address: Address;
  readonly selection: Selection | null;
}

export function Headings<Row extends ListRow>({ list, columns, rows, address, selection }: HeadingsProps<Row>) {
  const texts = useTexts().list;
  const isSortable = list.isSortable?.(parametersOf(address.search)) ?? true;
  return (
    <div role="rowgroup" className={styles.headings}>
      <div role="row" className={styles.row} aria-rowindex={1}>
        {selection !== null && (
          <span role="columnheader" className={styles.mark}>
            <input
              type="checkbox"
              aria-label={texts.markAll}
              checked={rows.length > 0 && rows.every(({ id }) => selection.ids.has(id))}
              onChange={() => selection.toggleAll(rows)}
            />
          </span>
        )}
        {columns.map((column) => (
          <Heading key={column.key} column={column} address={address} isSortable={isSortable} />
        ))}
      </div>
    </div>
  );
}

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly address: Address;
  readonly isSortable: boolean;
}

function Heading<Row>({ column, address, isSortable }: HeadingProps<Row>) {
  const { label, sort, isWide = false } = column;
  const { search, change } = address;
  if (sort === undefined || !isSortable) {
    return (
      <span role="columnheader" data-wide={isWide}>
        {label}
      </span>
    );
  }
  const isUp = search.sort === sort;
  const isDown = search.sort === `-${sort}`;
  return (
    <span role="columnheader" data-wide={isWide} aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => change({ sort: isUp ? `-${sort}` : isDown ? undefined : sort, open: undefined })}
      >
        {label}
        {(isUp || isDown) && <Icon name={isUp ? 'up' : 'down'} size={14} />}
      </button>
    </span>
  );
}
