/** Chooses the account that every page then speaks of: found by name or number, chosen by the arrow keys and Enter. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { visible } from '../shared/visible.ts';
import { useChooseAccount } from './chosen-account.ts';
import { Combobox, type ComboboxOption } from './combobox.tsx';

const pauseMs = 200;
const mostShown = 12;

interface Choice extends ComboboxOption {
  /** Undefined: all accounts. */
  readonly account: string | undefined;
}

export function AccountChoice({ onClose }: { readonly onClose: () => void }) {
  const { frame } = useTexts();
  const choose = useChooseAccount();
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), pauseMs);
  const { data, error, isFetching } = useQuery({
    queryKey: ['accounts', 'switch', text],
    queryFn: ({ signal }) =>
      call('accounts', 'list', { limit: mostShown, sort: 'name', ...(text === '' ? {} : { text }) }, { signal }),
    placeholderData: (before) => before,
  });
  const all: Choice = { key: 'all', icon: 'globe', account: undefined, label: frame.everyAccount, text: '' };
  const choices: readonly Choice[] = [
    ...(typed.trim() === '' ? [all] : []),
    ...(data?.items ?? []).map(({ id, number, name }) => ({
      key: id,
      icon: 'wallet' as const,
      account: String(number),
      label: visible(name),
      text: String(number),
    })),
  ];

  function take({ account }: Choice) {
    onClose();
    choose(account);
  }

  return (
    <Dialog onClose={onClose} title={frame.chooseAccount} size={520}>
      <Combobox
        label={frame.chooseAccount}
        listLabel={frame.chooseAccount}
        placeholder={frame.accountSearch}
        typed={typed}
        options={choices}
        error={error}
        isAsking={isFetching}
        onType={setTyped}
        onTake={take}
      />
    </Dialog>
  );
}
