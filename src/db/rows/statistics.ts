/** Rows of what is counted of the audit log. */
import type { StatisticCount } from '../../domain/statistics.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { date, int32, integer, text } from '../fields.ts';

export const statisticCounts = codecOf<StatisticCount>()('statistic_counts', {
  series: text('series'),
  scope: text('scope'),
  day: int32('day'),
  key: text('key'),
  total: integer('total'),
  lastAt: date('last_at'),
});

export type StatisticCountRow = RowOf<typeof statisticCounts>;

interface Progress {
  readonly name: 'events';
  readonly sequence: number;
  readonly at: Date;
}

export const statisticProgress = codecOf<Progress>()('statistic_progress', {
  name: text('name'),
  sequence: integer('sequence'),
  at: date('at'),
});
