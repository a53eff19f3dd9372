/** The attempts to get certificates for an order, newest first, and the files of those that came. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from '../../shared/blocks.tsx';
import { Chip } from '../../shared/chip.tsx';
import { CopyButton } from '../../shared/copy-button.tsx';
import { Failure } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { DaysLeft, Moment } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import { certificateLooks } from '../order-certificate.tsx';
import type { Order } from '../order-query.ts';
import styles from './tabs.module.css';

type Issuance = Reply<'orders', 'issuances'>['items'][number];
type Certificate = NonNullable<Issuance['certificate']>;

const mostShown = 200;

export function CertificatesTab({ order }: { readonly order: Order }) {
  const { order: words } = useTexts();
  const number = String(order.number);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['order', number, 'issuances'],
    queryFn: ({ signal }) => call('orders', 'issuances', { order: number, limit: mostShown }, { signal }),
  });
  const hasNone = data?.items.every(({ certificate }) => certificate === null) === true;
  return (
    <section className={`card ${styles.section}`} aria-label={words.tabs.certificates}>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data === undefined && error === null && (
        <Loading>
          <div className={styles.loading}>
            <Skeleton width="44%" />
            <Skeleton width="60%" />
          </div>
        </Loading>
      )}
      {hasNone && <Empty icon="certificate" title={words.noCertificates} text={words.noCertificatesText} />}
      <ul>
        {(data?.items ?? []).map((issuance) => (
          <Attempt key={issuance.id} issuance={issuance} />
        ))}
      </ul>
    </section>
  );
}

function Attempt({ issuance }: { readonly issuance: Issuance }) {
  const { order: words } = useTexts();
  const { certificate, failure } = issuance;
  return (
    <li className={styles.attempt}>
      <div className={styles.attemptHead}>
        <h2>{words.kinds[issuance.kind]}</h2>
        {certificate === null && <span className="dim">{words.issuanceStates[issuance.state]}</span>}
        <span className="dim small">
          <Moment at={issuance.createdAt} /> · {words.namesCount(issuance.names.length)}
        </span>
      </div>
      {failure !== null && <p className={styles.why}>{visible(failure)}</p>}
      {certificate !== null && <Issued certificate={certificate} />}
    </li>
  );
}

const formats = ['fullchain', 'pem', 'chain', 'der'] as const;

function Issued({ certificate }: { readonly certificate: Certificate }) {
  const { order: words, orders, certificates: texts } = useTexts();
  const [icon, tone] = certificateLooks[certificate.state];
  return (
    <>
      <p className={styles.ends}>
        <Chip icon={icon} tone={tone}>
          {orders.certificateStates[certificate.state]}
        </Chip>
        <DaysLeft until={certificate.notAfter} />
        <Link to="/certificates/$reference" params={{ reference: String(certificate.number) }}>
          {texts.one(String(certificate.number))}
        </Link>
      </p>
      <p className={styles.serial}>
        <span className="dim small">{orders.facts.serial}</span>
        <code>{certificate.serial}</code>
        <CopyButton value={certificate.serial} what={orders.facts.serial} />
      </p>
      <ul className={styles.files}>
        {formats.map((format) => (
          <li key={format}>
            <a
              href={`/api/v1/certificates/${encodeURIComponent(certificate.id)}/download?format=${format}`}
              download
              className={styles.fileLink}
            >
              <Icon name="download" size={15} />
              {words.formats[format]}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
