/** Approves what an order waits for, or rejects it, which needs a word for whoever asked. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { type ActDialogProps, seen } from './act-dialog.ts';

const longestNote = 1000;

export function ApproveDialog(props: ActDialogProps) {
  return <DecideDialog {...props} verb="approve" />;
}

export function RejectDialog(props: ActDialogProps) {
  return <DecideDialog {...props} verb="reject" />;
}

function DecideDialog({ order, onDone, verb, ...rest }: ActDialogProps & { readonly verb: 'approve' | 'reject' }) {
  const { acts } = useTexts();
  const [note, write] = useState('');
  const number = String(order.number);
  const words = acts[verb];
  const version = order.approval?.version ?? 1;
  return (
    <ConfirmDialog
      {...rest}
      title={words.title(number, acts.asks[order.approval?.asks ?? 'new'])}
      act={words.act}
      tone={verb === 'reject' ? 'danger' : 'plain'}
      isReady={verb === 'approve' || note.trim() !== ''}
      run={(options) => call('orders', verb, { order: number, note: note.trim(), version }, seen(order, options))}
      onDone={() => onDone(words.done)}
    >
      {(errorOf) => (
        <>
          <p>{words.text(order.names.length)}</p>
          <Textarea
            label={words.note}
            rows={3}
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
