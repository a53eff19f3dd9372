/** What became of an act, above what it was about; it stays until somebody closes it. */
import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from './icons.tsx';
import styles from './notice.module.css';

export interface NoticeProps {
  readonly tone: 'good' | 'bad';
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function Notice({ tone, children, onClose }: NoticeProps) {
  const { shared } = useTexts();
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={tone === 'bad' ? 'alert' : 'check'} />
      <div className={styles.text}>{children}</div>
      <CloseButton size="sm" aria-label={shared.close} onClick={onClose} />
    </div>
  );
}
