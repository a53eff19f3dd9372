/** Times: local with offset, UTC as the title; how long ago or until, by a clock that goes on while the page is open. */
import { useEffect, useState } from 'react';
import type { Texts } from '../messages/texts.ts';
import { shownZone, useShownZone } from '../preferences/shown-zone.ts';
import { documentLanguages, type Language } from '../preferences/spoken-language.ts';
import { useSpoken, useTexts } from '../preferences/texts-provider.tsx';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The present, again after so long. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(new Date()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** `3 h ago`, `in 2 days`. */
export function Relative({ at }: { readonly at: string }) {
  const { language, texts } = useSpoken();
  useShownZone();
  const now = useNow(30 * secondMs);
  return (
    <time dateTime={at} title={fullTime(at, language)}>
      {relativeText(new Date(at), now, texts)}
    </time>
  );
}

export function relativeText(at: Date, now: Date, { shared }: Texts): string {
  const distanceMs = Math.abs(at.getTime() - now.getTime());
  if (distanceMs < 5 * secondMs) return shared.justNow;
  const distance = distanceText(distanceMs, shared);
  return at < now ? shared.ago(distance) : shared.inFuture(distance);
}

/** How long: `3 h`. */
export function spanText(spanMs: number, { shared }: Texts): string {
  return distanceText(spanMs, shared);
}

function distanceText(distanceMs: number, shared: Texts['shared']): string {
  if (distanceMs < minuteMs) return shared.seconds(Math.floor(distanceMs / secondMs));
  if (distanceMs < hourMs) return shared.minutes(Math.floor(distanceMs / minuteMs));
  if (distanceMs < 2 * dayMs) return shared.hours(Math.floor(distanceMs / hourMs));
  return shared.days(Math.floor(distanceMs / dayMs));
}

/** A day and time here, with its offset. */
export function Moment({ at }: { readonly at: string }) {
  const { language } = useSpoken();
  useShownZone();
  return (
    <time dateTime={at} title={utcText(at)}>
      {fullTime(at, language)}
    </time>
  );
}

/** Beyond it the years are read, and nobody counts days. */
const mostDays = 730;
const daysOfYear = 365.25;

/** A day, and how much is left. */
export function DaysLeft({ until }: { readonly until: string }) {
  const { language } = useSpoken();
  useShownZone();
  const { shared } = useTexts();
  const now = useNow(minuteMs);
  const days = Math.floor((new Date(until).getTime() - now.getTime()) / dayMs);
  return (
    <time dateTime={until} title={fullTime(until, language)}>
      <span className="together">{dayText(until, language)}</span>{' '}
      <span className="dim together">{leftText(days, shared)}</span>
    </time>
  );
}

function leftText(days: number, shared: Texts['shared']): string {
  if (days === 0) return shared.endsToday;
  return days < mostDays ? shared.daysLeft(days) : shared.yearsLeft(Math.round(days / daysOfYear));
}

export function dayText(at: string, language: Language): string {
  return new Date(at).toLocaleDateString(documentLanguages[language], {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...ofZone(),
  });
}

export function fullTime(at: string, language: Language): string {
  const format = new Intl.DateTimeFormat(documentLanguages[language], {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
    ...ofZone(),
  });
  // The offset last: Chinese would have it between day and time.
  const parts = format.formatToParts(new Date(at));
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const others = parts.filter(({ type }) => type !== 'timeZoneName').map(({ value }) => value);
  return `${others.join('').replace(/\s+/g, ' ').trim()} ${offset}`;
}

function ofZone(): { readonly timeZone?: string } {
  const timeZone = shownZone();
  return timeZone === undefined ? {} : { timeZone };
}

function utcText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
