/** Gives up an order that has no certificate, and says what comes back; or takes back what waits beside a certificate. */
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { visible } from '../../shared/visible.ts';
import { type ActDialogProps, seen } from './act-dialog.ts';

export function CancelDialog({ order, onDone, ...rest }: ActDialogProps) {
  const { acts } = useTexts();
  const number = String(order.number);
  return (
    <ConfirmDialog
      {...rest}
      title={acts.cancel.title(number)}
      act={acts.cancel.act}
      tone="danger"
      typed={number}
      run={(options) => call('orders', 'cancel', { order: number }, seen(order, options))}
      onDone={() => onDone(acts.cancel.done)}
    >
      <p>{acts.cancel.text(order.names.length)}</p>
      <p>
        {order.total.minor === 0
          ? acts.cancel.free
          : acts.cancel.refund(order.total.amount, visible(order.accountName))}
      </p>
    </ConfirmDialog>
  );
}

export function WithdrawDialog({ order, onDone, ...rest }: ActDialogProps) {
  const { acts } = useTexts();
  const number = String(order.number);
  return (
    <ConfirmDialog
      {...rest}
      title={acts.withdraw.title(number)}
      act={acts.withdraw.act}
      run={(options) => call('orders', 'withdraw', { order: number }, seen(order, options))}
      onDone={() => onDone(acts.withdraw.done)}
    >
      <p>{acts.withdraw.text}</p>
    </ConfirmDialog>
  );
}
