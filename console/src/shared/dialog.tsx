/** A dialog with its title. Its head is no banner of the page, which a `header` outside of everything else would be. */
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './dialog.module.css';

export interface DialogProps {
  readonly title: string;
  readonly size: number;
  /** It shows what is not shown again: a click beside it must not close it. */
  readonly isOnce?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Mounted while it is open. */
export function Dialog({ title, size, isOnce = false, onClose, children }: DialogProps) {
  const { shared } = useTexts();
  return (
    <Modal.Root opened onClose={onClose} size={size} centered closeOnClickOutside={!isOnce}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={shared.close} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
