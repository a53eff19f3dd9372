/** What is done about a step: here, or on the page that it leads to. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { Icon } from '../shared/icons.tsx';
import { MailTestButton } from './mail-test-button.tsx';
import type { Step } from './setup.ts';
import styles from './welcome.module.css';

/** Where a step is done that the server then sees by itself. */
const pageOf = { account: '/accounts', user: '/users', key: '/credentials', order: '/orders/new' } as const;

export interface StepActsProps {
  readonly step: Step;
  readonly me: Me;
}

export function StepActs({ step, me }: StepActsProps) {
  if (step.isDone && step.step !== 'mail') return null;
  return (
    <div className={styles.acts}>
      <Acts step={step} me={me} />
    </div>
  );
}

function Acts({ step: { step, isDone, value }, me }: StepActsProps) {
  const { welcome } = useTexts();
  if (step === 'account' || step === 'user' || step === 'key' || step === 'order') {
    return (
      <Button component={Link} to={pageOf[step]} variant="default" size="xs">
        {welcome.acts[step]}
      </Button>
    );
  }
  if (step === 'root' && value === null) {
    return (
      <Button component={Link} to="/issuers" variant="default" size="xs">
        {welcome.toIssuers}
      </Button>
    );
  }
  const mayConfirm = may(me, 'setup.confirm');
  return (
    <>
      {step === 'root' && (
        <Button
          component="a"
          href="/pki/root.pem"
          variant="default"
          size="xs"
          leftSection={<Icon name="download" size={15} />}
        >
          {welcome.downloadRoot}
        </Button>
      )}
      {step === 'mail' && value !== null && may(me, 'mail.test') && <MailTestButton />}
      {mayConfirm && !isDone && (step !== 'mail' || value === null) && (
        <ActButton
          label={welcome.acts[step]}
          icon="check"
          size="xs"
          changes={['setup']}
          run={() => call('setup', 'confirm', { step })}
        />
      )}
    </>
  );
}
