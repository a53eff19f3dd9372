/** A key, tried: as a line to paste where it will be used, and, of the native API, from this browser. */
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { problemOf, unreachable } from '../api/problem.ts';
import { spokenLanguage } from '../preferences/spoken-language.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { CopyText } from '../shared/copy-text.tsx';
import { FailureLine } from '../shared/failure-line.tsx';
import { Icon } from '../shared/icons.tsx';
import { Card } from '../shared/object.tsx';
import styles from './credentials.module.css';
import { type ClientSettings, commandOf, commandWith } from './dialects.ts';

const limitMs = 20_000;
/** Stands where the secret would, which nobody can show again. */
const placeOfSecret = 'SECRET';

/** Without the cookie of whoever is signed in: the key alone is asked about. @throws {Problem} */
async function askWith(token: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Accept-Language': spokenLanguage() };
  const signal = AbortSignal.timeout(limitMs);
  const response = await fetch('/api/v1/me', { headers, credentials: 'omit', cache: 'no-store', signal }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
}

export interface KeyTrialProps {
  readonly dialect: string;
  readonly settings: ClientSettings;
}

/** Of a new key, whose secret is still there. */
export function KeyTrial({ dialect, settings }: KeyTrialProps) {
  const command = commandOf(dialect, settings, useServerUrl());
  if (command === undefined) return null;
  const { token } = settings;
  return (
    <div className={styles.try}>
      <Command dialect={dialect} command={command} />
      {dialect === 'native' && token !== undefined && <TryHere token={token} />}
    </div>
  );
}

/** Of one that is in use: its program has the secret. */
export function KnownKeyTrial({ dialect, publicId }: { readonly dialect: string; readonly publicId: string }) {
  const { credentials } = useTexts();
  const command = commandWith(dialect, { publicId, secret: placeOfSecret, origin: useServerUrl() });
  if (command === undefined) return null;
  return (
    <Card title={credentials.tryTitle}>
      <p className="dim">{credentials.placeOfSecret(placeOfSecret)}</p>
      <Command dialect={dialect} command={command} />
    </Card>
  );
}

/** As clients know it, which is not always how this browser got here. */
function useServerUrl(): string {
  return useQuery(meQuery).data?.server.publicUrl ?? window.location.origin;
}

function Command({ dialect, command }: { readonly dialect: string; readonly command: string }) {
  const { credentials } = useTexts();
  const answers: Readonly<Record<string, string>> = credentials.tryAnswers;
  return (
    <>
      <p>{credentials.tryText(answers[dialect] ?? '')}</p>
      <pre className={styles.command}>{command}</pre>
      <div className={styles.buttons}>
        <CopyText text={command}>{credentials.copyCommand}</CopyText>
      </div>
    </>
  );
}

function TryHere({ token }: { readonly token: string }) {
  const { credentials } = useTexts();
  // What was tried is in no cache once the dialog is closed.
  const attempt = useMutation({ mutationFn: () => askWith(token), gcTime: 0 });
  return (
    <>
      <div className={styles.buttons}>
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
    </>
  );
}
