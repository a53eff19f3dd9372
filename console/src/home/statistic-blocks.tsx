/** How things went, in pictures: issued by day, ends by week, failures by reason, revenue by month. A table stands behind each. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Reply } from '../api/call.ts';
import { useOfAccount } from '../frame/chosen-account.ts';
import { useSpoken } from '../preferences/texts-provider.tsx';
import { Skeleton } from '../shared/blocks.tsx';
import { BarChart, NumberTable } from '../shared/charts/bar-chart.tsx';
import { dayAfter, daysFrom, monthsFrom, type Series, sumOf, valueAt } from '../shared/charts/points.ts';
import { Failure } from '../shared/failure.tsx';
import { ListLink } from '../shared/list-link.tsx';
import { monthDayText, monthText, wholeAmount } from '../shared/short-dates.ts';
import styles from './home.module.css';
import { reasonText } from './reason-text.ts';

type Statistics = Reply<'statistics', 'issuance'>;
type StatisticName = 'issuance' | 'expiry' | 'failures' | 'revenue';

interface BlockProps {
  readonly name: StatisticName;
  readonly title: string;
  /** What stands there where there is nothing; without it nothing stands there. */
  readonly none?: string;
  /** Beside the title. */
  readonly more?: ReactNode;
  readonly children: (statistics: Statistics) => ReactNode;
}

function Block({ name, title, none, more, children }: BlockProps) {
  const of = useOfAccount();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['statistics', name, of],
    queryFn: ({ signal }) => call('statistics', name, of, { signal }),
  });
  const isEmpty = data?.series.every((series) => sumOf(series) === 0) === true;
  if (isEmpty && none === undefined) return null;
  return (
    <section className={`card ${styles.statistic}`} aria-labelledby={`statistic-${name}`}>
      <div className={styles.statisticHead}>
        <h2 id={`statistic-${name}`}>{title}</h2>
        {more}
      </div>
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data === undefined && error === null && <Skeleton width="100%" height={96} />}
      {isEmpty && <p className="dim">{none}</p>}
      {data !== undefined && !isEmpty && children(data)}
    </section>
  );
}

export function IssuanceBlock() {
  const { language, texts } = useSpoken();
  const { home } = texts;
  const text = (day: string) => monthDayText(day, language);
  const keys = ['orders', 'certificates', 'revocations'] as const;
  return (
    <Block name="issuance" title={home.issuance.title} none={home.issuance.none}>
      {({ from, to, series }) => {
        const days = daysFrom(from, to);
        return (
          <>
            <BarChart
              label={home.issuance.title}
              ends={[text(from), text(to)]}
              bars={days.map((day) => ({
                key: day,
                label: text(day),
                value: valueAt(series, 'certificates', day),
              }))}
            />
            <NumberTable
              label={home.issuance.title}
              columns={[home.day, ...keys.map((key) => home.issuance[key])]}
              rows={days
                .toReversed()
                .map((day) => ({ key: day, cells: [day, ...keys.map((key) => String(valueAt(series, key, day)))] }))}
            />
          </>
        );
      }}
    </Block>
  );
}

/** Neither revoked nor replaced. */
const endingSoon = {
  path: '/api/v1/certificates',
  query: { state: 'valid', replaced: 'false', endsWithinDays: '30' },
} as const;
const weekDays = 7;
/** Cells are tinted in so many steps. */
const tints = 4;

/** Each week leads to the orders whose certificate ends in it. */
export function ExpiryBlock() {
  const { language, texts } = useSpoken();
  const { home } = texts;
  return (
    <Block
      name="expiry"
      title={home.expiry.title}
      none={home.expiry.none}
      more={
        <ListLink list={endingSoon} className="small">
          {home.expiry.soon}
        </ListLink>
      }
    >
      {({ from, to, series }) => {
        const weeks = daysFrom(from, to, weekDays).map((week) => ({
          week,
          total: series.reduce((sum, { key }) => sum + valueAt(series, key, week), 0),
        }));
        const most = Math.max(1, ...weeks.map(({ total }) => total));
        return (
          <ol className={styles.weeks}>
            {weeks.map(({ week, total }) => (
              <li key={week} data-tint={total === 0 ? 0 : Math.ceil((total / most) * tints)}>
                <span className="small">{monthDayText(week, language)}</span>
                {total === 0 ? (
                  <span>0</span>
                ) : (
                  <ListLink
                    list={{
                      path: '/api/v1/orders',
                      query: { endsFrom: week, endsTo: dayAfter(week, weekDays - 1) },
                    }}
                    className={styles.week}
                  >
                    {total}
                    <span className="hidden"> {home.expiry.inWeek(monthDayText(week, language))}</span>
                  </ListLink>
                )}
              </li>
            ))}
          </ol>
        );
      }}
    </Block>
  );
}

/** Fewer reasons are read; the rest stands together. */
const mostReasons = 6;

export function FailuresBlock() {
  const { texts } = useSpoken();
  const { home } = texts;
  return (
    <Block name="failures" title={home.failures.title}>
      {({ series }) => {
        const reasons = byReason(series, home.codes);
        const most = Math.max(1, ...reasons.map(({ total }) => total));
        return (
          <ul className={styles.lines}>
            {reasons.map(({ key, label, total }) => (
              <li key={key}>
                <span>{label === '' ? home.failures.others : label}</span>
                <span className={styles.track}>
                  <span className={styles.fill} style={{ width: `${(total / most) * 100}%` }} />
                </span>
                <strong>{total}</strong>
              </li>
            ))}
          </ul>
        );
      }}
    </Block>
  );
}

function byReason(
  series: readonly (Series & { readonly text?: string | null | undefined })[],
  codes: Readonly<Record<string, string>>,
) {
  const all = series.map((one) => ({ key: one.key, label: reasonText(one.key, codes, one.text), total: sumOf(one) }));
  const rest = all.slice(mostReasons).reduce((sum, { total }) => sum + total, 0);
  return [...all.slice(0, mostReasons), ...(rest === 0 ? [] : [{ key: 'others', label: '', total: rest }])];
}

/** A picture for each currency: they are never added up. */
export function RevenueBlock() {
  const { language, texts } = useSpoken();
  const { home } = texts;
  return (
    <Block name="revenue" title={home.revenue.title}>
      {({ from, to, series }) => {
        const months = monthsFrom(from, to);
        return series.map(({ key }) => (
          <div key={key} className={styles.currency}>
            <h3>{key}</h3>
            <BarChart
              label={`${home.revenue.title}, ${key}`}
              ends={[monthText(from, language), monthText(to, language)]}
              bars={months.map((month) => ({
                key: month,
                label: monthText(month, language),
                value: valueAt(series, key, month),
                text: wholeAmount(valueAt(series, key, month), key, language),
              }))}
            />
            <NumberTable
              label={`${home.revenue.title}, ${key}`}
              columns={[home.month, key]}
              rows={months.toReversed().map((month) => ({
                key: month,
                cells: [month, wholeAmount(valueAt(series, key, month), key, language)],
              }))}
            />
          </div>
        ));
      }}
    </Block>
  );
}
