/** The weeks and months of the calendar, as days of UTC, which are those of the API. */

export interface CalendarSpan {
  readonly from: string;
  readonly to: string;
}

const cells = 12;
const weekDays = 7;
const dayMs = 86_400_000;

/** Weeks that begin with today; months from the first day of the present one. */
export function spansFrom(now: Date, step: 'week' | 'month'): readonly CalendarSpan[] {
  return Array.from({ length: cells }, (_, place) => (step === 'week' ? week(now, place) : month(now, place)));
}

function week(now: Date, place: number): CalendarSpan {
  const first = now.getTime() + place * weekDays * dayMs;
  return { from: isoDay(first), to: isoDay(first + (weekDays - 1) * dayMs) };
}

function month(now: Date, place: number): CalendarSpan {
  const [year, first] = [now.getUTCFullYear(), now.getUTCMonth() + place];
  return { from: isoDay(Date.UTC(year, first, 1)), to: isoDay(Date.UTC(year, first + 1, 0)) };
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);
