/**
 * Name and password. The same form stands on the page for signing in and over a page whose session is over. The password is nowhere but in its field.
 */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useId, useRef, useState } from 'react';
import { call } from '../api/call.ts';
import { Problem } from '../api/problem.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { failureText, wordsOf } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './sign-in.module.css';
import { useCountdown } from './use-countdown.ts';

export interface SignInFormProps {
  /** Who has to be it; undefined: anybody. */
  readonly username?: string;
  readonly onSignedIn: () => void;
}

export function SignInForm({ username, onSignedIn }: SignInFormProps) {
  const texts = useTexts();
  const { signIn } = texts;
  const [name, setName] = useState(username ?? '');
  const [missing, setMissing] = useState<'name' | 'password' | undefined>();
  const [failure, setFailure] = useState<Error | undefined>();
  const [isSending, setSending] = useState(false);
  const [waitSeconds, wait] = useCountdown();
  const passwordField = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const failureId = useId();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const password = passwordField.current?.value ?? '';
    const lacks = name.trim() === '' ? 'name' : password === '' ? 'password' : undefined;
    setMissing(lacks);
    if (lacks !== undefined) {
      (lacks === 'name' ? nameField : passwordField).current?.focus();
      return;
    }
    if (isSending || waitSeconds > 0) return;
    setSending(true);
    setFailure(undefined);
    try {
      await call('session', 'create', { username: name.trim(), password }, { endsSignedOut: true });
      onSignedIn();
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown : new Error(String(thrown)));
      if (thrown instanceof Problem && thrown.retryAfterSeconds !== null) wait(thrown.retryAfterSeconds);
      // What was typed wrong is typed again; the name stays.
      if (passwordField.current !== null) passwordField.current.value = '';
      passwordField.current?.focus();
    } finally {
      setSending(false);
    }
  }

  const isLimited = failure instanceof Problem && failure.retryAfterSeconds !== null;
  const message = failure === undefined ? '' : isLimited ? limitText() : failedText(failure);

  /** A wrong password is nothing that anybody looks for in the log. */
  function failedText(error: Error): string {
    return error instanceof Problem && error.status === 401 ? wordsOf(error, texts) : failureText(error, texts);
  }

  function limitText(): string {
    return waitSeconds > 0 ? signIn.wait(waitSeconds) : '';
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <div role="alert" id={failureId} className={styles.alertPlace}>
        {message !== '' && (
          <p className={styles.alert}>
            <Icon name="alert" />
            <span>{message}</span>
          </p>
        )}
      </div>
      <TextInput
        ref={nameField}
        label={signIn.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        size="md"
        value={name}
        readOnly={username !== undefined}
        autoFocus={username === undefined}
        onChange={(event) => setName(event.currentTarget.value)}
        error={missing === 'name' ? signIn.missingName : undefined}
        aria-describedby={failureId}
      />
      <PasswordInput
        ref={passwordField}
        label={signIn.password}
        name="password"
        autoComplete="current-password"
        size="md"
        autoFocus={username !== undefined}
        error={missing === 'password' ? signIn.missingPassword : undefined}
        visibilityToggleButtonProps={{ 'aria-label': signIn.showPassword, tabIndex: 0 }}
        aria-describedby={failureId}
      />
      <Button type="submit" size="md" fullWidth loading={isSending} disabled={waitSeconds > 0}>
        {signIn.submit}
      </Button>
    </form>
  );
}
