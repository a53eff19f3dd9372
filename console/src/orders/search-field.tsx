/** A part of a name: asked for once the typing pauses, and kept in the address. */
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './orders.module.css';
import { isSearchable, type OrdersSearch } from './search.ts';

const pauseMs = 250;

export function SearchField({ search }: { readonly search: OrdersSearch }) {
  const { orders } = useTexts();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(search.q ?? '');
  // Somebody went back, or followed a link.
  const shown = search.q ?? '';
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(shown);
  }, [shown]);

  const ask = useDebouncedCallback((text: string) => {
    if (!isSearchable(text)) return;
    const q = text.trim();
    const { q: _, ...others } = search;
    void navigate({ to: '/orders', search: q === '' ? others : { ...others, q }, replace: true });
  }, pauseMs);

  function change(text: string) {
    setTyped(text);
    ask(text);
  }

  return (
    <TextInput
      ref={field}
      className={styles.search}
      type="search"
      aria-label={orders.searchLabel}
      placeholder={orders.search}
      value={typed}
      error={isSearchable(typed) ? undefined : orders.searchTooShort}
      leftSection={<Icon name="search" />}
      rightSection={
        typed === '' ? undefined : (
          <CloseButton
            aria-label={orders.clear}
            size="sm"
            onClick={() => {
              change('');
              field.current?.focus();
            }}
          />
        )
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
