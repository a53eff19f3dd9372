/** Ends every certificate of an order for good. */
import { useId, useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { type ActDialogProps, seen } from './act-dialog.ts';
import styles from './acts.module.css';

export const revocationReasons = [
  'superseded',
  'keyCompromise',
  'cessationOfOperation',
  'affiliationChanged',
  'privilegeWithdrawn',
  'unspecified',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

export function RevokeDialog({ order, onDone, ...rest }: ActDialogProps) {
  const { acts } = useTexts();
  const [reason, choose] = useState<RevocationReason>('unspecified');
  const number = String(order.number);
  return (
    <ConfirmDialog
      {...rest}
      title={acts.revoke.title(number)}
      act={acts.revoke.act}
      tone="danger"
      typed={number}
      isGuarded
      size={560}
      run={(options) => call('orders', 'revoke', { order: number, reason }, seen(order, options))}
      // Where the account wants approvals the order stays as it is, and somebody has to decide.
      onDone={({ state }) => onDone(state === 'revoked' ? acts.revoke.done : acts.revoke.requested)}
    >
      <p>{acts.revoke.text(order.names.length)}</p>
      <ReasonChoice reason={reason} onChoose={choose} />
    </ConfirmDialog>
  );
}

export interface ReasonChoiceProps {
  readonly reason: RevocationReason;
  readonly onChoose: (reason: RevocationReason) => void;
}

/** The six reasons, each with a sentence (RFC 5280 §5.3.1). */
export function ReasonChoice({ reason, onChoose }: ReasonChoiceProps) {
  const { acts } = useTexts();
  const group = useId();
  return (
    <fieldset className={styles.reasons}>
      <legend>{acts.revoke.why}</legend>
      {revocationReasons.map((one) => (
        <label key={one} className={styles.reason}>
          <input type="radio" name={group} value={one} checked={one === reason} onChange={() => onChoose(one)} />
          <span>
            <strong>{acts.reasons[one].name}</strong>
            <span className="dim small">{acts.reasons[one].text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
