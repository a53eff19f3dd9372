/** A list as every page has it: views, search, filters, rows, what is open beside it, and what there is to say where there are no rows. */
import { Button } from '@mantine/core';
import type { Parameters } from '../../api/list.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from '../blocks.tsx';
import { Failure } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { usePageTitle } from '../page-title.ts';
import { Relative } from '../time.tsx';
import { changed, type ListSearch, parametersOf } from './address.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnsMenu, shownColumns } from './columns-menu.tsx';
import { CsvButton } from './csv-button.tsx';
import type { ListDefinition, ListRow } from './definition.ts';
import { FilterButton, FilterChips } from './filters.tsx';
import styles from './list.module.css';
import { Rows } from './rows.tsx';
import { SearchField } from './search-field.tsx';
import { SidePanel } from './side-panel.tsx';
import { type Address, useAddress } from './use-address.ts';
import { type LoadedList, useList } from './use-list.ts';
import { useSelection } from './use-selection.ts';
import { ViewsBar } from './views.tsx';

export function ListScreen<Row extends ListRow>({ list }: { readonly list: ListDefinition<Row> }) {
  usePageTitle(list.title);
  const address = useAddress();
  const parameters = ownParameters(list, address.search);
  const loaded = useList(list, parameters);
  const { open } = address.search;
  return (
    <>
      <div className={styles.head}>
        <h1>{list.title}</h1>
        <div className={styles.tools}>{list.tools}</div>
      </div>
      <ViewsBar list={list} address={address} />
      <div className={styles.bar}>
        {list.text !== undefined || list.filters.length > 0 ? <SearchField list={list} address={address} /> : <span />}
        <div className={styles.buttons}>
          <FilterButton list={list} address={address} />
          <ColumnsMenu list={list} address={address} />
          {list.hasNoCsv !== true && <CsvButton list={list} parameters={parameters} />}
        </div>
      </div>
      <FilterChips list={list} address={address} />
      {list.picture}
      <Content list={list} address={address} loaded={loaded} />
      {list.detail !== undefined && open !== undefined && (
        <SidePanel detail={list.detail} reference={open} onClose={() => address.change({ open: undefined })} />
      )}
    </>
  );
}

/** What the address says of this list: the account goes along also to lists that have none. */
function ownParameters<Row extends ListRow>({ filters }: ListDefinition<Row>, search: ListSearch): Parameters {
  const { account, ...others } = parametersOf(search);
  const hasAccount = account !== undefined && filters.some(({ key }) => key === 'account');
  return hasAccount ? { account, ...others } : others;
}

interface ContentProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly address: Address;
  readonly loaded: LoadedList<Row>;
}

function Content<Row extends ListRow>({ list, address, loaded }: ContentProps<Row>) {
  const selection = useSelection(JSON.stringify(parametersOf(address.search)));
  const { rows, error, again, isLoading } = loaded;
  const isMarkable = (list.actions?.length ?? 0) + (list.downloads?.length ?? 0) > 0;
  if (rows === undefined) {
    return (
      <div className={`card ${styles.list}`}>
        {error === null ? <LoadingRows /> : <Failure error={error} onRetry={again} isRetrying={isLoading} />}
      </div>
    );
  }
  return (
    <>
      <Status list={list} loaded={loaded} />
      <Changes loaded={loaded} />
      <div className={`card ${styles.list}`}>
        {error !== null && <Failure error={error} onRetry={again} isRetrying={isLoading} />}
        {rows.length > 0 && (
          <Rows
            list={list}
            columns={shownColumns(list.columns, address.search)}
            rows={rows}
            loaded={loaded}
            address={address}
            selection={isMarkable ? selection : null}
          />
        )}
        {rows.length === 0 && error === null && <Nothing list={list} address={address} />}
      </div>
      {isMarkable && <BulkBar list={list} rows={rows} selection={selection} />}
    </>
  );
}

/** How many there are, and when that was so. */
function Status<Row extends ListRow>({ list, loaded }: Pick<ContentProps<Row>, 'list' | 'loaded'>) {
  const texts = useTexts().list;
  const { total, rows = [], hasMore, loadedAt } = loaded;
  const isMore = total?.isMore ?? hasMore;
  const count = (total?.count ?? rows.length).toLocaleString();
  return (
    <p className={`dim small ${styles.status}`} role="status">
      {list.count(isMore ? texts.more(count) : count)} · <Relative at={loadedAt} />
    </p>
  );
}

/** What has changed so that rows would move: shown when somebody wants it. */
function Changes<Row extends ListRow>({ loaded }: Pick<ContentProps<Row>, 'loaded'>) {
  const texts = useTexts().list;
  const { newCount, gone, showChanges } = loaded;
  const isChanged = newCount > 0 || gone.size > 0;
  return (
    <div role="status" className={styles.changes}>
      {isChanged && (
        <Button size="compact-md" radius="xl" leftSection={<Icon name="refresh" size={14} />} onClick={showChanges}>
          {newCount > 0 ? texts.newRows(newCount) : texts.changedRows}
        </Button>
      )}
    </div>
  );
}

function Nothing<Row extends ListRow>({ list, address }: Pick<ContentProps<Row>, 'list' | 'address'>) {
  const texts = useTexts().list;
  const { account, sort, ...narrowed } = parametersOf(address.search);
  if (Object.keys(narrowed).length === 0) {
    const { icon, title, text, command, action } = list.empty;
    return (
      <Empty icon={icon} title={title} text={text} {...(command === undefined ? {} : { command })}>
        {action}
      </Empty>
    );
  }
  const cleared = Object.fromEntries(Object.keys(narrowed).map((key) => [key, undefined]));
  return (
    <Empty icon="search" title={texts.noMatch} text={texts.noMatchText}>
      <Button variant="default" onClick={() => address.replace(changed(address.search, cleared))}>
        {texts.showAll}
      </Button>
    </Empty>
  );
}

const loadingWidths = ['58%', '44%', '66%', '50%', '38%', '61%'];

function LoadingRows() {
  return (
    <Loading>
      <div className={styles.loadingRows}>
        {loadingWidths.map((width) => (
          <Skeleton key={width} width={width} height={18} />
        ))}
      </div>
    </Loading>
  );
}
