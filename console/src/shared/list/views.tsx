/** Which part of a list: those that everybody has, and those that the person saved. */
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call, type Reply } from '../../api/call.ts';
import { meQuery } from '../../api/me.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { failureText } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { visible } from '../visible.ts';
import { filtersOf, isSame, type ListSearch, queryOf, searchOfQuery } from './address.ts';
import type { ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import type { Address } from './use-address.ts';

type Views = Reply<'me', 'views'>['views'];
const viewsKey = ['me', 'views'] as const;

interface Props<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly address: Address;
}

export function ViewsBar<Row extends ListRow>({ list, address }: Props<Row>) {
  const texts = useTexts().list;
  const { search } = address;
  const { data: me } = useQuery(meQuery);
  const { views, put, error } = useSavedViews(me?.user != null);
  const saved = views.filter((view) => view.list === list.name);
  // A view is the same for every account: that is chosen above all pages.
  const { account: _, ...ofView } = search;
  const present = queryOf(ofView);
  const current = saved.find(({ query }) => query === present);
  // What is looked for, and for which account, goes along to another view.
  const kept = list.text === undefined ? ['account'] : ['account', list.text.key];
  const along: ListSearch = Object.fromEntries([...kept, 'columns'].map((key) => [key, search[key]]));
  const filters = filtersOf(search, kept);
  // Of one that everybody has there is nothing to save.
  const isOwn =
    current === undefined &&
    present !== '' &&
    !list.views.some((view) => present === queryOf(withValues({ ...along, account: undefined, ...view.filters })));
  if (list.views.length < 2 && saved.length === 0 && !isOwn) return null;

  return (
    <div className={styles.views}>
      <nav aria-label={texts.viewsOf(list.title)} className={styles.viewLinks}>
        {list.views.map((view) => (
          <Link
            key={view.key}
            to="."
            search={withValues({ ...along, ...view.filters })}
            activeOptions={{ exact: true }}
            className={styles.view}
            aria-current={current === undefined && isSame(filters, view.filters) ? 'page' : undefined}
          >
            {view.label}
          </Link>
        ))}
        {saved.map(({ name, query }) => (
          <Link
            key={`${name} ${query}`}
            to="."
            search={searchOfQuery(query)}
            activeOptions={{ exact: true }}
            className={styles.view}
            aria-current={query === present ? 'page' : undefined}
          >
            {visible(name)}
          </Link>
        ))}
      </nav>
      {current !== undefined && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={texts.removeView(visible(current.name))}
          title={texts.removeView(visible(current.name))}
          onClick={() => put(views.filter((view) => view !== current))}
        >
          <Icon name="close" size={16} />
        </ActionIcon>
      )}
      {me?.user != null && isOwn && (
        <SaveView onSave={(name) => put([...views, { name, list: list.name, query: present }])} />
      )}
      {error !== null && <span role="alert">{error}</span>}
    </div>
  );
}

function SaveView({ onSave }: { readonly onSave: (name: string) => void }) {
  const texts = useTexts().list;
  const [isOpen, setOpen] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name === '') return;
    setOpen(false);
    onSave(name);
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} width={260} trapFocus withinPortal={false} returnFocus shadow="md">
      <Popover.Target>
        <Button
          variant="subtle"
          size="compact-md"
          className={styles.wideOnly}
          leftSection={<Icon name="plus" size={16} />}
          onClick={() => setOpen(!isOpen)}
        >
          {texts.saveView}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.dropdown} aria-label={texts.saveView}>
        <form className={styles.filterForm} onSubmit={submit}>
          <TextInput name="name" label={texts.viewName} maxLength={60} data-autofocus autoComplete="off" />
          <Button type="submit">{texts.save}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Changed at once, and as before where the server refuses. */
function useSavedViews(hasPerson: boolean) {
  const allTexts = useTexts();
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: viewsKey,
    queryFn: ({ signal }) => call('me', 'views', {}, { signal }),
    enabled: hasPerson,
    staleTime: 60_000,
  });
  const change = useMutation({
    mutationFn: (views: Views) => call('me', 'putViews', { views }),
    onMutate: (views) => {
      const before = queries.getQueryData(viewsKey);
      queries.setQueryData(viewsKey, { views });
      return { before };
    },
    onError: (_error, _views, context) => queries.setQueryData(viewsKey, context?.before),
    onSettled: () => queries.invalidateQueries({ queryKey: viewsKey }),
  });
  return {
    views: data?.views ?? [],
    put: (views: Views) => change.mutate(views),
    error: change.error === null ? null : failureText(change.error, allTexts),
  };
}

function withValues(search: ListSearch): ListSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}
