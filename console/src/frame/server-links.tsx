/** What the server offers beside the console: pages of its own, outside of this application. */
import { useTexts } from '../preferences/texts-provider.tsx';

export function ServerLinks() {
  const { frame } = useTexts();
  return (
    <>
      <a href="/api/docs">{frame.apiDocs}</a>
      <a href="/pki/root.pem">{frame.rootCertificates}</a>
      <a href="/pki/">{frame.authorityFiles}</a>
    </>
  );
}
