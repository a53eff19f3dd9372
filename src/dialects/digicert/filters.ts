/**
 * `filters[property]=value` of lists: several values, ranges (`a...b`, `<d`, `>d`), and a leading `%` that makes `search` look
 * for a part. And `sort=-date_created,+order_id`.
 */
import { quoted, refuse } from '../../domain/errors.ts';
import { endOfDay, isWholeDay, parseMoment } from './wire-time.ts';

export type Filters = Readonly<Record<string, readonly string[]>>;

/** Every value that was given for a property; undefined for none. Empty ones do not count. */
export function valuesOf(filters: Filters, property: string): readonly string[] | undefined {
  const values = (Object.hasOwn(filters, property) ? filters[property] : undefined)?.filter((value) => value !== '');
  return values === undefined || values.length === 0 ? undefined : values;
}

/** The last value that was given. */
export function lastOf(filters: Filters, property: string): string | undefined {
  return valuesOf(filters, property)?.at(-1);
}

/** @throws {CertError} invalidField */
export function numbersOf(filters: Filters, property: string): readonly number[] | undefined {
  return valuesOf(filters, property)?.map((value) => {
    if (/^\d{1,10}$/.test(value.trim())) return Number(value);
    throw invalid(property, value, { en: 'a number', zh: '数字' });
  });
}

export function numberOf(filters: Filters, property: string): number | undefined {
  return numbersOf(filters, property)?.at(-1);
}

/** @throws {CertError} invalidField */
export function flagOf(filters: Filters, property: string): boolean | undefined {
  const value = lastOf(filters, property)?.toLowerCase();
  if (value === undefined) return undefined;
  if (['1', 'true', 'yes'].includes(value)) return true;
  if (['0', 'false', 'no'].includes(value)) return false;
  throw invalid(property, value, { en: '0 or 1', zh: '0 或 1' });
}

export interface Search {
  readonly value: string;
  readonly isExact: boolean;
}

/** A leading `%` asks for a part; without it the whole must match. */
export function searchOf(filters: Filters, property = 'search'): Search | undefined {
  const text = lastOf(filters, property);
  if (text === undefined) return undefined;
  return text.startsWith('%') ? { value: text.slice(1), isExact: false } : { value: text, isExact: true };
}

export interface Range {
  readonly from?: Date;
  readonly until?: Date;
}

/** A day, or a range of days or moments; both ends count, a day from its first second to its last. @throws {CertError} invalidField */
export function rangeOf(filters: Filters, property: string): Range | undefined {
  // `filters[valid_till][0]=>2018-01-01&filters[valid_till][1]=<2018-02-01` is a range as well.
  const values = valuesOf(filters, property);
  if (values === undefined) return undefined;
  const range: { from?: Date; until?: Date } = {};
  for (const value of values) {
    const [, sign = '', from = '', , until] = /^([<>]?)=?(.*?)(\.\.\.(.*))?$/.exec(value.trim()) ?? [];
    if (sign !== '<' && from !== '') range.from = momentOf(property, from, value);
    if (until !== undefined && until !== '') range.until = endOf(property, until, value);
    else if (sign === '<') range.until = endOf(property, from, value);
    else if (sign === '' && until === undefined) range.until = endOf(property, from, value);
  }
  return range;
}

function momentOf(property: string, text: string, whole: string): Date {
  const moment = parseMoment(text);
  if (moment !== undefined) return moment;
  throw invalid(property, whole, {
    en: 'a date such as 2018-10-09, or a range of two',
    zh: '日期（如 2018-10-09）或日期范围',
  });
}

function endOf(property: string, text: string, whole: string): Date {
  const moment = momentOf(property, text, whole);
  return isWholeDay(text) ? endOfDay(moment) : moment;
}

/**
 * The sort keys that the table knows, in their order; others are passed over, as the vendor does. A `+` that was not encoded
 * arrives as a blank.
 */
export function sortOf<Key extends string>(
  sort: string | undefined,
  keys: Readonly<Record<string, Key>>,
): readonly { readonly by: Key; readonly descending: boolean }[] {
  return (sort ?? '').split(',').flatMap((part) => {
    const [, sign = '', property = ''] = /^\s*([+-]?)\s*(.*?)\s*$/.exec(part) ?? [];
    const by = Object.hasOwn(keys, property) ? keys[property] : undefined;
    return by === undefined ? [] : [{ by, descending: sign === '-' }];
  });
}

function invalid(property: string, value: string, expected: { readonly en: string; readonly zh: string }) {
  return refuse('fieldInvalid', { field: `filters[${property}]`, value: quoted(value), expected });
}
