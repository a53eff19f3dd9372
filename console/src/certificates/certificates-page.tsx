/** The page of all certificates. */
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { CertificateBody } from './certificate-body.tsx';
import { certificateList } from './certificate-list.tsx';

export function CertificatesPage() {
  const texts = useTexts();
  return (
    <Needs operation="certificates.list">
      <ListScreen list={certificateList(texts)} />
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
