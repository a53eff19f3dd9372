/** Accounts at upstreams: whether they answer, what is left there, and what the last calls that went wrong asked and were answered. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from '../shared/cards.module.css';
import { Chip } from '../shared/chip.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts } from '../shared/object.tsx';
import { Prose } from '../shared/prose.tsx';
import { Moment, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import own from './issuers.module.css';

type Upstream = Reply<'upstreams', 'list'>['items'][number];

const againMs = 30_000;

export function UpstreamCards({ onlyLow }: { readonly onlyLow: boolean }) {
  const { issuers } = useTexts();
  const query = useQuery({
    queryKey: ['upstreams', { onlyLow }],
    queryFn: ({ signal }) => call('upstreams', 'list', onlyLow ? { lowBalance: 'true' } : {}, { signal }),
    refetchInterval: againMs,
  });
  if (query.data?.items.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>{onlyLow ? issuers.lowUpstreams : issuers.upstreams}</h2>
      <Detail query={query} unknown={issuers.upstreams}>
        {({ items }) => (
          <div className={styles.cards}>
            {items.map((upstream) => (
              <UpstreamCard key={upstream.account} upstream={upstream} />
            ))}
          </div>
        )}
      </Detail>
    </section>
  );
}

function UpstreamCard({ upstream }: { readonly upstream: Upstream }) {
  const { issuers } = useTexts();
  const { upstream: texts, facts } = issuers;
  const { account, breaker, openSince, nextTryAt, faults, lastFault, balance } = upstream;
  const isAway = breaker === 'open';
  const underWay = upstream.orders.filter(({ count }) => count > 0);
  return (
    <Card
      title={account}
      tools={
        isAway ? (
          <Chip icon="stop" tone="bad">
            {texts.away}
          </Chip>
        ) : (
          <Chip icon={faults > 0 ? 'alert' : 'check'} tone={faults > 0 ? 'warn' : 'good'}>
            {faults > 0 ? texts.faults(faults) : issuers.healths.working}
          </Chip>
        )
      }
    >
      <Facts
        rows={[
          [texts.awaySince, openSince === null ? null : <Moment key="since" at={openSince} />],
          [facts.breaker, nextTryAt === null ? null : <Moment key="next" at={nextTryAt} />],
          [texts.issuers, upstream.issuers.map(({ id }) => visible(id)).join(', ')],
          [texts.underWay, underWay.map(({ state, count }) => `${texts.states[state]} ${count}`).join(', ')],
          [
            facts.budget,
            upstream.budgets.length === 0 ? null : (
              <ul key="budgets">
                {upstream.budgets.map(({ name, per, left, limit }) => (
                  <li key={`${name} ${per}`}>
                    {visible(name)}: {facts.budgetText(left, limit)}
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            texts.balance,
            balance === null ? null : (
              <span key="balance" className={balance.isLow ? own.low : undefined}>
                {balance.amount.amount} {balance.isLow && texts.low} (<Relative at={balance.at} />)
              </span>
            ),
          ],
          [facts.failure, lastFault === null ? null : <Prose key="fault">{lastFault}</Prose>],
        ]}
      />
      <Failures account={account} />
    </Card>
  );
}

/** Loaded when somebody opens them. */
function Failures({ account }: { readonly account: string }) {
  const { issuers } = useTexts();
  const { upstream: texts } = issuers;
  const [isOpen, setOpen] = useState(false);
  const query = useQuery({
    queryKey: ['upstreams', 'one', account],
    queryFn: ({ signal }) => call('upstreams', 'show', { upstream: account }, { signal }),
    enabled: isOpen,
  });
  return (
    <details className={own.failures} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.failures}</summary>
      {isOpen && (
        <Detail query={query} unknown={texts.failures}>
          {({ exchanges, advice }) => (
            <>
              {advice.length > 0 && (
                <ul className={own.advice} aria-label={texts.advice}>
                  {advice.map((line) => (
                    <li key={line}>{visible(line)}</li>
                  ))}
                </ul>
              )}
              {exchanges.length === 0 && <p className="dim">{texts.noFailures}</p>}
              <ol className={own.exchanges}>
                {exchanges.map(({ id, at, method, url, asked, status, answer }) => (
                  <li key={id}>
                    <p>
                      <strong>{status ?? texts.noAnswer}</strong>{' '}
                      <code>
                        {method} {visible(url)}
                      </code>
                    </p>
                    <p className="dim small">
                      <Moment at={at} />
                    </p>
                    <Exchanged label={texts.asked} text={asked} />
                    <Exchanged label={texts.answered} text={answer} />
                  </li>
                ))}
              </ol>
            </>
          )}
        </Detail>
      )}
    </details>
  );
}

function Exchanged({ label, text }: { readonly label: string; readonly text: string }) {
  if (text === '') return null;
  return (
    <div>
      <span className="dim small">{label}</span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <pre tabIndex={0}>{text.split('\n').map(visible).join('\n')}</pre>
    </div>
  );
}
