/** What ends, by week; and what came in, by month, in each currency: they are never added up. */
import { useSpoken } from '../preferences/texts-provider.tsx';
import { BarChart, NumberTable } from '../shared/charts/bar-chart.tsx';
import { dayAfter, daysFrom, monthsFrom, sumOf, valueAt } from '../shared/charts/points.ts';
import type { Address } from '../shared/list/use-address.ts';
import { ListLink, type ListOfApi } from '../shared/list-link.tsx';
import { monthDayText, monthText, wholeAmount } from '../shared/short-dates.ts';
import { Choices } from './choices.tsx';
import { Counted, ofAccount } from './past-reports.tsx';
import { monthChoices, weekChoices } from './range.ts';
import { ReportCard, type ReportQuery } from './report-card.tsx';
import styles from './reports.module.css';

interface ReportProps {
  readonly query: ReportQuery;
  readonly address: Address;
}

const weekDays = 7;

export function ExpiryReport({ query, address }: ReportProps) {
  const { language, texts } = useSpoken();
  const { reports } = texts;
  return (
    <ReportCard name="expiry" query={query} tools={<Choices address={address} of="weeks" choices={weekChoices} />}>
      {({ from, to, series }) => {
        const weeks = daysFrom(from, to, weekDays).map((week) => {
          const last = dayAfter(week, weekDays - 1);
          return {
            week,
            last: last > to ? to : last,
            total: series.reduce((sum, { key }) => sum + valueAt(series, key, week), 0),
          };
        });
        const listOf = (week: string, last: string): ListOfApi => ({
          path: '/api/v1/orders',
          query: { endsFrom: week, endsTo: last, ...ofAccount(query.account) },
        });
        return (
          <>
            <BarChart
              label={reports.expiry.title}
              ends={[monthDayText(from, language), monthDayText(to, language)]}
              bars={weeks.map(({ week, last, total }) => ({
                key: week,
                label: `${monthDayText(week, language)} – ${monthDayText(last, language)}`,
                value: total,
                list: listOf(week, last),
              }))}
            />
            <NumberTable
              label={reports.expiry.title}
              columns={[reports.week, reports.expiry.number]}
              rows={weeks.map(({ week, last, total }) => ({
                key: week,
                cells: [
                  `${week} – ${last}`,
                  <Counted key="total" list={listOf(week, last)}>
                    {total}
                  </Counted>,
                ],
              }))}
            />
          </>
        );
      }}
    </ReportCard>
  );
}

export function RevenueReport({ query, address }: ReportProps) {
  const { language, texts } = useSpoken();
  const { reports } = texts;
  const listOf = (month: string): ListOfApi => ({
    path: '/api/v1/reports/months',
    query: { from: month, until: month, ...ofAccount(query.account) },
  });
  return (
    <ReportCard name="revenue" query={query} tools={<Choices address={address} of="months" choices={monthChoices} />}>
      {({ from, to, series }) => {
        const months = monthsFrom(from, to);
        return series.map((one) => {
          const { key } = one;
          const amountOf = (month: string) => wholeAmount(valueAt(series, key, month), key, language);
          const label = `${reports.revenue.title}, ${key}`;
          return (
            <div key={key} className={styles.currency}>
              <h3>{reports.revenue.inAll(wholeAmount(sumOf(one), key, language))}</h3>
              <BarChart
                label={label}
                ends={[monthText(from, language), monthText(to, language)]}
                bars={months.map((month) => ({
                  key: month,
                  label: monthText(month, language),
                  value: valueAt(series, key, month),
                  text: amountOf(month),
                  list: listOf(month),
                }))}
              />
              <NumberTable
                label={label}
                columns={[reports.month, key]}
                rows={months.toReversed().map((month) => ({
                  key: month,
                  cells: [
                    month,
                    valueAt(series, key, month) === 0 ? (
                      amountOf(month)
                    ) : (
                      <ListLink key="amount" list={listOf(month)}>
                        {amountOf(month)}
                      </ListLink>
                    ),
                  ],
                }))}
              />
            </div>
          );
        });
      }}
    </ReportCard>
  );
}
