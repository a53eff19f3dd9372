/** Chooses the account that every page then speaks of: found by name or number, chosen by the arrow keys and Enter. */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { wordsOf } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import { visible } from '../shared/visible.ts';
import { useChooseAccount } from './chosen-account.ts';
import styles from './finder.module.css';

const pauseMs = 200;
const mostShown = 12;

interface Choice {
  readonly key: string;
  /** Undefined: all accounts. */
  readonly account: string | undefined;
  readonly label: string;
  readonly text: string;
}

export function AccountChoice({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const { frame, finder } = texts;
  const choose = useChooseAccount();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [text] = useDebouncedValue(typed.trim(), pauseMs);
  const { data, error, isFetching } = useQuery({
    queryKey: ['accounts', 'switch', text],
    queryFn: ({ signal }) =>
      call('accounts', 'list', { limit: mostShown, sort: 'name', ...(text === '' ? {} : { text }) }, { signal }),
    placeholderData: (before) => before,
  });
  const all: Choice = { key: 'all', account: undefined, label: frame.everyAccount, text: '' };
  const choices: readonly Choice[] = [
    ...(typed.trim() === '' ? [all] : []),
    ...(data?.items ?? []).map(({ id, number, name }) => ({
      key: id,
      account: String(number),
      label: visible(name),
      text: String(number),
    })),
  ];
  const chosen = choices[Math.min(at, choices.length - 1)];

  function take({ account }: Choice) {
    onClose();
    choose(account);
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && chosen !== undefined) take(chosen);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt(Math.min(Math.max(at + step, 0), choices.length - 1));
  }

  return (
    <Dialog onClose={onClose} title={frame.chooseAccount} size={520}>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="account-choices"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': `account-${chosen.key}` })}
        aria-label={frame.chooseAccount}
        placeholder={frame.accountSearch}
        value={typed}
        autoComplete="off"
        leftSection={<Icon name="search" />}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="account-choices" role="listbox" aria-label={frame.chooseAccount} className={styles.results}>
        {choices.map((choice) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={choice.key}
            id={`account-${choice.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={choice === chosen}
            className={styles.result}
            onClick={() => take(choice)}
          >
            <Icon name={choice.account === undefined ? 'globe' : 'wallet'} />
            <span className={styles.label}>{choice.label}</span>
            <span className="dim small">{choice.text}</span>
          </div>
        ))}
      </div>
      <p role="status" className={styles.nothing}>
        {error !== null && wordsOf(error, texts)}
        {error === null && choices.length === 0 && !isFetching && finder.nothing}
      </p>
    </Dialog>
  );
}
