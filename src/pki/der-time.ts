/** Times in certificates and CRLs: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
import type { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';

const utcTimeSize = 15;
const generalizedTimeSize = 17;

/** How many bytes `writeTime` writes. */
export function timeSize(at: Date): number {
  return isUtcTime(at.getUTCFullYear()) ? utcTimeSize : generalizedTimeSize;
}

/**
 * Writes the whole element, to the second, and returns the offset after it. Digits go straight into the buffer because
 * a CRL has one time per entry.
 */
export function writeTime(out: Buffer, offset: number, at: Date): number {
  const year = at.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) throw new Error(`the year ${year} cannot be written into a certificate`);
  const isShort = isUtcTime(year);
  out[offset] = isShort ? tag.utcTime : tag.generalizedTime;
  out[offset + 1] = isShort ? 13 : 15;
  let next = offset + 2;
  if (!isShort) next = twoDigits(out, next, Math.floor(year / 100));
  next = twoDigits(out, next, year % 100);
  next = twoDigits(out, next, at.getUTCMonth() + 1);
  next = twoDigits(out, next, at.getUTCDate());
  next = twoDigits(out, next, at.getUTCHours());
  next = twoDigits(out, next, at.getUTCMinutes());
  next = twoDigits(out, next, at.getUTCSeconds());
  out[next] = 0x5a; // Z
  return next + 1;
}

export function encodeTime(at: Date): Buffer {
  const out = Buffer.allocUnsafe(timeSize(at));
  writeTime(out, 0, at);
  return out;
}

/** Reads either form. Seconds and Z are required, fractions and offsets refused (RFC 5280 §4.1.2.5.1 and .2). */
export function readTime(reader: DerReader): Date {
  const start = reader.offset;
  const isShort = reader.peek() === tag.utcTime;
  const text = reader.content(isShort ? tag.utcTime : tag.generalizedTime).toString('latin1');
  const digits = (
    isShort ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  ).exec(text);
  if (digits === null) throw reader.malformed({ fault: 'timeForm' }, start);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.slice(1).map(Number);
  const fullYear = isShort ? year + (year >= 50 ? 1900 : 2000) : year;
  const at = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  at.setUTCFullYear(fullYear, month - 1, day);
  // Date.UTC rolls the 31st of April over into May; a time that does not survive the round trip never existed.
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal) throw reader.malformed({ fault: 'timeUnreal' }, start);
  return at;
}

function isUtcTime(year: number): boolean {
  return year >= 1950 && year < 2050;
}

function twoDigits(out: Buffer, offset: number, value: number): number {
  out[offset] = 0x30 + Math.floor(value / 10);
  out[offset + 1] = 0x30 + (value % 10);
  return offset + 2;
}
