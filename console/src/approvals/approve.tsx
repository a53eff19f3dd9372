/** Approving is one click; a note beside it is for whoever reads the decision. What the API asks for first is asked there. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import act from '../shared/act/act.module.css';
import { type ActOptions, useAct } from '../shared/confirm/use-act.ts';
import { wordsOf } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './approvals.module.css';

export interface ApproveProps {
  /** Why it cannot be done now; null: it can. */
  readonly refusal: string | null;
  run(note: string, options: ActOptions): Promise<unknown>;
}

/** What is looked at again after a decision. */
const changes = ['approvals', 'orders', 'order', 'home'] as const;

export function Approve({ refusal, run }: ApproveProps) {
  const texts = useTexts();
  const { approvals, confirm } = texts;
  const queries = useQueryClient();
  const [note, write] = useState('');
  const password = useRef<HTMLInputElement>(null);
  const lookAgain = () => {
    for (const noun of changes) void queries.invalidateQueries({ queryKey: [noun] });
  };
  const approving = useAct({
    run: (options) => run(note.trim(), options),
    onDone: lookAgain,
    onRefused: lookAgain,
    isGuarded: false,
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    void approving.act(password.current?.value ?? '');
  }

  return (
    <form className={styles.approve} onSubmit={submit}>
      {approving.needsPassword && (
        <PasswordInput
          ref={password}
          label={confirm.password}
          name="password"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': texts.signIn.showPassword, tabIndex: 0 }}
        />
      )}
      {refusal === null && (
        <TextInput
          className={styles.note}
          aria-label={approvals.noteOptional}
          placeholder={approvals.noteOptional}
          value={note}
          maxLength={1000}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )}
      <Button
        type="submit"
        leftSection={<Icon name="check" size={16} />}
        loading={approving.isSending}
        disabled={refusal !== null}
        {...(refusal === null ? {} : { title: refusal })}
      >
        {approvals.approve}
      </Button>
      {approving.failure !== undefined && (
        <p role="alert" className={act.failure}>
          <Icon name="alert" size={16} />
          <span>{wordsOf(approving.failure, texts)}</span>
        </p>
      )}
    </form>
  );
}
