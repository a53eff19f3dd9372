/** What became of each row of a bulk act: those that were refused first, with the reason. */
import { CloseButton } from '@mantine/core';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../icons.tsx';
import { visible } from '../visible.ts';
import styles from './list.module.css';

export interface BulkResult {
  readonly id: string;
  readonly label: string;
  /** Null: it was done. */
  readonly failure: string | null;
}

export interface BulkRun {
  readonly label: string;
  readonly results: readonly BulkResult[];
  readonly isOver: boolean;
}

export function BulkResults({ run, onClose }: { readonly run: BulkRun; readonly onClose: () => void }) {
  const texts = useTexts().list;
  const failed = run.results.filter(({ failure }) => failure !== null);
  const done = run.results.filter(({ failure }) => failure === null);
  return (
    <>
      <div className={styles.bulkResults}>
        <span role="status" className={styles.bulkCount}>
          {texts.resultOf(run.label)} {run.isOver ? texts.ran(done.length, failed.length) : texts.running}
        </span>
        <ul>
          {[...failed, ...done].map(({ id, label, failure }) => (
            <li key={id} data-failed={failure !== null}>
              <Icon name={failure === null ? 'check' : 'alert'} size={14} />
              <span>
                <strong>{label}</strong> {failure === null ? texts.isDone : visible(failure)}
              </span>
            </li>
          ))}
        </ul>
      </div>
      {run.isOver && <CloseButton aria-label={texts.close} onClick={onClose} className={styles.bulkClose} />}
    </>
  );
}
