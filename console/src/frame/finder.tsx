/** Finds orders, certificates, accounts and pages by whatever somebody has in hand, and opens them. */
import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import type { ListSearch } from '../shared/list/address.ts';
import { visible } from '../shared/visible.ts';
import { Combobox, type ComboboxOption } from './combobox.tsx';
import { pagesOf } from './pages.ts';

type FoundObject = Reply<'search', 'find'>['objects'][number];

interface Found extends ComboboxOption {
  readonly to: string;
  readonly search: ListSearch;
}

const pauseMs = 200;
const mostOfEach = 6;

export function Finder({ me, onClose }: { readonly me: Me; readonly onClose: () => void }) {
  const { finder } = useTexts();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const { found, error, isAsking } = useFound(me, typed.trim());

  function open({ to, search }: Found) {
    onClose();
    void navigate({ to, search });
  }

  return (
    <Modal opened onClose={onClose} title={finder.title} size={640} yOffset="10vh">
      <Combobox
        label={finder.title}
        listLabel={finder.results}
        placeholder={finder.placeholder}
        typed={typed}
        options={found}
        error={error}
        isAsking={isAsking}
        onType={setTyped}
        onTake={open}
      />
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
