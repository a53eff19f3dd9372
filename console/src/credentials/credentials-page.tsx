/** The page of all keys of programs, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { CredentialBody } from './credential-body.tsx';
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

export function CredentialPage() {
  const { credentials } = useTexts();
  return (
    <ObjectPage
      operation="credentials.list"
      list="/credentials"
      listTitle={credentials.title}
      title={credentials.one}
      Body={CredentialBody}
    />
  );
}
