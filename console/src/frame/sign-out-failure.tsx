/** Says that signing out failed: the session goes on, and whoever comes next at this browser would be in. */
import { Button } from '@mantine/core';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from '../shared/confirm/confirm.module.css';
import { Dialog } from '../shared/dialog.tsx';
import { FailureLine } from '../shared/failure-line.tsx';
import type { SignOut } from './sign-out.ts';

export function SignOutFailure({ failure, isSending, signOut, forget }: SignOut) {
  const { frame, shared } = useTexts();
  if (failure === undefined) return null;
  return (
    <Dialog title={frame.notSignedOut} size={440} onClose={forget}>
      <div className={styles.form}>
        <p>{frame.notSignedOutText}</p>
        <div role="alert">
          <FailureLine error={failure} />
        </div>
        <div className={styles.buttons}>
          <Button variant="default" onClick={forget}>
            {frame.staySignedIn}
          </Button>
          <Button loading={isSending} onClick={() => void signOut()}>
            {shared.retry}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
