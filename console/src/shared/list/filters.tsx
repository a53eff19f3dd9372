/** The filters of a list: those that are on as chips that can be taken away, all of them behind a button. */
import { Button, NativeSelect, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../icons.tsx';
import { visible } from '../visible.ts';
import type { Filter, ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import { filterWords } from './typed.ts';
import type { Address } from './use-address.ts';

/** The account is chosen for all pages, above them. */
const ofPages = 'account';

interface Props<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly address: Address;
}

export function FilterChips<Row extends ListRow>({ list, address }: Props<Row>) {
  const texts = useTexts().list;
  const on = list.filters.filter(({ key }) => key !== ofPages && address.search[key] !== undefined);
  if (on.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={texts.filters}>
      {on.map((filter) => {
        const [label, value] = filterWords(filter, address.search[filter.key] ?? '');
        return (
          <li key={filter.key} className={styles.chip}>
            <span>
              <span className={styles.chipLabel}>{label}</span> {visible(value)}
            </span>
            <button
              type="button"
              aria-label={texts.removeFilter(`${label} ${visible(value)}`)}
              onClick={() => address.change({ [filter.key]: undefined })}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        );
      })}
      {on.length > 1 && (
        <li>
          <button
            type="button"
            className={styles.clearAll}
            onClick={() => address.change(Object.fromEntries(on.map(({ key }) => [key, undefined])))}
          >
            {texts.clearFilters}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Of the form, by its columns: the longest is seen whole without scrolling. */
const widths = { 1: 320, 2: 520, 3: 720 } as const;

export function FilterButton<Row extends ListRow>({ list, address }: Props<Row>) {
  const texts = useTexts().list;
  const [isOpen, setOpen] = useState(false);
  const inForm = list.filters.filter(({ key, isRare = false }) => !isRare && key !== ofPages);
  if (inForm.length === 0) return null;
  const columns = inForm.length > 8 ? 3 : inForm.length > 5 ? 2 : 1;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const chosen = inForm.map(({ key }) => [key, String(form.get(key) ?? '').trim() || undefined] as const);
    setOpen(false);
    address.change({ ...Object.fromEntries(chosen), open: undefined });
  }

  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={widths[columns]}
      trapFocus
      withinPortal={false}
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="filter" size={16} />} onClick={() => setOpen(!isOpen)}>
          {texts.filter}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.dropdown} aria-label={texts.filters}>
        <form className={styles.filterForm} data-columns={columns} onSubmit={submit}>
          {inForm.map((filter) => (
            <FilterInput key={filter.key} filter={filter} value={address.search[filter.key] ?? ''} />
          ))}
          <Button type="submit" className={styles.apply}>
            {texts.apply}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function FilterInput({ filter, value }: { readonly filter: Filter; readonly value: string }) {
  const texts = useTexts().list;
  const { key, label, values, kind = 'text' } = filter;
  if (values === undefined) {
    return <TextInput name={key} label={label} defaultValue={value} type={kind === 'number' ? 'text' : kind} />;
  }
  const known = Object.entries(values).map(([one, words]) => ({ value: one, label: words }));
  // Several at once come from a link; they stay what they are until another one is chosen.
  const several = value === '' || value in values ? [] : [{ value, label: filterWords(filter, value)[1] }];
  return (
    <NativeSelect
      name={key}
      label={label}
      defaultValue={value}
      data={[{ value: '', label: texts.any }, ...several, ...known]}
    />
  );
}
