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
  // RFC 5280 §4.1.2.5.1: 50 to 99 are of the last century.
  const full = isShort ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const [year, month, day] = [full.slice(0, 4), full.slice(4, 6), full.slice(6, 8)];
  const iso = `${year}-${month}-${day}T${full.slice(8, 10)}:${full.slice(10, 12)}:${full.slice(12, 14)}.000Z`;
  const at = new Date(iso);
  // A day that never was becomes another one, or none.
  return !Number.isNaN(at.getTime()) && at.toISOString() === iso ? at : undefined;
}

/** What is wrong with how it is written; undefined where nothing is. RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. */
export function wrongForm({ at, isShort, text }: LintedTime): string | undefined {
  return at !== undefined && isShort !== at.getUTCFullYear() < 2050 ? text : undefined;
}
