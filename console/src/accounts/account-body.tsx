/** One account: its balance, its rules, and what belongs to it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { maySwitch } from '../frame/chosen-account.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts, Head, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AccountActs } from './account-acts.tsx';
import { AccountChip } from './account-list.tsx';
import { AccountPrices } from './account-prices.tsx';
import styles from './accounts.module.css';

export type Account = Reply<'accounts', 'show'>;

export function AccountBody({ reference, isPage = false }: ObjectBodyProps) {
  const { accounts } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useAccount(reference);
  return (
    <Detail query={query} unknown={accounts.unknown} isPage={isPage}>
      {(account) => (me === undefined ? null : <Shown account={account} me={me} isPage={isPage} />)}
    </Detail>
  );
}

export function useAccount(reference: string) {
  return useQuery({
    queryKey: ['accounts', 'one', reference],
    queryFn: ({ signal }) => call('accounts', 'show', { account: reference }, { signal }),
  });
}

interface ShownProps {
  readonly account: Account;
  readonly me: Me;
  readonly isPage: boolean;
}

function Shown({ account, me, isPage }: ShownProps) {
  const { accounts, list } = useTexts();
  const { facts } = accounts;
  const { approval, productCodes, allowedNames } = account;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={visible(account.name)}
        chips={<AccountChip account={account} />}
        summary={
          <>
            {accounts.columns.balance} <strong>{account.balance.amount}</strong>
          </>
        }
        acts={<AccountActs account={account} me={me} />}
      />
      <Belongings account={account} me={me} />
      <Card>
        <Facts
          rows={[
            [accounts.columns.number, account.number],
            [facts.contact, visible(account.contactEmail)],
            [facts.approval, `${accounts.approvals[approval][0]} · ${accounts.approvals[approval][1]}`],
            [facts.duties, account.separatesDuties ? list.yes : list.no],
            [facts.products, productCodes === null ? facts.allProducts : productCodes.join(', ')],
            [facts.names, allowedNames === null ? facts.allNames : allowedNames.map(visible).join(', ')],
            [facts.madeKeys, accounts.madeKeys[account.madeKeys]],
            [accounts.lowBalanceBelow, account.lowBalance?.amount ?? ''],
            [facts.created, <Moment key="created" at={account.createdAt} />],
          ]}
        />
      </Card>
      {may(me, 'prices.list') && <AccountPrices account={account} me={me} />}
    </Page>
  );
}

function Belongings({ account: { number }, me }: Omit<ShownProps, 'isPage'>) {
  const { accounts } = useTexts();
  const { links } = accounts;
  const account = String(number);
  const search = { account };
  return (
    <nav className={styles.links} aria-label={accounts.belongs}>
      {maySwitch(me) && (
        <Link to="/" search={search}>
          {links.home}
        </Link>
      )}
      {may(me, 'accounts.ledger') && (
        <Link to="/accounts/$reference/ledger" params={{ reference: account }}>
          {links.ledger}
        </Link>
      )}
      {may(me, 'orders.list') && (
        <Link to="/orders" search={search}>
          {links.orders}
        </Link>
      )}
      {may(me, 'certificates.list') && (
        <Link to="/certificates" search={{ ...search, state: 'valid', replaced: 'false' }}>
          {links.certificates}
        </Link>
      )}
      {may(me, 'users.list') && (
        <Link to="/users" search={search}>
          {links.users}
        </Link>
      )}
      {may(me, 'credentials.list') && (
        <Link to="/credentials" search={search}>
          {links.credentials}
        </Link>
      )}
    </nav>
  );
}
