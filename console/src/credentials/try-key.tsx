/** A new key of the native API, tried: as a line to paste where it will be used, and from this browser. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { problemOf, unreachable } from '../api/problem.ts';
import { spokenLanguage } from '../preferences/spoken-language.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { CopyText } from '../shared/copy-text.tsx';
import { FailureLine } from '../shared/failure-line.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './credentials.module.css';

const limitMs = 20_000;

/** Without the cookie of whoever is signed in: the key alone is asked about. @throws {Problem} */
async function askWith(token: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Accept-Language': spokenLanguage() };
  const signal = AbortSignal.timeout(limitMs);
  const response = await fetch('/api/v1/me', { headers, credentials: 'omit', cache: 'no-store', signal }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
}

export function TryKey({ token }: { readonly token: string }) {
  const { credentials } = useTexts();
  // What was tried is in no cache once the dialog is closed.
  const attempt = useMutation({ mutationFn: () => askWith(token), gcTime: 0 });
  const command = `curl -sS -H 'Authorization: Bearer ${token}' ${window.location.origin}/api/v1/me`;
  return (
    <div className={styles.try}>
      <p>{credentials.tryText}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by the keyboard */}
      <pre className={styles.command} tabIndex={0}>
        {command}
      </pre>
      <div className={styles.buttons}>
        <CopyText text={command}>{credentials.copyCommand}</CopyText>
        <Button size="xs" variant="default" loading={attempt.isPending} onClick={() => attempt.mutate()}>
          {credentials.tryHere}
        </Button>
      </div>
      <div role="status">
        {attempt.isSuccess && (
          <p className={styles.accepted}>
            <Icon name="check" size={16} />
            {credentials.accepted}
          </p>
        )}
      </div>
      {attempt.error !== null && (
        <div role="alert">
          <FailureLine error={attempt.error} />
        </div>
      )}
    </div>
  );
}
