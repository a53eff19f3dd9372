/** The page of all certificates, as a list and by when they end. */
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { useAddress } from '../shared/list/use-address.ts';
import { ObjectPage } from '../shared/object-page.tsx';
import { Calendar, CalendarChoice } from './calendar.tsx';
import { CertificateBody } from './certificate-body.tsx';
import { certificateList } from './certificate-list.tsx';

export function CertificatesPage() {
  const texts = useTexts();
  const address = useAddress();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  const shown = {
    tools: <CalendarChoice address={address} />,
    ...(address.search.view === 'calendar' ? { picture: <Calendar address={address} /> } : {}),
  };
  return (
    <Needs operation="certificates.list">
      <ListScreen list={certificateList(texts, me, shown)} />
    </Needs>
  );
}

export function CertificatePage() {
  const { certificates } = useTexts();
  return (
    <ObjectPage
      operation="certificates.show"
      list="/certificates"
      listTitle={certificates.title}
      title={certificates.one}
      Body={CertificateBody}
    />
  );
}
