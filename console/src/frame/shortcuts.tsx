/** Keys that work on every page: Ctrl+K searches everything, `g` and a letter go to a page, `c` orders, `?` lists the keys. */
import { Button } from '@mantine/core';
import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import { type Me, may } from '../api/me.ts';
import { useKeysOn } from '../preferences/single-keys.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import styles from './frame.module.css';
import { pagesOf } from './pages.ts';

/** Loaded when they are wanted. */
const Finder = lazy(async () => ({ default: (await import('./finder.tsx')).Finder }));
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));

const letters = { h: 'home', o: 'orders', c: 'certificates', a: 'approvals' } as const;
/** The second key comes soon, or it is meant alone. */
const soonMs = 1200;

export function Shortcuts({ me }: { readonly me: Me }) {
  const { finder } = useTexts();
  const [shown, show] = useState<'finder' | 'keys' | undefined>(undefined);
  const navigate = useNavigate();
  const goneAt = useRef(Number.NEGATIVE_INFINITY);

  const isAfterG = () => performance.now() - goneAt.current <= soonMs;

  function order() {
    if (may(me, 'orders.place')) void navigate({ to: '/orders/new' });
  }

  function go(letter: keyof typeof letters) {
    if (!isAfterG()) return;
    const page = pagesOf(me).find(({ name }) => name === letters[letter]);
    if (page !== undefined) void navigate({ to: page.to, search: page.search ?? {} });
  }

  const isOn = useKeysOn();
  const single: HotkeyItem[] = [
    ['shift+?', () => show('keys')],
    [
      'g',
      () => {
        goneAt.current = performance.now();
      },
    ],
    ['h', () => go('h')],
    ['o', () => go('o')],
    // Alone it is a new order.
    ['c', () => (isAfterG() ? go('c') : order())],
    ['a', () => go('a')],
  ];
  useHotkeys([['mod+K', () => show('finder')], ...(isOn ? single : [])]);
  const close = () => show(undefined);
  return (
    <>
      <Button
        variant="default"
        className={styles.finder}
        leftSection={<Icon name="search" size={16} />}
        aria-keyshortcuts="Control+K"
        title={finder.title}
        onClick={() => show('finder')}
      >
        <span className={styles.finderText}>{finder.open}</span>
        <span className={styles.finderKey} aria-hidden="true">
          Ctrl K
        </span>
      </Button>
      <Suspense>
        {shown === 'finder' && <Finder me={me} onClose={close} />}
        {shown === 'keys' && <KeysHelp onClose={close} />}
      </Suspense>
    </>
  );
}
