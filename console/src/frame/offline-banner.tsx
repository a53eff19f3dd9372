/** Says that what is shown may be old, as long as there is no connection. */
import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './frame.module.css';

export function OfflineBanner() {
  const { frame } = useTexts();
  const isOnline = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  );
  return (
    <div role="status">
      {!isOnline && (
        <p className={styles.offline}>
          <Icon name="cloudOff" />
          {frame.offline}
        </p>
      )}
    </div>
  );
}
