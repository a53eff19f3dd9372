/** What is looked for, and filters as they are typed: asked for once the typing pauses, and kept in the address. */
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../icons.tsx';
import type { ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import { readTyped } from './typed.ts';
import type { Address } from './use-address.ts';

const pauseMs = 250;

export interface SearchFieldProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly address: Address;
}

export function SearchField<Row extends ListRow>({ list, address }: SearchFieldProps<Row>) {
  const texts = useTexts().list;
  const field = useRef<HTMLInputElement>(null);
  const { text } = list;
  const shown = (text && address.search[text.key]) ?? '';
  const [typed, setTyped] = useState(shown);
  // Somebody went back, or followed a link.
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(shown);
  }, [shown]);

  function take(value: string) {
    const found = readTyped(value, list.filters);
    const refusal = found.text === '' ? null : (text?.refusalOf?.(found.text) ?? null);
    if (refusal !== null) return;
    if (Object.keys(found.filters).length > 0) setTyped(found.text);
    const looked = text === undefined ? {} : { [text.key]: found.text === '' ? undefined : found.text };
    address.change({ ...found.filters, ...looked, open: undefined }, true);
  }
  const ask = useDebouncedCallback(take, pauseMs);

  function change(value: string) {
    setTyped(value);
    // A filter is not taken while it is still being typed.
    if (Object.keys(readTyped(value, list.filters).filters).length === 0) ask(value);
    else if (/\s$/.test(value)) take(value);
  }

  function press(event: KeyboardEvent) {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    take(typed);
  }

  const { text: words, filters } = readTyped(typed, list.filters);
  const refusal = words === '' || Object.keys(filters).length > 0 ? null : (text?.refusalOf?.(words) ?? null);
  return (
    <TextInput
      ref={field}
      className={styles.search}
      type="search"
      name="list-search"
      autoComplete="off"
      aria-label={texts.searchIn(list.title)}
      aria-keyshortcuts="/"
      placeholder={text?.placeholder ?? texts.filterOnly}
      value={typed}
      error={refusal ?? undefined}
      leftSection={<Icon name="search" />}
      rightSection={
        typed === '' ? (
          <span className={styles.key} aria-hidden="true">
            /
          </span>
        ) : (
          <CloseButton
            aria-label={texts.clear}
            size="sm"
            onClick={() => {
              change('');
              field.current?.focus();
            }}
          />
        )
      }
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={press}
    />
  );
}
