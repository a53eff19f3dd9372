/** Asks before something is done to many that cannot be taken back, and names them. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../confirm/confirm-dialog.tsx';
import type { ActOptions } from '../confirm/use-act.ts';
import type { BulkRun } from './bulk-results.tsx';
import type { BulkConfirm } from './definition.ts';
import styles from './list.module.css';

/** The rest is counted. */
const shownLabels = 8;

export interface BulkDialogProps {
  readonly confirm: BulkConfirm;
  readonly act: string;
  /** What it is done to. */
  readonly labels: readonly string[];
  /** Marked as well, but it cannot be done to these. */
  readonly leftOut: number;
  readonly run: (note: string, options: ActOptions) => Promise<BulkRun>;
  readonly onDone: (run: BulkRun) => void;
  readonly onClose: () => void;
}

export function BulkDialog({ confirm, act, labels, leftOut, run, onDone, onClose }: BulkDialogProps) {
  const texts = useTexts().list;
  const [note, setNote] = useState('');
  const { noteLabel, isNoteRequired = false } = confirm;
  return (
    <ConfirmDialog
      title={confirm.title(labels.length)}
      act={act}
      tone={confirm.tone ?? 'plain'}
      isReady={labels.length > 0 && (!isNoteRequired || note.trim() !== '')}
      run={(options) => run(note.trim(), options)}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{confirm.text}</p>
      <ul className={styles.bulkNames}>
        {labels.slice(0, shownLabels).map((label) => (
          <li key={label}>{label}</li>
        ))}
        {labels.length > shownLabels && <li className="dim">{texts.andMore(labels.length - shownLabels)}</li>}
      </ul>
      {leftOut > 0 && <p className="dim">{texts.leftOut(leftOut)}</p>}
      {noteLabel !== undefined && (
        <Textarea
          name="note"
          label={noteLabel}
          rows={2}
          value={note}
          withAsterisk={isNoteRequired}
          aria-required={isNoteRequired}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      )}
    </ConfirmDialog>
  );
}
