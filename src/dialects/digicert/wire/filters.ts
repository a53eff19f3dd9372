/**
 * `filters[property]=value` of lists: several values, ranges (`a...b`, `<d`, `>d`), and a leading `%` that makes `search` look
 * for a part. And `sort=-date_created,+order_id`.
 */

import { quoted, refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { endOfDay, isWholeDay, parseMoment } from './wire-time.ts';

export type Filters = Readonly<Record<string, readonly string[]>>;

/** Filter on one property. Each becomes a part of the query to the database, which has limits of its own. */
const maxValues = 100;
/** A name has 253 characters; nothing that is searched for has more. */
const longestValue = 300;

/**
 * Every value of a property in the query, each once; undefined for none. Empty ones do not count.
 * @throws {CertError} tooManyValues, fieldInvalid
 */
export function valuesOf(filters: Filters, property: string, most: number = maxValues): readonly string[] | undefined {
  const values = (Object.hasOwn(filters, property) ? filters[property] : undefined)?.filter((value) => value !== '');
  if (values === undefined || values.length === 0) return undefined;
  const distinct = [...new Set(values)];
  if (distinct.length > most || values.length > maxValues) {
    throw refuse('tooManyValues', { field: `filters[${property}]`, limit: most });
  }
  const tooLong = values.find(({ length }) => length > longestValue);
  if (tooLong !== undefined) {
    const [en, zh] = [`at most ${longestValue} characters`, `至多 ${longestValue} 个字符`];
    throw invalid(property, tooLong, { en, zh });
  }
  return distinct;
}

/** The value of a property that a list is filtered by one value of. @throws {CertError} tooManyValues for several */
export function onlyValueOf(filters: Filters, property: string): string | undefined {
  return valuesOf(filters, property, 1)?.[0];
}

/**
 * The ids that a property may have. 0 is none, as everywhere in this API; a number that nothing can have is the id of nothing.
 * @throws {CertError} fieldInvalid, tooManyValues
 */
export function idsOf(filters: Filters, property: string, most: number = maxValues): readonly number[] | undefined {
  const numbers = valuesOf(filters, property, most)?.map((value) => {
    if (/^-?\d+$/.test(value.trim())) return Number(value);
    throw invalid(property, value, expected.number);
  });
  const ids = numbers?.filter((id) => id !== 0).map((id) => Math.max(-largestId, Math.min(id, largestId)));
  return ids === undefined || ids.length === 0 ? undefined : ids;
}

/** Nothing has it, nor any beyond, which numbers cannot tell apart. */
const largestId = Number.MAX_SAFE_INTEGER;

/** `filters[container_id]`, or the parameter without brackets; the root holds what is in no other. */
export function containersOf(filters: Filters, parameter: number | undefined): readonly number[] | undefined {
  return idsOf(filters, 'container_id') ?? (parameter === undefined ? undefined : [parameter]);
}

/** Undefined where both are asked for. @throws {CertError} invalidField */
export function flagOf(filters: Filters, property: string): boolean | undefined {
  const flags = new Set(
    valuesOf(filters, property)?.map((text) => {
      const value = text.trim().toLowerCase();
      if (['1', 'true', 'yes'].includes(value)) return true;
      if (['0', 'false', 'no'].includes(value)) return false;
      throw invalid(property, text, expected.zeroOrOne);
    }),
  );
  const [flag] = flags;
  return flags.size === 1 ? flag : undefined;
}

/**
 * The words of a property, in small letters.
 * @param words those there are
 * @throws {CertError} fieldInvalid for any other
 */
export function wordsOf<Word extends string>(
  filters: Filters,
  property: string,
  words: readonly Word[],
): readonly Word[] | undefined {
  return valuesOf(filters, property)?.map((text) => {
    const found = words.find((word) => word === text.trim().toLowerCase());
    if (found !== undefined) return found;
    throw refuse('fieldInvalid', {
      field: `filters[${property}]`,
      value: quoted(text),
      expected: words.join(', '),
    });
  });
}

export interface Search {
  readonly value: string;
  readonly isExact: boolean;
}

/** A leading `%` asks for a part; without it the whole must match. */
export function searchOf(filters: Filters, property = 'search'): Search | undefined {
  const text = onlyValueOf(filters, property);
  if (text === undefined) return undefined;
  return text.startsWith('%') ? { value: text.slice(1), isExact: false } : { value: text, isExact: true };
}

/** Whether a text is what is searched for, in any case of letters. */
export function isFoundBy({ value, isExact }: Search, text: string): boolean {
  const [wanted, known] = [value.trim().toLowerCase(), text.toLowerCase()];
  return isExact ? known === wanted : known.includes(wanted);
}

export interface Range {
  readonly from?: Date;
  readonly until?: Date;
}

/**
 * A day, or a range of days or moments; both ends count, a day from its first second to its last.
 * @throws {CertError} fieldInvalid, also where two values give the same end
 */
export function rangeOf(filters: Filters, property: string): Range | undefined {
  // `filters[valid_till][0]=>2018-01-01&filters[valid_till][1]=<2018-02-01` is a range as well.
  const values = valuesOf(filters, property);
  if (values === undefined) return undefined;
  const range: { from?: Date; until?: Date } = {};
  for (const value of values) {
    const { sign, from, until } = boundsOf(value.trim());
    const begin = sign === '<' ? '' : from;
    const end = until ?? (sign === '>' ? '' : from);
    // There is one range: of two the second would be passed over in silence.
    const isSecond = (begin !== '' && range.from !== undefined) || (end !== '' && range.until !== undefined);
    if (isSecond || (begin === '' && end === '')) throw invalid(property, values.join(' '), expectedRange);
    if (begin !== '') range.from = momentOf(property, begin, value);
    if (end !== '') range.until = endOf(property, end, value);
  }
  return range;
}

/** `a...b`, or a sign and one end of the range. */
function boundsOf(text: string): { readonly sign: string; readonly from: string; readonly until: string | undefined } {
  const sign = text.startsWith('<') || text.startsWith('>') ? text.charAt(0) : '';
  const bare = text.slice(sign.length).replace(/^=/, '');
  const dots = bare.indexOf('...');
  return { sign, from: dots < 0 ? bare : bare.slice(0, dots), until: dots < 0 ? undefined : bare.slice(dots + 3) };
}

function momentOf(property: string, text: string, whole: string): Date {
  const moment = parseMoment(text);
  if (moment !== undefined) return moment;
  throw invalid(property, whole, expectedRange);
}

const expectedRange = {
  en: 'a date such as 2018-10-09, or a range of two',
  zh: '日期（如 2018-10-09）或日期范围',
};

function endOf(property: string, text: string, whole: string): Date {
  const moment = momentOf(property, text, whole);
  return isWholeDay(text) ? endOfDay(moment) : moment;
}

/**
 * The sort keys that the table knows, in their order, each once; others are passed over, as the vendor does. A `+` that was not
 * encoded arrives as a blank.
 */
export function sortOf<Key extends string>(
  sort: string | undefined,
  keys: Readonly<Record<string, Key>>,
): readonly { readonly by: Key; readonly descending: boolean }[] {
  const found = new Map<Key, boolean>();
  for (const part of (sort ?? '').split(',')) {
    const text = part.trim();
    const property = (/^[+-]/.test(text) ? text.slice(1) : text).trim();
    const by = Object.hasOwn(keys, property) ? keys[property] : undefined;
    // A second sort by the same property changes nothing.
    if (by !== undefined && !found.has(by)) found.set(by, text.startsWith('-'));
  }
  return [...found].map(([by, descending]) => ({ by, descending }));
}

function invalid(property: string, value: string, expected: { readonly en: string; readonly zh: string }) {
  return refuse('fieldInvalid', { field: `filters[${property}]`, value: quoted(value), expected });
}

/** `filters[status]` and `filters[is_active]` of things that are in use or not; undefined: either. @throws {CertError} invalidField */
export function stateFromWire(filters: Filters): 'active' | 'inactive' | undefined {
  const isActive = flagOf(filters, 'is_active');
  if (isActive !== undefined) return isActive ? 'active' : 'inactive';
  const [state, other] = wordsOf(filters, 'status', ['active', 'inactive']) ?? [];
  return other === undefined ? state : undefined;
}
