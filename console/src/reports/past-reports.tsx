/** What happened: issued by day, and what came to nothing, by reason. */
import { reasonText } from '../home/reason-text.ts';
import { useSpoken, useTexts } from '../preferences/texts-provider.tsx';
import { BarChart, NumberTable } from '../shared/charts/bar-chart.tsx';
import { dayAfter, type Series, sumOf } from '../shared/charts/points.ts';
import { ListLink, type ListOfApi } from '../shared/list-link.tsx';
import { monthDayText } from '../shared/short-dates.ts';
import { type Span, spansOf } from './range.ts';
import { ReportCard, type ReportQuery } from './report-card.tsx';
import styles from './reports.module.css';

interface PastProps {
  readonly query: ReportQuery;
}

const issued = ['certificates', 'orders', 'revocations'] as const;
type Issued = (typeof issued)[number];

/** The kinds of events that are counted as failures. */
const failureKinds = ['issuance.failed', 'order.reissueFailed', 'order.renewalFailed', 'authorization.failed'];

export function IssuanceReport({ query }: PastProps) {
  const { language, texts } = useSpoken();
  const { reports } = texts;
  const { account } = query;
  const spanText = ({ from, to }: Span) =>
    from === to ? monthDayText(from, language) : `${monthDayText(from, language)} – ${monthDayText(to, language)}`;
  return (
    <ReportCard name="issuance" query={query}>
      {({ series, ...whole }) => {
        const spans = spansOf(whole);
        return (
          <>
            <dl className={styles.sums}>
              {issued.map((key) => (
                <div key={key}>
                  <dt>{reports.issuance[key]}</dt>
                  <dd>
                    <Counted list={listOf(key, whole, account)}>{sumWithin(series, key, whole)}</Counted>
                  </dd>
                </div>
              ))}
            </dl>
            <BarChart
              label={reports.issuance.title}
              ends={[monthDayText(whole.from, language), monthDayText(whole.to, language)]}
              bars={spans.map((span) => ({
                key: span.from,
                label: spanText(span),
                value: sumWithin(series, 'certificates', span),
                list: listOf('certificates', span, account),
              }))}
            />
            <NumberTable
              label={reports.issuance.title}
              columns={[reports.day, ...issued.map((key) => reports.issuance[key])]}
              rows={spans.toReversed().map((span) => ({
                key: span.from,
                cells: [
                  span.from === span.to ? span.from : `${span.from} – ${span.to}`,
                  ...issued.map((key) => (
                    <Counted key={key} list={listOf(key, span, account)}>
                      {sumWithin(series, key, span)}
                    </Counted>
                  )),
                ],
              }))}
            />
          </>
        );
      }}
    </ReportCard>
  );
}

export function FailuresReport({ query }: PastProps) {
  const { reports, home } = useTexts();
  const words = { ...home.codes, ...reports.reasons };
  return (
    <ReportCard name="failures" query={query}>
      {({ series, ...whole }) => {
        const reasons = series.map((one) => ({ key: one.key, text: one.text ?? null, total: sumOf(one) }));
        const most = Math.max(1, ...reasons.map(({ total }) => total));
        const list = eventsOf(failureKinds, whole, query.account);
        return (
          <>
            <ul className={styles.lines}>
              {reasons.map(({ key, text, total }) => (
                <li key={key}>
                  <ListLink list={list} className={styles.reason}>
                    {reasonText(key, words, text)}
                  </ListLink>
                  <span className={styles.track}>
                    <span className={styles.fill} style={{ width: `${(total / most) * 100}%` }} />
                  </span>
                  <strong>{total}</strong>
                </li>
              ))}
            </ul>
            <NumberTable
              label={reports.failures.title}
              columns={[reports.reason, reports.code, reports.number]}
              rows={reasons.map(({ key, text, total }) => ({
                key,
                cells: [reasonText(key, words, text), <code key="code">{key}</code>, total],
              }))}
            />
          </>
        );
      }}
    </ReportCard>
  );
}

/** A number that leads to what it counts; of nothing there is no list. */
export function Counted({ list, children }: { readonly list: ListOfApi; readonly children: number }) {
  return children === 0 ? <>0</> : <ListLink list={list}>{children}</ListLink>;
}

function listOf(key: Issued, { from, to }: Span, account: string | undefined): ListOfApi {
  if (key === 'revocations') return eventsOf(['certificate.revoked'], { from, to }, account);
  return { path: `/api/v1/${key}`, query: { from, to, ...ofAccount(account) } };
}

/** Events end before a day, which those counted still belong to. */
function eventsOf(kinds: readonly string[], { from, to }: Span, account: string | undefined): ListOfApi {
  return {
    path: '/api/v1/events',
    query: { kind: kinds.join(','), from, until: dayAfter(to, 1), ...ofAccount(account) },
  };
}

export function ofAccount(account: string | undefined): Readonly<Record<string, string>> {
  return account === undefined ? {} : { account };
}

function sumWithin(series: readonly Series[], key: string, { from, to }: Span): number {
  const points = series.find((one) => one.key === key)?.points ?? [];
  return points.reduce((sum, [at, total]) => (at >= from && at <= to ? sum + total : sum), 0);
}
