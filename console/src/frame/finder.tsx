/** Finds orders, certificates, accounts and pages by whatever somebody has in hand. The arrow keys choose, Enter opens. */
import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { wordsOf } from '../shared/failure.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import type { ListSearch } from '../shared/list/address.ts';
import { visible } from '../shared/visible.ts';
import styles from './finder.module.css';
import { pagesOf } from './pages.ts';

type FoundObject = Reply<'search', 'find'>['objects'][number];

interface Found {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly text: string;
  readonly to: string;
  readonly search: ListSearch;
}

const pauseMs = 200;
const mostOfEach = 6;

export function Finder({ me, onClose }: { readonly me: Me; readonly onClose: () => void }) {
  const texts = useTexts();
  const { finder } = texts;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { found, error, isAsking } = useFound(me, typed.trim());
  const chosen = found[Math.min(at, found.length - 1)];

  function open({ to, search }: Found) {
    onClose();
    void navigate({ to, search });
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Enter' && chosen !== undefined) open(chosen);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setAt(Math.min(Math.max(at + step, 0), found.length - 1));
  }

  return (
    <Modal opened onClose={onClose} title={finder.title} size={640} yOffset="10vh">
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="finder-results"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': `finder-${chosen.key}` })}
        aria-label={finder.title}
        placeholder={finder.placeholder}
        value={typed}
        autoComplete="off"
        leftSection={<Icon name="search" />}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="finder-results" role="listbox" aria-label={finder.results} className={styles.results}>
        {found.map((one) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
          <div
            key={one.key}
            id={`finder-${one.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={one === chosen}
            className={styles.result}
            onClick={() => open(one)}
          >
            <Icon name={one.icon} />
            <span className={styles.label}>{one.label}</span>
            <span className="dim small">{one.text}</span>
          </div>
        ))}
      </div>
      <p role="status" className={styles.nothing}>
        {error !== null && wordsOf(error, texts)}
        {error === null && found.length === 0 && !isAsking && finder.nothing}
      </p>
    </Modal>
  );
}

function useFound(me: Me, typed: string) {
  const { finder, frame, orders, certificates } = useTexts();
  const [q] = useDebouncedValue(typed, pauseMs);
  const objects = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => call('search', 'find', { q, limit: mostOfEach }, { signal }),
    enabled: q !== '' && may(me, 'search.find'),
    placeholderData: (before) => (q === '' ? undefined : before),
  });
  const accounts = useQuery({
    queryKey: ['accounts', 'find', q],
    queryFn: ({ signal }) => call('accounts', 'list', { text: q, limit: mostOfEach }, { signal }),
    enabled: q !== '' && may(me, 'accounts.list') && me.account === null,
    placeholderData: (before) => (q === '' ? undefined : before),
  });
  const pages = pagesOf(me).filter(({ name }) => frame.pages[name].toLowerCase().includes(typed.toLowerCase()));
  const names = ({
    names: [first = ''],
    nameCount,
  }: {
    readonly names: readonly string[];
    readonly nameCount: number;
  }) => (nameCount > 1 ? `${visible(first)} +${nameCount - 1}` : visible(first));
  const found: readonly Found[] = [
    ...(objects.data?.orders ?? []).map((order) => ({
      key: order.id,
      icon: 'orders' as const,
      label: names(order),
      text: `${orders.order(order.number)} · ${visible(order.accountName)}`,
      to: `/orders/${order.number}`,
      search: {},
    })),
    ...(objects.data?.certificates ?? []).map((certificate) => ({
      key: certificate.id,
      icon: 'certificate' as const,
      label: names(certificate),
      text: certificates.one(String(certificate.number)),
      to: `/certificates/${certificate.number}`,
      search: {},
    })),
    ...(accounts.data?.items ?? []).map(({ id, name, number, balance }) => ({
      key: id,
      icon: 'wallet' as const,
      label: visible(name),
      text: `${finder.accounts} · ${balance.amount}`,
      to: `/accounts/${number}`,
      search: {},
    })),
    ...(objects.data?.objects ?? []).filter(isNoAccount).map((one) => ({
      key: one.id,
      icon: placesOf[one.kind].icon,
      label: visible(one.kind === 'request' ? one.id : one.title),
      text: frame.pages[placesOf[one.kind].page],
      ...addressOf(one),
    })),
    ...pages.map(({ name, icon, to, search }) => ({
      key: name,
      icon,
      label: frame.pages[name],
      text: finder.pages,
      to,
      search: search ?? {},
    })),
  ];
  return { found, error: objects.error, isAsking: objects.isFetching || q !== typed };
}

type OtherObject = FoundObject & { readonly kind: Exclude<FoundObject['kind'], 'account'> };

/** Accounts are listed with their balance. */
function isNoAccount(one: FoundObject): one is OtherObject {
  return one.kind !== 'account';
}

/** The page that each kind belongs to. */
const placesOf = {
  domain: { page: 'domains', icon: 'domain' },
  organization: { page: 'organizations', icon: 'organization' },
  user: { page: 'users', icon: 'people' },
  credential: { page: 'credentials', icon: 'key' },
  approval: { page: 'approvals', icon: 'shield' },
  request: { page: 'audit', icon: 'audit' },
} as const satisfies Readonly<Record<OtherObject['kind'], object>>;

/** What a request did is in the audit log. */
function addressOf({ kind, id, number }: OtherObject): Pick<Found, 'to' | 'search'> {
  const list = `/${placesOf[kind].page}`;
  if (kind === 'request') return { to: list, search: { requestId: id } };
  return { to: `${list}/${number}`, search: {} };
}
