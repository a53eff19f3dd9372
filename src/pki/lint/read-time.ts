/** Reads a Time for its rules: whatever it says, since a rule says what is wrong with it (RFC 5280 §4.1.2.5). */
import type { DerReader } from '../der-reader.ts';
import { tag } from '../der-tag.ts';

export interface LintedTime {
  readonly isShort: boolean;
  readonly text: string;
  /** Undefined for a text that is no time with seconds and Z. */
  readonly at: Date | undefined;
}

export function readLintedTime(reader: DerReader): LintedTime {
  const isShort = reader.peek() === tag.utcTime;
  const text = reader.content(isShort ? tag.utcTime : tag.generalizedTime).toString('latin1');
  return { isShort, text, at: timeOf(text, isShort) };
}

const shortForm = /^\d{12}Z$/;
const longForm = /^\d{14}Z$/;

function timeOf(text: string, isShort: boolean): Date | undefined {
  if (!(isShort ? shortForm : longForm).test(text)) return undefined;
  const at = isShort ? 2 : 4;
  const written = Number(text.slice(0, at));
  // RFC 5280 §4.1.2.5.1: 50 to 99 are of the last century.
  const year = isShort ? written + (written >= 50 ? 1900 : 2000) : written;
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = [0, 2, 4, 6, 8].map((from) =>
    Number(text.slice(at + from, at + from + 2)),
  );
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  time.setUTCHours(hour, minute, second);
  // A day that never was becomes another one.
  const isReal = time.getUTCMonth() === month - 1 && time.getUTCDate() === day && time.getUTCHours() === hour;
  return isReal && minute < 60 && second < 60 ? time : undefined;
}

/** What is wrong with how it is written; undefined where nothing is. RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
export function wrongForm({ at, isShort, text }: LintedTime): string | undefined {
  return at !== undefined && isShort !== at.getUTCFullYear() < 2050 ? text : undefined;
}
