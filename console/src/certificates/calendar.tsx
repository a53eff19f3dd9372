/**
 * When certificates end, week by week or month by month: how many, tinted by how many. Each number is that of the list below with the same
 * filters, and chooses it.
 */
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listSource } from '../api/list.ts';
import { useSpoken, useTexts } from '../preferences/texts-provider.tsx';
import { NumberTable } from '../shared/charts/bar-chart.tsx';
import { changed, type ListSearch, parametersOf } from '../shared/list/address.ts';
import type { Address } from '../shared/list/use-address.ts';
import { Segments } from '../shared/segments.tsx';
import { monthDayText, monthText } from '../shared/short-dates.ts';
import { useNow } from '../shared/time.tsx';
import styles from './calendar.module.css';
import { type CalendarSpan, spansFrom } from './calendar-spans.ts';

interface CalendarProps {
  readonly address: Address;
}

/** Whether the calendar stands above the list. */
export function CalendarChoice({ address: { search } }: CalendarProps) {
  const { certificates } = useTexts();
  const { calendar } = certificates;
  const isOn = search.view === 'calendar';
  return (
    <Segments
      label={calendar.shown}
      segments={[
        {
          key: 'list',
          label: calendar.list,
          search: changed(search, { view: undefined, step: undefined }),
          isOn: !isOn,
        },
        { key: 'calendar', label: calendar.title, search: changed(search, { view: 'calendar' }), isOn },
      ]}
    />
  );
}

const source = listSource('certificates', 'list');
/** Cells are tinted in so many steps. */
const tints = 4;
const hourMs = 3_600_000;
const freshMs = 60_000;

export function Calendar({ address: { search } }: CalendarProps) {
  const { language, texts } = useSpoken();
  const { calendar } = texts.certificates;
  const isByMonth = search.step === 'month';
  const now = useNow(hourMs);
  const spans = spansFrom(now, isByMonth ? 'month' : 'week');
  const { sort, endsFrom, endsTo, endsWithinDays, ...others } = parametersOf(search);
  const counts = useQueries({
    queries: spans.map(({ from, to }) => {
      const parameters = { ...others, endsFrom: from, endsTo: to, limit: '1', total: 'true' };
      return {
        queryKey: ['certificates', 'calendar', parameters],
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => source.load(parameters, signal),
        staleTime: freshMs,
      };
    }),
  });
  const totals = counts.map(({ data }) => data?.total);
  const most = Math.max(1, ...totals.map((total) => total?.count ?? 0));
  const labelOf = ({ from }: CalendarSpan) =>
    isByMonth ? monthText(from.slice(0, 7), language) : monthDayText(from, language);
  const textOf = (place: number) => {
    const total = totals[place];
    if (total === undefined) return counts[place]?.isError === true ? '?' : '…';
    return `${total.count.toLocaleString()}${total.isMore ? '+' : ''}`;
  };
  return (
    <section className={`card ${styles.calendar}`} aria-labelledby="calendar">
      <div className={styles.head}>
        <h2 id="calendar">{isByMonth ? calendar.byMonth : calendar.byWeek}</h2>
        <Segments
          label={calendar.step}
          segments={[
            { key: 'week', label: calendar.weeks, search: changed(search, { step: undefined }), isOn: !isByMonth },
            { key: 'month', label: calendar.months, search: changed(search, { step: 'month' }), isOn: isByMonth },
          ]}
        />
      </div>
      <ol className={styles.cells}>
        {spans.map((span, place) => {
          const isOn = span.from === endsFrom && span.to === endsTo;
          const count = totals[place]?.count ?? 0;
          return (
            <li key={span.from}>
              <Link
                to="."
                search={cellSearch(search, span, isOn)}
                resetScroll={false}
                activeOptions={{ exact: true }}
                className={styles.cell}
                data-tint={count === 0 ? 0 : Math.ceil((count / most) * tints)}
                aria-current={isOn ? 'true' : undefined}
              >
                <span className="small">{labelOf(span)}</span>
                <strong>{textOf(place)}</strong>
                <span className="hidden"> {isByMonth ? calendar.endInMonth : calendar.endInWeek}</span>
              </Link>
            </li>
          );
        })}
      </ol>
      <NumberTable
        label={isByMonth ? calendar.byMonth : calendar.byWeek}
        columns={[calendar.days, texts.certificates.title]}
        rows={spans.map((span, place) => ({
          key: span.from,
          cells: [`${span.from} – ${span.to}`, textOf(place)],
        }))}
      />
    </section>
  );
}

/** Chosen again it chooses all. */
function cellSearch(search: ListSearch, { from, to }: CalendarSpan, isOn: boolean): ListSearch {
  const days = isOn ? { endsFrom: undefined, endsTo: undefined } : { endsFrom: from, endsTo: to };
  return changed(search, { ...days, endsWithinDays: undefined, open: undefined });
}
