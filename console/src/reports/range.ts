/** What the address of the reports says: how far back, how far ahead, how many months, and for which account. */
import type { ListSearch } from '../shared/list/address.ts';

export const pastChoices = ['7', '30', '90', '365'] as const;
export const weekChoices = ['12', '26', '52'] as const;
export const monthChoices = ['12', '24', '60'] as const;

/** More bars are too thin to be told apart; they stand for weeks then. */
const mostBars = 92;
const dayMs = 86_400_000;
const weekDays = 7;

const defaults = { past: '30', weeks: '12', months: '12' } as const;
export type RangeKey = keyof typeof defaults;

/** Which choice is on; null: days of its own. */
export function chosen(search: ListSearch, key: RangeKey): string | null {
  if (key === 'past' && (search.from !== undefined || search.to !== undefined)) return null;
  return search[key] ?? defaults[key];
}

/** The address with another choice. The default is not said. */
export function withChoice(search: ListSearch, key: RangeKey, choice: string): ListSearch {
  const { [key]: _, ...rest } = search;
  const others = key === 'past' ? without(rest, ['from', 'to']) : rest;
  return choice === defaults[key] ? others : { ...others, [key]: choice };
}

export function without(search: ListSearch, keys: readonly string[]): ListSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([key, value]) => value !== undefined && !keys.includes(key)),
  );
}

export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

/** Days up to today, or those that somebody chose. What nobody chose the server decides. */
export function pastDays(search: ListSearch, now: Date): DayRange {
  const { from, to } = search;
  if (from !== undefined || to !== undefined) return { ...only({ from, to }) };
  const days = numberOf(search.past);
  return days === null ? {} : { from: dayText(now, 1 - days), to: dayText(now, 0) };
}

/** Weeks that begin with today. */
export function comingDays(search: ListSearch, now: Date): DayRange {
  const weeks = numberOf(search.weeks);
  return weeks === null ? {} : { from: dayText(now, 0), to: dayText(now, weeks * weekDays - 1) };
}

export function pastMonths(search: ListSearch, now: Date): DayRange {
  const months = numberOf(search.months);
  if (months === null) return {};
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 - months, 1));
  return { from: first.toISOString().slice(0, 7), to: now.toISOString().slice(0, 7) };
}

export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Days as bars: one for each, or for each week where there are many. */
export function spansOf({ from, to }: Span): readonly Span[] {
  const first = Date.parse(from);
  const last = Date.parse(to);
  const days = (last - first) / dayMs + 1;
  const apart = days > mostBars ? weekDays : 1;
  const spans: Span[] = [];
  for (let at = first; at <= last; at += apart * dayMs) {
    const end = Math.min(last, at + (apart - 1) * dayMs);
    spans.push({ from: isoDay(at), to: isoDay(end) });
  }
  return spans;
}

/** A positive number of days, weeks or months; anything else is as if nobody had chosen. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,2}$/.test(text) ? Number(text) : null;
}

function dayText(now: Date, days: number): string {
  return isoDay(now.getTime() + days * dayMs);
}

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

function only(values: Readonly<Record<string, string | undefined>>): DayRange {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
