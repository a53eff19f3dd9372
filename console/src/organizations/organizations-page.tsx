/** The page of all organizations, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { OrganizationBody } from './organization-body.tsx';
import { organizationList } from './organization-list.tsx';

export function OrganizationsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="organizations.list">
      <ListScreen list={organizationList(texts, me)} />
    </Needs>
  );
}

export function OrganizationPage() {
  const { organizations } = useTexts();
  return (
    <ObjectPage
      operation="organizations.show"
      list="/organizations"
      listTitle={organizations.title}
      title={organizations.one}
      Body={OrganizationBody}
    />
  );
}
