/** Values of replies that may be missing, null or of another type: read as what they mean, or as empty. */
import { z } from 'zod';
import { numberFromWire } from './wire-money.ts';

export function textFromWire(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}

function booleanFromWire(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

function textsFromWire(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value.map(textFromWire) : textFromWire(value).split(/[,\s]+/);
  return items.filter((item) => item !== '');
}

const anything = z.unknown().optional();

/** Empty for what is no text or number. */
export const lenientText = anything.transform(textFromWire);

export const lenientTextOrNull = anything.transform((value) => textFromWire(value) || null);

export const lenientBoolean = anything.transform(booleanFromWire);

/** Null for what is no number. */
export const lenientNumber = anything.transform(numberFromWire);

/** A list, or one text with commas or blanks between the items. */
export const lenientTexts = anything.transform((value) => [...textsFromWire(value)]);

/** A text without which the reply says nothing. */
export const neededText = anything.transform(textFromWire).pipe(z.string().min(1));
