/** Over a page whose session is over: the same person signs in, and everything below goes on. */
import { Modal, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { announcePerson } from '../api/person-channel.ts';
import { listenToGate, openGate } from '../api/session-gate.ts';
import { followAgain } from '../live/use-live.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';

export interface SignInOverlayProps {
  readonly username: string;
  /** The person's id, which the other tabs of the browser are told. */
  readonly person: string;
  readonly onLeave: () => void;
}

export function SignInOverlay({ username, person, onLeave }: SignInOverlayProps) {
  const { signIn } = useTexts();
  const [isShown, setShown] = useState(false);
  useEffect(() => listenToGate(setShown), []);

  return (
    <Modal
      opened={isShown}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={signIn.againTitle}
      centered
      size={420}
      zIndex={1000}
    >
      <div className={styles.again}>
        <p className="dim">{signIn.againText}</p>
        <SignInForm
          username={username}
          onSignedIn={() => {
            announcePerson(person);
            openGate(true);
            followAgain();
          }}
        />
        <UnstyledButton
          className={styles.other}
          c="var(--accent-ink)"
          onClick={() => {
            openGate(false);
            onLeave();
          }}
        >
          {signIn.other}
        </UnstyledButton>
      </div>
    </Modal>
  );
}
