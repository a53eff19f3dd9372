/** The whole row leads to its object: beside the list where there is room, on phones to its page. Opened in another tab it is the page. */
import { Link } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import type { ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import type { Address } from './use-address.ts';

export interface RowLinkProps<Row extends ListRow> {
  readonly detail: NonNullable<ListDefinition<Row>['detail']>;
  readonly row: Row;
  readonly address: Address;
  readonly children: ReactNode;
}

/** As in the style: narrower windows have cards and pages. */
const wide = '(min-width: 768px)';

export function RowLink<Row extends ListRow>({ detail, row, address, children }: RowLinkProps<Row>) {
  const reference = detail.referenceOf(row);

  function open(event: MouseEvent) {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain || !window.matchMedia(wide).matches) return;
    event.preventDefault();
    address.change({ open: address.search.open === reference ? undefined : reference });
  }

  return (
    <Link to={detail.pathOf(reference)} className={styles.rowLink} onClick={open} preload={false}>
      {children}
    </Link>
  );
}
