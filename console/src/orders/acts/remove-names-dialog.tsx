/** Takes names out of an order that is not issued yet. At least one stays. */
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { DomainName } from '../../shared/domain-name.tsx';
import { type ActDialogProps, seen } from './act-dialog.ts';
import styles from './acts.module.css';

export function RemoveNamesDialog({ order, onDone, ...rest }: ActDialogProps) {
  const { acts, orders } = useTexts();
  const [chosen, choose] = useState<readonly string[]>([]);
  const number = String(order.number);
  const isAll = chosen.length === order.names.length;

  function toggle(name: string) {
    choose(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  }

  return (
    <ConfirmDialog
      {...rest}
      title={acts.removeNames.title(number)}
      act={acts.removeNames.act(chosen.length)}
      tone="danger"
      isReady={chosen.length > 0 && !isAll}
      run={(options) => call('orders', 'removeNames', { order: number, names: [...chosen] }, seen(order, options))}
      onDone={() => onDone(acts.removeNames.done(chosen.length))}
    >
      <p>{acts.removeNames.text}</p>
      <fieldset className={styles.nameChoices}>
        <legend className="hidden">{orders.names}</legend>
        {order.names.map(({ name, state }) => (
          <label key={name} className={styles.nameChoice}>
            <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
            <DomainName name={name} />
            <span className="dim small">{orders.nameStates[state]}</span>
          </label>
        ))}
      </fieldset>
      <p role="status" className="small">
        {isAll ? acts.removeNames.oneStays : ''}
      </p>
    </ConfirmDialog>
  );
}
