/** Gives back what an order cost that has its certificate, with a reason for the ledger. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { visible } from '../../shared/visible.ts';
import type { ActDialogProps } from './act-dialog.ts';

const longestNote = 500;

export function RefundDialog({ order, onDone, ...rest }: ActDialogProps) {
  const { acts } = useTexts();
  const [note, write] = useState('');
  const number = String(order.number);
  return (
    <ConfirmDialog
      {...rest}
      title={acts.refund.title(number)}
      act={acts.refund.act}
      tone="danger"
      typed={number}
      isGuarded
      isReady={note.trim() !== ''}
      run={({ idempotencyKey }) => call('refunds', 'create', { order: number, note: note.trim() }, { idempotencyKey })}
      onDone={({ amount }) => onDone(acts.refund.done(amount.amount))}
    >
      {(errorOf) => (
        <>
          <p>{acts.refund.text(visible(order.accountName))}</p>
          <TextInput
            label={acts.refund.note}
            maxLength={longestNote}
            value={note}
            error={errorOf('note')}
            onChange={(event) => write(event.currentTarget.value)}
          />
        </>
      )}
    </ConfirmDialog>
  );
}
