/**
 * An act that asks first: for a confirmation, for what it needs to know, for the password where the API wants it again. What it answers only once,
 * such as a secret, is shown until somebody closes it, and is kept nowhere.
 */
import type { ButtonProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Noun } from '../../api/call.ts';
import { ConfirmDialog } from '../confirm/confirm-dialog.tsx';
import type { ActOptions } from '../confirm/use-act.ts';
import { Dialog } from '../dialog.tsx';
import { Icon, type IconName } from '../icons.tsx';
import { offerUndo, type Undo } from '../undo/undo-store.ts';
import { ActTrigger } from './act-trigger.tsx';
import { useAfterAct } from './after-act.ts';
import { type Field, FieldInput, firstValues, isFilled, type Values } from './fields.tsx';

export interface FormButtonProps<Result> {
  readonly label: string;
  readonly icon?: IconName;
  readonly isMain?: boolean;
  readonly size?: ButtonProps['size'];
  /** Of the dialog, as a question or as what it is about. */
  readonly title: string;
  /** What happens. */
  readonly text?: ReactNode;
  /** On the button of the dialog; default: as on this one. */
  readonly act?: string;
  readonly tone?: 'danger' | 'plain';
  readonly typed?: string;
  readonly isGuarded?: boolean;
  /** Some depend on what is typed in others: whose key it is decides which roles it may have. */
  readonly fields?: readonly Field[] | ((values: Values) => readonly Field[]);
  /** Why it cannot be done now; null: it can. */
  readonly refusal?: string | null;
  readonly changes: readonly Noun[];
  run(values: Values, options: ActOptions): Promise<Result>;
  /** Shown until it is closed. */
  readonly answer?: { readonly title: string; show(result: Result): ReactNode };
  /** Its opposite, where the API has one: offered for a while afterwards. */
  readonly undo?: Undo;
  onDone?(result: Result): void;
}

export function FormButton<Result>(props: FormButtonProps<Result>) {
  const { label, icon, isMain = false, size, tone = 'plain', refusal = null, answer } = props;
  const [isOpen, setOpen] = useState(false);
  const [result, setResult] = useState<{ readonly is: Result } | undefined>(undefined);
  return (
    <>
      <ActTrigger
        variant={isMain ? 'filled' : 'default'}
        {...(size === undefined ? {} : { size })}
        {...(tone === 'danger' && !isMain ? { c: 'var(--bad)' } : {})}
        {...(icon === undefined ? {} : { leftSection: <Icon name={icon} size={16} /> })}
        refusal={refusal}
        onAct={() => setOpen(true)}
      >
        {label}
      </ActTrigger>
      {isOpen && (
        <FormDialog
          {...props}
          onClose={() => setOpen(false)}
          onResult={(given) => {
            setOpen(false);
            if (answer !== undefined) setResult({ is: given });
            if (props.undo !== undefined) offerUndo({ ...props.undo, act: props.act ?? label, changes: props.changes });
            props.onDone?.(given);
          }}
        />
      )}
      {answer !== undefined && result !== undefined && (
        <Dialog title={answer.title} size={560} isOnce onClose={() => setResult(undefined)}>
          {answer.show(result.is)}
        </Dialog>
      )}
    </>
  );
}

interface FormDialogProps<Result> extends FormButtonProps<Result> {
  readonly onClose: () => void;
  readonly onResult: (result: Result) => void;
}

function FormDialog<Result>(props: FormDialogProps<Result>) {
  const {
    label,
    title,
    text,
    act = label,
    tone = 'plain',
    typed,
    isGuarded = false,
    fields: wanted = [],
    changes,
    run,
  } = props;
  const afterAct = useAfterAct();
  const [values, setValues] = useState(() => firstValues(typeof wanted === 'function' ? wanted({}) : wanted));
  const fields = typeof wanted === 'function' ? wanted(values) : wanted;
  return (
    <ConfirmDialog
      title={title}
      act={act}
      tone={tone}
      isGuarded={isGuarded}
      isReady={fields.every((field) => isFilled(field, values))}
      {...(typed === undefined ? {} : { typed })}
      run={(options) => run(values, options)}
      onDone={(result) => {
        void afterAct(changes);
        props.onResult(result);
      }}
      onRefused={() => void afterAct(changes)}
      onClose={props.onClose}
    >
      {text === undefined && fields.length === 0
        ? undefined
        : (errorOf) => (
            <>
              {typeof text === 'string' ? <p>{text}</p> : text}
              {fields.map((field) => (
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
