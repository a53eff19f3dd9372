/** One chart with what belongs to it: how far it reaches, the same numbers as a file, and until when they are counted. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, callForCsv, type Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Skeleton } from '../shared/blocks.tsx';
import { sumOf } from '../shared/charts/points.ts';
import { CsvDownload } from '../shared/csv-download.tsx';
import { Failure } from '../shared/failure.tsx';
import { Relative } from '../shared/time.tsx';
import type { DayRange } from './range.ts';
import styles from './reports.module.css';

export type Statistics = Reply<'statistics', 'issuance'>;
export type ReportName = 'issuance' | 'failures' | 'expiry' | 'revenue';

export interface ReportQuery extends DayRange {
  readonly account?: string;
}

export interface ReportCardProps {
  readonly name: ReportName;
  readonly query: ReportQuery;
  /** Below the title. */
  readonly tools?: ReactNode;
  readonly children: (statistics: Statistics) => ReactNode;
}

export function ReportCard({ name, query, tools, children }: ReportCardProps) {
  const { reports, list } = useTexts();
  const { title, text, none } = reports[name];
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['statistics', name, query],
    queryFn: ({ signal }) => call('statistics', name, query, { signal }),
    // While another range is loaded the one before stays.
    placeholderData: (before) => before,
  });
  const isEmpty = data?.series.every((series) => sumOf(series) === 0) === true;
  return (
    <section className={`card ${styles.card}`} aria-labelledby={`report-${name}`} aria-busy={isFetching}>
      <div className={styles.cardHead}>
        <h2 id={`report-${name}`}>{title}</h2>
        <CsvDownload
          name={`certmux-${name}`}
          size="sm"
          title={list.csvTitle}
          label={reports.csvOf(title)}
          load={() => callForCsv('statistics', name, query)}
        />
      </div>
      <p className="dim small">{text}</p>
      {tools}
      {error !== null && <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />}
      {data === undefined && error === null && <Skeleton width="100%" height={150} />}
      {data !== undefined && isEmpty && <p className={`dim ${styles.none}`}>{none}</p>}
      {data !== undefined && !isEmpty && children(data)}
      {data !== undefined && <CountedUntil statistics={data} />}
    </section>
  );
}

function CountedUntil({ statistics: { countedUntil, isUpToDate } }: { readonly statistics: Statistics }) {
  const { reports } = useTexts();
  if (!isUpToDate) return <p className={styles.behind}>{reports.behind}</p>;
  if (countedUntil === null) return null;
  return (
    <p className="dim small">
      {reports.countedUntil}
      <Relative at={countedUntil} />
    </p>
  );
}
