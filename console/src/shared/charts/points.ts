/** The points of a chart: the API leaves out what there is none of, a picture has a place for it. */

export interface Series {
  readonly key: string;
  readonly points: readonly (readonly [at: string, total: number])[];
}

const dayMs = 86_400_000;

/** Days from one to another, so many apart. */
export function daysFrom(from: string, to: string, apart = 1): readonly string[] {
  const last = Date.parse(to);
  const days: string[] = [];
  for (let at = Date.parse(from); at <= last; at += apart * dayMs) days.push(dayOf(at));
  return days;
}

/** `2025-12` to `2026-11`. */
export function monthsFrom(from: string, to: string): readonly string[] {
  const months: string[] = [];
  for (let at = new Date(`${from}-01T00:00:00Z`); monthOf(at) <= to; at.setUTCMonth(at.getUTCMonth() + 1))
    months.push(monthOf(at));
  return months;
}

export function dayAfter(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * dayMs);
}

export function valueAt(series: readonly Series[], key: string, at: string): number {
  const points = series.find((one) => one.key === key)?.points ?? [];
  return points.find(([when]) => when === at)?.[1] ?? 0;
}

export function sumOf({ points }: Series): number {
  return points.reduce((sum, [, total]) => sum + total, 0);
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
const monthOf = (at: Date) => at.toISOString().slice(0, 7);
