/** The page of all domains, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { DomainBody } from './domain-body.tsx';
import { domainList } from './domain-list.tsx';

export function DomainsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="domains.list">
      <ListScreen list={domainList(texts, me)} />
    </Needs>
  );
}

export function DomainPage() {
  const { domains } = useTexts();
  return (
    <ObjectPage
      operation="domains.show"
      list="/domains"
      listTitle={domains.title}
      title={domains.one}
      Body={DomainBody}
    />
  );
}
