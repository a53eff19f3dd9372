/** What a row leads to, beside the list: it has an address of its own, goes along with `j` and `k`, and closes by Escape. */
import { CloseButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CrashGuard } from '../crash-guard.tsx';
import { Icon } from '../icons.tsx';
import type { ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';

export interface SidePanelProps<Row extends ListRow> {
  readonly detail: NonNullable<ListDefinition<Row>['detail']>;
  readonly reference: string;
  readonly onClose: () => void;
}

export function SidePanel<Row extends ListRow>({ detail, reference, onClose }: SidePanelProps<Row>) {
  const texts = useTexts().list;
  const panel = useRef<HTMLElement>(null);
  // What has the focus in here goes with the panel: the row has it again.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const { Panel } = detail;
  return (
    <aside ref={panel} className={styles.panel} aria-label={texts.panel}>
      <div className={styles.panelBar}>
        <Link to={detail.pathOf(reference)} className={styles.panelPage}>
          <Icon name="expand" size={16} />
          {texts.openPage}
        </Link>
        <CloseButton aria-label={texts.close} onClick={onClose} size={36} />
      </div>
      <div className={styles.panelBody}>
        <CrashGuard resetKey={reference}>
          <Panel key={reference} reference={reference} />
        </CrashGuard>
      </div>
    </aside>
  );
}
