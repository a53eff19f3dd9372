/** What is asked once before something is done with all of the marked rows. */
import { useState } from 'react';
import type { BulkResult } from '../../api/bulk.ts';
import { FieldInput, firstValues, isFilled } from '../act/fields.tsx';
import { ConfirmDialog } from '../confirm/confirm-dialog.tsx';
import type { AskedAction, ListRow } from './definition.ts';

export interface BulkQuestionProps<Row extends ListRow> {
  readonly action: AskedAction<Row>;
  readonly rows: readonly Row[];
  readonly onDone: (results: readonly BulkResult[]) => void;
  readonly onClose: () => void;
}

export function BulkQuestion<Row extends ListRow>({ action, rows, onDone, onClose }: BulkQuestionProps<Row>) {
  const { ask, label } = action;
  const fields = ask.fields ?? [];
  const [values, setValues] = useState(() => firstValues(fields));
  const refusal = ask.refusalOf?.(rows) ?? null;
  return (
    <ConfirmDialog
      title={ask.title(rows.length)}
      act={label}
      tone={ask.tone ?? 'plain'}
      isGuarded={ask.isGuarded ?? false}
      isReady={refusal === null && fields.every((field) => isFilled(field, values))}
      {...(ask.tone === 'danger' ? { typed: String(rows.length) } : {})}
      run={(options) => ask.run(rows, values, options)}
      onDone={onDone}
      onClose={onClose}
    >
      {(errorOf) => (
        <>
          {refusal === null ? ask.text(rows) : <p role="alert">{refusal}</p>}
          {refusal === null &&
            fields.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                values={values}
                error={errorOf(field.wire ?? field.name)}
                onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
              />
            ))}
        </>
      )}
    </ConfirmDialog>
  );
}
