/** A field with what was found below it: the arrow keys choose, Enter takes. */
import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { failureText } from '../shared/failure.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import styles from './combobox.module.css';

export interface ComboboxOption {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly text: string;
}

export interface ComboboxProps<Option extends ComboboxOption> {
  readonly label: string;
  readonly listLabel: string;
  readonly placeholder: string;
  readonly typed: string;
  readonly options: readonly Option[];
  readonly error: Error | null;
  /** Not everything is found yet, so that nothing is no answer. */
  readonly isAsking: boolean;
  readonly onType: (typed: string) => void;
  readonly onTake: (option: Option) => void;
}

export function Combobox<Option extends ComboboxOption>(props: ComboboxProps<Option>) {
  const { label, listLabel, placeholder, typed, options, error, isAsking, onType, onTake } = props;
  const texts = useTexts();
  const [at, setAt] = useState(0);
  const listId = useId();
  const chosen = options[Math.min(at, options.length - 1)];
  const idOf = ({ key }: Option) => `${listId}-${key}`;

  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && chosen !== undefined) onTake(chosen);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt(Math.min(Math.max(at + step, 0), options.length - 1));
  }

  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={listId}
        {...(chosen === undefined ? {} : { 'aria-activedescendant': idOf(chosen) })}
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        autoComplete="off"
        leftSection={<Icon name="search" />}
        onChange={(event) => {
          onType(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={listId} role="listbox" aria-label={listLabel} className={styles.results}>
        {options.map((option) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={option.key}
            id={idOf(option)}
            role="option"
            tabIndex={-1}
            aria-selected={option === chosen}
            className={styles.result}
            onClick={() => onTake(option)}
          >
            <Icon name={option.icon} />
            <span className={styles.label}>{option.label}</span>
            <span className="dim small">{option.text}</span>
          </div>
        ))}
      </div>
      <p role="status" className={styles.nothing}>
        {error !== null && failureText(error, texts)}
        {error === null && options.length === 0 && !isAsking && texts.finder.nothing}
      </p>
    </>
  );
}
