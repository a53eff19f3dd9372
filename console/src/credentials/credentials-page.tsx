/** The page of all keys of programs. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { credentialList } from './credential-list.tsx';

export function CredentialsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="credentials.list">
      <ListScreen list={credentialList(texts, me)} />
    </Needs>
  );
}
