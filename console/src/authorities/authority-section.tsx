/** The CAs of this server: what is to be done, what waits, who signs and who follows, and each of them. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';
import cards from '../shared/cards.module.css';
import { Detail } from '../shared/detail.tsx';
import { Failure } from '../shared/failure.tsx';
import styles from './authorities.module.css';
import { AuthorityRequests } from './authority-requests.tsx';
import { AuthorityTree } from './authority-tree.tsx';
import { InstallCertificates } from './install-certificates.tsx';
import { RequestCertificate } from './request-certificate.tsx';
import { Succession, Tasks } from './succession.tsx';

export interface AuthoritySectionProps {
  readonly me: Me;
  /** An issuer waits for a CA outside. */
  readonly isAwaited: boolean;
  /** Only what is to be done within half a year; only those whose list is due: where Home counted them. */
  readonly only: { readonly due: boolean; readonly listDue: boolean };
}

export function AuthoritySection({ me, isAwaited, only }: AuthoritySectionProps) {
  const { authorities: texts } = useTexts();
  const query = useQuery({
    queryKey: ['authorities', { listDue: only.listDue }],
    queryFn: ({ signal }) => call('authorities', 'list', only.listDue ? { listDue: 'true' } : {}, { signal }),
  });
  const plan = useQuery({
    queryKey: ['authorities', 'plan'],
    queryFn: ({ signal }) => call('authorities', 'plan', {}, { signal }),
    enabled: may(me, 'authorities.plan'),
  });
  const due = useQuery({
    queryKey: ['authorities', 'plan', { due: true }],
    queryFn: ({ signal }) => call('authorities', 'plan', { due: 'true' }, { signal }),
    enabled: only.due && may(me, 'authorities.plan'),
  });
  const requests = useQuery({
    queryKey: ['authorities', 'requests'],
    queryFn: ({ signal }) => call('authorities', 'requests', {}, { signal }),
    enabled: may(me, 'authorities.requests'),
  });
  const waiting = requests.data?.items ?? [];
  const isOutside = isAwaited || waiting.length > 0 || query.data?.items.some(({ keyPlace }) => keyPlace === 'outside');
  return (
    <section className={cards.section}>
      <div className={styles.top}>
        <h2>{texts.title}</h2>
        {isOutside === true && !isAwaited && (
          <div className={styles.acts}>
            {may(me, 'authorities.request') && <RequestCertificate />}
            {may(me, 'authorities.install') && <InstallCertificates isMain={waiting.length > 0} />}
          </div>
        )}
      </div>
      <Detail query={query} unknown={texts.title}>
        {({ items }) => (
          <div className={styles.parts}>
            {isAwaited && <Awaited me={me} isRequested={waiting.length > 0} />}
            {[plan, due, requests].map(
              ({ error, refetch }, index) =>
                // biome-ignore lint/suspicious/noArrayIndexKey: three questions, always in this order
                error !== null && <Failure key={index} error={error} onRetry={() => void refetch()} />,
            )}
            <Part id="tasks">
              <Tasks plan={(only.due ? due : plan).data?.items ?? []} isDueOnly={only.due} />
            </Part>
            <Part id="requests">
              <AuthorityRequests requests={waiting} authorities={items} me={me} />
            </Part>
            <Succession plan={plan.data?.items ?? []} requests={waiting} />
            <Part id="authorities">
              <AuthorityTree authorities={items} plan={plan.data?.items ?? []} me={me} />
            </Part>
            {items.length === 0 && !isAwaited && !only.listDue && (
              <Empty icon="issuer" title={texts.empty.none} text={texts.empty.noneText} />
            )}
          </div>
        )}
      </Detail>
    </section>
  );
}

/** No certificate of the CA is here, and orders wait for it. */
function Awaited({ me, isRequested }: { readonly me: Me; readonly isRequested: boolean }) {
  const { empty } = useTexts().authorities;
  return (
    <Empty
      icon="issuer"
      title={empty.title}
      text={isRequested ? empty.waiting : empty.text}
      command={isRequested ? 'certmux ca install ca.pem root.pem' : 'certmux ca request'}
    >
      <div className={styles.acts}>
        {may(me, 'authorities.request') && <RequestCertificate isMain={!isRequested} />}
        {may(me, 'authorities.install') && <InstallCertificates isMain={isRequested} />}
      </div>
    </Empty>
  );
}

/** Scrolled to where the address names it: it comes after the page does. */
function Part({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (window.location.hash === `#${id}`) place.current?.scrollIntoView({ block: 'start' });
  }, [id]);
  return (
    <div ref={place} className={styles.part}>
      {children}
    </div>
  );
}
