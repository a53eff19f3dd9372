/** Which columns are shown: those that are usual, or those that the address names. */
import { Button, Menu } from '@mantine/core';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../icons.tsx';
import type { ListSearch } from './address.ts';
import type { Column, ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import type { Address } from './use-address.ts';

/** The first column says what a row is, and stays. */
export function shownColumns<Row>(columns: readonly Column<Row>[], { columns: chosen }: ListSearch) {
  const keys = chosen?.split(',');
  return columns.filter(({ key, isExtra = false }, index) =>
    index === 0 ? true : keys === undefined ? !isExtra : keys.includes(key),
  );
}

export function ColumnsMenu<Row extends ListRow>({
  list,
  address,
}: {
  readonly list: ListDefinition<Row>;
  readonly address: Address;
}) {
  const texts = useTexts().list;
  const shown = shownColumns(list.columns, address.search).map(({ key }) => key);
  const usual = shownColumns(list.columns, {}).map(({ key }) => key);

  function toggle(key: string) {
    const next = list.columns
      .map((column) => column.key)
      .filter((one) => (one === key ? !shown.includes(one) : shown.includes(one)));
    address.change({ columns: next.join() === usual.join() ? undefined : next.join() });
  }

  return (
    <Menu position="bottom-end" width={220} withinPortal={false} closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" className={styles.wideOnly} leftSection={<Icon name="columns" size={16} />}>
          {texts.columns}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {list.columns.slice(1).map(({ key, label }) => (
          <Menu.CheckboxItem key={key} checked={shown.includes(key)} onChange={() => toggle(key)}>
            {label}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
