/** A block that could not be loaded: what the API said, the request's id, and another try. The rest of the page stays. */
import { Button } from '@mantine/core';
import { Problem } from '../api/problem.ts';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './blocks.module.css';
import { Icon } from './icons.tsx';

export interface FailureProps {
  readonly error: Error;
  readonly onRetry?: () => void;
  readonly isRetrying?: boolean;
}

export function Failure({ error, onRetry, isRetrying = false }: FailureProps) {
  const texts = useTexts();
  const requestId = error instanceof Problem ? error.requestId : null;
  return (
    <div className={styles.block} role="alert">
      <span className={styles.mark} data-tone="bad">
        <Icon name="alert" size={22} />
      </span>
      <h2 className={styles.title}>{texts.shared.failed}</h2>
      <p className={styles.text}>{wordsOf(error, texts)}</p>
      {requestId !== null && (
        <p className="dim small">
          {texts.shared.requestId} <code>{requestId}</code>
        </p>
      )}
      {onRetry !== undefined && (
        <Button variant="default" onClick={onRetry} loading={isRetrying} leftSection={<Icon name="refresh" />}>
          {texts.shared.retry}
        </Button>
      )}
    </div>
  );
}

/** In one line with the id of the request, where there is no room for more. */
export function failureText(error: Error, texts: Texts): string {
  const words = wordsOf(error, texts);
  const requestId = error instanceof Problem ? error.requestId : null;
  return requestId === null ? words : texts.shared.ofRequest(words, requestId);
}

/** What went wrong, for people. */
export function wordsOf(error: Error, { shared }: Texts): string {
  if (!(error instanceof Problem)) return shared.crashedText;
  if (error.status === 0) return shared.unreachable;
  return error.detail === '' ? shared.unreadable(error.status) : error.detail;
}
