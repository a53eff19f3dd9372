/** Ends one certificate for good: why, what ends with it, and whether somebody has to agree first. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { ReasonChoice, type RevocationReason } from '../orders/acts/revoke-dialog.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../shared/confirm/confirm-dialog.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import type { Certificate, CertificateProps } from './certificate-types.ts';
import styles from './certificates.module.css';

export interface RevokeProps extends CertificateProps {
  /** With the words that say what became of it. */
  readonly onDone: (words: string) => void;
}

export function RevokeCertificate({ certificate, onDone }: RevokeProps) {
  const { certificates } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { state, actions } = certificate;
  const { reason: refusal } = actions.revoke;
  if (state !== 'valid') return null;
  return (
    <>
      <Button
        variant="default"
        c="var(--bad)"
        leftSection={<Icon name="stop" size={16} />}
        disabled={refusal !== null}
        {...(refusal === null ? {} : { title: refusal })}
        onClick={() => setOpen(true)}
      >
        {certificates.revoke}
      </Button>
      {refusal !== null && <p className="dim small">{visible(refusal)}</p>}
      {isOpen && (
        <RevokeDialog
          certificate={certificate}
          onClose={() => setOpen(false)}
          onDone={(words) => {
            setOpen(false);
            onDone(words);
          }}
        />
      )}
    </>
  );
}

function RevokeDialog({ certificate, onDone, onClose }: RevokeProps & { readonly onClose: () => void }) {
  const { certificates } = useTexts();
  const { revoking } = certificates;
  const queries = useQueryClient();
  const [reason, choose] = useState<RevocationReason>('unspecified');
  const { number, names, needsApproval, replacedBy } = certificate;
  const reference = String(number);
  const refresh = () => {
    for (const noun of ['certificates', 'orders', 'approvals']) void queries.invalidateQueries({ queryKey: [noun] });
  };
  return (
    <ConfirmDialog
      title={certificates.revokeTitle(number)}
      act={needsApproval ? revoking.request : certificates.revoke}
      tone="danger"
      typed={reference}
      isGuarded
      size={560}
      run={(options) => call('certificates', 'revoke', { certificate: reference, reason }, options)}
      onDone={({ state }) => {
        refresh();
        // Where an approver has to agree the certificate stays as it is until then.
        onDone(state === 'revoked' ? revoking.done : revoking.requested);
      }}
      onRefused={refresh}
      onClose={onClose}
    >
      <p>{certificates.revokeText(namesText(certificate))}</p>
      <ul className={styles.ends}>
        <li>{revoking.forGood}</li>
        <li>{replacedBy === null ? revoking.noOther(names.length) : revoking.other(replacedBy)}</li>
        {needsApproval && <li className={styles.asks}>{revoking.asks}</li>}
      </ul>
      <ReasonChoice reason={reason} onChoose={choose} />
    </ConfirmDialog>
  );
}

const mostNames = 5;

function namesText({ names }: Certificate): string {
  const shown = names.slice(0, mostNames).map(visible).join(', ');
  return names.length > mostNames ? `${shown} +${names.length - mostNames}` : shown;
}
