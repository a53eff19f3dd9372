/** One certificate: what it says, its files, and its revocation. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Detail } from '../shared/detail.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Icon } from '../shared/icons.tsx';
import { Card, Copied, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { DaysLeft, Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { CertificateChip } from './certificate-chip.tsx';
import styles from './certificates.module.css';

type Certificate = Reply<'certificates', 'show'>;
type Reason = NonNullable<Certificate['revocationReason']>;

const formats = ['fullchain', 'pem', 'chain', 'der'] as const;

export function CertificateBody({ reference, isPage = false }: ObjectBodyProps) {
  const { certificates } = useTexts();
  const query = useQuery({
    queryKey: ['certificates', 'one', reference],
    queryFn: ({ signal }) => call('certificates', 'show', { certificate: reference }, { signal }),
  });
  return (
    <Detail query={query} unknown={certificates.unknown} isPage={isPage}>
      {(certificate) => <Shown certificate={certificate} isPage={isPage} />}
    </Detail>
  );
}

function Shown({ certificate, isPage }: { readonly certificate: Certificate; readonly isPage: boolean }) {
  const { certificates } = useTexts();
  const { facts } = certificates;
  const { number, names, revokedBy, revocationReason } = certificate;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={certificates.one(String(number))}
        chips={<CertificateChip state={certificate.state} />}
        summary={<DaysLeft until={certificate.notAfter} />}
        acts={<Revoke certificate={certificate} />}
      />
      <Card title={certificates.names(names.length)} isFlush>
        <Lines>
          {names.map((name) => (
            <li key={name}>
              <DomainName name={name} />
            </li>
          ))}
        </Lines>
      </Card>
      <Card>
        <Facts
          rows={[
            [facts.begins, <Moment key="from" at={certificate.notBefore} />],
            [facts.ends, <Moment key="until" at={certificate.notAfter} />],
            [facts.revokedAt, certificate.revokedAt === null ? null : <Moment key="at" at={certificate.revokedAt} />],
            [facts.revokedBy, revokedBy === undefined ? null : visible(revokedBy.name)],
            [facts.reason, revocationReason === null ? null : certificates.reasons[revocationReason][0]],
            [facts.issuer, certificate.issuerId],
            [facts.serial, <Copied key="serial" value={certificate.serial} what={facts.serial} />],
            [facts.sha256, <Copied key="sha256" value={certificate.sha256} what={facts.sha256} />],
            [
              facts.order,
              <Link key="order" to="/orders/$order" params={{ order: certificate.orderId }}>
                {certificates.showOrder}
              </Link>,
            ],
          ]}
        />
      </Card>
      <Card title={certificates.download} isFlush>
        <Lines>
          {formats.map((format) => {
            const [name, text] = certificates.formats[format];
            return (
              <li key={format}>
                <a
                  className={styles.file}
                  href={`/api/v1/certificates/${encodeURIComponent(certificate.id)}/download?format=${format}`}
                  download
                >
                  <span className={styles.fileName}>
                    <Icon name="download" size={16} />
                    {name}
                  </span>
                  <span className="dim small">{text}</span>
                </a>
              </li>
            );
          })}
        </Lines>
      </Card>
      <Text title={certificates.description} text={certificate.description} />
      <Text title={certificates.pem} text={certificate.pem} />
    </Page>
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

function Revoke({ certificate }: { readonly certificate: Certificate }) {
  const { certificates } = useTexts();
  const { number, state, actions } = certificate;
  if (state !== 'valid') return null;
  const reasons = Object.entries(certificates.reasons).map(([value, [label, text]]) => ({ value, label, text }));
  return (
    <FormButton
      label={certificates.revoke}
      icon="stop"
      tone="danger"
      title={certificates.revokeTitle(number)}
      text={certificates.revokeText(namesText(certificate.names))}
      typed={String(number)}
      isGuarded
      refusal={actions.revoke.reason}
      fields={[{ kind: 'one', name: 'reason', label: certificates.revokeReason, options: reasons }]}
      changes={['certificates', 'orders', 'approvals']}
      run={(values, options) =>
        call(
          'certificates',
          'revoke',
          { certificate: String(number), reason: reasonOf(textOf(values, 'reason')) },
          options,
        )
      }
    />
  );

  function reasonOf(value: string): Reason {
    const known = Object.keys(certificates.reasons).find((one): one is Reason => one === value);
    return known ?? 'unspecified';
  }
}

const mostNames = 5;

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(visible).join(', ');
  return names.length > mostNames ? `${shown} +${names.length - mostNames}` : shown;
}
