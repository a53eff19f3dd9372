/** A mail to one of the addresses that may confirm a name: choose it, and the mail goes; again after a while. */
import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { failureText } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { visible } from '../../shared/visible.ts';
import { useCountdown } from '../../sign-in/use-countdown.ts';
import type { Proof } from '../order-query.ts';
import styles from './cockpit.module.css';
import { type ProofOwner, useChooseMethod } from './proof-owner.ts';

type MailProofOf = Extract<Proof, { readonly method: 'email' }>;

/** A mail takes a while; two in one minute are a mistake. */
const pauseSeconds = 60;

export interface MailProofProps {
  readonly name: string;
  readonly owner: ProofOwner | null;
  readonly proof: MailProofOf;
  readonly canChoose: boolean;
}

export function MailProof({ name, owner, proof, canChoose }: MailProofProps) {
  const texts = useTexts();
  const { order: words } = texts;
  const [address, choose] = useState(proof.chosen ?? proof.addresses[0] ?? '');
  const group = useId();
  const isPossible = owner !== null && canChoose;
  return (
    <div className={styles.mail}>
      <p>{words.mailText}</p>
      <fieldset className={styles.addresses}>
        <legend className="hidden">{texts.orders.place.addresses}</legend>
        {proof.addresses.map((one) => (
          <label key={one} className={styles.address}>
            <input
              type="radio"
              name={group}
              value={one}
              checked={one === address}
              disabled={!isPossible}
              onChange={() => choose(one)}
            />
            <code>{visible(one)}</code>
            {one === proof.chosen && <span className="dim small">{words.mailSent}</span>}
          </label>
        ))}
      </fieldset>
      {isPossible && <SendMail name={name} owner={owner} address={address} isAgain={proof.chosen === address} />}
    </div>
  );
}

interface SendMailProps {
  readonly name: string;
  readonly owner: ProofOwner;
  readonly address: string;
  readonly isAgain: boolean;
}

function SendMail({ name, owner, address, isAgain }: SendMailProps) {
  const texts = useTexts();
  const { order: words } = texts;
  const [waitSeconds, wait] = useCountdown();
  const send = useChooseMethod(owner, name, () => wait(pauseSeconds));
  return (
    <>
      <div className={styles.copies}>
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="mail" size={15} />}
          loading={send.isPending}
          disabled={waitSeconds > 0 || address === ''}
          onClick={() => send.mutate({ method: 'email', address })}
        >
          {waitSeconds > 0 ? words.mailWait(waitSeconds) : isAgain ? words.sendAgain : words.sendMail}
        </Button>
      </div>
      {send.error !== null && (
        <p role="alert" className={styles.problem}>
          <Icon name="alert" />
          {failureText(send.error, texts)}
        </p>
      )}
    </>
  );
}
