/** What needs nobody to approve it: the reference, whether the server renews the order by itself, the fields of the account. */
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { meQuery } from '../../api/me.ts';
import { CustomInputs, type CustomTexts, changedIn } from '../../custom-fields/custom-inputs.tsx';
import { useCustomFields } from '../../custom-fields/use-custom-fields.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { ConfirmDialog } from '../../shared/confirm/confirm-dialog.tsx';
import { type ActDialogProps, seen } from './act-dialog.ts';
import styles from './acts.module.css';

const longestReference = 200;

export function ChangeDialog({ order, onDone, ...rest }: ActDialogProps) {
  const { acts, orders } = useTexts();
  const [reference, write] = useState(order.reference ?? '');
  const [isAutoRenewed, renew] = useState(order.isAutoRenewed);
  const { data: me } = useQuery(meQuery);
  const fields = useCustomFields(me === undefined ? undefined : me.account === null ? order.accountId : null);
  const before: CustomTexts = Object.fromEntries(
    (order.customFields ?? []).map(({ number, value }) => [number, value]),
  );
  const [texts, fillIn] = useState(before);
  const customFields = changedIn(fields, before, texts);
  const number = String(order.number);
  const wanted = reference.trim() === '' ? null : reference.trim();
  const changes = {
    ...(wanted === order.reference ? {} : { reference: wanted }),
    ...(isAutoRenewed === order.isAutoRenewed ? {} : { isAutoRenewed }),
    ...(customFields.length === 0 ? {} : { customFields }),
  };
  return (
    <ConfirmDialog
      {...rest}
      title={acts.change.title(number)}
      act={acts.change.act}
      isReady={Object.keys(changes).length > 0}
      run={(options) => call('orders', 'change', { order: number, ...changes }, seen(order, options))}
      onDone={() => onDone(acts.change.done)}
    >
      {(errorOf) => (
        <>
          <TextInput
            label={orders.facts.reference}
            description={acts.change.referenceText}
            maxLength={longestReference}
            value={reference}
            error={errorOf('reference')}
            onChange={(event) => write(event.currentTarget.value)}
          />
          <label className={styles.reason}>
            <input type="checkbox" checked={isAutoRenewed} onChange={(event) => renew(event.currentTarget.checked)} />
            <span>
              <strong>{acts.change.renew}</strong>
              <span className="dim small">{acts.change.renewText}</span>
            </span>
          </label>
          <CustomInputs fields={fields} values={texts} onChange={fillIn} hasDefaults={false} isChecked />
        </>
      )}
    </ConfirmDialog>
  );
}
