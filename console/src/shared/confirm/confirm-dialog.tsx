/**
 * The dialog before an act: names the object and what becomes of it, and has the button that does it. It is mounted while it is open:
 *
 *     {isCancelling && (
 *       <ConfirmDialog
 *         title={texts.cancelTitle(order.number)}     // the object, as a question
 *         act={texts.cancel}                          // the verb on the button, not "OK"
 *         tone="danger"
 *         typed={String(order.number)}                // cannot be undone: typed before the button works
 *         isGuarded                                   // in `confirmedMethods`: the password, unless it was typed a short while ago
 *         run={({ idempotencyKey }) => call('orders', 'cancel', { order }, { idempotencyKey })}
 *         onDone={(order) => …}                       // close it here
 *         onClose={() => setCancelling(false)}
 *       >
 *         {texts.cancelText}                          // what happens; or a function that is given the errors of fields
 *       </ConfirmDialog>
 *     )}
 *
 * Also without `isGuarded` it asks for the password when the API does. `useAct` makes sure that two clicks are one act.
 */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Problem } from '../../api/problem.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Dialog } from '../dialog.tsx';
import { FailureLine } from '../failure-line.tsx';
import styles from './confirm.module.css';
import { type Act, useAct } from './use-act.ts';

/** What the API said of a field; undefined: nothing. */
export type ErrorOf = (field: string) => string | undefined;

export interface ConfirmDialogProps<Result> extends Omit<Act<Result>, 'isGuarded'> {
  readonly title: string;
  readonly act: string;
  readonly tone?: 'danger' | 'plain';
  readonly typed?: string;
  readonly isGuarded?: boolean;
  /** False while something of the children is missing. */
  readonly isReady?: boolean;
  readonly size?: number;
  readonly children?: ReactNode | ((errorOf: ErrorOf) => ReactNode);
  readonly onClose: () => void;
}

export function ConfirmDialog<Result>(props: ConfirmDialogProps<Result>) {
  const { title, act: verb, tone = 'plain', typed, isGuarded = false, isReady = true, size = 480, children } = props;
  const texts = useTexts();
  const { confirm } = texts;
  const { act, isSending, failure, needsPassword } = useAct({ ...props, isGuarded });
  const [written, write] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const failureId = useId();
  useReturnOfFocus();
  const wasAsked = needsPassword && !isGuarded;
  useEffect(() => {
    if (wasAsked) passwordField.current?.focus();
  }, [wasAsked]);

  const fields = failure instanceof Problem ? failure.fields : [];
  const errorOf: ErrorOf = (field) => fields.find((one) => one.field === field)?.detail;
  const isTyped = typed === undefined || written.trim() === typed;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isReady && isTyped) void act(passwordField.current?.value ?? '');
  }

  return (
    <Dialog title={title} size={size} onClose={isSending ? () => undefined : props.onClose}>
      <form className={styles.form} onSubmit={submit} noValidate aria-describedby={failureId}>
        {children !== undefined && (
          <div className={styles.text}>{typeof children === 'function' ? children(errorOf) : children}</div>
        )}
        {typed !== undefined && (
          <TextInput
            label={confirm.type(typed)}
            value={written}
            autoComplete="off"
            spellCheck={false}
            inputMode={/^\d+$/.test(typed) ? 'numeric' : 'text'}
            onChange={(event) => write(event.currentTarget.value)}
          />
        )}
        {needsPassword && (
          <PasswordInput
            ref={passwordField}
            label={confirm.password}
            description={confirm.passwordText}
            name="password"
            autoComplete="current-password"
            error={errorOf('password')}
            visibilityToggleButtonProps={{ 'aria-label': texts.signIn.showPassword, tabIndex: 0 }}
          />
        )}
        <div role="alert" id={failureId}>
          {failure !== undefined && errorOf('password') === undefined && <FailureLine error={failure} />}
        </div>
        <div className={styles.buttons}>
          <Button variant="default" onClick={props.onClose} disabled={isSending}>
            {confirm.back}
          </Button>
          <Button
            type="submit"
            loading={isSending}
            disabled={!isReady || !isTyped}
            {...(tone === 'danger' ? { color: 'danger' } : {})}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Back to where the dialog was opened from, as far as that is still there. */
function useReturnOfFocus(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    },
    [opener],
  );
}
