/** How things went, in four charts. How far each reaches is in the address; each number leads to the list of what it counts. */
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { type Address, useAddress } from '../shared/list/use-address.ts';
import { usePageTitle } from '../shared/page-title.ts';
import { visible } from '../shared/visible.ts';
import { Choices, OwnDays } from './choices.tsx';
import { ExpiryReport, RevenueReport } from './coming-reports.tsx';
import { FailuresReport, IssuanceReport } from './past-reports.tsx';
import { comingDays, pastChoices, pastDays, pastMonths } from './range.ts';
import styles from './reports.module.css';

export function ReportsPage() {
  const { reports } = useTexts();
  const { data: me } = useQuery(meQuery);
  usePageTitle(reports.title);
  if (me === undefined) return null;
  return (
    <Needs operation="statistics.issuance">
      <Reports me={me} />
    </Needs>
  );
}

function Reports({ me }: { readonly me: Me }) {
  const { reports } = useTexts();
  const address = useAddress();
  const { search } = address;
  const now = new Date();
  const account = search.account === undefined ? {} : { account: search.account };
  const past = { ...pastDays(search, now), ...account };
  return (
    <>
      <div className={styles.head}>
        <h1>{reports.title}</h1>
        {me.account === null && may(me, 'accounts.list') && <AccountChoice address={address} />}
      </div>
      <div className={styles.range}>
        <Choices address={address} of="past" choices={pastChoices} />
        <OwnDays address={address} />
      </div>
      <div className={styles.cards}>
        <IssuanceReport query={past} />
        <FailuresReport query={past} />
        <ExpiryReport query={{ ...comingDays(search, now), ...account }} address={address} />
        <RevenueReport query={{ ...pastMonths(search, now), ...account }} address={address} />
      </div>
    </>
  );
}

/** More are not chosen from a list: the page of an account leads here. */
const mostChoices = 200;

function AccountChoice({ address }: { readonly address: Address }) {
  const { reports, orders } = useTexts();
  const { account = '' } = address.search;
  const { data } = useQuery({
    queryKey: ['accounts', 'choices'],
    queryFn: ({ signal }) => call('accounts', 'list', { limit: mostChoices, sort: 'name' }, { signal }),
    staleTime: 60_000,
  });
  const known = (data?.items ?? []).map(({ number, name }) => ({ value: String(number), label: visible(name) }));
  const others = account === '' || known.some(({ value }) => value === account) ? [] : [account];
  return (
    <NativeSelect
      aria-label={orders.columns.account}
      value={account}
      data={[{ value: '', label: reports.allAccounts }, ...others, ...known]}
      onChange={(event) => address.change({ account: event.currentTarget.value || undefined })}
    />
  );
}
