/** Asks before something is done to many that cannot be taken back, and names them. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { FieldInput, firstValues, isFilled, textOf } from '../act/fields.tsx';
import { ConfirmDialog } from '../confirm/confirm-dialog.tsx';
import type { ActOptions } from '../confirm/use-act.ts';
import type { BulkRun } from './bulk-results.tsx';
import type { BulkConfirm } from './definition.ts';
import styles from './list.module.css';

/** The rest is counted. */
const shownLabels = 8;

/** What the call takes besides the objects. */
export interface Further {
  readonly note?: string;
  readonly reason?: string;
}

export interface BulkDialogProps {
  readonly confirm: Omit<BulkConfirm<never>, 'labelOf'>;
  readonly act: string;
  /** What it is done to. */
  readonly labels: readonly string[];
  /** Marked as well, but it cannot be done to these. */
  readonly leftOut: number;
  readonly run: (further: Further, options: ActOptions) => Promise<BulkRun>;
  readonly onDone: (run: BulkRun) => void;
  readonly onClose: () => void;
}

export function BulkDialog({ confirm, act, labels, leftOut, run, onDone, onClose }: BulkDialogProps) {
  const texts = useTexts().list;
  const [note, setNote] = useState('');
  const { noteLabel, isNoteRequired = false, fields = [], tone, isGuarded = false, isCountTyped = false } = confirm;
  const [values, setValues] = useState(() => firstValues(fields));
  const isNoteThere = !isNoteRequired || note.trim() !== '';
  const further: Further = {
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...Object.fromEntries(fields.map(({ name }) => [name, textOf(values, name)])),
  };
  return (
    <ConfirmDialog
      title={confirm.title(labels.length)}
      act={act}
      tone={tone ?? 'plain'}
      isGuarded={isGuarded}
      {...(isCountTyped ? { typed: String(labels.length) } : {})}
      isReady={labels.length > 0 && isNoteThere && fields.every((field) => isFilled(field, values))}
      run={(options) => run(further, options)}
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          <p>{confirm.text}</p>
          <ul className={styles.bulkNames}>
            {labels.slice(0, shownLabels).map((label) => (
              <li key={label}>{label}</li>
            ))}
            {labels.length > shownLabels && <li className="dim">{texts.andMore(labels.length - shownLabels)}</li>}
          </ul>
          {leftOut > 0 && <p className="dim">{texts.leftOut(leftOut)}</p>}
          {fields.map((field) => (
            <FieldInput
              key={field.name}
              field={field}
              values={values}
              error={errorOf(field.wire ?? field.name)}
              onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
            />
          ))}
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
        </>
      )}
    </ConfirmDialog>
  );
}
