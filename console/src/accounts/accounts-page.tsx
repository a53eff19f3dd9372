/** The page of all accounts, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { AccountBody } from './account-body.tsx';
import { accountList } from './account-list.tsx';

export function AccountsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="accounts.list">
      <ListScreen list={accountList(texts, me)} />
    </Needs>
  );
}

export function AccountPage() {
  const { accounts } = useTexts();
  return (
    <ObjectPage
      operation="accounts.show"
      list="/accounts"
      listTitle={accounts.title}
      isListOfServer
      title={accounts.one}
      Body={AccountBody}
    />
  );
}
