/** The page of all users, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { UserBody } from './user-body.tsx';
import { userList } from './user-list.tsx';

export function UsersPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="users.list">
      <ListScreen list={userList(texts, me)} />
    </Needs>
  );
}

export function UserPage() {
  const { users } = useTexts();
  return <ObjectPage operation="users.show" list="/users" listTitle={users.title} title={users.one} Body={UserBody} />;
}
