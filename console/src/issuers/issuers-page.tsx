/** Who signs, how each does, and the authorities of this server with their lists of revoked certificates. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import { AuthoritySection } from '../authorities/authority-section.tsx';
import { Needs } from '../frame/needs.tsx';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from '../shared/cards.module.css';
import { Chip, type Tone } from '../shared/chip.tsx';
import { Detail } from '../shared/detail.tsx';
import type { IconName } from '../shared/icons.tsx';
import { useAddress } from '../shared/list/use-address.ts';
import { Card, Facts, Head } from '../shared/object.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { Prose } from '../shared/prose.tsx';
import { Moment } from '../shared/time.tsx';
import { UpstreamCards } from './upstream-cards.tsx';

type Issuer = Reply<'issuers', 'list'>['items'][number];

const againMs = 30_000;

export function IssuersPage() {
  const { issuers } = useTexts();
  const address = useAddress();
  const { data: me } = useQuery(meQuery);
  const query = useIssuers(me !== undefined && may(me, 'issuers.list'));
  usePageTitle(issuers.title);
  if (me === undefined) return null;
  const { lowBalance, due, listDue } = address.search;
  return (
    <Needs operation="authorities.list">
      <Head isPage title={issuers.title} />
      {may(me, 'issuers.list') && <IssuerCards query={query} />}
      {may(me, 'upstreams.list') && <UpstreamCards onlyLow={lowBalance === 'true'} />}
      <AuthoritySection
        me={me}
        isAwaited={query.data?.items.some(({ withoutCa }) => withoutCa) === true}
        only={{ due: due === 'true', listDue: listDue === 'true' }}
      />
    </Needs>
  );
}

function useIssuers(isWanted: boolean) {
  return useQuery({
    queryKey: ['issuers'],
    queryFn: ({ signal }) => call('issuers', 'list', {}, { signal }),
    refetchInterval: againMs,
    enabled: isWanted,
  });
}

function IssuerCards({ query }: { readonly query: ReturnType<typeof useIssuers> }) {
  const { issuers } = useTexts();
  return (
    <Detail query={query} unknown={issuers.title}>
      {({ items }) => (
        <div className={styles.cards}>
          {items.map((issuer) => (
            <IssuerCard key={issuer.id} issuer={issuer} />
          ))}
        </div>
      )}
    </Detail>
  );
}

const looks = {
  working: ['check', 'good'],
  faulty: ['alert', 'warn'],
  stopped: ['stop', 'bad'],
} as const satisfies Record<Issuer['health'], readonly [IconName, Tone]>;

function IssuerCard({ issuer }: { readonly issuer: Issuer }) {
  const { issuers } = useTexts();
  const { facts } = issuers;
  const { health, kind, lastIssuedAt, queue, members, budget, breaker, lastFailure, withoutCa } = issuer;
  const [icon, tone] = looks[health];
  return (
    <Card
      title={issuer.id}
      tools={
        <Chip icon={icon} tone={tone}>
          {issuers.healths[health]}
        </Chip>
      }
    >
      <Facts
        rows={[
          [facts.kind, issuers.kinds[kind]],
          [facts.last, lastIssuedAt === null ? facts.never : <Moment key="last" at={lastIssuedAt} />],
          [facts.month, issuer.issuedIn30Days],
          [facts.queue, facts.queueText(queue.due, queue.underWay)],
          [facts.members, members.join(' → ')],
          [facts.budget, budget === null ? null : `${budget.name}: ${facts.budgetText(budget.left, budget.limit)}`],
          [facts.breaker, breaker === null ? null : <Moment key="next" at={breaker.nextTryAt} />],
          [facts.why, withoutCa ? facts.withoutCa : null],
          [facts.failure, lastFailure === null ? null : <Prose key="failure">{lastFailure.detail}</Prose>],
        ]}
      />
    </Card>
  );
}
