/** How far a report reaches: a few usual choices, each an address, and for the past also days of one's own. */
import { Button, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { changed } from '../shared/list/address.ts';
import type { Address } from '../shared/list/use-address.ts';
import { Segments } from '../shared/segments.tsx';
import { chosen, type RangeKey, withChoice } from './range.ts';
import styles from './reports.module.css';

export interface ChoicesProps {
  readonly address: Address;
  readonly of: RangeKey;
  readonly choices: readonly string[];
}

export function Choices({ address: { search }, of, choices }: ChoicesProps) {
  const { reports } = useTexts();
  const present = chosen(search, of);
  return (
    <Segments
      label={reports.ranges[of]}
      segments={choices.map((choice) => ({
        key: choice,
        label: reports.choices[of](Number(choice)),
        search: withChoice(search, of, choice),
        isOn: present === choice,
      }))}
    />
  );
}

export function OwnDays({ address }: { readonly address: Address }) {
  const { reports, list } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { from = '', to = '' } = address.search;
  const isOn = chosen(address.search, 'past') === null;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = { from: String(form.get('from') ?? ''), to: String(form.get('to') ?? '') };
    setOpen(false);
    address.replace(
      changed(address.search, { past: undefined, from: days.from || undefined, to: days.to || undefined }),
    );
  }

  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width={300}
      position="bottom-end"
      trapFocus
      withinPortal={false}
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant={isOn ? 'light' : 'default'}
          size="sm"
          leftSection={<Icon name="calendar" size={16} />}
          onClick={() => setOpen(!isOpen)}
        >
          {isOn ? reports.days(from, to) : reports.ownDays}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.dropdown} aria-label={reports.ownDays}>
        <form className={styles.form} onSubmit={submit}>
          <TextInput name="from" label={reports.from} type="date" defaultValue={from} />
          <TextInput name="to" label={reports.to} type="date" defaultValue={to} />
          <Button type="submit">{list.apply}</Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
