/**
 * Lengths: of the order (whole years of coverage) and of its certificates. The vendor has three ways to say each, and an older and
 * a newer place.
 */

import { quoted, refuse } from '../../../domain/errors.ts';
import type { RequestedValidity } from '../../../domain/issuance.ts';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import { maxYears } from '../catalogue.ts';
import type { WireValidity } from '../dialect-data.ts';
import { day, endOfDay, isWholeDay, parseMoment } from '../wire/wire-time.ts';

const dayMs = 86_400_000;
const yearDays = 366;

/** The request's fields for it: all may be absent. */
export interface ValidityWords {
  readonly years: number | undefined;
  readonly days: number | undefined;
  readonly until: string | undefined;
  /** The request's own words for the three, for messages. */
  readonly fields: { readonly years: string; readonly days: string; readonly until: string };
}

export interface OrderLength {
  readonly periods: number;
  /** Shorter certificates than the product's, where days or a date were requested. */
  readonly validity: RequestedValidity | null;
  /** The length as replies return it. */
  readonly shown: WireValidity;
}

/**
 * A date outranks days, days outrank years.
 * @returns undefined where the request has none
 * @throws {CertError} invalidField beyond three years, or for a date that is over
 */
export function orderLengthOf(words: ValidityWords, now: Date): OrderLength | undefined {
  const { years, days, fields } = words;
  if (words.until !== undefined) {
    const until = momentOf(words.until, fields.until, now);
    const spanDays = Math.ceil((until.getTime() - now.getTime()) / dayMs);
    if (spanDays > maxYears * yearDays) throw tooLong(fields.until, words.until);
    return {
      periods: periodsOf(spanDays),
      validity: { until },
      shown: { custom_expiration_date: day(until) },
    };
  }
  if (days !== undefined) {
    if (days > maxYears * yearDays) throw tooLong(fields.days, days);
    return { periods: periodsOf(days), validity: { days }, shown: { days } };
  }
  if (years === undefined) return undefined;
  if (years > maxYears) throw tooLong(fields.years, years);
  return { periods: years, validity: null, shown: { years } };
}

/** The requested validity of one certificate; null for the product's default. */
export function certificateValidityOf(words: ValidityWords, now: Date): RequestedValidity | null {
  const length = orderLengthOf(words, now);
  if (length === undefined) return null;
  return length.validity ?? { days: length.periods * 365 };
}

/** @throws {CertError} invalidField when certificates would outlive the order */
export function checkFitsOrder(validity: RequestedValidity | null, order: OrderLength, now: Date, field: string): void {
  if (validity === null) return;
  const end = (of: RequestedValidity) => ('until' in of ? of.until.getTime() : now.getTime() + of.days * dayMs);
  const orderEnd = order.validity === null ? now.getTime() + order.periods * yearDays * dayMs : end(order.validity);
  if (end(validity) > orderEnd) throw refuse('validityBeyondOrder', { field });
}

function periodsOf(days: number): number {
  return Math.min(maxYears, Math.max(1, Math.ceil(days / yearDays)));
}

/** A day means its end. */
function momentOf(text: string, field: string, now: Date): Date {
  const moment = parseMoment(text);
  const until = moment !== undefined && isWholeDay(text) ? endOfDay(moment) : moment;
  if (until !== undefined && until > now) return until;
  throw refuse('fieldInvalid', { field, value: quoted(text), expected: expected.dateToCome });
}

function tooLong(field: string, value: number | string) {
  return refuse('fieldInvalid', {
    field,
    value: typeof value === 'string' ? quoted(value) : String(value),
    expected: expectedOf.yearsAtMost(maxYears),
  });
}
