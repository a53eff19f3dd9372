/** What this person can do something about, and in whose hands the rest is. What there is none of is not said. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useOfAccount } from '../frame/chosen-account.ts';
import { turnLooks } from '../orders/state-chips.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Loading, Skeleton } from '../shared/blocks.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Failure } from '../shared/failure.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { ListLink } from '../shared/list-link.tsx';
import { DaysLeft, Relative } from '../shared/time.tsx';
import { FirstOf } from './first-of.tsx';
import styles from './home.module.css';
import { reasonText } from './reason-text.ts';

type Home = Reply<'statistics', 'home'>;
type Need = Home['needs'][number];

const againMs = 30_000;

const icons: Readonly<Record<Need['what'], IconName>> = {
  approvals: 'shield',
  failingValidations: 'alert',
  failedJobs: 'server',
  organizations: 'person',
  endingCertificates: 'clock',
  failedDeliveries: 'mail',
  lowBalances: 'certificate',
  issuersWithoutCa: 'issuer',
  dueLists: 'issuer',
  authorityTasks: 'issuer',
  authorityRequests: 'issuer',
  lowAccounts: 'wallet',
  lowAccount: 'wallet',
};

export function TurnBlocks({ me }: { readonly me: Me }) {
  const { home } = useTexts();
  const of = useOfAccount();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['home', of],
    queryFn: ({ signal }) => call('statistics', 'home', of, { signal }),
    refetchInterval: againMs,
  });
  if (error !== null && data === undefined)
    return <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />;
  return (
    <>
      <section className={`card ${styles.block}`} aria-labelledby="needs">
        <div className={styles.head}>
          <h2 id="needs">{home.needsYou}</h2>
        </div>
        {data === undefined && <LoadingLines />}
        {data?.needs.length === 0 && <AllDone me={me} />}
        <ul>
          {(data?.needs ?? []).map((need) => (
            <NeedLine key={need.what} need={need} failures={data?.failures ?? []} />
          ))}
        </ul>
      </section>
      {data !== undefined && data.underWay.length > 0 && (
        <section className={`card ${styles.block}`} aria-labelledby="under-way">
          <div className={styles.head}>
            <h2 id="under-way">{home.underWay}</h2>
          </div>
          <ul className={styles.turns}>
            {data.underWay.map(({ turn, total, list }) => (
              <li key={turn}>
                <Icon name={turnLooks[turn][0]} />
                <ListLink list={list} className={styles.turn}>
                  <strong>{countOf(total)}</strong> {home.turns[turn]}
                </ListLink>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function countOf({ count, isMore }: Need['total']): string {
  return `${count.toLocaleString('en')}${isMore ? '+' : ''}`;
}

function NeedLine({ need, failures }: { readonly need: Need; readonly failures: Home['failures'] }) {
  const { home } = useTexts();
  const { what, total, list, since } = need;
  return (
    <li className={styles.need}>
      <span className={styles.mark} data-what={what}>
        <Icon name={icons[what]} />
      </span>
      <div className={styles.what}>
        <p>
          <ListLink list={list} className={styles.number}>
            {home.needs[what](countOf(total), total.count === 1)}
          </ListLink>
          {since !== null && (
            <span className="dim small">
              {' '}
              {home.oldest} <Relative at={since} />
            </span>
          )}
        </p>
        {what === 'failingValidations' && failures.length > 0 && (
          <p className={`small ${styles.reasons}`}>
            {failures.map(({ code, text, total: count, list: of }) => (
              <ListLink key={code} list={of} className={styles.reason}>
                {countOf(count)} × {reasonText(code, home.codes, text)}
              </ListLink>
            ))}
          </p>
        )}
      </div>
      {(what === 'approvals' || what === 'organizations') && <FirstOf what={what} list={list} />}
    </li>
  );
}

/** Nobody waits for this person: when they are due again. */
function AllDone({ me }: { readonly me: Me }) {
  const { home } = useTexts();
  const of = useOfAccount();
  const { data } = useQuery({
    queryKey: ['orders', 'nextDue', of],
    queryFn: ({ signal }) =>
      call('orders', 'list', { ...of, state: 'active', isRenewed: 'false', sort: 'ends', limit: 1 }, { signal }),
    enabled: may(me, 'orders.list'),
  });
  const [next] = data?.items ?? [];
  return (
    <div className={styles.none}>
      <Icon name="check" />
      <div>
        <p>{home.allDone}</p>
        {next?.certificate && (
          <p className="dim small">
            {home.nextDue}{' '}
            <Link to="/orders/$order" params={{ order: String(next.number) }}>
              <DomainName name={next.names[0] ?? ''} />
            </Link>
            , <DaysLeft until={next.certificate.notAfter} />
          </p>
        )}
      </div>
    </div>
  );
}

function LoadingLines() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width="52%" />
        <Skeleton width="70%" />
        <Skeleton width="44%" />
      </div>
    </Loading>
  );
}
