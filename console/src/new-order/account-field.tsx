/** For whom an operator orders: by number or by a part of the name. */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { visible } from '../shared/visible.ts';

export interface AccountFieldProps {
  readonly value: string;
  readonly onChange: (account: string) => void;
  readonly error: string | undefined;
}

const pauseMs = 250;
const mostShown = 20;

export function AccountField({ value, onChange, error }: AccountFieldProps) {
  const { newOrder } = useTexts();
  const [typed, type] = useState(value);
  const [text] = useDebouncedValue(typed.trim(), pauseMs);
  const id = useId();
  const { data } = useQuery({
    queryKey: ['accounts', 'choice', text],
    queryFn: ({ signal }) =>
      call('accounts', 'list', { limit: mostShown, ...(text === '' ? {} : { text }) }, { signal }),
  });
  const accounts = data?.items ?? [];
  const chosen = accounts.find(({ number }) => String(number) === value);

  function change(next: string) {
    type(next);
    // A number is one; of a name the browser puts the number in, once it is chosen.
    onChange(/^\d+$/.test(next.trim()) ? next.trim() : '');
  }

  return (
    <TextInput
      data-first
      label={newOrder.account}
      description={
        chosen === undefined ? newOrder.accountText : newOrder.accountIs(visible(chosen.name), chosen.balance.amount)
      }
      list={id}
      value={typed}
      autoComplete="off"
      error={error}
      onChange={(event) => change(event.currentTarget.value)}
      rightSection={
        <datalist id={id}>
          {accounts.map(({ id: account, number, name }) => (
            <option key={account} value={String(number)}>
              {visible(name)}
            </option>
          ))}
        </datalist>
      }
    />
  );
}
