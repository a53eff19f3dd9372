/**
 * The button of an act. One that is not allowed now stays where it is and can be reached: by keyboard, finger and screen reader too it says why,
 * which an element that is disabled cannot.
 */
import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import styles from './act.module.css';

export interface ActTriggerProps extends ButtonProps {
  /** Why it cannot be done now; null: it can. */
  readonly refusal: string | null;
  readonly children: ReactNode;
  readonly onAct: () => void;
}

export function ActTrigger({ refusal, children, onAct, ...look }: ActTriggerProps) {
  const [isShown, setShown] = useState(false);
  const reasonId = useId();
  if (refusal === null)
    return (
      <Button {...look} onClick={onAct}>
        {children}
      </Button>
    );
  return (
    <>
      <Button
        {...look}
        aria-disabled="true"
        data-disabled
        aria-describedby={reasonId}
        title={refusal}
        onClick={() => setShown((was) => !was)}
        onBlur={() => setShown(false)}
      >
        {children}
      </Button>
      <span id={reasonId} className={isShown ? styles.refusal : 'hidden'}>
        {refusal}
      </span>
    </>
  );
}
