/** One certificate: how it stands, what it says, by whom it is trusted, its files, and its revocation. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip } from '../shared/chip.tsx';
import { Detail } from '../shared/detail.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Notice } from '../shared/notice.tsx';
import { Card, Copied, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { DaysLeft, Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { CertificateChain } from './certificate-chain.tsx';
import { CertificateChip } from './certificate-chip.tsx';
import { CertificateFields } from './certificate-fields.tsx';
import { CertificateFiles } from './certificate-files.tsx';
import { CertificateLineage } from './certificate-lineage.tsx';
import type { Certificate, CertificateProps } from './certificate-types.ts';
import styles from './certificates.module.css';
import { RevokeCertificate } from './revoke-certificate.tsx';

/** A list of revoked certificates comes a moment after the revocation. */
const againMs = 2000;
const listComesMs = 120_000;

export function CertificateBody({ reference, isPage = false }: ObjectBodyProps) {
  const { certificates } = useTexts();
  const query = useQuery({
    queryKey: ['certificates', 'one', reference],
    queryFn: ({ signal }) => call('certificates', 'show', { certificate: reference }, { signal }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && awaitsList(data) ? againMs : false),
  });
  return (
    <Detail query={query} unknown={certificates.unknown} isPage={isPage}>
      {(certificate) => <Shown certificate={certificate} isPage={isPage} />}
    </Detail>
  );
}

function awaitsList({ revokedAt, crl }: Certificate): boolean {
  return revokedAt !== null && crl === null && Date.now() - Date.parse(revokedAt) < listComesMs;
}

function Shown({ certificate, isPage }: { readonly certificate: Certificate; readonly isPage: boolean }) {
  const { certificates } = useTexts();
  const [done, say] = useState<string | undefined>();
  const { number, names, replacedBy } = certificate;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={certificates.one(String(number))}
        chips={
          <>
            <CertificateChip state={certificate.state} />
            {replacedBy !== null && (
              <Chip icon="refresh" tone="idle">
                {certificates.replaced}
              </Chip>
            )}
          </>
        }
        summary={<DaysLeft until={certificate.notAfter} />}
        acts={<RevokeCertificate certificate={certificate} onDone={say} />}
      />
      {done !== undefined && (
        <Notice tone="good" onClose={() => say(undefined)}>
          {done}
        </Notice>
      )}
      {certificate.revokedAt !== null && <Revocation certificate={certificate} />}
      <CertificateLineage certificate={certificate} />
      <Card title={certificates.names(names.length)} isFlush>
        <Lines>
          {names.map((name) => (
            <li key={name}>
              <DomainName name={name} />
            </li>
          ))}
        </Lines>
      </Card>
      <KeyFacts certificate={certificate} />
      <CertificateChain certificate={certificate} />
      <CertificateFiles certificate={certificate} />
      <CertificateFields certificate={certificate} />
      <Text title={certificates.description} text={certificate.description} />
      <Text title={certificates.pem} text={certificate.pem} />
    </Page>
  );
}

/** When and why, by whom, and in which list those who check find it. */
function Revocation({ certificate }: CertificateProps) {
  const { certificates, acts } = useTexts();
  const { facts, revoking } = certificates;
  const { revokedAt, revokedBy, revocationReason, crl } = certificate;
  return (
    <Card title={facts.revocation}>
      <Facts
        rows={[
          [facts.revokedAt, revokedAt === null ? null : <Moment key="at" at={revokedAt} />],
          [facts.revokedBy, revokedBy === undefined ? null : visible(revokedBy.name)],
          [facts.reason, revocationReason === null ? null : acts.reasons[revocationReason].name],
          [
            facts.crl,
            crl === null ? (
              awaitsList(certificate) ? (
                revoking.listComes
              ) : (
                revoking.noList
              )
            ) : (
              <span key="crl">
                {revoking.inList(crl.number)} <Moment at={crl.since} />
              </span>
            ),
          ],
        ]}
      />
    </Card>
  );
}

function KeyFacts({ certificate }: CertificateProps) {
  const { certificates } = useTexts();
  const { facts } = certificates;
  const { data: me } = useQuery(meQuery);
  const { accountId, accountName, orderNumber, decoded } = certificate;
  const mayOpenAccount = me !== undefined && may(me, 'accounts.show');
  return (
    <Card title={facts.title}>
      <Facts
        rows={[
          [
            facts.account,
            mayOpenAccount ? (
              <Link key="account" to="/accounts/$reference" params={{ reference: accountId }}>
                {visible(accountName)}
              </Link>
            ) : (
              visible(accountName)
            ),
          ],
          [
            facts.order,
            <Link key="order" to="/orders/$order" params={{ order: String(orderNumber) }}>
              {orderNumber}
            </Link>,
          ],
          [facts.issuer, certificate.issuerId],
          [facts.key, certificate.keyKind],
          [facts.begins, <Moment key="from" at={certificate.notBefore} />],
          [facts.ends, <Moment key="until" at={certificate.notAfter} />],
          [facts.serial, <Copied key="serial" value={certificate.serial} what={facts.serial} />],
          [facts.sha256, <Copied key="sha256" value={certificate.sha256} what={facts.sha256} />],
          [facts.sha1, <Copied key="sha1" value={decoded.sha1} what={facts.sha1} />],
          [facts.keySha256, <Copied key="key" value={decoded.key.sha256} what={facts.keySha256} />],
        ]}
      />
    </Card>
  );
}

function Text({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <details className={`card ${styles.text}`}>
      <summary>{title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by the keyboard */}
      <pre tabIndex={0}>{visible(text).replaceAll('\\u{a}', '\n')}</pre>
    </details>
  );
}
