/** What somebody sees who was sent a link: the names of an order, what to place for them and what was found. Nothing of the account, and nobody signs in. */

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { Problem } from '../api/problem.ts';
import { ColourMenu } from '../frame/colour-menu.tsx';
import { documentLanguages } from '../preferences/spoken-language.ts';
import { useSpoken, useTexts } from '../preferences/texts-provider.tsx';
import { Empty, Loading, Skeleton } from '../shared/blocks.tsx';
import { Failure } from '../shared/failure.tsx';
import { Icon, Logo } from '../shared/icons.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { Moment } from '../shared/time.tsx';
import cockpit from './cockpit/cockpit.module.css';
import { NameCard, ProvedName } from './cockpit/name-card.tsx';
import { NameProofs } from './cockpit/name-proofs.tsx';
import type { OrderName } from './order-query.ts';
import styles from './shared-page.module.css';

const route = getRouteApi('/shared/$token');
const againMs = 10_000;

type Shared = Reply<'orders', 'shared'>;

export function SharedPage() {
  const { order: words, frame } = useTexts();
  const { token } = route.useParams();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['shared', token],
    queryFn: ({ signal }) => call('orders', 'shared', { token }, { signal, endsSignedOut: true }),
    refetchInterval: ({ state }) => (state.data?.isWaiting === true ? againMs : false),
  });
  usePageTitle(words.sharedTitle);
  const isGone = error instanceof Problem && error.status === 404;
  return (
    <div>
      <header className={styles.header}>
        <span className={styles.brand}>
          <Logo />
          {frame.product}
        </span>
        <span className={styles.tools}>
          <OtherLanguage />
          <ColourMenu />
        </span>
      </header>
      <main className={styles.content} id="content">
        {isGone ? (
          <Empty isPage icon="search" title={words.sharedGone} text={words.sharedGoneText} />
        ) : (
          <>
            <h1>{words.sharedTitle}</h1>
            {data !== undefined && <SharedNames shared={data} />}
            {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
            {data === undefined && error === null && (
              <Loading>
                <Skeleton width="100%" height={180} />
              </Loading>
            )}
          </>
        )}
      </main>
    </div>
  );
}

function SharedNames({ shared }: { readonly shared: Shared }) {
  const { order: words, orders } = useTexts();
  const names = shared.names.map(asOrderName);
  const open = names.filter(({ state }) => state !== 'valid');
  return (
    <>
      <p className="dim">{shared.isWaiting ? words.sharedText : words.sharedDone}</p>
      <h2 className="hidden">{orders.names}</h2>
      <div className="card">
        <ul>
          {open.map((name, place) => (
            <NameCard key={name.name} name={name} isOpenFirst={place === 0}>
              <NameProofs name={name} owner={null} canChoose={false} />
            </NameCard>
          ))}
        </ul>
        <ul className={open.length > 0 ? cockpit.provedList : undefined}>
          {names
            .filter(({ state }) => state === 'valid')
            .map((name) => (
              <ProvedName key={name.name} name={name} />
            ))}
        </ul>
      </div>
      <p className="dim small">
        {words.sharedUntil} <Moment at={shared.expiresAt} />
      </p>
    </>
  );
}

/** A link says of a name only what whoever places something needs; a record in the DNS is what most places take. */
function asOrderName(name: Shared['names'][number]): OrderName {
  const { method = 'dnsTxt' } = name.proofs.find((proof) => proof.method === 'dnsTxt') ?? name.proofs[0] ?? {};
  return { ...name, preferredMethod: method, provedBy: null, provedAt: null, validUntil: null };
}

function OtherLanguage() {
  const { language, texts, choose } = useSpoken();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Button
      variant="subtle"
      color="gray"
      size="sm"
      c="var(--ink)"
      lang={documentLanguages[other]}
      leftSection={<Icon name="globe" />}
      onClick={() => void choose(other)}
    >
      {texts.frame.otherLanguage}
    </Button>
  );
}
