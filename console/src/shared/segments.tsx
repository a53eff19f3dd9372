/** A few choices side by side, each of which is an address of the page. */
import { Link } from '@tanstack/react-router';
import type { ListSearch } from './list/address.ts';
import styles from './segments.module.css';

export interface Segment {
  readonly key: string;
  readonly label: string;
  readonly search: ListSearch;
  readonly isOn: boolean;
}

export function Segments({ label, segments }: { readonly label: string; readonly segments: readonly Segment[] }) {
  return (
    <nav className={styles.segments} aria-label={label}>
      {segments.map((segment) => (
        <Link
          key={segment.key}
          to="."
          search={segment.search}
          resetScroll={false}
          activeOptions={{ exact: true }}
          className={styles.segment}
          aria-current={segment.isOn ? 'page' : undefined}
        >
          {segment.label}
        </Link>
      ))}
    </nav>
  );
}
